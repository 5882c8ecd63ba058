"""Group-time effects: each cohort in each period against those not reached."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from impact.did.adoption import Adoption
from impact.did.cells import Cell, Comparison, compared, joined, planned_cells, standing
from impact.did.paired import solve_pairs
from impact.did.sheet import ALIKE, ALONE, SURE, Sheet, scores_of, why
from impact.errors import DesignError
from impact.inference.doubly_robust import Courses, differences
from impact.inference.logit import Separated
from impact.inference.propensity import Collinear, Groups
from impact.inference.two_samples import two_samples

__all__ = ["GroupTime", "group_time_effects"]


@dataclass(frozen=True, eq=False)
class GroupTime:
    """Effects by cohort and period, with the influence of every unit.

    Parameters
    ----------
    cohort, time : numpy.ndarray, shape (K,)
        First treated time, and the time that is looked at.
    estimate : numpy.ndarray, shape (K,)
    influence : numpy.ndarray, shape (K, n)
        In sum form: a variance is the sum of squares over independent units.
    controls : numpy.ndarray of int, shape (K,)
        The first so many units are the comparison, less the cohort's own.
    own, compared : numpy.ndarray of int, shape (K,)
        How many units of the cohort and of the comparison that are.
    dropped : tuple of (float, float, str)
        Cells that cannot be estimated: cohort, time, ``no_comparison``, ``collinear``
        or ``no_overlap``.
    trimmed : int
        Cells from which comparison units were left out, their odds of treatment too high.
    inside : numpy.ndarray of bool, shape (K, n), or None
        The units of each cell where pairs are compared; None where all of its groups count.
    """

    cohort: np.ndarray
    time: np.ndarray
    estimate: np.ndarray
    influence: np.ndarray
    controls: np.ndarray
    own: np.ndarray
    compared: np.ndarray
    dropped: tuple[tuple[float, float, str], ...]
    trimmed: int
    inside: np.ndarray | None = None


def group_time_effects(data: Adoption, how: Comparison) -> GroupTime:
    """Estimate the effect on every cohort in every period.

    Parameters
    ----------
    data : Adoption
    how : Comparison

    Raises
    ------
    DesignError
        No cohort can be compared with anybody.

    Notes
    -----
    Estimand: ATT(g, t), the average effect in period t on those first treated in g.
    Identified by parallel trends between the cohort and the comparison units (given the
    covariates), from the base period on, and no effect before the start less
    anticipation. Callaway and Sant'Anna (2021), eqs. 2.2 to 2.4.
    """
    cells = list(planned_cells(data, how))
    if not cells:
        raise DesignError(_nobody(how, set()))
    sheet = Sheet(np.zeros(len(cells)), np.zeros((len(cells), len(data.start))), {}, {})
    solve = _solve_grid if data.balanced else solve_pairs if how.pairs else _solve_rows
    trimmed = solve(data, how, cells, sheet)
    good = [cell for cell in cells if cell.at not in sheet.failed]
    if not good:
        raise DesignError(_nobody(how, set(sheet.failed.values())))
    estimate, influence = sheet.estimate, sheet.influence
    if sheet.failed:
        at = [cell.at for cell in good]
        estimate, influence = estimate[at], influence[at]
    inside = np.array([sheet.inside[cell.at] for cell in good]) if sheet.inside else None
    own, others = _sizes(data, good, inside)
    return GroupTime(
        cohort=np.array([cell.cohort for cell in good]),
        time=np.array([data.times[cell.period] for cell in good]),
        estimate=estimate,
        influence=influence,
        controls=np.array([cell.controls for cell in good]),
        own=own,
        compared=others,
        dropped=tuple(
            (cell.cohort, float(data.times[cell.period]), sheet.failed[cell.at])
            for cell in cells
            if cell.at in sheet.failed
        ),
        trimmed=trimmed,
        inside=inside,
    )


def _sizes(
    data: Adoption, cells: list[Cell], inside: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Count the cohort's units in every cell, and those that they are compared with."""
    members = [data.members(cell.cohort) for cell in cells]
    if inside is None:
        own = np.array([part.stop - part.start for part in members])
        return own, np.array([compared(data, cell) for cell in cells])
    held = zip(inside, members, strict=True)
    own = np.array([np.count_nonzero(row[part]) for row, part in held])
    return own, inside.sum(axis=1) - own


