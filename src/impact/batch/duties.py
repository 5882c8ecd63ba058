"""What a worker can be asked: plain functions from paths to plain JSON.

Each can be called in this process, in a worker process, in a forked child or on another
machine; none of them writes into ``reports/``.
"""

from __future__ import annotations

import errno
import json
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.batch.execution import execute, read_notebook
from impact.batch.freeze import off_plan
from impact.batch.held import hold_against_data, read_edition
from impact.batch.kinds import kind_named
from impact.batch.portfolio import compared, portfolio
from impact.batch.sources import sources_of
from impact.batch.stated import other_rule, rule_of
from impact.errors import Fault, ImpactError, RunError, SpecError

__all__ = ["DUTIES", "cell", "check", "draw", "execute", "index", "inspect", "portfolio"]

Tell = Callable[[dict[str, Any]], None]
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG)


def inspect(tell: Tell, *, notebook: str, where: str, keys: Sequence[str] = ()) -> dict[str, Any]:
    """Check the notebook's parameters cell: the keys of params files unless others are said."""
    from impact.batch.notebook import inspect as inspect_notebook
    from impact.spec import PilotSpec

    known = tuple(keys) or tuple(PilotSpec.model_fields)
    inspect_notebook(Path(notebook), where=where, keys=known)
    return {}


def check(tell: Tell, *, params: str, root: str, quality: bool = False) -> dict[str, Any]:
    """Check a params file and its data; every fault that can be seen without running.

    Returns
    -------
    dict
        ``rule``: what params and data say of marks and guards; ``quality``, where it is asked
        for, what may be told of the data (`impact.batch.quality.quality_of`). Before the data are
        read, what the params file says is told as an event: ``data`` and ``marks``, what
        the records lie in (`impact.batch.sources.Sources`); ``seed``; ``card``, what the
        index says of the pilot as long as it has no page.
    """
    from impact.data import read_panel
    from impact.evidence import status
    from impact.spec import load_spec

    spec = load_spec(Path(params))
    tell({"event": "known", **_known(spec, Path(root))})
    faults = off_plan(Path(params))
    if faults:
        raise SpecError(faults)
    panel = read_panel(spec)
    stated = status(spec, panel)
    checked: dict[str, Any] = {"rule": rule_of(stated)}
    if quality:
        from impact.batch.quality import quality_of

        checked["quality"] = quality_of(panel, stated)
    return checked


def _known(spec: Any, root: Path) -> dict[str, Any]:
    from impact.disclosure import IndexEntry

    about = spec.about
    card = IndexEntry(
        pilot=spec.pilot,
        title=about.title or spec.pilot,
        place=about.place or "",
        country=about.country or "",
        programme=about.programme or "",
        themes=about.themes,
        state="failed",
        simulated=about.simulated,
        invented=about.invented,
        minimum_cell=spec.report.minimum_cell,
        guarded=spec.data.unit_is != "place",
    )
    # Asked before the data are read: what changes in between makes the pilot run again.
    data = sources_of(spec, root)
    return {
        "data": list(data.names),
        "marks": list(data.marks),
        "seed": spec.analysis.seed,
        "card": card.to_payload(),
    }


def draw(
    tell: Tell,
    *,
    notebook: str,
    pilot: str,
    rule: Mapping[str, Any],
    params: str | None = None,
    before: str | None = None,
) -> dict[str, Any]:
    """Make what a pilot's executed notebook amounts to.

    The exporter by itself releases a notebook by the rule that the notebook states. Only
    here is that rule held against what params and data say.

    Parameters
    ----------
    notebook : str
        The executed notebook.
    pilot : str
        The pilot that was asked for.
    rule : mapping
        What `check` returned.
    params : str, optional
        The params file: the finished page is held against its data before it is published.
    before : str, optional
        Where the edition of the last release lies, if there was one.

    Returns
    -------
    dict
        ``page``: the HTML; ``edition``: what its readers have seen, private;
        ``estimates``: CSV in full precision, private; ``released``:
        the same through the gate; ``entry``: the pilot's line of the index.

    Raises
    ------
    RunError
        The notebook shows another pilot's status, or one that states another rule.
    DisclosureError
        What it shows cannot be released, or holds what stands in the data.
    """
    from impact.disclosure import index_entry
    from impact.report.collect import collect
    from impact.report.exporter import ImpactExporter
    from impact.results import Status

    nb = read_notebook(notebook)
    parts = collect(nb)
    status = next(part for part in parts if isinstance(part, Status))
    if status.pilot != pilot:
        raise RunError(Fault("other-pilot", "", "the notebook ran another pilot instead"))
    faults = list(other_rule(status, rule))
    if faults:
        raise RunError(faults)
    seen = None if before is None else read_edition(Path(before))
    exporter: Any = ImpactExporter()  # type: ignore[no-untyped-call]
    page, resources = exporter.from_notebook_node(nb, before=seen, vouch=True)
    released = resources["released"]
    drawn: dict[str, Any] = {
        "page": page,
        "edition": json.dumps(released.edition),
        "estimates": _csv(parts),
        "released": _csv(released.parts),
        "entry": index_entry(released, indicators=_indicators(parts)).to_payload(),
    }
    if params is not None:
        texts = [drawn["page"], drawn["released"], json.dumps(drawn["entry"], ensure_ascii=False)]
        hold_against_data(Path(params), texts, guarded=released.rule.guarded)
    return drawn


