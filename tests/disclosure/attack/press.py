"""A pilot to its page, its file of estimates and its line on the index, as `impact run` does it."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType
from typing import Any
from unittest import mock

import nbformat
import pandas as pd

from attack.pilots import Pilot
from impact.disclosure import Edition, IndexEntry, Release, index_entry
from impact.report import render_index, render_release
from impact.report.page import released_page
from impact.report.views import Figure
from impact.results import Effects, Findings, Part, Sentence, Status, from_payload

__all__ = ["Issue", "issues_of", "parts_of", "put_through", "undrawn", "unguarded_parts"]

ROOT = Path(__file__).parents[3]
BLANK = "data:image/png;base64,iVBORw0KGgo="


@dataclass(frozen=True)
class Issue:
    """What lies in ``reports/`` after one run: all that an outsider has."""

    page: str
    estimates: str
    index: str


def issues_of(pilot: Pilot, folder: Path) -> tuple[Issue, Issue, Edition]:
    """Return a pilot as it is without the gate, and as it is published, and the gate's memory."""
    parts = parts_of(pilot, folder)
    return put_through(unguarded_parts(parts))[0], *put_through(parts)


def parts_of(pilot: Pilot, folder: Path) -> list[Part]:
    """Return what the notebook's cells show, after the way through JSON that they take in it."""
    file = folder / f"{pilot.keys['pilot']}.csv"
    pilot.written.to_csv(file, index=False)
    data = {"path": str(file), **pilot.keys["data"]}
    names: dict[str, Any] = {}
    cells = _cells()
    exec(cells[0][1], names)
    names |= {**pilot.keys, "data": data}
    shown = []
    for shows, code in cells[1:]:
        if shows:
            shown.append(eval(code, names))
        else:
            exec(code, names)
    return [_carried(part) for part in shown]


def put_through(parts: Sequence[Part], before: Edition | None = None) -> tuple[Issue, Edition]:
    """Release parts, and write the page, the estimates and the index.

    Returns
    -------
    tuple
        What an outsider gets, and what the gate keeps for the next edition.
    """
    with undrawn():
        released = released_page(parts, before=before)
        page = render_release(released)
        index = render_index([*_neighbours(entry := _entry(parts, released)), entry])
    frames = [part.to_frame() for part in released if isinstance(part, Effects)]
    table = pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()
    return Issue(page, table.to_csv(index=False), index), released.edition


def _entry(parts: Sequence[Part], released: Release) -> IndexEntry:
    findings = [one for part in parts if isinstance(part, Findings) for one in part]
    known = {one.outcome: one.details.get("measure") for one in findings}
    return index_entry(released, indicators={name: one for name, one in known.items() if one})


def _neighbours(entry: IndexEntry) -> list[IndexEntry]:
    """Return two pilots that measured the same, so that all three are set side by side."""
    others = []
    for at, estimate in enumerate((0.05, 0.11)):
        numbers = {"estimate": estimate, "std_error": 0.04, "certainty": "low"}
        ends = {"conf_low": estimate - 0.08, "conf_high": estimate + 0.08}
        measures = tuple(replace(one, **numbers, **ends) for one in entry.measures)
        said = Sentence("Another pilot.")
        others.append(
            IndexEntry(
                f"other-{at}", f"Other {at}", sentence=said, certainty="low", measures=measures
            )
        )
    return others


@contextmanager
def undrawn() -> Iterator[None]:
    """Leave the pictures blank, not their alternative texts: drawing takes seconds a page.

    A picture is drawn from the same released cells that its alternative text and the table
    behind it tell in figures.
    """

    def figure(_: Any, alt: str) -> Figure:
        return Figure(BLANK, alt, 1, 1)

    nothing = {
        name: lambda *_, **__: None for name in ("trend", "levels", "flow", "love", "forest")
    }
    with (
        mock.patch("impact.report.pictures._figure", figure),
        mock.patch.multiple("impact.figures", effect=lambda *_, **__: None, **nothing),
    ):
        yield


def unguarded_parts(parts: Sequence[Part]) -> list[Part]:
    """Return the parts as if the units were places: of those the gate hides nothing."""
    return [
        replace(part, guarded=False, unit_is="place") if isinstance(part, Status) else part
        for part in parts
    ]


def _carried(part: Part) -> Part:
    payload: Mapping[str, Any] = json.loads(json.dumps(part.to_payload()))
    return from_payload({"part": part.part, **payload})


_CELLS: list[tuple[bool, CodeType]] = []


def _cells() -> list[tuple[bool, CodeType]]:
    """Return the notebook's cells, compiled: whether each shows something, and its code."""
    if not _CELLS:
        notebook = nbformat.read(ROOT / "notebooks" / "pilot.ipynb", 4)
        for cell in notebook.cells:
            if cell.cell_type != "code":
                continue
            tree = ast.parse(cell.source)
            last = tree.body[-1]
            if isinstance(last, ast.Expr) and len(tree.body) == 1:
                _CELLS.append((True, compile(ast.Expression(last.value), "cell", "eval")))
            else:
                _CELLS.append((False, compile(tree, "cell", "exec")))
    return _CELLS
