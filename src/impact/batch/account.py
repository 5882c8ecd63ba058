"""The record of a pilot's run, good or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from impact.batch.crew import Stopped
from impact.batch.machine import Machine, this_machine
from impact.batch.publish import now, withdraw_page
from impact.batch.record import Good, Run
from impact.batch.stated import stricter
from impact.errors import Fault

if TYPE_CHECKING:
    from impact.batch.case import Case

__all__ = ["facts_of", "failed_run", "good_run", "record_of"]


def failed_run(case: Case, faults: Sequence[Fault]) -> Run:
    """Return the record of a pilot that failed; its last good page stays where it may.

    Where the rule of today is stricter than the one by which the page was published, the
    page is withdrawn.
    """
    first = " ".join(str(faults[0]).split()) if faults else "failed"
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    card: Mapping[str, Any] = case.known.get("card", {})
    entry = {**card, "simulated": _is_simulated(case)} if card else {}
    last = case.task.run
    good = last.good if last else None
    if last and good and last.entry and case.project.page(case.task.pilot).is_file():
        if stricter(entry, last.entry):
            withdraw_page(case.project, case.task.pilot)
            # At once; where that cannot be, the end of the batch tries again and tells.
            with suppress(Stopped):
                case.project.send(case.task.pilot)
            good = None
        else:
            entry = {**last.entry, "state": "stale"}
    return record_of(case, state="failed", error=first + more, good=good, entry=entry)


def _is_simulated(case: Case) -> bool:
    """Whether the params file says so, or the data, as far as they were read."""
    return bool(case.known["card"]["simulated"] or case.rule.get("simulated"))


def facts_of(case: Case, inputs: Mapping[str, str]) -> dict[str, Any]:
    """Return what a run is made of, in plain JSON: for the page, and for its record."""
    return {
        "inputs": dict(inputs),
        "versions": dict(case.inputs.versions),
        "commit": case.inputs.commit,
        "clean": case.inputs.clean,
        "seed": case.known.get("seed"),
        "machine": asdict(_machine(case)),
    }


def good_run(case: Case, facts: Mapping[str, Any], good: Good, entry: Mapping[str, Any]) -> Run:
    """Return the record of a run that ended well."""
    made = replace(good, made=facts)
    return record_of(case, state="done", inputs=facts["inputs"], good=made, entry=entry)


def _machine(case: Case) -> Machine:
    """Return where the notebook ran; as long as it has not, where it was asked for."""
    return Machine(**case.machine) if case.machine else this_machine()


def record_of(case: Case, **given: Any) -> Run:
    """Return the record of a pilot's run with what is given besides."""
    return Run(
        pilot=case.task.pilot,
        params=_within(case),
        data=case.sources.names,
        marks=case.sources.marks,
        started=case.started or now(),
        ended=now(),
        seconds=round(case.seconds, 3),
        memory=case.memory,
        versions=case.inputs.versions,
        commit=case.inputs.commit,
        clean=case.inputs.clean,
        machine=str(_machine(case)),
        batch=case.inputs.batch,
        before=case.task.run.started if case.task.run else "",
        seed=case.known.get("seed"),
        **given,
    )


def _within(case: Case) -> str:
    path, root = case.task.params, case.project.root
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
