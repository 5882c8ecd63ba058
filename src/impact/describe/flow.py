"""The flow of participants: who was there at the start, who at the end, who was lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import Cell, count, summary
from impact.describe.groups import contrast, period_text, reached
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["Attrition", "attrition", "flow"]

MEANING = Sentence(
    "Lost: recorded at the baseline, and without an answer on any outcome at the last period."
)
NEW_PEOPLE = Sentence(
    "Different people were asked each time, so nobody can be followed and nobody counted as lost."
)
ONCE = Sentence("There is one period only, so nobody can be followed.")
NO_BASELINE = Sentence(
    "There are no records from before the pilot: the first period stands for the baseline."
)


@dataclass(frozen=True)
class Attrition:
    """Who was lost between the baseline and the last period, as fractions.

    Parameters
    ----------
    overall : float or None
        Lost over recorded at the baseline; None where nobody can be followed.
    treated, comparison : float or None
        The same by group; None for a group that does not exist.
    difference : float or None
        ``treated`` less ``comparison``; None where either is.
    base : int
        Units at the baseline, of the smaller group where there are two.
    """

    overall: float | None
    treated: float | None
    comparison: float | None
    difference: float | None
    base: int


@dataclass(frozen=True)
class _Seen:
    """Per unit: recorded at the start, answering at the end; and who is in which group."""

    start: np.ndarray
    end: np.ndarray
    groups: dict[str, np.ndarray]


def flow(panel: Panel) -> SummaryTable:
    """Count the units at the baseline and at the end, those seen in both, and those lost.

    The baseline is the last period before the pilot, or the first period where there is none
    before. A unit is at the baseline when it has a record there, and at the end when at least
    one outcome was answered in the last period.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``flow``, without periods: ``units`` for the variables ``baseline``,
        ``endline`` and ``both``; ``lost`` for ``lost``, with the ``share`` lost, whose ``base``
        is the smaller of lost and stayed (the share gives both away). For ``rows``, ``n`` rows
        of the data file by ``category``: ``read``, ``used`` and each reason for a drop.
    """
    first, last = _ends(panel)
    labels = {
        "baseline": f"At the baseline ({period_text(panel.periods[first])})",
        "endline": f"At the end ({period_text(panel.periods[last])})",
        "both": "At both",
        "lost": "Lost in between",
        "rows": "Rows of the data file",
    }
    if first == last:
        labels["endline"] = f"In {period_text(panel.periods[last])}"
    seen = _seen(panel, first, last)
    cells = [cell for group in seen.groups for cell in _steps(panel, seen, group, first < last)]
    cells += [count("rows", "all", "", "n", n, category=name) for name, n in panel.rows.items()]
    used = {cell.variable for cell in cells}
    named = {key: label for key, label in labels.items() if key in used}
    return summary("flow", cells, named, _notes(panel, first, last))


def attrition(panel: Panel) -> Attrition:
    """Return the fraction lost between the baseline and the last period.

    Counted over units, without weights, as `flow` counts them.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    Attrition
    """
    first, last = _ends(panel)
    if first == last or not panel.is_panel:
        return Attrition(None, None, None, None, 0)
    seen = _seen(panel, first, last)
    rate: dict[str, float | None] = {}
    base: dict[str, int] = {}
    for group, members in seen.groups.items():
        start = seen.start & members
        base[group] = int(start.sum())
        rate[group] = int((start & ~seen.end).sum()) / base[group] if base[group] else None
    treated, comparison = rate.get("treated"), rate.get("comparison")
    gap = None if treated is None or comparison is None else treated - comparison
    overall = rate["all"] if "all" in rate else next(iter(rate.values()))
    return Attrition(overall, treated, comparison, gap, min(base.values()))


def _ends(panel: Panel) -> tuple[int, int]:
    return contrast(panel).baseline or 0, len(panel.periods) - 1


def _seen(panel: Panel, first: int, last: int) -> _Seen:
    columns = [outcome.column for outcome in panel.outcomes]
    answered = np.isfinite(panel.values[columns].to_numpy(dtype=float)).any(axis=1)
    return _Seen(
        _mark(panel, panel.period == first),
        _mark(panel, (panel.period == last) & answered),
        {group: _mark(panel, rows) for group, rows in reached(panel).items()},
    )


def _mark(panel: Panel, rows: np.ndarray) -> np.ndarray:
    """Return which units have one of the rows, shape (units,)."""
    return np.bincount(panel.unit[rows], minlength=len(panel.units)) > 0


def _steps(panel: Panel, seen: _Seen, group: str, twice: bool) -> Iterator[Cell]:
    members = seen.groups[group]
    start, end = seen.start & members, seen.end & members
    if twice:
        yield count("baseline", group, "", "units", int(start.sum()))
    yield count("endline", group, "", "units", int(end.sum()))
    if not twice or not panel.is_panel:
        return
    stayed = int((start & end).sum())
    lost = int(start.sum()) - stayed
    yield count("both", group, "", "units", stayed)
    yield count("lost", group, "", "lost", lost)
    if start.any():
        yield Cell("lost", "", group, "", "share", lost / int(start.sum()), min(lost, stayed))


def _notes(panel: Panel, first: int, last: int) -> list[Sentence]:
    if first == last:
        return [ONCE]
    notes = [MEANING] if panel.is_panel else [NEW_PEOPLE]
    return notes if contrast(panel).baseline is not None else [*notes, NO_BASELINE]
