"""One summary that is shown as two tables, because their columns have nothing in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from impact.results.summary import SummaryTable

__all__ = ["apart"]


def apart(table: SummaryTable) -> tuple[SummaryTable, ...]:
    """Return the tables that one is shown as: rows of the data, and answers not given, apart.

    Parameters
    ----------
    table : SummaryTable
        Of any section; all but ``data`` stay one. The notes follow the last.
    """
    rows = table.cells["variable"] == "rows"
    if table.section != "data" or rows.all() or not rows.any():
        return (table,)
    first = replace(table, section="rows", cells=table.cells[rows], notes=())
    return first, replace(table, section="unanswered", cells=table.cells[~rows])
