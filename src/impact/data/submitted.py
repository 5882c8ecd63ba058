"""The time at which a survey tool says that an answer came in, as a period."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from impact.data.columns import coded
from impact.data.naming import TIMES
from impact.data.table import Table
from impact.locale import N_
from impact.results.text import Sentence
from impact.spec.spans import length_of, spans

__all__ = ["with_periods"]

OF_TOOLS = (*TIMES, "start", "end", "today", "completiondate")
TAKEN = {
    "day": N_("The day of '%(column)s' is the period."),
    "month": N_("The month of '%(column)s' is the period."),
    "quarter": N_("The quarter of '%(column)s' is the period."),
    "year": N_("The year of '%(column)s' is the period."),
}


def with_periods(table: Table, period: str | None, starts: object) -> Table:
    """Make periods of the times that a survey tool wrote, where they are the period.

    Parameters
    ----------
    table : Table
        An export.
    period : str or None
        The column of periods.
    starts : object
        ``design.starts``, which says how long a period is: 2021-03 makes months. Months
        where it does not.

    Returns
    -------
    Table
        Times become days, months, quarters or years, in the tool's own time zone; what
        is no time stays, to be told as such.
    """
    if period is None or period not in table.frame:
        return table
    if period.rpartition("/")[2].casefold() not in OF_TOOLS:
        return table
    every = length_of(starts) or "month"
    seen = coded(table.frame[period])
    words = [_period(label, every) for label in seen.labels]
    held = pd.Series(np.array([*words, ""], dtype=object)[seen.codes], dtype=str)
    note = Sentence(TAKEN[every], {"column": period})
    frame = table.frame.assign(**{period: held.set_axis(table.frame.index)})
    return replace(table, frame=frame, notes=(*table.notes, note))


def _period(label: str, every: str) -> str:
    found = spans(every, label[:10], label[:10])
    return found[0].label if found else label
