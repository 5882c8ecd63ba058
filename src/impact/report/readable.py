"""Tables of a page without what no reader has any use of."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from impact.locale import N_
from impact.results import Sentence, SummaryTable

__all__ = ["at_the_start", "outcomes_of", "readable", "without_blank_lines"]

ANSWERS = ("n", "missing", "refused", "not_known", "not_asked")
LEFT_OUT = Sentence(
    "How many answered, and how many gave no answer, is left out where it would tell about too few."
)

START = ("units", "share", "mean", "sd")
IN_SHORT = Sentence("All numbers are of the start. The whole table stands in the annex.")
IN_SHORT_AT = N_("All numbers are of the start (%(period)s). The whole table stands in the annex.")


def at_the_start(table: SummaryTable, primary: frozenset[str], baseline: str) -> SummaryTable:
    """Return who took part in short: how many, who they were, and the primary outcomes then.

    Parameters
    ----------
    table : SummaryTable
        Section ``participants``, as the gate released it. What is left out of it here is left
        out for want of room only: everything stays in the whole table.
    primary : frozenset of str
        The primary outcomes. Without any, all variables are told.
    baseline : str
        The period that counts as the start; the first of the table where it is not in it.
    """
    cells = table.cells
    known = list(dict.fromkeys(cells["period"]))
    start = baseline if baseline in known else next(iter(known), "")
    later = set(cells.loc[cells["period"] != start, "variable"])
    groups = set(cells["group"])
    told = cells[(cells["period"] == start) & cells["statistic"].isin(START)]
    if {"treated", "comparison"} <= groups:
        told = told[told["group"].isin(("treated", "comparison"))]
    if primary:
        background = set(told["variable"]) - later
        told = told[told["variable"].isin({"", *primary, *background})]
    note = Sentence(IN_SHORT_AT, {"period": start}) if len(known) > 1 else IN_SHORT
    return replace(table, cells=_units_then_background(told, primary), notes=(note,))


def _units_then_background(cells: pd.DataFrame, primary: frozenset[str]) -> pd.DataFrame:
    """Put the numbers of units first, then who they were, then the outcomes."""
    rank = cells["variable"].map(lambda name: 0 if name == "" else 1 + (name in primary))
    return cells.loc[rank.sort_values(kind="stable").index].reset_index(drop=True)


def outcomes_of(table: SummaryTable, chosen: frozenset[str]) -> tuple[SummaryTable, SummaryTable]:
    """Return the table of the chosen outcomes, and that of the others; of all where none is."""
    mine = table.cells["variable"].isin(chosen)
    if not mine.any():
        mine |= True
    first, others = (
        replace(table, cells=table.cells[rows].reset_index(drop=True)) for rows in (mine, ~mine)
    )
    return first, others


def readable(table: SummaryTable) -> SummaryTable:
    """Leave out lines of answers of which not a single number may be shown.

    Of answers given and not given the annex tells the periods together: one by one they stand
    beside the averages.

    Parameters
    ----------
    table : SummaryTable
        As the gate released it.
    """
    if table.section == "unanswered" and (overall := table.cells["period"] == "").any():
        table = replace(table, cells=table.cells[overall])
    return without_blank_lines(table)


def without_blank_lines(table: SummaryTable) -> SummaryTable:
    """Leave out lines of answers of which not a single number may be shown."""
    if table.section not in ("participants", "unanswered"):
        return table
    line = table.cells.groupby(["variable", "category", "statistic"], sort=False)
    blank = line["hidden"].transform("all") & table.cells["statistic"].isin(ANSWERS)
    if not blank.any():
        return table
    return replace(table, cells=table.cells[~blank], notes=(*table.notes, LEFT_OUT))
