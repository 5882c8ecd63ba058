"""The flow of participants: a box a step, a column a group."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from impact.figures.canvas import FONT, GREY, INK, SIZE, blank, colours
from impact.figures.words import say_group, written

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["alt_flow", "flow"]

STEPS = ("eligible", "enrolled", "baseline", "lost", "endline", "both", "analysed")
ROUNDED = frozenset({"eligible", "enrolled", "analysed"})
"""Steps of which the disclosure gate tells tens: they may seem to exceed the one before."""
BESIDE = "lost"
"""Those lost leave the flow: their box stands beside it."""
LINE = 0.185
"""Inches from one line of text to the next, and on either side of a box."""
GAP = 0.26
WIDE = 4.82
"""Inches of the figure that hold boxes."""
CHARACTER = 0.084
MARGIN = 0.02


@dataclass(frozen=True)
class _Box:
    """What stands in one box: a title with its number, and the parts that it falls into."""

    title: str
    parts: tuple[str, ...] = ()

    def lines(self, inches: float) -> list[str]:
        """Return the text as lines that fit a box so wide."""
        room = max(10, int((inches - LINE) / CHARACTER))
        return [line for text in (self.title, *self.parts) for line in textwrap.wrap(text, room)]


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
    columns = _columns(cells, labels, threshold)
    groups = [group for group in columns if group != "all" or len(columns) == 1]
    rows = _rows(columns, groups)
    tall = {step: max(len(box.lines(wide)) for box, _, wide in row) for step, row in rows.items()}
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


def _columns(
    cells: pd.DataFrame, labels: Mapping[str, str], threshold: int
) -> dict[str, dict[str, _Box]]:
    """Return by group, in the order of the page, a box for every step."""
    found: dict[str, dict[str, _Box]] = {}
    ends = cells[cells["variable"].isin(("baseline", "endline"))]
    # Who was there both times tells something new only where one of the two is withheld.
    told = [step for step in STEPS if step != "both" or ends["value"].isna().any()]
    kept = cells[cells["variable"].isin(told)]
    for group in ("treated", "comparison", "all"):
        own = kept[kept["group"] == group]
        for step in STEPS:
            rows = own[own["variable"] == step].to_dict("records")
            if rows:
                found.setdefault(group, {})[step] = _box(rows, labels, threshold)
    if not found:
        raise ValueError("a flow is drawn of units at its steps; there are none")
    if len(found) > 1:
        # What is told of all is drawn only where it comes before there are groups.
        others = {step for group, steps in found.items() if group != "all" for step in steps}
        whole = {s: box for s, box in found.pop("all", {}).items() if s not in others}
        found |= {"all": whole} if whole else {}
    return found


def _box(rows: list[dict[Any, Any]], labels: Mapping[str, str], threshold: int) -> _Box:
    name = labels.get(rows[0]["variable"], rows[0]["variable"])
    counts = [row for row in rows if row["statistic"] != "share"]
    whole = [row for row in counts if not row["category"]]
    share = [row["value"] for row in rows if row["statistic"] == "share"]
    parts = tuple(
        f"{labels.get(row['category'], row['category'])}: {_number(row, threshold)}"
        for row in counts
        if row["category"]
    )
    if not whole:
        return _Box(name, parts)
    rate = f" ({written(100 * share[0], 0)}%)" if share and math.isfinite(share[0]) else ""
    return _Box(f"{name}: {_number(whole[0], threshold)}{rate}", parts)


def _number(row: Mapping[Any, Any], threshold: int) -> str:
    value = float(row["value"])
    if not math.isfinite(value) and 0 < row["base"] < threshold:
        return f"fewer than {threshold}"
    # What the gate let through of these is a multiple of the threshold.
    near = row["variable"] in ROUNDED and "hidden" in row and value % threshold == 0
    return f"about {written(value, 0)}" if near else written(value, 0)


def _rows(
    columns: Mapping[str, Mapping[str, _Box]], groups: list[str]
) -> dict[int, list[tuple[_Box, float, float]]]:
    """Return by step the boxes, with where they begin and how wide they are, in inches."""
    rows: dict[int, list[tuple[_Box, float, float]]] = {}
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
        name = textwrap.shorten(say_group(group, labels), int(wide / CHARACTER), placeholder=" …")
        style = {**_font(SIZE + 0.5, colours()[group]), "fontweight": "bold"}
        axes.text(x, LINE, name, va="center", **style)


def _draw(axes: Axes, box: _Box, place: tuple[float, float, float, float], *, lost: bool) -> None:
    from matplotlib.patches import Rectangle

    left, top, wide, tall = place
    look: dict[str, Any] = {"facecolor": "white", "edgecolor": INK, "linewidth": 1.0}
    if lost:
        look |= {"facecolor": "#f4f4f4", "edgecolor": GREY, "linestyle": (0, (4, 3))}
    axes.add_patch(Rectangle((left, top), wide, tall, zorder=2, **look))
    for at, line in enumerate(box.lines(wide)):
        y = top + LINE * (at + 1)
        axes.text(left + 0.08, y, line, va="center", zorder=3, **_font(SIZE - 0.5, INK))


def _arrows(
    axes: Axes,
    row: list[tuple[_Box, float, float]],
    rows: Mapping[int, list[tuple[_Box, float, float]]],
    step: int,
    top: float,
    bottom: float,
) -> None:
    """Lead from each box to the next step; past those lost, with a branch to them."""
    lost = STEPS[step] == BESIDE
    after = rows[min(other for other in rows if other > step)]
    look = {"arrowstyle": "-|>", "color": GREY, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    # One box for all leads to a box of every group.
    for _, left, _ in after if row[0][2] == WIDE else row:
        x = left - 0.34 / 2 if lost else left + 0.34 / 2
        begin = top - GAP if lost else bottom
        if not lost and STEPS[min(other for other in rows if other > step)] == BESIDE:
            continue
        end = (x, bottom + GAP)
        axes.annotate("", xy=end, xytext=(x, begin), arrowprops=look, zorder=1)
        if lost:
            level = (top + bottom) / 2
            axes.annotate("", xy=(left, level), xytext=(x, level), arrowprops=look, zorder=1)


def _font(size: float, colour: Any) -> dict[str, Any]:
    return {"fontsize": size, "fontfamily": FONT, "color": colour}


def alt_flow(cells: pd.DataFrame, labels: Mapping[str, str], threshold: int = 10) -> str:
    """Say in words what `flow` draws of the same cells.

    Parameters
    ----------
    cells : pandas.DataFrame
        The section ``flow``.
    labels : mapping of str to str
        The table's labels.
    threshold : int
        The smallest group that is shown.

    Returns
    -------
    str
        Every number, step by step.
    """
    columns = _columns(cells, labels, threshold)
    said = ["Flow of participants, in boxes from top to bottom."]
    for group in ("all", "treated", "comparison"):
        if group in columns:
            said.append(f"{say_group(group, labels)}: {'; '.join(_told(columns[group]))}.")
    return " ".join(said)


def _told(steps: Mapping[str, _Box]) -> Iterator[str]:
    for box in steps.values():
        parts = ", ".join(box.parts)
        inside = f" ({parts})" if ":" in box.title else f", {parts}"
        yield box.title + inside if parts else box.title
