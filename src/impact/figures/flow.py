"""The flow of participants: a box a step, a column a group."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from impact.figures.canvas import GREY, INK, SIZE, blank, colours
from impact.figures.lettering import folded, font, inches_of
from impact.figures.steps import BESIDE, STEPS, Box, columns_of
from impact.figures.words import say_group

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["flow"]

LINE = 0.185
"""Inches from one line of text to the next, and on either side of a box."""
GAP = 0.26
WIDE = 4.82
"""Inches of the figure that hold boxes."""
CHARACTER = 0.084
TEXT = SIZE - 0.5
INSET = 0.08
MARGIN = 0.02


def flow(
    cells: pd.DataFrame, *, labels: Mapping[str, str], threshold: int = 10, ax: Axes | None = None
) -> Axes:
    """Draw the flow of participants, from those the pilot was open to down to the analysis.

    Parameters
    ----------
    cells : pandas.DataFrame
        The section ``flow`` (`impact.describe.flow`). A number that was withheld reads "fewer
        than" the threshold where its base tells so, else "not shown".
    labels : mapping of str to str
        The table's labels.
    threshold : int
        The smallest group that is shown.
    ax : matplotlib Axes, optional
        Where to draw; on a figure of its own unless given.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        There is no step of a flow among the cells.

    Examples
    --------
    >>> table = impact.describe.flow(panel)  # doctest: +SKIP
    >>> impact.figures.flow(table.cells, labels=table.labels)  # doctest: +SKIP
    """
    columns = columns_of(cells, labels, threshold)
    groups = [group for group in columns if group != "all" or len(columns) == 1]
    rows = _rows(columns, groups)
    tall = {
        step: max(len(_lines(box, wide)) for box, _left, wide in row) for step, row in rows.items()
    }
    height = sum(LINE * (lines + 1) + GAP for lines in tall.values()) + 2 * LINE
    axes = blank(height + 0.14) if ax is None else ax
    axes.set_axis_off()
    axes.set_xlim(-MARGIN, WIDE + MARGIN)
    axes.set_ylim(height, 0)
    _headings(axes, groups, labels)
    top, last = 2 * LINE, max(step for step in rows if STEPS[step] != BESIDE)
    for step, row in rows.items():
        bottom = top + LINE * (tall[step] + 1)
        for box, left, wide in row:
            _draw(axes, box, (left, top, wide, bottom - top), lost=STEPS[step] == BESIDE)
        if step < last:
            _arrows(axes, row, rows, step, top, bottom)
        top = bottom + GAP
    return axes


def _rows(
    columns: Mapping[str, Mapping[str, Box]], groups: list[str]
) -> dict[int, list[tuple[Box, float, float]]]:
    """Return by step the boxes, with where they begin and how wide they are, in inches."""
    rows: dict[int, list[tuple[Box, float, float]]] = {}
    wide = (WIDE - 0.16 * (len(groups) - 1)) / len(groups)
    for at, step in enumerate(STEPS):
        if "all" in columns and step in columns["all"] and groups != ["all"]:
            rows[at] = [(columns["all"][step], 0.0, WIDE)]
            continue
        inset = 0.34 if step == BESIDE else 0.0
        row = [
            (columns[group][step], place * (wide + 0.16) + inset, wide - inset)
            for place, group in enumerate(groups)
            if step in columns[group]
        ]
        if row:
            rows[at] = row
    return rows


def _headings(axes: Axes, groups: list[str], labels: Mapping[str, str]) -> None:
    wide = (WIDE - 0.16 * (len(groups) - 1)) / len(groups)
    for at, group in enumerate(groups):
        x = at * (wide + 0.16)
        name = say_group(group, labels)
        size = SIZE + 0.5
        # Bold letters are a seventh wider.
        size *= min(1.0, wide / (inches_of(name, size) * 8 / 7))
        style = {**font(size, colours()[group]), "fontweight": "bold"}
        axes.text(x, LINE, name, va="center", **style)


def _draw(axes: Axes, box: Box, place: tuple[float, float, float, float], *, lost: bool) -> None:
    from matplotlib.patches import Rectangle

    left, top, wide, tall = place
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "linewidth": 1.0}
    if lost:
        look |= {"facecolor": "#f4f4f4", "edgecolor": GREY, "linestyle": (0, (4, 3))}
    axes.add_patch(Rectangle((left, top), wide, tall, zorder=2, **look))
    for at, line in enumerate(_lines(box, wide)):
        y = top + LINE * (at + 1)
        axes.text(left + INSET, y, line, va="center", zorder=3, **font(TEXT))


def _arrows(
    axes: Axes,
    row: list[tuple[Box, float, float]],
    rows: Mapping[int, list[tuple[Box, float, float]]],
    step: int,
    top: float,
    bottom: float,
) -> None:
    """Lead from each box to the next step; past those lost, with a branch to them."""
    lost = STEPS[step] == BESIDE
    after = rows[min(other for other in rows if other > step)]
    look = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    # One box for all leads to a box of every group.
    for _box, left, _wide in after if row[0][2] == WIDE else row:
        x = left - 0.34 / 2 if lost else left + 0.34 / 2
        begin = top - GAP if lost else bottom
        if not lost and STEPS[min(other for other in rows if other > step)] == BESIDE:
            continue
        end = (x, bottom + GAP)
        axes.annotate("", xy=end, xytext=(x, begin), arrowprops=look, zorder=1)
        if lost:
            level = (top + bottom) / 2
            axes.annotate("", xy=(left, level), xytext=(x, level), arrowprops=look, zorder=1)


def _lines(box: Box, inches: float) -> list[str]:
    """Return the text of a box so wide, as lines that fit it."""
    room = max(10, int((inches - LINE) / CHARACTER))
    while True:
        lines = [
            line for text in (box.title, *box.parts) for line in folded(text, room).split("\n")
        ]
        if room <= 10 or max(inches_of(line, TEXT) for line in lines) <= inches - 2 * INSET:
            return lines
        room -= 1
