"""Tables of a page without what no reader has any use of."""

from __future__ import annotations

from dataclasses import replace

from impact.results import Sentence, SummaryTable

__all__ = ["readable", "without_blank_lines"]

ANSWERS = ("n", "missing", "refused", "not_known", "not_asked")
LEFT_OUT = Sentence(
    "How many answered, and how many gave no answer, is left out where it would tell about too few."
)


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
