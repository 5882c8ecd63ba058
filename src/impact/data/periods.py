"""When: periods in their order, and first treated periods on the same scale."""

from __future__ import annotations

import bisect
import datetime as dt
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from impact.data.columns import Coded
from impact.data.spelling import number_of, spelled
from impact.errors import Fault

__all__ = ["ONCE", "Timeline", "timeline"]

Key = Any  # float, str or tuple of int: one of them throughout a timeline

NEVER = frozenset(("never", "inf", "infinity"))
# The only words whose order in time nobody doubts; any other text needs a number.
PHASES = {
    **dict.fromkeys(("pre", "before", "baseline", "start"), 0),
    **dict.fromkeys(("mid", "during", "midline"), 1),
    **dict.fromkeys(("post", "after", "endline", "end"), 2),
    **dict.fromkeys(("follow-up", "followup", "follow up"), 3),
}
QUARTER = re.compile(r"^(\d{4})[ -]?[Qq]([1-4])$")
MONTH = re.compile(r"^(\d{4})[-Mm](\d{1,2})$")
DAY = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:[T ](.*))?$")
MIDNIGHT = re.compile(r"^00:00(:00(\.0+)?)?(Z|\+00:00)?$")
OTHER_DATE = re.compile(
    r"^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$|^\d{4}/\d{1,2}(/\d{1,2})?$"
    r"|^\d{4}\.\d{1,2}\.\d{1,2}$|^\d{1,2}[/.-](19|20)\d{2}$"
)
# Days since 1900 that lie between 1990 and 2050: no numbers of waves, months or quarters.
SERIAL = (32874, 54789)
CENTURIES = (19, 20)
NUMBERED = re.compile(r"^(\D*)(\d+)(\D*)$")


@dataclass(frozen=True, eq=False)
class Timeline:
    """The periods of a panel, in order.

    Parameters
    ----------
    labels : pandas.Index, shape (T,)
        Numbers where the periods are numbers, else text.
    times : numpy.ndarray of float, shape (T,)
        The numbers themselves, else positions 0, 1, ….
    form : str
        ``number``, ``day``, ``month``, ``quarter`` or ``text``.
    keys : tuple
        What the periods are ordered by.
    """

    labels: pd.Index
    times: np.ndarray
    form: str
    keys: tuple[Key, ...]

    def time_of(self, label: object) -> float | None:
        """Return a period's time, also where no row was seen in it; None if it is no period.

        A number is its own time. A date between two periods takes the position of the
        later one, one after all of them the position after the last.
        """
        word = spelled(label)
        form, key, _ = _read(word) if word is not None else ("", "", "")
        if form != self.form:
            return None
        if form == "number":
            return float(key)
        if form == "text":
            known = [str(known).casefold() for known in self.labels]
            place = str(key)
            return float(known.index(place)) if place in known else None
        return float(bisect.bisect_left(self.keys, key))

    def start_of(self, label: str) -> float:
        """Return a first treated time; inf is never, NaN is no period."""
        if label.casefold() in NEVER or number_of(label) == 0:
            return math.inf
        time = self.time_of(label)
        return math.nan if time is None else time


ONCE = Timeline(pd.Index([0]), np.zeros(1), "number", (0.0,))


def timeline(column: Coded, where: str) -> tuple[Timeline, np.ndarray] | Fault:
    """Put the periods of a column in order.

    Parameters
    ----------
    column : Coded
        The labels of the periods, N rows.
    where : str
        File and column, as faults name them.

    Returns
    -------
    tuple of Timeline and numpy.ndarray of int, shape (N,)
        The periods and each row's code, -1 where none stands; or the `Fault` that
        keeps them from an order.
    """
    if not column.labels:
        return Fault("period-missing", where, "no row says when", "a period a row is expected")
    read = [_read(label) for label in column.labels]
    form = {form for form, _, _ in read}
    fault = _no_one_form(column, Counter(form for form, _, _ in read), where)
    if fault:
        return fault
    if form == {"number"} and all(SERIAL[0] <= key <= SERIAL[1] for _, key, _ in read):
        found = f"the {len(read)} periods are numbers as Excel counts days (45000 is 2023-03-15)"
        advice = "format the column as dates, or write 2021-03-01, and save the file again"
        return Fault("serial-dates", where, found, "", advice)
    keys = (
        _text_keys([label for _, _, label in read]) if form == {"text"} else [k for _, k, _ in read]
    )
    if keys is None:
        found = f"the order in time of {len(read)} periods cannot be known from their names"
        advice = "use numbers, or dates such as 2021-03"
        return Fault("period-order", where, found, "", advice)
    names = {
        key: label for key, (_, _, label) in sorted(zip(keys, read, strict=True), reverse=True)
    }
    ordered = tuple(sorted(names))
    at = {key: position for position, key in enumerate(ordered)}
    table = np.array([*(at[key] for key in keys), -1], dtype=np.int64)
    return _timeline(ordered, [names[key] for key in ordered], form.pop()), table[column.codes]


