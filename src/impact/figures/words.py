"""How figures write numbers, names and the course of an outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from impact.figures.reading import Course, read_course
from impact.locale import N_, _, ngettext, spoken

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "FEW",
    "LONG",
    "alt_trend",
    "called",
    "digits_for",
    "not_shown",
    "percent",
    "ranged",
    "said",
    "say_group",
    "say_unit",
    "unit_of",
    "valued",
    "written",
]

FEW = 6
"""Up to so many periods or terms an alternative text tells all of them."""
LONG = 14
"""Beyond so many rows a figure sets them close, and its text tells their range."""
LEVEL = 0.95
"""Of the intervals of a group's mean."""
GROUPS = {
    "treated": N_("Pilot group"),
    "comparison": N_("Comparison group"),
    "expected": N_("Expected without the pilot"),
    "all": N_("All"),
}
"""What a reader calls groups, unless the labels know it better."""


def not_shown() -> str:
    """Say that there is no value to show."""
    return _("not shown")


def written(value: float, places: int) -> str:
    """Write a number with a true minus sign; "not shown" where it is missing."""
    return spoken().number(value, places) if math.isfinite(value) else not_shown()


def percent(share: float) -> str:
    """Write a fraction in whole per cent; "not shown" where it is missing."""
    return spoken().percent(share) if math.isfinite(share) else not_shown()


def valued(name: str, value: str) -> str:
    """Write a value behind its name: ``Works: 20%``."""
    return _("%(name)s: %(value)s") % {"name": name, "value": value}


def ranged(value: str, low: str, high: str) -> str:
    """Write a value with its range: ``20% (15% to 26%)``."""
    return _("%(value)s (%(low)s to %(high)s)") % {"value": value, "low": low, "high": high}


def called(key: str, labels: Mapping[str, str]) -> str:
    """Return what a reader calls a variable, a category or a step."""
    return _(labels.get(key, key))


def say_group(group: str, labels: Mapping[str, str]) -> str:
    """Return what a reader calls a group."""
    return _(labels.get(f"group:{group}", GROUPS.get(group, group)))


def unit_of(variable: str, labels: Mapping[str, str]) -> str:
    """Return what the axis of a variable counts in; empty where its name says so itself."""
    return _(labels.get(f"unit:{variable}", ""))


def say_unit(unit: str) -> str:
    """Say in a sentence of its own what numbers count in."""
    return _("Unit: %(unit)s.") % {"unit": unit}


def said(value: float, course: Course) -> str:
    """Write a value of a course with the digits that tell its lines apart.

    No more of them than its values have: what was rounded to 2.77 does not read 2.770.
    """
    if course.share:
        return percent(value)
    low, high = course.span()
    return written(value, _own_places(course, digits_for((high - low) or abs(high), 3)))


def _own_places(course: Course, most: int) -> int:
    """Return the decimals, up to the most, behind which all values of a course are zeros."""
    drawn = [*course.centre.values(), *course.low.values(), *course.high.values()]
    values = np.concatenate(drawn)
    values = values[np.isfinite(values)]
    alike = (n for n in range(most) if np.allclose(values, values.round(n), rtol=0, atol=1e-9))
    return next(alike, most)


def digits_for(reach: float, digits: int) -> int:
    """Return the decimals that show so many digits of a range of values."""
    return max(0, digits - 1 - math.floor(math.log10(reach))) if reach > 0 else 0


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
    name, unit = called(course.variable, labels), unit_of(course.variable, labels)
    parts = [_("Line chart: %(name)s, by group and period.") % {"name": name}]
    if unit:
        parts.append(say_unit(unit))
    for group in course.groups:
        points = [_told(course, group, at) for at in _told_at(course)]
        shown = _("; ").join(filter(None, points)) or not_shown()
        parts.append(f"{say_group(group, labels)}, {shown}.")
    parts += _gap(course)
    if any(np.isfinite(low).any() for low in course.low.values()):
        parts.append(_("Ranges are %(level)s intervals.") % {"level": percent(LEVEL)})
    if course.withheld:
        parts.append(_("Values about too few people are not shown and leave gaps."))
    return " ".join(parts)


def _told_at(course: Course) -> list[int]:
    """Return which periods are told."""
    last = len(course.periods) - 1
    if last < FEW:
        return list(range(last + 1))
    return sorted({0, course.baseline or 0, last})


def _told(course: Course, group: str, at: int) -> str:
    """Return a period's value with its range; nothing where the group has no value there."""
    value, low, high = (part[group][at] for part in (course.centre, course.low, course.high))
    if not math.isfinite(value):
        return ""
    text = said(value, course)
    if math.isfinite(low):
        text = ranged(text, said(low, course), said(high, course))
    return valued(course.periods[at], text)


def _gap(course: Course) -> list[str]:
    """Tell how far the pilot group is from where it was expected, in the last period of both."""
    if not {"treated", "expected"} <= set(course.groups):
        return []
    both = np.isfinite(course.centre["treated"]) & np.isfinite(course.centre["expected"])
    if not both.any():
        return []
    at = int(np.flatnonzero(both)[-1])
    gap = float(course.centre["treated"][at] - course.centre["expected"][at])
    told = {"period": course.periods[at], "n": said(abs(gap), course)}
    if told["n"] == said(0.0, course):
        return [_("In %(period)s the pilot group is where it was expected.") % told]
    if course.share:
        return [_points(gap > 0, round(100 * abs(gap))) % {**told, "n": written(100 * abs(gap), 0)}]
    return [
        _(
            "In %(period)s the pilot group is %(n)s above what was expected."
            if gap > 0
            else "In %(period)s the pilot group is %(n)s below what was expected."
        )
        % told
    ]


def _points(above: bool, n: int) -> str:
    if above:
        return ngettext(
            "In %(period)s the pilot group is %(n)s percentage point above what was expected.",
            "In %(period)s the pilot group is %(n)s percentage points above what was expected.",
            n,
        )
    return ngettext(
        "In %(period)s the pilot group is %(n)s percentage point below what was expected.",
        "In %(period)s the pilot group is %(n)s percentage points below what was expected.",
        n,
    )
