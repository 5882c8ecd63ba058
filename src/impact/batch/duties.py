"""What a worker can be asked: plain functions from paths to plain JSON.

Each can be called in this process, in a worker process, in a forked child or on another
machine; none of them writes into ``reports/``.
"""

from __future__ import annotations

import errno
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.batch.drawing import draw
from impact.batch.execution import execute, read_notebook
from impact.batch.files import unwritten
from impact.batch.freeze import off_plan
from impact.batch.kinds import kind_named
from impact.batch.portfolio import compared, portfolio
from impact.batch.sources import sources_of
from impact.batch.stated import rule_of
from impact.errors import Fault, ImpactError, SpecError

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


def check(
    tell: Tell, *, params: str, root: str, quality: bool = False, apart: bool = False
) -> dict[str, Any]:
    """Check a params file and its data; every fault that can be seen without running.

    ``apart``: the project's folder is on another machine, so that no file of it can be read.

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
    known = _known(spec, Path(root))
    tell({"event": "known", **known})
    faults = off_plan(Path(params))
    if apart:
        faults += _out_of_reach(known["data"], Path(params).name)
    if faults:
        raise SpecError(faults)
    panel = read_panel(spec)
    stated = status(spec, panel)
    checked: dict[str, Any] = {"rule": rule_of(stated)}
    if quality:
        from impact.batch.quality import quality_of

        checked["quality"] = quality_of(panel, stated)
    return checked


def _out_of_reach(names: Sequence[str], params: str) -> Iterator[Fault]:
    """Refuse data in files that this machine does not see."""
    for name in names:
        if "://" not in name:
            found = f"{Path(name).name} is a file that the cluster's workers do not see"
            advice = "name a URL (s3://…), or put the project on a file system that all share"
            yield Fault("out-of-reach", f"params/{params} data", found, advice=advice)


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


def index(
    tell: Tell,
    *,
    entries: Sequence[Mapping[str, Any]],
    wanted: Mapping[str, Mapping[str, Any]],
    notebook: str | None = None,
) -> dict[str, Any]:
    """Make the page that lists all pilots, through the gate, in every language that is wanted.

    Parameters
    ----------
    entries : sequence of mapping
        Lines of the index, as `impact.disclosure.IndexEntry` travels.
    wanted : mapping
        By name: ``lang`` and ``pages`` of `impact.report.index.render_index`.
    notebook : str, optional
        The executed portfolio notebook; without it nothing is compared.

    Returns
    -------
    dict
        ``pages``: the HTML by name.
    """
    from impact.disclosure import IndexEntry
    from impact.report.index import render_index

    if notebook is not None:
        return {"pages": compared(read_notebook(notebook), entries, wanted)}
    given = [IndexEntry.of_payload(entry) for entry in entries]
    pages = {name: render_index(given, compared=False, **how) for name, how in wanted.items()}
    return {"pages": pages}


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
        return unwritten(error)
    return Fault("broke", "", f"'{duty}' ended with {kind_named(type(error).__name__)}")


def _travelling(fault: Fault) -> dict[str, str]:
    names = ("code", "where", "found", "expected", "advice")
    return {name: getattr(fault, name) for name in names}