def _timeline(keys: tuple[Key, ...], names: list[str], form: str) -> Timeline:
    if form != "number":
        return Timeline(pd.Index(names), np.arange(len(keys), dtype=float), form, keys)
    times = np.array(keys, dtype=float)
    whole = bool((times == np.floor(times)).all() and (np.abs(times) < 2**53).all())
    return Timeline(pd.Index(times.astype(np.int64) if whole else times), times, form, keys)


def _read(label: str) -> tuple[str, Key, str]:
    """Return a label's form, what to order it by, and how to write it."""
    number = number_of(label)
    if OTHER_DATE.match(label):
        return "other date", label, label
    if number is not None and math.isfinite(number):
        return "number", number, label
    if _is_impossible(label):
        return "impossible date", label, label
    if match := QUARTER.match(label):
        year, quarter = int(match[1]), int(match[2])
        return "quarter", (year, quarter), f"{year}Q{quarter}"
    if (match := MONTH.match(label)) and 1 <= int(match[2]) <= 12:
        return "month", (int(match[1]), int(match[2])), f"{match[1]}-{int(match[2]):02d}"
    if (match := DAY.match(label)) and _is_day(match[1]):
        midnight = match[2] is None or MIDNIGHT.match(match[2])
        return ("day" if midnight else "time of day"), match[1], match[1]
    return "text", label.casefold(), label


def _is_impossible(label: str) -> bool:
    """Whether a label is written as a date that no calendar has, or no pilot can be of."""
    if match := MONTH.match(label):
        return not (1 <= int(match[2]) <= 12 and int(match[1][:2]) in CENTURIES)
    match = DAY.match(label)
    return bool(match) and not (_is_day(label[:10]) and int(label[:2]) in CENTURIES)


def _is_day(label: str) -> bool:
    try:
        dt.date.fromisoformat(label)
    except ValueError:
        return False
    return True


def _text_keys(labels: list[str]) -> list[Key] | None:
    """Return what periods in words are ordered by, or None if that cannot be known."""
    words = [label.casefold() for label in labels]
    if all(word in PHASES for word in words):
        phases = [PHASES[word] for word in words]
        return [(phase,) for phase in phases] if len(set(phases)) == len(set(words)) else None
    parts = [NUMBERED.match(word) for word in words]
    around = {(part[1].strip(), part[3].strip()) for part in parts if part}
    if len(around) == 1 and all(parts):
        return [(int(part[2]),) for part in parts if part]
    return None


def _no_one_form(column: Coded, forms: Counter[str], where: str) -> Fault | None:
    advice = "write every period alike: a number, 2021-03-01, 2021-03 or 2021Q1"
    rows = np.bincount(column.codes[column.codes >= 0], minlength=len(column.labels))

    def count(form: str) -> int:
        of = [_read(label)[0] == form for label in column.labels]
        return int(rows[np.array(of, dtype=bool)].sum())

    if "impossible date" in forms:
        found = f"{count('impossible date')} rows hold a date that cannot be"
        advice = "look for a month over 12, a day the month does not have, or a mistyped year"
        return Fault("impossible-date", where, found, "", advice)
    if len(forms) > 1:
        said = ", ".join(f"{count(form)} rows with a {_said(form)}" for form in sorted(forms))
        return Fault(
            "mixed-periods",
            where,
            f"the periods are written in {len(forms)} ways: {said}",
            "",
            advice,
        )
    if "other date" in forms:
        found = (
            f"{count('other date')} rows hold dates whose order of day, month and year is not ISO's"
        )
        return Fault("date-format", where, found, "", advice)
    if "time of day" in forms:
        found = f"{count('time of day')} rows hold a date with a time of day"
        return Fault("date-format", where, found, "", "make a column of days, months or waves")
    return None


def _said(form: str) -> str:
    return {"text": "text", "other date": "date that is not ISO's"}.get(form, form)