def _nobody(how: Comparison, reasons: set[str]) -> str:
    if ALIKE in reasons:
        return (
            "no cohort can be compared: among those compared the covariates do not vary "
            "freely (one is a combination of others, or the groups are too small for them); "
            "leave a covariate out"
        )
    if SURE in reasons:
        return (
            "no cohort can be compared: by their covariates some of the treated have nobody "
            "like them in the comparison; leave a covariate out, or ask for "
            "estimation='regression'"
        )
    if how.control_group == "never_treated":
        return (
            "no cohort can be compared: there are too few never-treated units for it; "
            "control_group='not_yet_treated' compares with those reached later"
        )
    return (
        "no cohort can be compared with units that were not reached yet; 'before_after' "
        "describes the change without a comparison"
    )


def _solve_grid(data: Adoption, how: Comparison, cells: list[Cell], sheet: Sheet) -> int:
    """Fill in the cells of a balanced panel, those of the same units at once."""
    steady = data.design.shape[1] == 1 and data.weight.shape[0] == 1
    blocks: dict[tuple[float, int, int], list[Cell]] = defaultdict(list)
    for cell in cells:
        if compared(data, cell) == 0:
            sheet.failed[cell.at] = ALONE
        elif cell.period != cell.base:
            key = (cell.cohort, cell.controls, 0 if steady else cell.earlier)
            blocks[key].append(cell)
    trimmed = 0
    for block in blocks.values():
        try:
            trimmed += _solve_block(data, how, block, sheet)
        except (Collinear, Separated) as reason:
            sheet.failed.update({cell.at: why(reason) for cell in block})
    return trimmed


def _solve_block(data: Adoption, how: Comparison, block: list[Cell], sheet: Sheet) -> int:
    """Fill in cells that share their units, covariates and weights."""
    parts, treated = standing(data, block[0])
    when = block[0].earlier
    groups = Groups(
        treated,
        joined(data.weight[when % len(data.weight)], parts),
        joined(data.design[:, when % data.design.shape[1]], parts),
    )
    scores = scores_of(groups, how)
    periods = np.array([[cell.period, cell.base] for cell in block]).T
    low, high = periods.min(), periods.max() + 1
    courses = Courses(data.outcome[low:high], parts, (periods[0] - low, periods[1] - low))
    regress = scores is None or how.estimation == "doubly_robust"
    found = differences(courses, groups, scores, regress)
    at = [cell.at for cell in block]
    sheet.estimate[at] = found.estimates
    for stand, units in courses.stretches():
        sheet.influence[at, stand] = found.influence(courses, stand, units)
    return len(block) if scores is not None and scores.trimmed else 0


def _solve_rows(data: Adoption, how: Comparison, cells: list[Cell], sheet: Sheet) -> int:
    """Fill in the cells of an unbalanced panel or of repeated cross-sections."""
    edges = np.searchsorted(data.period, np.arange(len(data.times) + 1))
    trimmed = 0
    for cell in cells:
        if compared(data, cell) == 0:
            sheet.failed[cell.at] = ALONE
        elif cell.period != cell.base:
            try:
                trimmed += _solve_cell(data, how, cell, edges, sheet)
            except (Collinear, Separated) as reason:
                sheet.failed[cell.at] = why(reason)
    return trimmed


def _solve_cell(
    data: Adoption, how: Comparison, cell: Cell, edges: np.ndarray, sheet: Sheet
) -> int:
    """Fill in one cell from the rows of its two periods."""
    parts, _ = standing(data, cell)
    rows = np.concatenate([_rows_of(data, edges, when, parts) for when in (cell.base, cell.period)])
    own = data.members(cell.cohort)
    unit = data.unit[rows]
    treated = (unit >= own.start) & (unit < own.stop)
    later = data.period[rows] == cell.period
    if not all((group & time).any() for group in (treated, ~treated) for time in (later, ~later)):
        sheet.failed[cell.at] = ALONE
        return 0
    groups = Groups(treated, data.weight[rows], data.design[:, rows])
    scores = scores_of(groups, how)
    regress = scores is None or how.estimation == "doubly_robust"
    sheet.estimate[cell.at], influence = two_samples(
        data.outcome[rows], later, groups, scores, regress
    )
    np.add.at(sheet.influence[cell.at], unit, influence)
    return 1 if scores is not None and scores.trimmed else 0


def _rows_of(data: Adoption, edges: np.ndarray, period: int, parts: list[slice]) -> np.ndarray:
    """Return the rows of a period whose units stand in the parts."""
    first, last = edges[period], edges[period + 1]
    units = data.unit[first:last]
    bounds = [first + np.searchsorted(units, [part.start, part.stop]) for part in parts]
    return np.concatenate([np.arange(low, high) for low, high in bounds])
