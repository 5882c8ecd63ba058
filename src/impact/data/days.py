"""Days as files write them: ISO dates, the numbers of a workbook, day and month in words."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from impact.data.columns import Coded
from impact.data.faults import rows_of
from impact.errors import Fault

__all__ = ["Days", "days_of"]

ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:[T ].*)?$")
PARTED = re.compile(r"^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?: .*)?$")
SERIAL = re.compile(r"^\d{5}(\.\d+)?$")
# Excel's day 0, behind its leap day that never was; from 1954 to 2064 nothing else has five digits.
DAY_ZERO = dt.date(1899, 12, 30)
SERIALS = range(20_000, 60_000)
NOTHING = np.iinfo(np.int64).min
ADVICE = "write dates as year-month-day, such as 2021-03-01"


@dataclass(frozen=True, eq=False)
class Days:
    """The days of a column.

    Parameters
    ----------
    days : numpy.ndarray of int, shape (N,)
        Days since the first of January of the year 1; `NOTHING` where none stands.
    faults : tuple of Fault
        Why a value is no day.
    serial : bool
        Whether the column holds the numbers of a workbook.
    """

    days: np.ndarray
    faults: tuple[Fault, ...] = ()
    serial: bool = False

    @property
    def known(self) -> np.ndarray:
        """Whether a day stands in the row, shape (N,)."""
        known: np.ndarray = self.days != NOTHING
        return known


def days_of(column: Coded, where: str, *, first: str = "") -> Days:
    """Read a column of days.

    Parameters
    ----------
    column : Coded
        The labels.
    where : str
        File and column, as faults name them.
    first : str
        ``day`` or ``month``: what stands first in 03/04/2021, where another column of the
        file shows it.

    Returns
    -------
    Days
        ISO dates with or without a time; five-digit numbers as Excel counts days;
        3.4.2021 as day, month, year; 3/4/2021 where the column shows which comes first.
    """
    first = first or order_of([column])
    read = [_read(label, first) for label in column.labels]
    days = np.array([*(NOTHING if isinstance(d, str) else d for d in read), NOTHING])[column.codes]
    faults = []
    for why in ("ambiguous", "no day"):
        hit = np.array([*(d == why for d in read), False])[column.codes]
        if hit.any():
            faults.append(_fault(why, hit, where, first))
    serial = any(SERIAL.match(label) for label in column.labels)
    return Days(days, tuple(faults), serial)


def order_of(columns: Iterable[Coded]) -> str:
    """Return what the columns show to stand first: ``day``, ``month``, ``mixed`` or nothing."""
    parts = [*_parts(columns)]
    day_first = any(one > 12 for one, _ in parts)
    month_first = any(other > 12 for _, other in parts)
    if day_first and month_first:
        return "mixed"
    return "day" if day_first else "month" if month_first else ""


def _parts(columns: Iterable[Coded]) -> Iterator[tuple[int, int]]:
    for column in columns:
        for label in column.labels:
            if (found := PARTED.match(label)) and found[2] != ".":
                yield int(found[1]), int(found[3])


def _read(label: str, first: str) -> int | str:
    """Return a label's day, or why it is none."""
    try:
        if found := ISO.match(label):
            return dt.date(int(found[1]), int(found[2]), int(found[3])).toordinal()
        if SERIAL.match(label) and int(float(label)) in SERIALS:
            return DAY_ZERO.toordinal() + int(float(label))
        if found := PARTED.match(label):
            one, other, year = int(found[1]), int(found[3]), int(found[4])
            if found[2] == "." or first == "day":
                return dt.date(year, other, one).toordinal()
            if first == "month":
                return dt.date(year, one, other).toordinal()
            return "ambiguous"
    except ValueError:
        return "no day"
    return "no day"


def _fault(why: str, hit: np.ndarray, where: str, first: str) -> Fault:
    n = int(hit.sum())
    if why == "no day":
        return Fault("not-a-date", where, f"{n} rows hold no date", "", ADVICE, rows_of(hit))
    found = f"{n} rows hold a date such as 3/4/2021: nothing shows whether day or month is first"
    if first == "mixed":
        found = f"{n} rows hold a date such as 3/4/2021, some with the day first, some the month"
    return Fault("date-order", where, found, "", ADVICE, rows_of(hit))
