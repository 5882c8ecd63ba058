"""Tidy cells and the words beside them, the same in every table."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.locale import N_
from impact.results.summary import COLUMNS, SummaryTable
from impact.results.text import Sentence

__all__ = [
    "ROWS",
    "Cell",
    "Variable",
    "called",
    "count",
    "covariates",
    "known",
    "outcomes",
    "summary",
    "units_label",
    "values_of",
    "weight_note",
]

GROUPS = {
    "group:treated": N_("Pilot group"),
    "group:comparison": N_("Comparison group"),
    "group:expected": N_("Expected without the pilot"),
    "group:all": N_("All"),
}
REST = N_("all others")
ROWS = {
    "rows": N_("Rows of the data"),
    "read": N_("Read"),
    "used": N_("Used"),
    "dropped: no period": N_("Dropped: no period"),
    "dropped: group not known": N_("Dropped: group not known"),
    "dropped: weight of zero": N_("Dropped: weight of zero"),
    "dropped: not seen in the period": N_("Dropped: not seen in the period"),
    "dropped: sent twice": N_("Dropped: sent twice"),
    "made: a row for each further period of a unit": N_(
        "Made: a row for each further period of a unit"
    ),
    "made: a row for each unit and period": N_("Made: a row for each unit and period"),
    "folded: stays, into units and periods": N_("Folded: stays, into units and periods"),
}
"""What a reader calls rows of the data file, and why there are fewer or more of them."""
MOST_WORDS = 80
"""A label longer than this is cut: the file's may be a whole question."""
UNITS = {"person": N_("People"), "household": N_("Households"), "place": N_("Places")}


class Cell(NamedTuple):
    """One value; the fields are the columns of a summary table."""

    variable: str
    category: str
    group: str
    period: str
    statistic: str
    value: float
    base: int


class Variable(NamedTuple):
    """A column of ``panel.values`` and how it is shown; `values_of` reads it.

    ``kind`` is an outcome's; a covariate has none.
    """

    column: str
    name: str
    category: str
    label: str
    binary: bool
    kind: str = ""

    @property
    def centre(self) -> str:
        """``share`` of a variable of yes and no, else ``mean``."""
        return "share" if self.binary else "mean"


def outcomes(panel: Panel, *, only: str | None = None) -> tuple[Variable, ...]:
    """Return the panel's outcomes, or the one asked for."""
    chosen = panel.outcomes if only is None else (panel.outcome(only),)
    return tuple(
        Variable(o.column, o.column, "", o.label, o.kind == "binary", o.kind) for o in chosen
    )


def covariates(panel: Panel) -> tuple[Variable, ...]:
    """Return the panel's covariates; the columns of one text covariate share its name.

    Its first category, which the panel leaves out, is among them: whoever sees the others
    has it as the rest, so it is guarded like any of them.
    """
    found: list[Variable] = []
    for column in panel.covariates:
        name, split, _ = column.partition("=")
        if split and name not in {variable.name for variable in found}:
            first = panel.references.get(name, REST)
            found.append(Variable(f"{name}={first}", name, first, called(panel, name), True))
        found.append(_covariate(panel, column))
    return tuple(found)


def values_of(panel: Panel, variable: Variable) -> np.ndarray:
    """Return the variable's values, shape (N,); of a first category, one less the others'."""
    if variable.column in panel.values:
        return panel.values[variable.column].to_numpy(dtype=float)
    others = [c for c in panel.covariates if c.startswith(f"{variable.name}=")]
    rest: np.ndarray = 1 - panel.values[others].to_numpy(dtype=float).sum(axis=1)
    return rest


def _covariate(panel: Panel, column: str) -> Variable:
    name, _, category = column.partition("=")
    values = panel.values[column].to_numpy(dtype=float)
    binary = bool(np.isin(values[np.isfinite(values)], (0.0, 1.0)).all())
    return Variable(column, name, category, called(panel, name), binary)


def called(panel: Panel, name: str) -> str:
    """Return what a reader calls a covariate: the file's label, else its column's name in words.

    Examples
    --------
    >>> called(panel, "years_of_schooling")  # doctest: +SKIP
    'Years of schooling'
    """
    said = panel.described.get(name)
    words = " ".join((said.label if said and said.label else name.replace("_", " ")).split())
    words = words if len(words) <= MOST_WORDS else f"{words[: MOST_WORDS - 1].rstrip()}…"
    return f"{words[:1].upper()}{words[1:]}" or name


def count(
    variable: str, group: str, period: str, statistic: str, value: int, *, category: str = ""
) -> Cell:
    """Return the cell of a count, which rests on those it counts."""
    return Cell(variable, category, group, period, statistic, float(value), int(value))


def units_label(panel: Panel) -> str:
    """Return what the units are called in a table."""
    return N_("Units") if panel.spec is None else UNITS[panel.spec.data.unit_is]


def summary(
    section: str,
    cells: Iterable[Cell],
    labels: dict[str, str],
    notes: Iterable[Sentence] = (),
) -> SummaryTable:
    """Gather cells into a table, with the names of the groups among its labels."""
    rows = list(cells)
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    text = {name: "str" for name in COLUMNS[:5]}
    frame = frame.astype({**text, "value": "float64", "base": "int64"})
    used = {f"group:{cell.group}" for cell in rows}
    named = {key: label for key, label in GROUPS.items() if key in used}
    return SummaryTable(section, frame, {**named, **labels}, tuple(notes))


def known(value: float) -> bool:
    """Whether a number is there at all."""
    return not math.isnan(value)


def weight_note(panel: Panel) -> tuple[Sentence, ...]:
    """Say that weights were used, where they were."""
    if not panel.weighted:
        return ()
    return (
        Sentence(
            "Averages, shares and spreads are weighted by the sampling weights; counts are not."
        ),
    )
