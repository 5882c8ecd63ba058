"""Calendar periods: what a year, quarter, month or day in a params file spans."""

from __future__ import annotations

import datetime as dt
import re
from typing import NamedTuple

__all__ = ["Span", "length_of", "span_of", "spans"]

YEAR = re.compile(r"^(\d{4})$")
QUARTER = re.compile(r"^(\d{4})[ -]?[Qq]([1-4])$")
MONTH = re.compile(r"^(\d{4})[-Mm](\d{1,2})$")
MONTHS = {"year": 12, "quarter": 3, "month": 1}
ONE_DAY = dt.timedelta(days=1)


class Span(NamedTuple):
    """A stretch of days, and how it is written as a period."""

    label: str
    first: dt.date
    last: dt.date


def span_of(period: object) -> Span | None:
    """Return the days that a period spans, or None if it is no period of the calendar.

    Examples
    --------
    >>> span_of("2021-Q1").last.isoformat()
    '2021-03-31'
    """
    said = str(period).strip()
    try:
        if found := YEAR.match(said):
            return _months(int(found[1]), 1, "year")
        if found := QUARTER.match(said):
            return _months(int(found[1]), 3 * int(found[2]) - 2, "quarter")
        if found := MONTH.match(said):
            return _months(int(found[1]), int(found[2]), "month")
        day = dt.date.fromisoformat(said) if len(said) == 10 else None
    except ValueError:
        return None
    return None if day is None else Span(said, day, day)


def length_of(period: object) -> str | None:
    """Return how long a period is, as `spans` names it; None if it is none of the calendar.

    Examples
    --------
    >>> length_of("2021-03"), length_of(2)
    ('month', None)
    """
    if span_of(period) is None:
        return None
    said = str(period).strip()
    forms = {"year": YEAR, "quarter": QUARTER, "month": MONTH}
    return next((name for name, form in forms.items() if form.match(said)), "day")


def spans(every: str, first: object, last: object) -> tuple[Span, ...]:
    """Return the periods from one to another, both included, in order.

    Parameters
    ----------
    every : str
        ``day``, ``month``, ``quarter`` or ``year``.
    first, last : int, float or str
        Periods of any length: the first is the one in which ``first`` begins, the last
        the one in which ``last`` ends.

    Returns
    -------
    tuple of Span
        Empty where one of them is no period, or the last lies before the first.

    Examples
    --------
    >>> [span.label for span in spans("quarter", 2021, "2021-08")]
    ['2021Q1', '2021Q2', '2021Q3']
    """
    begin, end = span_of(first), span_of(last)
    if begin is None or end is None:
        return ()
    found: list[Span] = []
    span: Span | None = _around(begin.first, every)
    while span is not None and span.first <= end.last:
        found.append(span)
        span = None if span.last == dt.date.max else _around(span.last + ONE_DAY, every)
    return tuple(found)


def _around(day: dt.date, every: str) -> Span:
    if every == "day":
        return Span(day.isoformat(), day, day)
    length = MONTHS[every]
    return _months(day.year, (day.month - 1) // length * length + 1, every)


def _months(year: int, month: int, every: str) -> Span:
    first = dt.date(year, month, 1)
    after = year * 12 + month - 1 + MONTHS[every]
    end = dt.date.max if after > 9999 * 12 + 11 else dt.date(after // 12, after % 12 + 1, 1)
    last = end if end == dt.date.max else end - ONE_DAY
    return Span(_label(first, every), first, last)


def _label(first: dt.date, every: str) -> str:
    if every == "year":
        return f"{first.year:04d}"
    if every == "quarter":
        return f"{first.year:04d}Q{(first.month + 2) // 3}"
    return f"{first.year:04d}-{first.month:02d}"
