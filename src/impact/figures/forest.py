"""The same outcome in several pilots, a line a pilot, and their average: the forest plot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import GREY, SIZE, blank, colours, dress, limits
from impact.figures.lettering import folded, font, name_rows, number_ticks, write_above
from impact.figures.words import LONG, ranged, valued, written
from impact.locale import _, ngettext, spoken

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["alt_forest", "forest"]

WRAP = 24
LINES = 3
ROW = 0.62
CLOSE = 0.4
MARKS: dict[str, dict[str, Any]] = {
    "difference": {"marker": "o", "markersize": 7.0},
    "change": {"marker": "o", "markersize": 7.0, "markerfacecolor": "white"},
    "average": {"marker": "D", "markersize": 9.0},
    "further": {"marker": "", "markersize": 0.0},
}


def forest(rows: pd.DataFrame, *, unit: str, places: int, ax: Axes | None = None) -> Axes:
    """Draw the estimates of several pilots with their intervals, one below the other.

    Pilots with a comparison are full dots, changes without one hollow dots, averages
    diamonds; where a further pilot is expected is a dashed line without a mark.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns ``name, what, estimate, conf_low, conf_high``; ``what`` is ``difference``,
        ``change``, ``average`` or ``further``. A missing interval is left out.
    unit : str
        What the axis counts in, in the reader's language, as the names are.
    places : int
        Decimals of the numbers above the lines.
    ax : matplotlib Axes, optional
        Where to draw; on a figure of its own unless given.

    Returns
    -------
    matplotlib.axes.Axes

    Examples
    --------
    >>> impact.figures.forest(rows, unit="points", places=2)  # doctest: +SKIP
    """
    row = ROW if len(rows) <= LONG else CLOSE
    axes = blank(1.1 + row * len(rows)) if ax is None else ax
    dress(axes, grid="x")
    y = np.arange(len(rows), dtype=float)[::-1]
    axes.axvline(0.0, color=GREY, linewidth=1.0, solid_capstyle="butt", zorder=1)
    for at, one in zip(y, rows.to_dict("records"), strict=True):
        _line(axes, one, float(at))
    how: dict[str, Any] = {"max_lines": LINES, "placeholder": " …", "break_long_words": True}
    name_rows(axes, y, [folded(name, WRAP, **how) for name in rows["name"]])
    _frame(axes, rows, unit)
    for at, one in zip(y, rows.to_dict("records"), strict=True):
        write_above(axes, _numbers(one, places), (float(one["estimate"]), float(at)), 7)
    return axes


def _line(axes: Axes, row: dict[Any, Any], at: float) -> None:
    """Draw one row: its interval and its mark."""
    shades = colours()
    pooled = row["what"] in ("average", "further")
    colour = shades["comparison"] if pooled else shades["treated"]
    style = (0, (4, 2)) if row["what"] == "further" else "solid"
    axes.hlines(at, row["conf_low"], row["conf_high"], colors=[colour], linewidth=1.8, ls=style)
    if row["what"] != "further":
        look = {"markerfacecolor": colour, **MARKS[row["what"]]}
        axes.plot(
            *([row["estimate"]], [at]),
            color=colour,
            linestyle="none",
            markeredgecolor=colour,
            markeredgewidth=1.4,
            **look,
        )


def _frame(axes: Axes, rows: pd.DataFrame, unit: str) -> None:
    """Set limits that hold every line and zero, and say what the axis counts."""
    from matplotlib.ticker import MaxNLocator

    values = rows[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    axes.set_xlim(*limits(values.ravel()))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    number_ticks(axes.xaxis)
    axes.set_xlabel(folded(unit, 44), **font(SIZE))


def _numbers(row: dict[Any, Any], places: int) -> str:
    value, low, high = (float(row[name]) for name in ("estimate", "conf_low", "conf_high"))
    ends = (written(low, places), written(high, places))
    if row["what"] == "further":
        return _("%(low)s to %(high)s") % dict(zip(("low", "high"), ends, strict=True))
    told = written(value, places)
    return ranged(told, *ends) if np.isfinite([low, high]).all() else told


def alt_forest(rows: pd.DataFrame, *, label: str, unit: str, places: int) -> str:
    """Say in words what `forest` draws of the same rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `forest`.
    label : str
        What a reader calls the outcome.
    unit : str
        What the axis counts in, in the reader's language.
    places : int
        Decimals.

    Returns
    -------
    str
        Every row with its interval where there are few; else the lowest and the highest
        estimate, and the rows of the averages.
    """
    shown = rows.to_dict("records")
    pilots = [row for row in shown if row["what"] in ("difference", "change")]
    opening = ngettext(
        "Forest plot: %(label)s, %(n)s pilot, %(unit)s.",
        "Forest plot: %(label)s, %(n)s pilots, %(unit)s.",
        len(pilots),
    )
    told = [opening % {"label": _(label), "n": spoken().count(len(pilots)), "unit": unit}]
    if len(shown) > LONG:
        ordered = sorted(pilots, key=lambda row: float(row["estimate"]))
        told.append(_("Lowest: %(name)s, %(value)s.") % _named(ordered[0], places))
        told.append(_("Highest: %(name)s, %(value)s.") % _named(ordered[-1], places))
        shown = [row for row in shown if row not in pilots]
    told += [valued(row["name"], _numbers(row, places)) + "." for row in shown]
    if any(row["what"] == "change" for row in pilots):
        told.append(_("Hollow dots are changes without a comparison group."))
    if any(not np.isfinite(float(row["conf_low"])) for row in pilots):
        told.append(_("Where no range is told, no valid one can be given."))
    return " ".join(told)


def _named(row: dict[Any, Any], places: int) -> dict[str, str]:
    return {"name": row["name"], "value": _numbers(row, places)}
