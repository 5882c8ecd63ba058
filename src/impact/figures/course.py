"""The outcome's course by group, with the line expected without the pilot."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import GREY, SIZE, blank, colours, dress
from impact.figures.lettering import entitle, folded, font, mark_start, number_ticks
from impact.figures.reading import Course, read_course
from impact.figures.words import called, not_shown, said, say_group, unit_of
from impact.locale import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["trend"]

HEIGHT = 3.5
WRAPS = (15, 18, 21, 24)
"""Letters of a line that names a course: as few as leave room for all names."""
LINES = 12
TICKS = 6
BARS = 8
"""With more periods than this, intervals are bands."""


@dataclass(frozen=True)
class _Look:
    marker: str
    dashes: str | tuple[float, tuple[float, float]]
    filled: bool
    width: float
    height: float


LOOKS = {
    "treated": _Look("o", "-", True, 2.2, 4.0),
    "comparison": _Look("s", "-", True, 2.2, 3.0),
    "expected": _Look("D", (0.0, (3.0, 2.0)), False, 1.8, 3.5),
}


def trend(cells: pd.DataFrame, *, labels: Mapping[str, str], ax: Axes | None = None) -> Axes:
    """Draw one outcome's course by group, and the pilot group's expected without the pilot.

    Each line is named at its end with its last value, has its own marker, and breaks where a
    value is missing or was withheld. Intervals are bars, or bands where there are many periods.

    Parameters
    ----------
    cells : pandas.DataFrame
        Rows of one variable of the section ``trends`` (`impact.describe.trends`).
    labels : mapping of str to str
        The table's labels: the outcome's, the groups' under ``group:treated`` …, and under
        ``unit:`` and the outcome's name what its axis counts in, where that has to be said.
    ax : matplotlib Axes, optional
        Where to draw; on a figure of its own unless given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        The cells are of several variables, or of none.

    Examples
    --------
    >>> table = impact.describe.trends(panel)  # doctest: +SKIP
    >>> impact.figures.trend(table.cells, labels=table.labels)  # doctest: +SKIP
    """
    course = read_course(cells)
    axes = blank(HEIGHT) if ax is None else ax
    dress(axes, grid="y")
    x = _positions(course.periods)
    shades = colours()
    for shift, group in zip(_dodge(x, course), course.groups, strict=True):
        _line(axes, course, group, x + shift, shades.get(group, GREY))
    _scale(axes, course, x)
    _start(axes, course, x)
    _name(axes, course, labels, shades)
    if not any(np.isfinite(values).any() for values in course.centre.values()):
        look: dict[str, Any] = {"ha": "center", "va": "center", **font(SIZE + 2, GREY)}
        axes.text(0.5, 0.5, not_shown(), transform=axes.transAxes, **look)
    entitle(axes, called(course.variable, labels), pad=24 if _between(course) else 12)
    axes.set_ylabel(unit_of(course.variable, labels), **font(SIZE))
    return axes


def _positions(periods: Sequence[str]) -> np.ndarray:
    """Return where the periods stand: at their values where all are numbers, else in a row."""
    try:
        return np.array([float(period) for period in periods])
    except ValueError:
        return np.arange(len(periods), dtype=float)


def _dodge(x: np.ndarray, course: Course) -> np.ndarray:
    """Return a small shift a group, so that intervals do not hide each other."""
    span = float(np.ptp(x)) or 1.0
    shifted = [g for g in course.groups if g != "expected"]
    if len(shifted) < 2 or len(course.periods) > BARS:
        return np.zeros(len(course.groups))
    shift = {"comparison": 0.007 * span, "treated": -0.007 * span, "expected": -0.007 * span}
    return np.array([shift.get(group, 0.0) for group in course.groups])


def _line(axes: Axes, course: Course, group: str, x: np.ndarray, colour: Any) -> None:
    look = LOOKS.get(group, LOOKS["comparison"])
    low, high = course.low[group], course.high[group]
    if np.isfinite(low).any() and len(course.periods) <= BARS:
        axes.vlines(x, low, high, colors=[colour], linewidth=1.3, alpha=0.65, linestyles="solid")
    elif np.isfinite(low).any():
        axes.fill_between(x, low, high, color=colour, alpha=0.14, linewidth=0)
    many = len(course.periods) > 2 * BARS
    axes.plot(
        *(x, course.centre[group]),
        color=colour,
        linewidth=look.width,
        linestyle=look.dashes,
        solid_capstyle="round",
        dash_capstyle="butt",
        marker=look.marker,
        markersize=4.0 if many else 6.5,
        markerfacecolor=colour if look.filled else "white",
        markeredgecolor=colour,
        markeredgewidth=1.4,
        zorder=look.height,
        label=group,
    )


def _scale(axes: Axes, course: Course, x: np.ndarray) -> None:
    """Set limits that hold every line and interval, from zero where zero is near."""
    from matplotlib.ticker import MaxNLocator

    low, high = course.span()
    reach = (high - low) or abs(high) or 1.0
    bottom, top = low - 0.08 * reach, high + 0.14 * reach
    if 0 <= low <= 0.5 * high:
        bottom = 0.0
    if course.share:
        bottom, top = max(bottom, -0.02), min(top, 1.02)
    axes.set_ylim(bottom, top)
    pad = 0.06 * (float(np.ptp(x)) or 1.0)
    axes.set_xlim(x.min() - pad, x.max() + pad)
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 2.5, 5, 10]))
    number_ticks(axes.yaxis, percent=course.share)
    longest = max(len(period) for period in course.periods)
    fit = max(2, min(TICKS, 34 // max(longest, 1)))
    step = math.ceil(len(x) / fit)
    axes.set_xticks(x[::step], labels=[str(p) for p in course.periods[::step]])
    axes.set_xlabel(_("Period"), **font(SIZE))


def _between(course: Course) -> tuple[int, int] | None:
    """Return the periods that the pilot starts between, where the baseline is known."""
    at = course.baseline
    return None if at is None or at + 1 >= len(course.periods) else (at, at + 1)


def _start(axes: Axes, course: Course, x: np.ndarray) -> None:
    """Mark where the pilot starts."""
    around = _between(course)
    if around is None:
        return
    mark_start(axes, float(x[list(around)].mean()), _("pilot starts"))


def _name(axes: Axes, course: Course, labels: Mapping[str, str], shades: dict[str, Any]) -> None:
    """Write each line's name and last value beside its end, apart from each other."""
    ends = {group: course.last(group) for group in course.groups}
    heights = {group: end for group, end in ends.items() if end is not None}
    names = {group: say_group(group, labels) for group in heights}
    wraps = ({group: folded(name, wrap) for group, name in names.items()} for wrap in WRAPS)
    for named in wraps:
        if sum(name.count("\n") + 2 for name in named.values()) <= LINES:
            break
    texts = {g: f"{named[g]}\n{said(course.centre[g][end], course)}" for g, end in heights.items()}
    places = _apart(axes, course, texts, heights)
    for group, text in texts.items():
        axes.annotate(
            text,
            xy=(1.0, places[group]),
            xycoords=axes.get_yaxis_transform(),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            **font(SIZE - 1, shades.get(group, GREY)),
            linespacing=1.1,
            annotation_clip=False,
        )


def _apart(
    axes: Axes, course: Course, texts: Mapping[str, str], ends: Mapping[str, int]
) -> dict[str, float]:
    """Return a height a label: as near to its line's end as the others allow."""
    bottom, top = axes.get_ylim()
    figure: Any = axes.figure
    points = figure.get_figheight() * 72 * axes.get_position().height
    line = 1.25 * (SIZE - 1) / points * (top - bottom)
    order = sorted(texts, key=lambda group: course.centre[group][ends[group]])
    wish = np.array([course.centre[group][ends[group]] for group in order])
    half = np.array([(texts[group].count("\n") + 1.9) * line / 2 for group in order])
    place = wish.copy()
    for _step in range(60):
        for i in range(len(place) - 1):
            overlap = half[i] + half[i + 1] - (place[i + 1] - place[i])
            if overlap > 0:
                place[i] -= overlap / 2
                place[i + 1] += overlap / 2
    if len(place):
        place += max(0.0, bottom - line - (place[0] - half[0]))
    return dict(zip(order, place.tolist(), strict=True))
