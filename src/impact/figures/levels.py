"""How many are on each level, a bar a group and period."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import FONT, GREY, INK, SIZE, blank, dress, number_ticks
from impact.figures.words import say_group, written

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
    lines = -(-len(found.levels) // 3)
    axes = blank(1.0 + ROW * len(found.bars) + 0.22 * lines) if ax is None else ax
    dress(axes, grid="x")
    y = np.arange(len(found.bars))[::-1]
    left = np.zeros(len(found.bars))
    # Rounded shares need not add up: they are drawn as parts of what they add up to.
    whole = np.nansum(found.share, axis=1)
    for at, level in enumerate(found.levels):
        share = np.nan_to_num(found.share[:, at])
        place = (at, len(found.levels))
        width = share / np.where(whole > 0, whole, 1.0)
        _segment(axes, y, left, (width, share), place, labels.get(level, level))
        left += width
    for bar in np.flatnonzero(~np.isfinite(found.share).any(axis=1)):
        axes.text(0.01, y[bar], "not shown", va="center", **_font(SIZE - 1.5, GREY))
    _frame(axes, found, labels, y)
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
        label=textwrap.shorten(label, 28, placeholder=" …"),
    )
    for row, start, wide, share in zip(y, left, width, told, strict=True):
        if wide >= ROOM:
            axes.text(
                start + wide / 2,
                row,
                f"{written(100 * share, 0)}%",
                ha="center",
                va="center",
                bbox=patch,
                **_font(SIZE - 1.5, "white" if dark else INK),
            )


def _shade(at: int, many: int) -> Any:
    """Return a shade of one blue, dark enough against white, light to dark by level."""
    import seaborn

    light = 0.74 if many < 2 else 0.74 - 0.52 * at / (many - 1)
    return seaborn.set_hls_values(seaborn.color_palette("colorblind")[0], l=light)


def _frame(axes: Axes, found: _Bars, labels: Mapping[str, str], y: np.ndarray) -> None:
    names = [f"{textwrap.fill(say_group(g, labels), 18)}, {p}" for g, p in found.bars]
    axes.set_yticks(y, labels=names)
    axes.set_ylim(-0.6, len(found.bars) - 0.4)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    number_ticks(axes.xaxis, percent=True)
    axes.tick_params(axis="y", length=0)
    title = textwrap.fill(labels.get(found.variable, found.variable), 44)
    axes.set_title(title, loc="left", pad=12, **_font(SIZE + 1, INK))
    figure: Any = axes.get_figure(root=True)
    figure.legend(
        loc="outside lower left",
        ncols=3,
        frameon=False,
        labelcolor=INK,
        prop={"family": FONT, "size": SIZE - 1.5},
        handlelength=2.0,
        handleheight=1.2,
    )


def _font(size: float, colour: str) -> dict[str, Any]:
    return {"fontsize": size, "fontfamily": FONT, "color": colour}


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
    name = labels.get(found.variable, found.variable)
    parts = [f"Stacked bars: {name}, share on each level by group and period."]
    for bar, shares in zip(found.bars, found.share, strict=True):
        told = [
            f"{labels.get(level, level)} {written(100 * share, 0)}%"
            for level, share in zip(found.levels, shares, strict=True)
            if np.isfinite(share)
        ]
        said = ", ".join(told) if told else "not shown"
        parts.append(f"{say_group(bar[0], labels)}, {bar[1]}: {said}.")
    return " ".join(parts)
