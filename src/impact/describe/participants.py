"""Who took part: numbers, averages and answers that were not given, by group and period."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import (
    Cell,
    Variable,
    count,
    covariates,
    known,
    outcomes,
    summary,
    units_label,
    values_of,
    weight_note,
)
from impact.describe.groups import contrast, left_out, period_text, reached
from impact.describe.moments import Moments, count_units, moments
from impact.describe.quantiles import Quantiles, quantiles, skewed
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["participants"]

MOST = 4
"""With more periods than this a table is read by nobody: first, baseline and last stay."""
MIDDLE = ("ordinal", "count", "duration")
QUARTERS = 4
"""Fewer than this have no quarters to tell."""
WITHHELD = ("missing", "refused", "not_known", "not_asked")


def participants(panel: Panel) -> SummaryTable:
    """Describe who took part, by group and period.

    Outcomes are shown at each period; covariates at the baseline of a panel and at each
    period of repeated cross-sections, where the people differ each time. A panel of more
    than four periods is shown at its first, its baseline and its last.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``participants``. The variable ``""`` counts the units. Of each outcome and
        covariate: ``n`` that answered; ``mean`` and ``sd``, or ``share`` of a 0/1 variable
        (a fraction, 0 to 1); ``median``, ``q1`` and ``q3`` beside the mean of what is
        ordinal, a count or a duration, or skewed (moment skewness beyond one); counts of
        ``missing``, ``refused``, ``not_known`` and ``not_asked`` where there are any. All but
        counts are weighted. ``base`` of a count is the count itself; of a mean or standard
        deviation the units it tells about (of no more than two values those with the rarer
        one, of a sum that one or two units dominate those); of a median or quartile the units
        on its smaller side.

    Examples
    --------
    >>> table = impact.describe.participants(panel)  # doctest: +SKIP
    >>> table.to_frame().query("statistic == 'mean'")  # doctest: +SKIP
    """
    shown, notes = _shown(panel)
    groups = reached(panel)
    cells = list(_units(panel, groups, shown))
    labels = {"": units_label(panel)}
    measured = outcomes(panel)
    described = [v for v in covariates(panel) if v.column not in {o.column for o in measured}]
    at = shown if not panel.is_panel else [_reference(panel)]
    for variable, periods in [(v, shown) for v in measured] + [(v, at) for v in described]:
        cells += _variable(panel, variable, groups, periods)
        labels[variable.name] = variable.label
    return summary("participants", cells, labels, [*notes, *left_out(panel), *weight_note(panel)])


def _shown(panel: Panel) -> tuple[list[int], list[Sentence]]:
    last = len(panel.periods) - 1
    if last < MOST:
        return list(range(last + 1)), []
    note = Sentence(
        "Of %(n)s period the first, the last before the pilot and the last are shown.",
        {"n": str(last + 1)},
        many="Of %(n)s periods the first, the last before the pilot and the last are shown.",
    )
    return sorted({0, _reference(panel), last}), [note]


def _reference(panel: Panel) -> int:
    """Return the code of the baseline, or of the first period where there is no baseline."""
    return contrast(panel).baseline or 0


def _units(panel: Panel, groups: dict[str, np.ndarray], periods: list[int]) -> Iterator[Cell]:
    for group, rows in groups.items():
        units = count_units(panel, panel.period, len(panel.periods), rows)
        for code in periods:
            label = period_text(panel.periods[code])
            yield count("", group, label, "units", units[code])


def _variable(
    panel: Panel, variable: Variable, groups: dict[str, np.ndarray], periods: list[int]
) -> list[Cell]:
    cells: list[Cell] = []
    values = values_of(panel, variable)
    shown = np.isin(panel.period, periods)
    middle = _told_by_its_middle(variable, values[shown])
    absent = _absent(panel, variable, values)
    seen = [status for status, rows in absent.items() if rows[shown].any()]
    for group, rows in groups.items():
        cell = np.where(rows & shown, panel.period, -1)
        found = moments(panel, values, cell, len(panel.periods))
        halves = quantiles(panel, values, cell, found) if middle else None
        lost = {s: count_units(panel, cell, len(panel.periods), absent[s]) for s in seen}
        for code in periods:
            key = (variable, group, period_text(panel.periods[code]))
            cells += _answers(*key, found, code)
            if halves is not None:
                cells += _halves(*key, halves, code)
            cells.append(_given(*key, found, code))
            cells += [
                count(variable.name, *key[1:], s, n[code], category=variable.category)
                for s, n in lost.items()
            ]
    return cells


def _answers(
    variable: Variable, group: str, period: str, found: Moments, code: int
) -> Iterator[Cell]:
    where = (variable.name, variable.category, group, period)
    base = int((found.base if variable.binary else found.least)[code])
    if known(found.mean[code]):
        yield Cell(*where, variable.centre, float(found.mean[code]), base)
    if not variable.binary and known(found.sd[code]):
        yield Cell(*where, "sd", float(found.sd[code]), base)


def _halves(
    variable: Variable, group: str, period: str, halves: Quantiles, code: int
) -> Iterator[Cell]:
    where = (variable.name, variable.category, group, period)
    few = halves.n[code] < QUARTERS
    for statistic, values in halves.value.items():
        if known(values[code]) and not few:
            base = int(halves.base[statistic][code])
            yield Cell(*where, statistic, float(values[code]), base)


def _given(variable: Variable, group: str, period: str, found: Moments, code: int) -> Cell:
    answered = int(found.n[code])
    return count(variable.name, group, period, "n", answered, category=variable.category)


def _told_by_its_middle(variable: Variable, values: np.ndarray) -> bool:
    """Whether median and quartiles belong beside the mean: by kind, or by how values lie."""
    if variable.binary:
        return False
    return variable.kind in MIDDLE or skewed(values)


def _absent(panel: Panel, variable: Variable, values: np.ndarray) -> dict[str, np.ndarray]:
    """Return, per reason why no answer was given, the rows it holds for."""
    said = panel.answers.get(variable.column, panel.answers.get(variable.name))
    if said is None and variable.category:  # all columns of one covariate were answered at once
        alike = [c for c in panel.covariates if c.startswith(f"{variable.name}=")]
        said = panel.answers.get(alike[0])
    nothing = ~np.isfinite(values)
    if said is None:
        return {"missing": nothing}
    named = {name: nothing & (said == name).to_numpy() for name in WITHHELD[1:]}
    return {"missing": nothing & ~np.logical_or.reduce(list(named.values())), **named}
