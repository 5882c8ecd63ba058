"""When forms were sent: whether that contradicts their waves, or is too regular for people.

The times themselves go no further than this.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from impact.data.columns import coded
from impact.data.faults import located, rows_of
from impact.data.periods import timeline
from impact.data.table import Table
from impact.errors import Fault
from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["sent_in", "with_times_read", "without_order"]

SENT = re.compile(r"^(_submission_time|SubmissionDate)$", re.IGNORECASE)
FEWEST = 20
REGULAR = 0.5
REGULARLY = N_(
    "Submissions that came at one and the same distance from the one before: %(doubtful)s. Look "
    "at who sent them, and whether they were typed in later or made up."
)
AGAINST = N_(
    "Units that sent a later period before an earlier one: %(doubtful)s. Forms may have been filed "
    "under the wrong period."
)


def sent_in(header: Sequence[str], drop: Collection[str]) -> str | None:
    """Return the column of times of submission, unless the params file says never to read it."""
    found = [name for name in header if SENT.match(name) and name not in drop]
    return found[0] if len(found) == 1 else None


def with_times_read(
    table: Table,
    sent: str | None,
    columns: Mapping[str, Sequence[str]],
    *,
    unit: str | None,
    period: str | None,
) -> Table:
    """Tell what the times of submission show of a file.

    Parameters
    ----------
    table : Table
        As the file holds it.
    sent : str or None
        The column of times; what is no time in it is left out.
    columns : mapping of str to sequence of str
        Per name of the params file, the headers that hold it: times that have a role stay.
    unit, period : str or None
        Names of the params file.

    Returns
    -------
    Table
        Without the times. With a fault where more units than not sent their periods in another
        order, and notes where some did, or where half of all submissions came at one distance.
    """
    if sent is None or sent not in table.frame:
        return table
    frame, at = table.frame, _seconds(table.frame[sent])
    if not any(sent in headers for headers in columns.values()):
        frame = frame.drop(columns=sent)
    notes = [*table.notes, *_regular(at)]
    faults = list(table.faults)
    unit, period = ((columns.get(name or "") or (name,))[0] for name in (unit, period))
    if unit in frame and period in frame:
        who = coded(frame[unit]).codes
        late, several = _against(who, frame[period], at)
        units = len(np.unique(who[late]))
        if 2 * units > several:
            found = f"{units} of {several} units sent a later period before an earlier one"
            advice = "are the periods named right? they are taken in their own order"
            where = f"{table.where}, column '{period}'"
            fault = Fault("waves-out-of-order", where, found, "", advice, rows_of(late))
            faults += located([fault], table)
        elif units:
            others = several - units
            notes.append(Sentence(AGAINST, {}, {"doubtful": units, "others": others}))
    known = at[np.isfinite(at)]
    middle = float(np.median(known)) if len(known) else float("nan")
    return replace(table, frame=frame, notes=tuple(notes), faults=tuple(faults), sent=middle)


def without_order(tables: Sequence[Table], periods: Sequence[str]) -> Iterator[Fault]:
    """Tell files of waves whose submissions came in another order than the waves.

    Parameters
    ----------
    tables : sequence of Table
        One a wave; those whose times were not read count for nothing.
    periods : sequence of str
        Their names, which say their order in time.
    """
    line = timeline(coded(pd.Series(list(periods), dtype=str)), "")
    if isinstance(line, Fault):
        return
    rank = dict(zip(periods, line[1].tolist(), strict=True))
    ordered = sorted(zip(periods, tables, strict=True), key=lambda pair: rank[pair[0]])
    for (one, before), (other, after) in pairwise(ordered):
        if before.sent > after.sent:
            found = f"most forms of wave '{one}' were sent after most of wave '{other}'"
            advice = "exchange the files under data.waves, or name the waves in their order"
            yield Fault("waves-out-of-order", "data.waves", found, "", advice)


def _seconds(times: pd.Series[Any]) -> np.ndarray:
    """Return seconds since 1970; not a number where no time stands."""
    read = pd.to_datetime(pd.Series(times, dtype=object), errors="coerce", utc=True, format="mixed")
    seconds = (read - pd.Timestamp(0, tz="UTC")).dt.total_seconds()
    return seconds.to_numpy(dtype=float)


def _regular(seconds: np.ndarray) -> Iterator[Sentence]:
    known = np.unique(seconds[np.isfinite(seconds)])
    gaps = np.diff(known)
    if len(gaps) < FEWEST or not (known % 86400).any():
        return
    most = int(np.unique(gaps, return_counts=True)[1].max())
    if most >= REGULAR * len(gaps):
        others = len(gaps) - most
        counts = {"doubtful": most} | ({"others": others} if others else {})
        yield Sentence(REGULARLY, {}, counts)


def _against(
    unit: np.ndarray, periods: pd.Series[Any], seconds: np.ndarray
) -> tuple[np.ndarray, int]:
    """Return the rows sent before an earlier period of their unit, and units with several."""
    line = timeline(coded(periods), "")
    late = np.zeros(len(unit), dtype=bool)
    if isinstance(line, Fault):
        return late, 0
    code = line[1]
    rows = np.flatnonzero((unit >= 0) & (code >= 0) & np.isfinite(seconds))
    rows = rows[np.lexsort((code[rows], unit[rows]))]
    same = unit[rows[1:]] == unit[rows[:-1]]
    moved = same & (code[rows[1:]] > code[rows[:-1]])
    late[rows[1:][moved & (seconds[rows[1:]] < seconds[rows[:-1]])]] = True
    return late, len(np.unique(unit[rows[1:][moved]]))
