"""How many are on each level, a bar a group and period."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import GREY, INK, SIZE, WIDTH, blank, dress
from impact.figures.lettering import (
    entitle,
    folded,
    font,
    inches_of,
    legend_look,
    lengthen,
    name_rows,
    number_ticks,
    room_beside,
)
from impact.figures.words import called, not_shown, percent, say_group, valued
from impact.locale import _

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["alt_levels", "levels"]

GROUPS = ("treated", "comparison", "all")
ROW = 0.42
ROOM = 0.07
"""A segment at least so wide holds its percentage."""
HATCHES = ("", "///", "...", "xx", "\\\\\\", "++", "", "//", "..", "x", "\\\\")
MANY = 12
COLUMNS = 3
SMALL = SIZE - 1.5


@dataclass(frozen=True)
class _Bars:
    """Shares, one row a bar and one column a level; NaN where they are not shown."""

    variable: str
    levels: tuple[str, ...]
    bars: tuple[tuple[str, str], ...]
    share: np.ndarray


def levels(cells: pd.DataFrame, *, labels: Mapping[str, str], ax: Axes | None = None) -> Axes:
    """Draw the shares on each level of one outcome as stacked bars.

    Levels go from light to dark and differ by their hatching as well; each wide segment holds
    its percentage. A bar that was withheld says so.

    Parameters
    ----------
    cells : pandas.DataFrame
        Rows of one variable of the section ``distribution``
        (`impact.describe.distribution`). Of more than six periods the first and the last are
        drawn.
    labels : mapping of str to str
        The table's labels.
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
    >>> table = impact.describe.distribution(panel)  # doctest: +SKIP
    >>> one = table.cells.query("variable == 'language'")  # doctest: +SKIP
    >>> impact.figures.levels(one, labels=table.labels)  # doctest: +SKIP
    """
    found = _read(cells)
    names = [textwrap.shorten(called(n, labels), 28, placeholder=" …") for n in found.levels]
    columns = _columns(names)
    lines = -(-len(names) // columns)
    axes = blank(1.0 + ROW * len(found.bars) + 0.22 * lines) if ax is None else ax
    dress(axes, grid="x")
    y = np.arange(len(found.bars))[::-1]
    left = np.zeros(len(found.bars))
    # Rounded shares need not add up: they are drawn as parts of what they add up to.
    whole = np.nansum(found.share, axis=1)
    for at, name in enumerate(names):
        share = np.nan_to_num(found.share[:, at])
        place = (at, len(names))
        width = share / np.where(whole > 0, whole, 1.0)
        _segment(axes, y, left, (width, share), place, name)
        left += width
    for bar in np.flatnonzero(~np.isfinite(found.share).any(axis=1)):
        axes.text(0.01, y[bar], not_shown(), va="center", **font(SMALL, GREY))
    _frame(axes, found, labels, y)
    _legend(axes, columns)
    if ax is None:
        lengthen(axes, axes.get_title(loc="left").count("\n"))
    return axes


def _read(cells: pd.DataFrame) -> _Bars:
    variables = list(dict.fromkeys(cells["variable"]))
    if len(variables) != 1:
        raise ValueError(f"levels are drawn of one variable, not of {len(variables)}")
    rows = cells[cells["statistic"] == "share"]
    names = tuple(dict.fromkeys(rows["category"]))
    periods = tuple(dict.fromkeys(rows["period"]))
    if len(periods) > MANY // 2:
        periods = (periods[0], periods[-1])
    there = set(zip(rows["group"], rows["period"], strict=True))
    bars = tuple((g, p) for g in GROUPS for p in periods if (g, p) in there)
    value = {
        (row["group"], row["period"], row["category"]): float(row["value"])
        for row in rows.to_dict("records")
    }
    share = [[value.get((*bar, name), np.nan) for name in names] for bar in bars]
    return _Bars(str(variables[0]), names, bars, np.array(share).reshape(len(bars), len(names)))


def _segment(
    axes: Axes,
    y: np.ndarray,
    left: np.ndarray,
    drawn: tuple[np.ndarray, np.ndarray],
    place: tuple[int, int],
    label: str,
) -> None:
    (width, told), (at, many) = drawn, place
    shade = _shade(at, many)
    dark = sum(shade[:3]) / 3 < 0.5
    hatch = HATCHES[at % len(HATCHES)]
    # On hatching a number needs a plain patch to be read.
    patch = {"facecolor": shade, "edgecolor": "none", "pad": 1.2} if hatch else None
    axes.barh(
        y,
        width,
        left=left,
        height=0.68,
        color=shade,
        edgecolor="white",
        linewidth=1.2,
        hatch=hatch,
        label=label,
    )
    for row, start, long, share in zip(y, left, width, told, strict=True):
        if long >= ROOM:
            axes.text(
                start + long / 2,
                row,
                percent(share),
                ha="center",
                va="center",
                bbox=patch,
                **font(SMALL, "white" if dark else INK),
            )


def _shade(at: int, many: int) -> Any:
    """Return a shade of one blue, dark enough against white, light to dark by level."""
    import seaborn

    light = 0.74 if many < 2 else 0.74 - 0.52 * at / (many - 1)
    return seaborn.set_hls_values(seaborn.color_palette("colorblind")[0], l=light)


def _frame(axes: Axes, found: _Bars, labels: Mapping[str, str], y: np.ndarray) -> None:
    names = [f"{folded(say_group(g, labels), 18)}, {p}" for g, p in found.bars]
    name_rows(axes, y, names, room=0.6)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    number_ticks(axes.xaxis, percent=True)
    entitle(axes, called(found.variable, labels), room=room_beside(names))


def _columns(names: list[str]) -> int:
    """Return in how many columns the legend fits the figure."""
    for columns in range(COLUMNS, 1, -1):
        parts = np.array_split(np.array([inches_of(name, SMALL) for name in names]), columns)
        # A column's mark is nearly three letters wide, and two lie between columns.
        room = sum(part.max(initial=0.0) for part in parts) + (4.8 * columns - 1) * SMALL / 72
        if room <= WIDTH:
            return columns
    return 1


def _legend(axes: Axes, columns: int) -> None:
    figure: Any = axes.get_figure(root=True)
    figure.legend(
        loc="outside lower left",
        ncols=columns,
        handlelength=2.0,
        handleheight=1.2,
        **legend_look(SMALL),
    )


def alt_levels(cells: pd.DataFrame, labels: Mapping[str, str]) -> str:
    """Say in words what `levels` draws of the same cells.

    Parameters
    ----------
    cells : pandas.DataFrame
        Rows of one variable of the section ``distribution``.
    labels : mapping of str to str
        The table's labels.

    Returns
    -------
    str
        Every share, bar by bar.
    """
    found = _read(cells)
    name = called(found.variable, labels)
    parts = [_("Stacked bars: %(name)s, share on each level by group and period.") % {"name": name}]
    for (group, period), shares in zip(found.bars, found.share, strict=True):
        told = [
            f"{called(level, labels)} {percent(share)}"
            for level, share in zip(found.levels, shares, strict=True)
            if np.isfinite(share)
        ]
        said = ", ".join(told) if told else not_shown()
        parts.append(valued(f"{say_group(group, labels)}, {period}", said) + ".")
    return " ".join(parts)
