"""The outcomes beyond their averages: who is on which level, and what was counted in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import Cell, Variable, known, outcomes, summary, weight_note
from impact.describe.groups import Contrast, contrast, period_text
from impact.describe.levels import Level, levels_of, smallest_cell
from impact.describe.moments import count_units, moments
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["distribution", "totals"]

NONE_ORDINAL = Sentence("No outcome has levels, so there is no distribution to show.")
TOO_MANY = N_("%(label)s: there are too many levels, or too few people, to tell them apart.")
TOGETHER = Sentence(
    "Levels that fewer than %(n)s person has stand together with their neighbours.",
    many="Levels that fewer than %(n)s people have stand together with their neighbours.",
)
NO_COUNTS = Sentence("No outcome counts anything by place, so there are no totals to show.")
TOTALS = Sentence(
    "Totals are sums over the places of a group that reported, as recorded and without weights."
)


def distribution(panel: Panel) -> SummaryTable:
    """Tell how many are on each level of the ordinal outcomes, by group and period.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``distribution``. Per ordinal outcome of 11 levels or fewer the (weighted)
        ``share`` on each level, the category ``level 3`` or ``level 0 to 2`` where rare
        levels are told together (`impact.describe.levels`), of the groups of
        `impact.describe.trends`. ``base`` is how many answered. No rows, and a note, where
        there is no such outcome.

    Examples
    --------
    >>> impact.describe.distribution(panel)  # doctest: +SKIP
    """
    groups = contrast(panel)
    size = len(panel.periods)
    cell = groups.cells(panel)
    found = {
        variable: levels_of(panel, panel.outcome(variable.column), cell, 2 * size)
        for variable in outcomes(panel)
        if variable.kind == "ordinal"
    }
    if not found:
        return summary("distribution", (), {}, [NONE_ORDINAL])
    cells: list[Cell] = []
    labels: dict[str, str] = {}
    notes = [*groups.notes, *weight_note(panel)]
    for variable, levels in found.items():
        cells += _shares(panel, variable, levels, cell)
        labels[variable.name] = variable.label
        labels |= {_category(variable, level): level.label for level in levels}
        if not levels:
            notes.append(Sentence(TOO_MANY, {"label": variable.label}))
    if any(level.low < level.high for levels in found.values() for level in levels):
        notes.append(replace(TOGETHER, values={"n": str(smallest_cell(panel))}))
    return summary("distribution", cells, labels, notes)


def _category(variable: Variable, level: Level) -> str:
    return f"{variable.name}: {level.name}"


def _shares(
    panel: Panel, variable: Variable, levels: tuple[Level, ...], cell: np.ndarray
) -> Iterator[Cell]:
    size = len(panel.periods)
    values = panel.values[variable.column].to_numpy(dtype=float)
    for level in levels:
        inside = (values >= level.low) & (values <= level.high)
        held = np.where(np.isfinite(values), inside.astype(float), np.nan)
        found = moments(panel, held, cell, 2 * size)
        for at, group in ((0, "treated"), (size, "comparison")):
            for code in range(size):
                where = (group, period_text(panel.periods[code]))
                share, base = float(found.mean[at + code]), int(found.base[at + code])
                if known(share):
                    category = _category(variable, level)
                    yield Cell(variable.name, category, *where, "share", share, base)


def totals(panel: Panel) -> SummaryTable:
    """Add up what is counted by place, by group and period.

    Only where the units are places: of people, the number per person stands in
    `impact.describe.trends`.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``totals``. Per outcome of kind ``count`` the ``total`` over the units of a
        group in a period, without weights, and the ``n`` that reported where that
        differs between periods. No rows, and a note, where nothing is counted by place.

    Examples
    --------
    >>> impact.describe.totals(panel)  # doctest: +SKIP
    """
    counted = [variable for variable in outcomes(panel) if variable.kind == "count"]
    if panel.spec is None or panel.spec.data.unit_is != "place" or not counted:
        return summary("totals", (), {}, [NO_COUNTS])
    groups = contrast(panel)
    cells = [cell for variable in counted for cell in _summed(panel, variable, groups)]
    labels = {variable.name: variable.label for variable in counted}
    return summary("totals", cells, labels, [TOTALS, *groups.notes])


def _summed(panel: Panel, variable: Variable, groups: Contrast) -> Iterator[Cell]:
    size = len(panel.periods)
    cell = groups.cells(panel)
    values = panel.values[variable.column].to_numpy(dtype=float)
    given = np.isfinite(values) & (cell >= 0)
    sums = np.bincount(cell[given], values[given], 2 * size)
    n = count_units(panel, cell, 2 * size, given)
    # A reader needs the number of places only where it is not always the same.
    uneven = any(len(np.unique(part)) > 1 for part in (n[:size], n[size:]))
    for at, group in ((0, "treated"), (size, "comparison")):
        for code in range(size):
            reported = int(n[at + code])
            where = (variable.name, "", group, period_text(panel.periods[code]))
            if reported:
                yield Cell(*where, "total", float(sums[at + code]), reported)
            if reported and uneven:
                yield Cell(*where, "n", float(reported), reported)
