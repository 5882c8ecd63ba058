"""What a figure shows, read off its numbers and said in words."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.reading import UNIFORM, Course, event_rows, read_course

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LONG",
    "alt_effect",
    "alt_trend",
    "estimate_text",
    "interval_name",
    "row_name",
    "said",
    "say_group",
    "written",
]

FEW = 6
"""Up to so many periods or terms an alternative text tells all of them."""
LONG = 14
"""Beyond so many rows a figure sets them close, and its text tells their range."""


def written(value: float, places: int) -> str:
    """Write a number with a true minus sign; "not shown" where it is missing."""
    if not math.isfinite(value):
        return "not shown"
    text = f"{abs(value):,.{places}f}"
    return "−" + text if value < 0 and text.strip("0.,") else text


def said(value: float, course: Course) -> str:
    """Write a value of a course with the digits that tell its lines apart.

    No more of them than its values have: what was rounded to 2.77 does not read 2.770.
    """
    if course.share:
        return f"{written(100 * value, 0)}%" if math.isfinite(value) else "not shown"
    low, high = course.span()
    return written(value, _own_places(course, _places((high - low) or abs(high), 3)))


def _own_places(course: Course, most: int) -> int:
    """Return the decimals, up to the most, behind which all values of a course are zeros."""
    drawn = [*course.centre.values(), *course.low.values(), *course.high.values()]
    values = np.concatenate(drawn)
    values = values[np.isfinite(values)]
    alike = (n for n in range(most) if np.allclose(values, values.round(n), rtol=0, atol=1e-9))
    return next(alike, most)


def _places(reach: float, digits: int) -> int:
    """Return the decimals that show so many digits of a range of values."""
    return max(0, digits - 1 - math.floor(math.log10(reach))) if reach > 0 else 0


def say_group(group: str, labels: Mapping[str, str]) -> str:
    """Return what a reader calls a group."""
    return labels.get(f"group:{group}", group.capitalize())


def alt_trend(cells: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Say in words what `trend` draws of the same cells.

    Parameters
    ----------
    cells : pandas.DataFrame
        Rows of one variable of the section ``trends``.
    labels : mapping of str to str
        The table's labels.

    Returns
    -------
    str
        Every value where there are few periods; else the first, the baseline and the last.
        The gap between the pilot group and its expected course at the end. That values are
        missing, where they were withheld.
    """
    course = read_course(cells)
    name = labels.get(course.variable, course.variable)
    parts = [f"Line chart: {name}, by group and period."]
    for group in course.groups:
        points = [f"{course.periods[at]}: {_told(course, group, at)}" for at in _told_at(course)]
        shown = [point for point in points if not point.endswith(": ")]
        parts.append(f"{say_group(group, labels)}, {'; '.join(shown) or 'not shown'}.")
    parts += _gap(course)
    if any(np.isfinite(low).any() for low in course.low.values()):
        parts.append("Ranges are 95% intervals.")
    if course.withheld:
        parts.append("Values about too few people are not shown and leave gaps.")
    return " ".join(parts)


def _told_at(course: Course) -> list[int]:
    """Return which periods are told."""
    last = len(course.periods) - 1
    if last < FEW:
        return list(range(last + 1))
    return sorted({0, course.baseline or 0, last})


def _told(course: Course, group: str, at: int) -> str:
    """Return a value with its range; nothing where the group has no value there."""
    value, low, high = (part[group][at] for part in (course.centre, course.low, course.high))
    if not math.isfinite(value):
        return ""
    if not math.isfinite(low):
        return said(value, course)
    return f"{said(value, course)} ({said(low, course)} to {said(high, course)})"


def _gap(course: Course) -> list[str]:
    if not {"treated", "expected"} <= set(course.groups):
        return []
    both = np.isfinite(course.centre["treated"]) & np.isfinite(course.centre["expected"])
    if not both.any():
        return []
    at = int(np.flatnonzero(both)[-1])
    gap = course.centre["treated"][at] - course.centre["expected"][at]
    size = said(abs(gap), course).removesuffix("%") + (" percentage points" if course.share else "")
    if not size.split()[0].strip("0.,"):
        return [f"In {course.periods[at]} the pilot group is where it was expected."]
    side = "above" if gap > 0 else "below"
    return [f"In {course.periods[at]} the pilot group is {size} {side} what was expected."]


