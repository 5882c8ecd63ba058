"""The outcomes within the subgroups that the plan names, by group and period."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.panel import Panel
from impact.data.subgroups import Subgroup, subgroups_of
from impact.describe.cells import (
    Cell,
    Variable,
    known,
    outcomes,
    summary,
    values_of,
    weight_note,
)
from impact.describe.groups import Contrast, contrast, period_text
from impact.describe.moments import Moments, moments
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Label, Sentence

__all__ = ["subgroups"]

NONE_PLANNED = Sentence("The plan names no subgroups.")
CAUTION = Sentence(
    "Each subgroup is smaller than the whole, so its averages vary more by chance: a difference "
    "between the averages of subgroups is a reason to ask, not a result."
)
AT_FIRST = Sentence("Each unit stays in the subgroup that was noted with its first record.")
HALVES = N_(
    "%(label)s has many values: its subgroups are those up to its middle and those above, at the "
    "first record."
)


def subgroups(panel: Panel) -> SummaryTable:
    """Average the outcomes by planned subgroup, group and period.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``subgroups``. The variable is ``outcome by subgroup``, the category
        ``subgroup: level``: per group and period ``n`` that answered, and the (weighted)
        ``mean`` and ``sd``, or ``share``, with their own ``base``; under the category ``""``
        the ``missing`` of whom the subgroup is not known, where there are any. The gate shows
        a variable in a period wholly or not at all: all subgroups together are told elsewhere.
        No rows, and a note, where none is planned.

    Examples
    --------
    >>> impact.describe.subgroups(panel)  # doctest: +SKIP
    """
    planned = subgroups_of(panel)
    if not planned:
        return summary("subgroups", (), {}, [NONE_PLANNED])
    groups = contrast(panel)
    cells: list[Cell] = []
    labels: dict[str, str] = {}
    for subgroup in planned:
        for level in subgroup.levels:
            labels[f"{subgroup.name}: {level}"] = level
        for variable in outcomes(panel):
            cells += _averages(panel, groups, variable, subgroup)
            called = _called(panel, subgroup.name)
            names = {"outcome": variable.label, "subgroup": called}
            said = Label(Sentence("%(outcome)s, by %(subgroup)s", names))
            labels[f"{variable.name} by {subgroup.name}"] = said
    notes = [CAUTION, *([AT_FIRST] if panel.is_panel else [])]
    notes += [Sentence(HALVES, {"label": _called(panel, s.name)}) for s in planned if s.halved]
    return summary("subgroups", cells, labels, [*notes, *groups.notes, *weight_note(panel)])


def _called(panel: Panel, name: str) -> str:
    said = panel.described.get(name)
    return said.label if said is not None and said.label else name


def _averages(
    panel: Panel, groups: Contrast, variable: Variable, subgroup: Subgroup
) -> Iterator[Cell]:
    size, many = len(panel.periods), len(subgroup.levels) + 1
    cell = groups.cells(panel)
    code = np.where(subgroup.code < 0, many - 1, subgroup.code)
    values = values_of(panel, variable)
    found = moments(panel, values, np.where(cell >= 0, cell * many + code, -1), 2 * size * many)
    for at, group in ((0, "treated"), (size, "comparison")):
        for period in range(size):
            first = (at + period) * many
            where = (group, period_text(panel.periods[period]))
            name = f"{variable.name} by {subgroup.name}"
            for level, text in enumerate(subgroup.levels):
                line = (name, f"{subgroup.name}: {text}", *where)
                yield from _told(variable, found, first + level, line)
            rest = int(found.n[first + many - 1])
            if rest:
                yield Cell(name, "", *where, "missing", float(rest), rest)


def _told(
    variable: Variable, found: Moments, at: int, line: tuple[str, str, str, str]
) -> Iterator[Cell]:
    n = int(found.n[at])
    base = int((found.base if variable.binary else found.least)[at])
    yield Cell(*line, "n", float(n), n)
    if known(found.mean[at]):
        yield Cell(*line, variable.centre, float(found.mean[at]), base)
    if not variable.binary and known(found.sd[at]):
        yield Cell(*line, "sd", float(found.sd[at]), base)
