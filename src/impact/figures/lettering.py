"""What is written on figures: how it looks, how long it is, and where it finds room."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from impact.figures.canvas import FONT, GREY, INK, SIZE, WIDTH
from impact.locale import spoken

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

__all__ = [
    "entitle",
    "folded",
    "font",
    "inches_of",
    "legend_look",
    "lengthen",
    "mark_start",
    "name_rows",
    "number_ticks",
    "room_beside",
    "write_above",
]

LONGEST = 26
"""Letters of a word that is still set in one piece, though its line is meant to be shorter."""

TITLE = 4.3
"""Inches right of an axis of numbers."""
LINE = 0.19
"""Inches from one line to the next."""


def number_ticks(axis: Axis, *, percent: bool = False) -> None:
    """Write an axis' numbers, all with the same decimals and with a true minus sign.

    Called last: what is needed depends on the limits.
    """
    from matplotlib.ticker import FuncFormatter

    times = 100 if percent else 1
    texts = [f"{times * float(at):.6g}" for at in axis.get_majorticklocs()]
    places = max((len(text.partition(".")[2]) for text in texts if "e" not in text), default=0)
    tongue = spoken()

    def write(value: float, place: int | None = None) -> str:
        return tongue.percent(value, places) if percent else tongue.number(value, places)

    axis.set_major_formatter(FuncFormatter(write))


def font(size: float, colour: Any = INK) -> dict[str, Any]:
    """Return the look of a text."""
    return {"fontsize": size, "fontfamily": FONT, "color": colour}


def legend_look(size: float) -> dict[str, Any]:
    """Return the look of a legend."""
    return {"frameon": False, "labelcolor": INK, "prop": {"family": FONT, "size": size}}


def folded(text: str, width: int, **how: Any) -> str:
    """Return a text on lines so long, without a break inside of a word that is not endless."""
    longest = max((len(word) for word in text.split()), default=0)
    return textwrap.fill(text, max(width, min(longest, LONGEST)), **how)


def inches_of(text: str, size: float) -> float:
    """Return how many inches a line takes."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    drawn = FontProperties(family=FONT, size=size)
    return float(text_to_path.get_text_width_height_descent(text, drawn, False)[0]) / 72


def entitle(
    axes: Axes, text: str, *, width: int = 44, pad: float = 12, room: float = TITLE
) -> None:
    """Write the title above the axes' left end, on as many lines as it takes.

    Parameters
    ----------
    axes : matplotlib Axes
    text : str
    width : int
        Letters of a line.
    pad : float
        Points above the axes.
    room : float
        Inches that no line is longer than.
    """
    size = SIZE + 1
    lines = folded(text, width)
    while width > 20 and max(inches_of(line, size) for line in lines.split("\n")) > room:
        width -= 1
        lines = folded(text, width)
    axes.set_title(lines, loc="left", pad=pad, **font(size))


def lengthen(axes: Axes, lines: int) -> None:
    """Make the figure higher by so many lines of text, so that they take no room from the rows."""
    figure: Any = axes.get_figure(root=True)
    figure.set_figheight(figure.get_figheight() + lines * LINE)


def name_rows(axes: Axes, y: np.ndarray, names: Sequence[str], *, room: float = 0.7) -> None:
    """Write the names of rows that lie one below the other, without ticks."""
    axes.set_yticks(y, labels=list(names))
    axes.set_ylim(-room, len(names) - 1 + room)
    axes.tick_params(axis="y", length=0)


def room_beside(names: Sequence[str]) -> float:
    """Return about how many inches the names of rows leave to the axes."""
    lines = [line for name in names for line in name.split("\n")]
    return WIDTH - max((inches_of(line, SIZE) for line in lines), default=0.0) - 0.3


def write_above(axes: Axes, text: str, place: tuple[float, float], gap: float) -> None:
    """Write a row's numbers above its mark, as near to it as the ends of the axes allow.

    Called when the rows have their names and the axes their limits.
    """
    x, y = place
    left, right = axes.get_xlim()
    room = room_beside([label.get_text() for label in axes.get_yticklabels()])
    half = min(1.0, inches_of(text, SIZE - 1.5) / room) * (right - left) / 2
    axes.annotate(
        text,
        xy=(min(max(x, left + half), right - half), y),
        xytext=(0, gap),
        textcoords="offset points",
        ha="center",
        va="bottom" if gap else "center",
        **font(SIZE - 1.5),
    )


def mark_start(axes: Axes, at: float, text: str) -> None:
    """Draw the line of the start and name it above the axes, whose limits are set."""
    left, right = axes.get_xlim()
    place = (at - left) / (right - left)
    half = inches_of(text, SIZE - 1.5) / 2 / (0.7 * WIDTH)
    side = "left" if place < half - 0.1 else "right" if place > 1.1 - half else "center"
    axes.axvline(at, color=GREY, linewidth=1.0, linestyle=(0, (1, 2)), zorder=1)
    axes.annotate(
        text,
        xy=(at, 1.0),
        xycoords=axes.get_xaxis_transform(),
        xytext=(0, 1),
        textcoords="offset points",
        ha=side,
        va="bottom",
        zorder=1,
        **font(SIZE - 1.5, GREY),
    )