def row_name(
    row: Mapping[Any, Any], rows: pd.DataFrame, labels: Mapping[str, str] | None = None
) -> str:
    """Return what tells a row apart from the others: outcome, method, term, errors."""
    known = labels or {}
    differing = [c for c in ("outcome", "method", "term", "inference") if rows[c].nunique() > 1]
    names = [str(row[column]) for column in differing or ["method"]]
    return ", ".join(known.get(name, name.replace("_", " ")) for name in names)


def interval_name(rows: pd.DataFrame) -> str:
    """Return what the intervals are called: ``95% interval``."""
    levels = {float(level) for level in rows["level"]}
    return f"{100 * levels.pop():g}% interval" if len(levels) == 1 else "interval"


def alt_effect(rows: pd.DataFrame, *, labels: Mapping[str, str] | None = None) -> str:
    """Say in words what `effect` draws of the same rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        The columns of the glossary.
    labels : mapping of str to str, optional
        What a reader calls outcomes, methods and terms.

    Returns
    -------
    str
        Each estimate with its interval where there are few; of a long event study the range
        before and since the start.
    """
    events = event_rows(rows)
    if len(events):
        return _alt_events(events, labels or {})
    outcome = rows["outcome"].iloc[0]
    of = f" on {(labels or {}).get(outcome, outcome)}" if rows["outcome"].nunique() == 1 else ""
    if len(rows) > LONG:
        return " ".join([f"{len(rows)} estimates of the effect{of}.", *_range(rows, labels)])
    told = [
        f"{row_name(row, rows, labels)}: {estimate_text(row)}." for row in rows.to_dict("records")
    ]
    return " ".join([f"Estimates of the effect{of}, with their {interval_name(rows)}.", *told])


def _range(rows: pd.DataFrame, labels: Mapping[str, str] | None) -> list[str]:
    """Tell the first of many rows, and the lowest and the highest of the others."""
    known = rows[rows["estimate"].notna()]
    if known.empty:
        return ["None is shown."]
    others = known.iloc[1:].sort_values("estimate")
    picked = [known.iloc[0], *(others.iloc[at] for at in ((0, -1) if len(others) > 1 else ()))]
    names = ["First", "Lowest of the others", "Highest"]
    return [
        f"{name}, {row_name(row, rows, labels)}: {estimate_text(row)}."
        for name, row in zip(names, (row.to_dict() for row in picked), strict=False)
    ]


def _alt_events(events: pd.DataFrame, labels: Mapping[str, str]) -> str:
    outcome = events["outcome"].iloc[0]
    together = events[events["inference"] == UNIFORM]
    events = events[events["inference"] != UNIFORM]
    opening = (
        f"Differences on {labels.get(outcome, outcome)} by periods since the start, with their "
        f"{interval_name(events)}."
    )
    if len(together):
        opening += " Thin lines are wider intervals, which hold for all times together."
    records = events.to_dict("records")
    if len(events) <= 2 * FEW:
        told = [f"{written(row['time'], 0)}: {estimate_text(row)}." for row in records]
        return " ".join([opening, *told])
    parts = [opening]
    for when, chosen in (("Before", events["time"] < 0), ("Since", events["time"] >= 0)):
        values = events.loc[chosen, "estimate"].dropna()
        if len(values):
            places = _places(_yardstick(events), 2)
            low, high = written(values.min(), places), written(values.max(), places)
            parts.append(f"{when} the start the estimates lie between {low} and {high}.")
    return " ".join(parts)


def _yardstick(events: pd.DataFrame) -> float:
    """Return the middle standard error, or estimate where there is no error."""
    for name in ("std_error", "estimate"):
        known = events[name].dropna().abs()
        if len(known) and known.median() > 0:
            return float(known.median())
    return 1.0


def estimate_text(row: Mapping[Any, Any]) -> str:
    """Write an estimate with its interval: ``0.39 (0.17 to 0.61)``."""
    error, estimate = float(row["std_error"]), float(row["estimate"])
    reach = error if math.isfinite(error) and error > 0 else abs(estimate)
    places = _places(reach, 2) if math.isfinite(reach) else 0
    low, high = (float(row[f"conf_{end}"]) for end in ("low", "high"))
    text = written(estimate, places)
    if not (math.isfinite(low) and math.isfinite(high)):
        return text if text == "not shown" else f"{text}, without an interval"
    return f"{text} ({written(low, places)} to {written(high, places)})"
