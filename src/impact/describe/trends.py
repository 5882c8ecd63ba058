"""The outcomes' course, by group, and the course expected without the pilot."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import Cell, Variable, known, outcomes, summary, weight_note
from impact.describe.groups import Contrast, contrast, period_text
from impact.describe.moments import Moments, intervals, moments
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["trends"]

INTERVAL = Sentence(
    "Intervals are 95%% intervals of a group's mean, with errors clustered by the unit of "
    "assignment; there is none where a group is one cluster or all its values are equal. They "
    "are cut at the ends of the scale."
)


def trends(panel: Panel, *, outcome: str | None = None) -> SummaryTable:
    """Average the outcomes by group and period, and draw the expected course beside them.

    The group ``expected`` is the pilot group's mean at the baseline (the last period before
    the pilot, less the anticipation) plus the comparison's change since: what the pilot
    group's mean would have been, had both groups changed alike (parallel trends). The last
    difference between ``treated`` and ``expected`` is the difference of four means.

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
        expected mean is the smallest of the three groups' it is made of.

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
    if any(group == "expected" for group, _ in found):
        notes.insert(0, _expectation(panel, groups))
    if any(statistic == "low" for _, statistic in found):
        notes.append(INTERVAL)
    return summary("trends", cells, {v.name: v.label for v in variables}, notes)


def _expectation(panel: Panel, groups: Contrast) -> Sentence:
    return Sentence(
        "Expected without the pilot: the pilot group's average in %(baseline)s plus the change "
        "in the comparison group since then. It holds if both would have changed alike.",
        {"baseline": period_text(panel.periods[groups.baseline or 0])},
    )


def _course(panel: Panel, groups: Contrast, variable: Variable) -> Iterator[Cell]:
    size = len(panel.periods)
    values = panel.values[variable.column].to_numpy(dtype=float)
    cell = groups.cells(panel)
    found = moments(panel, values, cell, 2 * size)
    ends = _ends(panel, values, cell, found, variable)
    for at, group in ((0, "treated"), (size, "comparison")):
        for code in range(size):
            where = (variable.name, "", group, period_text(panel.periods[code]))
            base = int(found.base[at + code])
            numbers = (found.mean[at + code], ends[0][at + code], ends[1][at + code])
            for statistic, value in zip((variable.centre, "low", "high"), numbers, strict=True):
                if known(value):
                    yield Cell(*where, statistic, float(value), base)
    if groups.baseline is not None and groups.compared:
        yield from _expected(panel, groups.baseline, variable, found)


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


def _expected(panel: Panel, baseline: int, variable: Variable, found: Moments) -> Iterator[Cell]:
    size = len(panel.periods)
    start = found.mean[baseline]
    for code in range(baseline, size):
        value = start + (found.mean[size + code] - found.mean[size + baseline])
        if known(value):
            base = found.base[[baseline, size + baseline, size + code]].min()
            where = (variable.name, "", "expected", period_text(panel.periods[code]))
            yield Cell(*where, variable.centre, float(value), int(base))
