"""The same outcome in several pilots, a line a pilot, and their average: the forest plot."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import FONT, GREY, INK, SIZE, blank, colours, dress, number_ticks
from impact.figures.words import LONG, written

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
        What the axis counts in.
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
        _line(axes, one, float(at), places)
    names = [
        textwrap.fill(name, WRAP, max_lines=LINES, placeholder=" …", break_long_words=True)
        for name in rows["name"]
    ]
    axes.set_yticks(y, labels=names)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    _frame(axes, rows, unit)
    return axes


def _line(axes: Axes, row: dict[Any, Any], at: float, places: int) -> None:
    """Draw one row: its interval, its mark, and its numbers above them."""
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
    axes.annotate(
        _numbers(row, places),
        xy=(float(row["estimate"]), at),
        xytext=(0, 7),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=SIZE - 1.5,
        fontfamily=FONT,
        color=INK,
    )


def _frame(axes: Axes, rows: pd.DataFrame, unit: str) -> None:
    """Set limits that hold every line and zero, and say what the axis counts."""
    from matplotlib.ticker import MaxNLocator

    values = rows[["estimate", "conf_low", "conf_high"]].to_numpy(dtype=float)
    known = np.append(values[np.isfinite(values)], 0.0)
    reach = float(np.ptp(known)) or 1.0
    axes.set_xlim(float(known.min() - 0.12 * reach), float(known.max() + 0.12 * reach))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    number_ticks(axes.xaxis)
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel(textwrap.fill(unit, 44), fontsize=SIZE, fontfamily=FONT, color=INK)


def _numbers(row: dict[Any, Any], places: int) -> str:
    value, low, high = (float(row[name]) for name in ("estimate", "conf_low", "conf_high"))
    span = f"{written(low, places)} to {written(high, places)}"
    if row["what"] == "further":
        return span
    return (
        f"{written(value, places)} ({span})"
        if np.isfinite([low, high]).all()
        else written(value, places)
    )


def alt_forest(rows: pd.DataFrame, *, label: str, unit: str, places: int) -> str:
    """Say in words what `forest` draws of the same rows.

    Parameters
    ----------
    rows : pandas.DataFrame
        As for `forest`.
    label : str
        What a reader calls the outcome.
    unit : str
        What the axis counts in.
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
    told = [f"Forest plot: {label}, {len(pilots)} pilots, {unit}."]
    if len(shown) > LONG:
        ordered = sorted(pilots, key=lambda row: float(row["estimate"]))
        ends = (ordered[0], ordered[-1])
        told += [
            f"{end}: {row['name']}, {_numbers(row, places)}."
            for end, row in zip(("Lowest", "Highest"), ends, strict=True)
        ]
        shown = [row for row in shown if row not in pilots]
    told += [f"{row['name']}: {_numbers(row, places)}." for row in shown]
    if any(row["what"] == "change" for row in pilots):
        told.append("Hollow dots are changes without a comparison group.")
    if any(not np.isfinite(float(row["conf_low"])) for row in pilots):
        told.append("Where no range is told, no valid one can be given.")
    return " ".join(told)
