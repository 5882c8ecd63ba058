"""``impact power``."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from impact.batch.project import find_project
from impact.cli.power_options import FACTS
from impact.data import Panel, read_panel
from impact.errors import DataError, DesignError, Fault, SpecError
from impact.power import Power, detectable, planned, refuse
from impact.spec import PilotSpec, load_spec

__all__ = ["main"]

WIDE = 100
ASKED = ("power", "effect", "level", "draws", "seed")


def main(given: argparse.Namespace) -> int:
    """Tell what a pilot can find, of its data or of what is known before there are any."""
    refuse(**_asked(given), sample=given.sample)
    if given.pilot is None:
        _need_no_pilot(given)
        _tell(planned(**_asked(given), **_facts(given)), given)
        return 0
    project = find_project(params=given.params, pilots=[given.pilot])
    path = project.named([given.pilot])[0]
    try:
        return _of_pilot(load_spec(path), given)
    except (SpecError, DataError) as error:
        print(f"impact: {project.plainly(str(error))}", file=sys.stderr)
        if any(fault.code == "start-after-all" for fault in error.faults):
            print("impact: add --baseline-only for a pilot that goes on", file=sys.stderr)
        return 1


def _need_no_pilot(given: argparse.Namespace) -> None:
    """Refuse what only a pilot's own files can answer."""
    wanted = {
        "--outcome": given.outcome,
        "--sample": given.sample,
        "--baseline-only": given.baseline_only,
    }
    faults = [
        Fault("no-pilot", option, "no pilot is named", "", "name one, or leave this out")
        for option, value in wanted.items()
        if value
    ]
    if faults:
        raise DesignError(faults)


def _of_pilot(spec: PilotSpec, given: argparse.Namespace) -> int:
    columns = _columns(spec, given.outcome)
    facts = _facts(given)
    panel = None
    if not given.baseline_only and not facts.keys() - {"units"}:
        panel = _panel(spec)
    if panel is None:
        _need_no_sample(given)
        for column in columns:
            early = {"outcome": column, "baseline": given.baseline_only}
            with _drawing(spec, column, given):
                found = planned(spec, **early, **_asked(given), **facts)
            _tell(found, given)
        return 0
    failed = 0
    for column in columns:
        size = {"sample": given.sample, "units": given.units}
        try:
            with _drawing(spec, column, given):
                found = detectable(panel, outcome=column, **size, **_asked(given))
            _tell(found, given)
        except DesignError as error:
            print(f"impact: {spec.pilot}, {column}: {error}", file=sys.stderr)
            failed = 1
    return failed


def _panel(spec: PilotSpec) -> Panel | None:
    """Read the pilot's data; nothing where there are no files yet."""
    try:
        return read_panel(spec)
    except DataError as error:
        if all(fault.code == "file-missing" for fault in error.faults):
            return None
        raise


def _need_no_sample(given: argparse.Namespace) -> None:
    if given.sample is not None:
        found = "it multiplies the data of a pilot, and facts are given instead"
        raise DesignError(Fault("no-data", "--sample", found, "", "say --units and --clusters"))


def _columns(spec: PilotSpec, named: list[str] | None) -> list[str]:
    """Return the outcomes that are meant: the primary ones unless said."""
    known = [outcome.column for outcome in spec.outcomes]
    if named is None:
        return [one.column for one in spec.outcomes if one.role == "primary"] or known[:1]
    faults = [
        Fault("no-outcome", "--outcome", f"no outcome '{one}'", f"known: {', '.join(known)}")
        for one in dict.fromkeys(named)
        if one not in known
    ]
    if faults:
        raise DesignError(faults)
    return list(dict.fromkeys(named))


def _asked(given: argparse.Namespace) -> dict[str, Any]:
    return {name: getattr(given, name) for name in ASKED}


def _facts(given: argparse.Namespace) -> dict[str, Any]:
    """Return the facts that are given."""
    said = {name: getattr(given, name) for name in (*FACTS, "units")}
    said["sample"] = "cross_sections" if given.cross_sections else None
    facts = {name: value for name, value in said.items() if value is not None}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in facts.items()}


@contextmanager
def _drawing(spec: PilotSpec, column: str, given: argparse.Namespace) -> Iterator[None]:
    """Say on a terminal what goes on, in a line that the answer takes the place of."""
    shown = sys.stderr.isatty() and not given.json
    if shown:
        said = f"{spec.pilot}: drawing pilots, {column} …"
        print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        if shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _tell(power: Power, given: argparse.Namespace) -> None:
    if given.json:
        print(json.dumps(power.to_dict()), flush=True)
        return
    print(f"{power.pilot}: {power.label} ({power.outcome})")
    for said in power.sentences:
        print(textwrap.fill(said, WIDE, initial_indent="  ", subsequent_indent="  "), flush=True)
