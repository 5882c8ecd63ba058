"""What a worker can be asked: plain functions from paths to plain JSON.

Each can be called in this process, in a worker process, in a forked child or on another
machine; none of them writes into ``reports/``.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.errors import Fault, ImpactError, RunError

__all__ = ["DUTIES", "check", "draw", "execute", "index", "inspect"]

Tell = Callable[[dict[str, Any]], None]
PACKAGE = Path(__file__).resolve().parents[1]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
START_SECONDS = 120


def inspect(tell: Tell, *, notebook: str, where: str) -> dict[str, Any]:
    """Check the notebook's parameters cell against the schema of params files."""
    from impact.batch.notebook import inspect as inspect_notebook
    from impact.spec import PilotSpec

    inspect_notebook(Path(notebook), where=where, keys=tuple(PilotSpec.model_fields))
    return {}


def check(tell: Tell, *, params: str, root: str) -> dict[str, Any]:
    """Check a params file and its data; every fault that can be seen without running.

    Returns
    -------
    dict
        ``data``: the data file, relative to the root where it is in it; ``seed``;
        ``card``: what the index says of the pilot as long as it has no page. Known as
        far as the params file could be read, and told before the data are.
    """
    from impact.data import read_panel
    from impact.spec import load_spec

    spec = load_spec(Path(params))
    tell({"event": "known", **_known(spec, Path(root))})
    read_panel(spec)
    return {}


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
    )
    return {"data": _data_of(spec, root), "seed": spec.analysis.seed, "card": card.to_payload()}


def _data_of(spec: Any, root: Path) -> str:
    from impact.spec.project import resolve

    path = spec.data.path
    if "://" in path:
        return str(path)
    full = Path(resolve(path, root))
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else str(full)


def execute(tell: Tell, *, notebook: str, output: str, params: str, log: str) -> dict[str, Any]:
    """Run the notebook with the parameters of a params file, as ``papermill -f`` would.

    Each cell's start is told as ``{"event": "cell", "cell": n, "cells": m}``.

    Raises
    ------
    RunError
        A cell raised an error, the kernel died, or the kernel did not start. The text
        names the cell and the kind of error; what the error said may hold a value of a
        person and goes to the log alone.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.iorw import read_yaml_file

    from impact.batch.kernel import KERNEL, OwnKernel

    # Papermill adds one cell, the injected parameters.
    place = {"cell": 0, "cells": len(_read(notebook).cells) + 1}

    def on_cell_start(cell: Any, cell_index: int) -> None:
        place["cell"] = cell_index + 1
        tell({"event": "cell", **place})

    try:
        nb = papermill.execute_notebook(
            _literal(notebook),
            _literal(output),
            read_yaml_file(params),
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            start_timeout=START_SECONDS,
            kernel_manager_class=OwnKernel,
            shutdown_kernel="immediate",
            on_cell_start=on_cell_start,
        )
    except PapermillExecutionError as error:
        print(*(ANSI.sub("", line) for line in error.traceback), sep="\n", file=sys.stderr)
        raise RunError(_raised(error, place, log)) from None
    except DeadKernelError:
        raise RunError(
            Fault("kernel-died", _where(place), "the kernel died", advice=f"see {log}")
        ) from None
    if _left_early(nb):
        raise RunError(_exited(place, log))
    return {"cells": place["cells"]}


def _read(path: str) -> Any:
    import nbformat

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]


def _literal(path: str) -> str:
    # Papermill fills parameters into paths: {pilot} in a folder's name would be replaced.
    return path.replace("{", "{{").replace("}", "}}")


def _where(place: Mapping[str, int]) -> str:
    return f"cell {place['cell']} of {place['cells']}" if place["cell"] else "before the first cell"


def _raised(error: Any, place: Mapping[str, int], log: str) -> Fault:
    """Tell what a cell raised; in full only where this package raised it."""
    files = re.findall(r"^File (\S+?):\d+", ANSI.sub("", "\n".join(error.traceback)), re.MULTILINE)
    own = {kind.__name__ for kind in ImpactError.__subclasses__()}
    if error.ename in own and files and Path(files[-1]).expanduser().is_relative_to(PACKAGE):
        said = " ".join(error.evalue.split())
        return Fault("refused", _where(place), said)
    if error.ename == "SystemExit":
        return _exited(place, log)
    return Fault("cell-raised", _where(place), f"raised {error.ename}", advice=f"see {log}")


def _left_early(nb: Any) -> bool:
    """Whether a cell called ``sys.exit(0)``, which papermill takes for a good end."""
    outputs = (output for cell in nb.cells for output in cell.get("outputs", ()))
    return any(output["output_type"] == "error" for output in outputs)


def _exited(place: Mapping[str, int], log: str) -> Fault:
    found = "the notebook was left early (sys.exit)"
    return Fault("left-early", _where(place), found, advice=f"see {log}")


def draw(tell: Tell, *, notebook: str, pilot: str) -> dict[str, Any]:
    """Make what a pilot's executed notebook amounts to.

    Returns
    -------
    dict
        ``page``: the HTML; ``estimates``: CSV in full precision, private; ``released``:
        the same through the gate; ``entry``: the pilot's line of the index.
    """
    from impact.disclosure import index_entry
    from impact.report.collect import collect
    from impact.report.exporter import ImpactExporter

    nb = _read(notebook)
    page, resources = ImpactExporter().from_notebook_node(nb)  # type: ignore[no-untyped-call]
    released = resources["released"]
    ran = released.status.pilot
    if ran != pilot:
        raise RunError(Fault("other-pilot", "", f"the notebook ran pilot '{ran}' instead"))
    return {
        "page": page,
        "estimates": _csv(collect(nb)),
        "released": _csv(released.parts),
        "entry": index_entry(released).to_payload(),
    }


def _csv(parts: Sequence[Any]) -> str:
    import pandas as pd

    from impact.results import GLOSSARY, Effects

    frames = [part.to_frame() for part in parts if isinstance(part, Effects)]
    empty = pd.DataFrame(columns=list(GLOSSARY))
    table = pd.concat(frames, ignore_index=True) if frames else empty
    return str(table.to_csv(index=False, lineterminator="\n"))


def index(tell: Tell, *, entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make the page that lists all pilots, through the gate."""
    from impact.disclosure import IndexEntry
    from impact.report.index import render_index

    return {"page": render_index([IndexEntry.of_payload(entry) for entry in entries])}


DUTIES: Mapping[str, Callable[..., dict[str, Any]]] = {
    "check": check,
    "draw": draw,
    "execute": execute,
    "index": index,
    "inspect": inspect,
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
    except Exception as error:
        # The last line before the terminal: no fault of ours may show there as a traceback.
        traceback.print_exc()
        found = f"'{request['duty']}' ended with {type(error).__name__}"
        return {"faults": [_travelling(Fault("broke", "", found))]}


def _travelling(fault: Fault) -> dict[str, str]:
    names = ("code", "where", "found", "expected", "advice")
    return {name: getattr(fault, name) for name in names}
