"""The paper that figures are drawn on, and how it becomes a picture."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "FONT",
    "GREY",
    "INK",
    "SIZE",
    "WIDTH",
    "blank",
    "colours",
    "data_uri",
    "dress",
    "limits",
    "to_png",
]

WIDTH = 5.0
"""Inches; 480 CSS pixels, so that 11-point text is 11 pixels high on a phone of 360."""
DPI = 256
FONT = "DejaVu Sans"
SIZE = 11.0
INK = "#222222"
GREY = "#5f5f5f"
RULE = "#dcdcdc"


def blank(height: float) -> Axes:
    """Return the only axes of a new figure that no window and no global state knows."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    room = ConstrainedLayoutEngine(w_pad=0.07, h_pad=0.07)
    figure = Figure(figsize=(WIDTH, height), dpi=DPI, layout=room, facecolor="white")
    axes: Axes = figure.add_subplot(facecolor="white")
    return axes


def colours() -> dict[str, Any]:
    """Return a colour a group, from a palette that colour-blind readers can tell apart.

    Both are dark enough for text: 4.5:1 or more on white.
    """
    import seaborn

    palette = seaborn.color_palette("colorblind")
    pilot = seaborn.set_hls_values(palette[0], l=0.33)
    other = seaborn.set_hls_values(palette[3], l=0.34)
    return {"treated": pilot, "expected": pilot, "comparison": other, "all": GREY}


def dress(axes: Axes, *, grid: Literal["x", "y"]) -> None:
    """Give axes the house's look, whatever the reader's own settings are."""
    import seaborn

    seaborn.despine(ax=axes, left=True)
    axes.set_axisbelow(True)
    axes.grid(False)
    look: dict[str, Any] = {"color": RULE, "linewidth": 0.8, "linestyle": "-", "alpha": 1.0}
    axes.grid(True, which="major", axis=grid, solid_capstyle="butt", **look)
    axes.tick_params(
        axis="both",
        which="major",
        labelsize=SIZE,
        labelcolor=INK,
        labelfontfamily=FONT,
        color=GREY,
        direction="out",
        length=4,
        width=0.8,
        pad=4,
        left=False,
        bottom=grid == "y",
    )
    for spine in axes.spines.values():
        spine.set(color=GREY, linewidth=0.8)


def limits(values: np.ndarray) -> tuple[float, float]:
    """Return limits that hold every value and zero, with room around them."""
    known = np.append(values[np.isfinite(values)], 0.0)
    reach = float(np.ptp(known)) or 1.0
    return float(known.min() - 0.12 * reach), float(known.max() + 0.12 * reach)


def to_png(drawn: Axes | Figure) -> bytes:
    """Return the figure as a PNG, without a trace of when or with what it was made.

    Twice as many pixels as it takes at 640 CSS pixels; the same figure gives the same bytes.

    Parameters
    ----------
    drawn : matplotlib Axes or Figure

    Returns
    -------
    bytes

    Examples
    --------
    >>> impact.figures.to_png(effect.plot())[:4]  # doctest: +SKIP
    b'...PNG'
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    figure: Any = drawn if hasattr(drawn, "savefig") else drawn.figure
    canvas, dpi, paper = figure.canvas, figure.get_dpi(), figure.get_facecolor()
    figure.set(dpi=DPI, facecolor="white")
    drawing: Any = FigureCanvasAgg(figure)
    drawing.draw()
    figure.set(canvas=canvas, dpi=dpi, facecolor=paper)
    picture = Image.fromarray(np.asarray(drawing.buffer_rgba())).convert("RGB")
    # A palette takes a third of the bytes and looks the same; zlib's usual level a fifth of
    # the time of its best, for one byte in fourteen.
    few, page = picture.quantize(96, dither=Image.Dither.NONE), io.BytesIO()
    few.save(page, format="PNG", compress_level=6)
    return page.getvalue()


def data_uri(png: bytes) -> str:
    """Return the picture as an address that holds it, for a page that asks nothing of anyone.

    Parameters
    ----------
    png : bytes

    Returns
    -------
    str
        ``data:image/png;base64,…``
    """
    return "data:image/png;base64," + base64.b64encode(png).decode("ascii")