def _indicators(parts: Sequence[Any]) -> dict[str, Mapping[str, Any]]:
    """Return by outcome what of the catalogue it measures; other outcomes are left out."""
    from impact.results import Findings

    findings = [one for part in parts if isinstance(part, Findings) for one in part]
    known = {one.outcome: one.details.get("measure") for one in findings}
    return {outcome: measure for outcome, measure in known.items() if measure}


def _csv(parts: Sequence[Any]) -> str:
    import pandas as pd

    from impact.results import GLOSSARY, Effects

    frames = [part.to_frame() for part in parts if isinstance(part, Effects)]
    empty = pd.DataFrame(columns=list(GLOSSARY))
    table = pd.concat(frames, ignore_index=True) if frames else empty
    return str(table.to_csv(index=False, lineterminator="\n"))


def index(
    tell: Tell, *, entries: Sequence[Mapping[str, Any]], notebook: str | None = None
) -> dict[str, Any]:
    """Make the page that lists all pilots, through the gate.

    Parameters
    ----------
    entries : sequence of mapping
        Lines of the index, as `impact.disclosure.IndexEntry` travels.
    notebook : str, optional
        The executed portfolio notebook; without it nothing is compared.

    Returns
    -------
    dict
        ``page``: the HTML.
    """
    from impact.disclosure import IndexEntry
    from impact.report.index import render_index

    if notebook is not None:
        return {"page": compared(read_notebook(notebook), entries)}
    given = [IndexEntry.of_payload(entry) for entry in entries]
    return {"page": render_index(given, compared=False)}


def cell(tell: Tell, *, code: str) -> dict[str, Any]:
    """Run one cell in the shell of this process, for a papermill in another one.

    Its messages are told as ``{"event": "message", "message": …}``.

    Returns
    -------
    dict
        The content of a kernel's reply; ``count`` and ``left`` of the `Shell`.
    """
    from impact.batch.shell import own_shell

    shell = own_shell(lambda message: tell({"event": "message", "message": message}))
    return {**shell.run(code), "count": shell.count, "left": shell.left}


DUTIES: Mapping[str, Callable[..., dict[str, Any]]] = {
    "cell": cell,
    "check": check,
    "draw": draw,
    "execute": execute,
    "index": index,
    "inspect": inspect,
    "portfolio": portfolio,
}


def perform(request: Mapping[str, Any], tell: Tell) -> dict[str, Any]:
    """Do one duty; what went wrong comes back as faults, in full only on standard error."""
    try:
        return {"answer": DUTIES[request["duty"]](tell, **request["given"])}
    except ImpactError as error:
        for fault in error.faults:
            rows = f" (rows {', '.join(map(str, fault.rows))})" if fault.rows else ""
            print(f"{fault}{rows}", file=sys.stderr)
        return {"faults": [_travelling(fault) for fault in error.faults]}
    except OSError as error:
        traceback.print_exc()
        return {"faults": [_travelling(_no_room(error, request["duty"]))]}
    except Exception as error:
        # The last line before the terminal: no fault of ours may show there as a traceback.
        traceback.print_exc()
        found = f"'{request['duty']}' ended with {kind_named(type(error).__name__)}"
        return {"faults": [_travelling(Fault("broke", "", found))]}


def _no_room(error: OSError, duty: str) -> Fault:
    """Tell of a full disk in its own words, of other errors as of any."""
    if error.errno in FULL:
        name = Path(str(error.filename)).name if error.filename else "a file"
        return Fault("not-written", "", f"cannot write {name}", (error.strerror or "").lower())
    return Fault("broke", "", f"'{duty}' ended with {kind_named(type(error).__name__)}")


def _travelling(fault: Fault) -> dict[str, str]:
    names = ("code", "where", "found", "expected", "advice")
    return {name: getattr(fault, name) for name in names}
