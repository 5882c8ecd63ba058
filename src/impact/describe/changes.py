"""What changed within people, from the baseline to the last period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import Cell, Variable, known, outcomes, summary, weight_note
from impact.describe.groups import Contrast, contrast, period_text
from impact.describe.levels import joined, smallest_cell
from impact.describe.moments import intervals, moments
from impact.locale import N_
from impact.results.summary import BETWEEN, SummaryTable
from impact.results.text import Sentence

__all__ = ["changes"]

NOT_SEEN_AGAIN = Sentence("Different people were asked each time, so nobody's own change is known.")
ONE_SIDE = Sentence(
    "There is no period before the pilot with a later one, so nobody's own change is known."
)
SEEN_TWICE = Sentence(
    "Changes are of those who answered both times; averages by period are of all who answered "
    "then. A change is not yet an effect: the comparison group may have changed as well."
)
INTERVAL = Sentence(
    "Intervals are 95%% intervals of a group's mean change, with errors clustered by the unit of "
    "assignment."
)
TOO_FEW = N_("%(label)s: too few changed to tell which way.")
WAYS = ("fell", "stayed", "rose")
SAID = {
    "ordinal": {
        "fell": N_("fell"),
        "stayed": N_("stayed the same"),
        "rose": N_("rose"),
        "fell or stayed": N_("fell or stayed the same"),
        "stayed or rose": N_("stayed the same or rose"),
    },
    "binary": {
        "fell": N_("from yes to no"),
        "stayed": N_("unchanged"),
        "rose": N_("from no to yes"),
        "fell or stayed": N_("from yes to no, or unchanged"),
        "stayed or rose": N_("unchanged, or from no to yes"),
    },
}


@dataclass(frozen=True)
class _Own:
    """Each last row's change since the baseline, NaN elsewhere; its group, 0 or 1, else -1."""

    change: np.ndarray
    cell: np.ndarray


def changes(panel: Panel) -> SummaryTable:
    """Tell what changed within people from the baseline to the last period, by group.

    Of those who answered both times. It is their own change whatever caused it.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``changes``, period ``1 – 2``. Per outcome and group ``n`` who answered both
        times; of what is not binary the (weighted) mean ``change`` with ``low`` and ``high``,
        its 95 % interval (CR1 over units of assignment); of binary and ordinal outcomes the
        ``share`` of the categories ``rose``, ``stayed`` and ``fell``, where few went one way
        together with ``stayed``; a binary outcome of which too few changed is left out.
        ``base`` is how many answered both times, of a mean of two
        different changes those with the rarer one. No rows, and a note, where nobody is seen
        again.

    Notes
    -----
    Nearly the same people stand behind the averages of each period. So that the two together
    tell nothing of those who answered only once, the disclosure gate rounds what is in this
    section more coarsely than the averages.

    Examples
    --------
    >>> impact.describe.changes(panel)  # doctest: +SKIP
    """
    groups = contrast(panel)
    last = len(panel.periods) - 1
    if not panel.is_panel:
        return summary("changes", (), {}, [NOT_SEEN_AGAIN])
    if groups.baseline is None or groups.baseline >= last:
        return summary("changes", (), {}, [ONE_SIDE])
    ends = (panel.periods[groups.baseline], panel.periods[last])
    period = BETWEEN.join(period_text(end) for end in ends)
    cells: list[Cell] = []
    labels: dict[str, str] = {}
    untold: list[str] = []
    for variable in outcomes(panel):
        own = _own(panel, variable, groups, groups.baseline)
        ways = _ways(panel, own) if variable.kind in SAID else {}
        if variable.binary and not ways:
            untold.append(variable.label)
            continue
        cells += [
            *_means(panel, variable, own, period),
            *_shares(panel, variable, own, ways, period),
        ]
        labels[variable.name] = variable.label
        labels |= {f"{variable.name}: {way}": SAID[variable.kind][way] for way in ways}
    notes = [SEEN_TWICE, *groups.notes, *weight_note(panel)]
    if any(cell.statistic == "low" for cell in cells):
        notes.append(INTERVAL)
    notes += [Sentence(TOO_FEW, {"label": label}) for label in untold]
    return summary("changes", cells, labels, notes)


def _own(panel: Panel, variable: Variable, groups: Contrast, baseline: int) -> _Own:
    values = panel.values[variable.column].to_numpy(dtype=float)
    side = np.where(groups.treated, 0, np.where(groups.comparison, 1, -1))
    before = np.full((2, len(panel.units)), np.nan)
    for group in (0, 1):
        rows = (panel.period == baseline) & (side == group)
        before[group, panel.unit[rows]] = values[rows]
    cell = np.where(panel.period == len(panel.periods) - 1, side, -1)
    ends = np.flatnonzero(cell >= 0)
    change = np.full(len(panel), np.nan)
    change[ends] = values[ends] - before[cell[ends], panel.unit[ends]]
    return _Own(change, cell)


def _means(panel: Panel, variable: Variable, own: _Own, period: str) -> Iterator[Cell]:
    found = moments(panel, own.change, own.cell, 2)
    low, high = intervals(panel, own.change, own.cell, found.mean)
    for at, group in enumerate(("treated", "comparison")):
        where = (variable.name, "", group, period)
        if not found.n[at]:
            continue
        yield Cell(*where, "n", float(found.n[at]), int(found.n[at]))
        for name, value in (("change", found.mean), ("low", low), ("high", high)):
            if known(value[at]) and not variable.binary:
                yield Cell(*where, name, float(value[at]), int(found.least[at]))


def _ways(panel: Panel, own: _Own) -> dict[str, tuple[int, int]]:
    """Return the ways that are told apart, with the lowest and highest sign of each."""
    seen = np.isfinite(own.change) & (own.cell >= 0) & (panel.weight > 0)
    sign = np.sign(own.change[seen]).astype(int) + 1
    counts = np.bincount(own.cell[seen] * 3 + sign, minlength=6).reshape(2, 3)
    minimum = smallest_cell(panel)
    spans = joined(counts[counts.sum(axis=1) >= 2 * minimum], minimum)
    if len(spans) < 2:
        return {}
    names = (" or ".join(dict.fromkeys((WAYS[a], WAYS[b]))) for a, b in spans)
    return {name: (a - 1, b - 1) for name, (a, b) in zip(names, spans, strict=True)}


def _shares(
    panel: Panel, variable: Variable, own: _Own, ways: dict[str, tuple[int, int]], period: str
) -> Iterator[Cell]:
    sign = np.sign(own.change)
    for way, (low, high) in reversed(ways.items()):
        went = np.where(np.isfinite(sign), ((sign >= low) & (sign <= high)).astype(float), np.nan)
        found = moments(panel, went, own.cell, 2)
        for at, group in enumerate(("treated", "comparison")):
            if known(found.mean[at]):
                where = (variable.name, f"{variable.name}: {way}", group, period)
                yield Cell(*where, "share", float(found.mean[at]), int(found.base[at]))
