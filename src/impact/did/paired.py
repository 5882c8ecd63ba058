"""Group-time effects of those who are seen in both periods of a comparison.

Where units come and go, the means of all rows change with who is there. Here every cell
holds the units that are seen in its base period and in the period that is looked at, and
compares their own changes.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.cells import Cell, Comparison, joined, planned_cells, standing
from impact.did.left_out import left_out
from impact.did.sheet import ALONE, Sheet, scores_of, why
from impact.inference.absorb import compact
from impact.inference.doubly_robust import Courses, differences
from impact.inference.logit import Separated
from impact.inference.propensity import Collinear, Groups
from impact.results import Sentence

__all__ = ["clusters_in_pairs", "in_some_pair", "pairs_wanted", "solve_pairs"]

FEWEST = 2
"""Units on either side of some cell below which pairs say nothing."""
UNPAIRED = Sentence(
    "%(n)s unit that is not seen in both periods of any comparison is left out; the others' own "
    "changes are compared.",
    many="%(n)s units that are not seen in both periods of any comparison are left out; the "
    "others' own changes are compared.",
)


def pairs_wanted(panel: Panel, outcome: str) -> bool:
    """Tell whether the rule compares pairs: a panel with missing rows, and enough pairs.

    Parameters
    ----------
    panel : Panel
        With several starts, or with one.
    outcome : str
        Column.
    """
    if not panel.is_panel or panel.design.kind == "randomised":
        return False
    given = panel.values[outcome].notna().to_numpy() & (panel.weight > 0)
    seen = np.zeros((len(panel.units), len(panel.periods)), dtype=bool)
    seen[panel.unit[given], panel.period[given]] = True
    held = seen[seen.any(axis=1)][:, seen.any(axis=0)]
    if held.all():
        return False
    start = np.full(len(panel.units), np.inf)
    start[panel.unit] = panel.start
    return any(min(sides) >= FEWEST for sides in _paired_sides(panel, seen, start))


def _paired_sides(panel: Panel, seen: np.ndarray, start: np.ndarray) -> list[tuple[int, int]]:
    """Count treated and comparison units of every cell since a start."""
    ahead, never = panel.design.anticipation, False
    if panel.spec is not None:
        never = panel.spec.analysis.control_group == "never_treated"
    counts = []
    for cohort in np.unique(start[np.isfinite(start)]):
        base = int(np.searchsorted(panel.times, cohort - ahead, side="left")) - 1
        if base < 0:
            continue
        for period in np.flatnonzero(panel.times >= cohort):
            both = seen[:, base] & seen[:, period]
            later = np.isinf(start) if never else start > panel.times[period] + ahead
            own = int((both & (start == cohort)).sum())
            counts.append((own, int((both & later).sum())))
    return counts


def in_some_pair(data: Adoption, how: Comparison) -> Adoption:
    """Return the data without units that no cell can hold, and say how many they were.

    Each cohort then weighs as much as those of it whose changes are compared.
    """
    seen = _seen(data)
    held = np.zeros(len(data.start), dtype=bool)
    for cell in planned_cells(data, how):
        if cell.period != cell.base:
            held |= _inside(data, cell, seen)
    if held.all() or not held.any():
        return data
    place = np.cumsum(held) - 1
    rows = held[data.unit]
    return replace(
        data,
        start=data.start[held],
        unit_weight=data.unit_weight[held],
        cluster=compact(data.cluster[held])[0],
        outcome=data.outcome[rows],
        weight=data.weight[rows],
        design=data.design[:, rows],
        unit=place[data.unit[rows]],
        period=data.period[rows],
        notes=(*data.notes, left_out(UNPAIRED, int((~held).sum()))),
    )


def _seen(data: Adoption) -> np.ndarray:
    """Tell in which periods units are seen, shape (T, n)."""
    seen = np.zeros((len(data.times), len(data.start)), dtype=bool)
    seen[data.period, data.unit] = True
    return seen


def _inside(data: Adoption, cell: Cell, seen: np.ndarray) -> np.ndarray:
    """Tell which units a cell holds, shape (n,); none where one of its groups has none."""
    inside = np.zeros(len(data.start), dtype=bool)
    parts, treated = standing(data, cell)
    both = seen[cell.base] & seen[cell.period]
    held = joined(both, parts)
    if (held & treated).any() and (held & ~treated).any():
        for part in parts:
            inside[part] = both[part]
    return inside


def solve_pairs(data: Adoption, how: Comparison, cells: list[Cell], sheet: Sheet) -> int:
    """Fill in the cells of an unbalanced panel from the units seen in both periods.

    Each is the estimate of a panel of two periods without gaps: covariates and weights are
    those of the earlier period.

    Returns
    -------
    int
        Cells from which comparison units were left out, their odds too high.
    """
    outcome, weight, covariates = data.grids()
    seen, trimmed = _seen(data), 0
    for cell in cells:
        inside = _inside(data, cell, seen)
        sheet.inside[cell.at] = inside
        if cell.period == cell.base:
            continue
        units = np.flatnonzero(inside)
        if not len(units):
            sheet.failed[cell.at] = ALONE
            continue
        when = cell.earlier
        design = np.vstack([np.ones(len(units)), covariates[:, when, units]])
        groups = Groups(data.start[units] == cell.cohort, weight[when, units], design)
        both = outcome[[[cell.period], [cell.base]], units]
        courses = Courses(both, [slice(0, len(units))], (np.array([0]), np.array([1])))
        try:
            trimmed += _solve(cell, how, groups, courses, (units, sheet))
        except (Collinear, Separated) as reason:
            sheet.failed[cell.at] = why(reason)
    return trimmed


def _solve(
    cell: Cell, how: Comparison, groups: Groups, courses: Courses, to: tuple[np.ndarray, Sheet]
) -> int:
    """Write down one cell; tell whether comparison units were left out of it."""
    units, sheet = to
    scores = scores_of(groups, how)
    regress = scores is None or how.estimation == "doubly_robust"
    found = differences(courses, groups, scores, regress)
    sheet.estimate[cell.at] = found.estimates[0]
    for stand, some in courses.stretches():
        sheet.influence[cell.at, units[some]] = found.influence(courses, stand, some)[0]
    return 1 if scores is not None and scores.trimmed else 0


def clusters_in_pairs(data: Adoption, cohort: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Count the clusters that each cell of pairs compares with, shape (K,).

    Parameters
    ----------
    data : Adoption
    cohort : numpy.ndarray, shape (K,)
    inside : numpy.ndarray of bool, shape (K, n)
    """
    others = inside & (data.start != cohort[:, None])
    return np.array([len(np.unique(data.cluster[row])) for row in others])
