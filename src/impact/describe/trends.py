"""The outcomes' course, by group, and the course expected without the pilot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.followed import followed
from impact.data.panel import Panel
from impact.describe.cells import Cell, Variable, known, outcomes, summary, weight_note
from impact.describe.groups import Contrast, contrast, period_text
from impact.describe.moments import Moments, intervals, moments
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["trends"]

INTERVAL = Sentence(
    "Intervals are 95%% intervals of a group's mean, with errors clustered by the unit of "
    "assignment; there is none where a group is one cluster or all its values are equal. They "
    "are cut at the ends of the scale."
)
LOGS = N_("logarithm")
SEEN_TWICE = Sentence("The averages are of those seen both before and after the start.")


def trends(panel: Panel, *, outcome: str | None = None) -> SummaryTable:
    """Average the outcomes by group and period, and draw the expected course beside them.

    The group ``expected`` is the comparison's mean plus what lay between the groups before:
    what the pilot group's mean would have been, had both changed alike (parallel trends).
    With one start, "before" is all periods before the pilot (less the anticipation), so that
    ``treated`` less ``expected``, averaged over the records after the start, is the difference
    of four means; with several starts it is the last period before the first. A lottery has no
    such group: there the groups are compared at the end. Where the headline rests on those
    seen on both sides of the start (`impact.data.followed`), the averages do, too.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        The column of one outcome; all of them unless said.

    Returns
    -------
    SummaryTable
        Section ``trends``. By group and period ``mean`` (``share`` of a binary outcome, a
        fraction) and, where there are two clusters or more, ``low`` and ``high``: the ends of
        the mean's 95 % interval (CR1, t with clusters - 1), cut at the ends of the scale.
        Groups: ``treated`` (ever), ``comparison`` (never; where everybody is treated in the
        end, those who start last, as long as they wait) and ``expected``. ``base`` of an
        expected mean is the smallest of the three groups' it is made of. The label ``unit:…``
        of an outcome in logarithms says that its numbers are.

    Raises
    ------
    DesignError
        The panel has no outcome of that name.

    Examples
    --------
    >>> impact.describe.trends(panel, outcome="volunteering")  # doctest: +SKIP
    """
    groups = contrast(panel)
    variables = outcomes(panel, only=outcome)
    cells = [cell for variable in variables for cell in _course(panel, groups, variable)]
    found = {(cell.group, cell.statistic) for cell in cells}
    notes = [*groups.notes, *weight_note(panel)]
    if any(followed(panel, variable.column) is not None for variable in variables):
        notes.append(SEEN_TWICE)
    if any(group == "expected" for group, _ in found):
        notes[:0] = _expectation(panel)
    if any(statistic == "low" for _, statistic in found):
        notes.append(INTERVAL)
    labels = {variable.name: variable.label for variable in variables}
    logs = (one.column for one in panel.outcomes if one.in_logs and one.column in labels)
    return summary("trends", cells, labels | {f"unit:{name}": LOGS for name in logs}, notes)


def _expectation(panel: Panel) -> list[Sentence]:
    said = [
        Sentence(
            "Expected without the pilot: the comparison group's average plus what lay between the "
            "groups before the pilot. It holds if both would have changed alike."
        )
    ]
    if panel.covariates:
        said.append(Sentence("The lines are plain averages, not adjusted for other differences."))
    return said


def _values(panel: Panel, variable: Variable) -> np.ndarray:
    """Return the outcome of the rows that the headline rests on, NaN elsewhere; shape (N,)."""
    values = panel.values[variable.column].to_numpy(dtype=float)
    rows = followed(panel, variable.column)
    return values if rows is None else np.where(rows, values, np.nan)


def _course(panel: Panel, groups: Contrast, variable: Variable) -> Iterator[Cell]:
    size = len(panel.periods)
    values = _values(panel, variable)
    cell = groups.cells(panel)
    found = moments(panel, values, cell, 2 * size)
    ends = _ends(panel, values, cell, found, variable)
    for at, group in ((0, "treated"), (size, "comparison")):
        for code in range(size):
            where = (variable.name, "", group, period_text(panel.periods[code]))
            base = int(_least(found, variable)[at + code])
            numbers = (found.mean[at + code], ends[0][at + code], ends[1][at + code])
            for statistic, value in zip((variable.centre, "low", "high"), numbers, strict=True):
                if known(value):
                    yield Cell(*where, statistic, float(value), base)
    if groups.baseline is not None and groups.compared and panel.design.kind != "randomised":
        yield from _expected(panel, groups, variable, found)


def _least(found: Moments, variable: Variable) -> np.ndarray:
    """Return the units that each mean tells about; a share says by itself how many it counts."""
    return found.base if variable.binary else found.least


def _ends(
    panel: Panel, values: np.ndarray, cell: np.ndarray, found: Moments, variable: Variable
) -> tuple[np.ndarray, np.ndarray]:
    bottom, top = _scale(panel, variable)
    low, high = intervals(panel, values, cell, found.mean)
    return np.maximum(low, bottom), np.minimum(high, top)


def _scale(panel: Panel, variable: Variable) -> tuple[float, float]:
    """Return the lowest and highest value that the outcome can take."""
    outcome = panel.outcome(variable.column)
    if outcome.scale is not None:
        return outcome.scale
    kinds = {"binary": (0.0, 1.0), "count": (0.0, np.inf), "duration": (0.0, np.inf)}
    return kinds.get(outcome.kind, (-np.inf, np.inf))


def _expected(panel: Panel, groups: Contrast, variable: Variable, found: Moments) -> Iterator[Cell]:
    size, baseline = len(panel.periods), groups.baseline or 0
    first = baseline if panel.design.kind == "staggered" else 0
    before = (panel.period >= first) & (panel.period <= baseline)
    side = np.where(groups.treated, 0, np.where(groups.comparison, 1, -1))
    values = _values(panel, variable)
    level = moments(panel, values, np.where(before, side, -1), 2).mean
    least = _least(found, variable)
    made_of = [*range(first, baseline + 1), *range(size + first, size + baseline + 1)]
    for code in range(baseline, size):
        value = found.mean[size + code] + (level[0] - level[1])
        if known(value):
            base = least[[*made_of, size + code]].min()
            where = (variable.name, "", "expected", period_text(panel.periods[code]))
            yield Cell(*where, variable.centre, float(value), int(base))
