"""From an executed notebook to the parts that its cells carry, and to nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from impact.errors import Fault, RunError
from impact.results import MIME, Part, Status, from_payload

__all__ = ["collect", "collect_any"]


def collect(nb: Mapping[str, Any]) -> list[Part]:
    """Return the parts of an executed notebook, in its order.

    Only outputs under `impact.results.MIME` are read. Sources, printed text, tracebacks,
    pictures, HTML, attachments and metadata stay in the notebook.

    Parameters
    ----------
    nb : mapping
        A notebook of format 4, such as ``nbformat.read`` returns.

    Raises
    ------
    RunError
        A cell failed or never ran, a part cannot be read, or the notebook does not show
        its status exactly once. All faults at once; none quotes what a cell printed.
    """
    parts, faults = _read(nb)
    shown = sum(isinstance(part, Status) for part in parts)
    if not faults and shown != 1:
        faults.append(_status(shown))
    if faults:
        raise RunError(faults)
    return parts


def collect_any(nb: Mapping[str, Any]) -> list[Part]:
    """Return the parts of an executed notebook that is about no single pilot.

    Raises
    ------
    RunError
        A cell failed or never ran, or a part cannot be read.
    """
    parts, faults = _read(nb)
    if faults:
        raise RunError(faults)
    return parts


def _read(nb: Mapping[str, Any]) -> tuple[list[Part], list[Fault]]:
    """Return the parts that can be read, and what is wrong with the notebook."""
    cells = [cell for cell in nb["cells"] if cell["cell_type"] == "code"]
    faults = [*_broken(nb, cells)]
    parts: list[Part] = []
    for at, cell in enumerate(cells, start=1):
        for payload in _payloads(cell):
            try:
                parts.append(from_payload(payload))
            except (KeyError, TypeError, ValueError, AttributeError, IndexError):
                faults.append(_unreadable(at))
    return parts, faults


def _payloads(cell: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for output in cell.get("outputs", ()):
        if output.get("output_type") in ("display_data", "execute_result"):
            bundle = output.get("data", {})
            if MIME in bundle:
                yield bundle[MIME]


def _broken(nb: Mapping[str, Any], cells: list[Mapping[str, Any]]) -> Iterator[Fault]:
    for at, cell in enumerate(cells, start=1):
        if any(output.get("output_type") == "error" for output in cell.get("outputs", ())):
            yield Fault(
                "cell-failed", f"code cell {at}", "the cell ended in an error", "", "see runs/"
            )
    filled = [cell for cell in cells if _source(cell).strip()]
    idle = sum(cell.get("execution_count") is None for cell in filled)
    if idle or not filled:
        yield Fault(
            "not-executed",
            "notebook",
            f"{idle} of {len(filled)} code cells were not executed",
            "all of them executed",
            "run the notebook first",
        )
    if nb.get("metadata", {}).get("papermill", {}).get("exception"):
        yield Fault("run-failed", "notebook", "its run ended in an error", "", "see runs/")


def _source(cell: Mapping[str, Any]) -> str:
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _unreadable(at: int) -> Fault:
    return Fault(
        "unreadable-part",
        f"code cell {at}",
        "it carries a result that this version cannot read",
        "a result of this version of impact",
        "run the notebook again",
    )


def _status(shown: int) -> Fault:
    return Fault(
        "no-status" if not shown else "several-statuses",
        "notebook",
        f"it shows its status {shown} times",
        "once",
        "end one cell with impact.status(spec, panel)",
    )
