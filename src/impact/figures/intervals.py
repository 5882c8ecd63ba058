"""Estimates with their intervals: by time since the start, or one below the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import GREY, SIZE, blank, colours, dress, limits
from impact.figures.estimates import estimate_text, level_of, row_name
from impact.figures.lettering import (
    entitle,
    folded,
    font,
    mark_start,
    name_rows,
    number_ticks,
    write_above,
)
from impact.figures.reading import UNIFORM, event_rows
from impact.figures.words import LONG, unit_of
from impact.locale import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["effect"]

HEIGHT = 3.3
ROW = 0.62
CLOSE = 0.27
MANY = 11
WRAP = 20
POINT: dict[str, Any] = {"linestyle": "none", "markersize": 7.0, "markeredgewidth": 1.4}


def effect(
    rows: pd.DataFrame, *, labels: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw estimates with their intervals and the line of no difference.

    Terms that are times since the start make an event study; rows among them whose inference
    is ``uniform`` are the same times once more, with intervals that hold for all at once:
    thin lines with ends around the thick ones. Anything else is drawn one below the other,
    named by what differs between the rows (outcome, method, term, errors); many of them
    closer together, without their numbers.

    Parameters
    ----------
    rows : pandas.DataFrame
        The columns of the glossary; a missing interval is left out, a missing estimate too.
    labels : mapping of str to str, optional
        What a reader calls outcomes, methods and terms; under ``unit:`` and an outcome's name
        what its axis counts in, where its label does not say so.
    ax : matplotlib Axes, optional
        Where to draw; on a figure of its own unless given.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> impact.figures.effect(impact.did.event_study(panel).rows)  # doctest: +SKIP
    """
    events = event_rows(rows)
    if len(events):
        return _events(events, labels or {}, blank(HEIGHT) if ax is None else ax)
    high = 1.1 + (ROW if len(rows) <= LONG else CLOSE) * len(rows)
    return _forest(rows, labels or {}, blank(high) if ax is None else ax)


def _events(events: pd.DataFrame, labels: Mapping[str, str], axes: Axes) -> Axes:
    from matplotlib.ticker import MaxNLocator

    dress(axes, grid="y")
    colour = colours()["treated"]
    together = events[events["inference"] == UNIFORM]
    events = events[events["inference"] != UNIFORM]
    time, estimate, low, high = _columns(events, "time", "estimate", "conf_low", "conf_high")
    axes.axhline(0.0, color=GREY, linewidth=1.0, solid_capstyle="butt", zorder=1)
    wide = 3.2 if len(together) else 1.8
    axes.vlines(time, low, high, colors=[colour], linewidth=wide, linestyles="solid")
    ends = _together(axes, together, colour)
    for chosen, face, marker in ((time < 0, "white", "s"), (time >= 0, colour, "o")):
        axes.plot(
            *(time[chosen], estimate[chosen]),
            marker=marker,
            color=colour,
            markerfacecolor=face,
            markeredgecolor=colour,
            **POINT,
        )
    axes.set_xlim(time.min() - 0.6, time.max() + 0.6)
    axes.set_ylim(*limits(np.concatenate([estimate, low, high, ends])))
    axes.xaxis.set_major_locator(MaxNLocator(MANY, integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(5))
    number_ticks(axes.xaxis)
    number_ticks(axes.yaxis)
    _entitle(axes, events, labels, banded=bool(len(together)))
    return axes


def _together(axes: Axes, rows: pd.DataFrame, colour: Any) -> np.ndarray:
    """Draw the intervals that hold for all times at once; return their ends."""
    time, low, high = _columns(rows, "time", "conf_low", "conf_high")
    axes.vlines(time, low, high, colors=[colour], linewidth=0.9, linestyles="solid")
    for end in (low, high):
        axes.plot(time, end, linestyle="none", marker="_", markersize=9.0, color=colour)
    return np.concatenate([low, high])


def _entitle(axes: Axes, events: pd.DataFrame, labels: Mapping[str, str], *, banded: bool) -> None:
    """Say what is drawn, what the axis counts, and where the start is."""
    outcome = events["outcome"].iloc[0]
    told = {"name": _(labels.get(outcome, outcome)), "level": level_of(events)}
    if not events["conf_low"].notna().any():
        title = _("%(name)s: difference") % told
    elif told["level"]:
        title = _("%(name)s: difference, %(level)s interval") % told
    else:
        title = _("%(name)s: difference, interval") % told
    if banded:
        title += " " + _("(thick: each time by itself; thin: all times together)")
    entitle(axes, title, width=48, pad=24)
    axes.set_xlabel(_("Periods since the start"), **font(SIZE))
    axes.set_ylabel(unit_of(outcome, labels), **font(SIZE))
    mark_start(axes, -0.5, _("pilot starts"))


def _forest(rows: pd.DataFrame, labels: Mapping[str, str], axes: Axes) -> Axes:
    from matplotlib.ticker import MaxNLocator

    dress(axes, grid="x")
    colour = colours()["treated"]
    estimate, low, high = _columns(rows, "estimate", "conf_low", "conf_high")
    y = np.arange(len(rows), dtype=float)[::-1]
    axes.axvline(0.0, color=GREY, linewidth=1.0, solid_capstyle="butt", zorder=1)
    axes.hlines(y, low, high, colors=[colour], linewidth=1.8, linestyles="solid")
    axes.plot(
        *(estimate, y),
        marker="o",
        color=colour,
        markerfacecolor=colour,
        markeredgecolor=colour,
        **POINT,
    )
    names = [row_name(row, rows, labels) for row in rows.to_dict("records")]
    wrap = WRAP if len(rows) <= LONG else 2 * WRAP
    name_rows(axes, y, [folded(name, wrap) for name in names])
    axes.set_xlim(*limits(np.concatenate([estimate, low, high])))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    number_ticks(axes.xaxis)
    axes.set_xlabel(_counted(rows, labels), **font(SIZE))
    for at, row in zip(y, rows.to_dict("records") if len(rows) <= LONG else (), strict=False):
        _beside(axes, row, float(at))
    return axes


def _counted(rows: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Say what the numbers are, and what they count in where the name does not say so."""
    level = level_of(rows)
    if not rows["conf_low"].notna().any():
        text = _("Effect")
    elif level:
        text = _("Effect, with its %(level)s interval") % {"level": level}
    else:
        text = _("Effect, with its interval")
    unit = unit_of(rows["outcome"].iloc[0], labels) if rows["outcome"].nunique() == 1 else ""
    return "\n".join(folded(line, 36) for line in (text, unit) if line)


def _beside(axes: Axes, row: Mapping[Any, Any], at: float) -> None:
    """Write the numbers above the row's line, so that nobody has to read them off the axis."""
    estimate = float(row["estimate"])
    known = np.isfinite(estimate)
    write_above(axes, estimate_text(row), (estimate if known else 0.0, at), 6 if known else 0)


def _columns(rows: pd.DataFrame, *names: str) -> tuple[np.ndarray, ...]:
    return tuple(rows[name].to_numpy(dtype=float) for name in names)
