"""Pictures of released numbers: drawn here, at release, so that none can leave a notebook."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING

from impact.report.environment import short
from impact.report.views import Figure
from impact.results import EffectResult, SummaryTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["effect_figure", "trend_figures"]

NAME = 90  # characters of a label that a picture has room for
DOTS = 2  # pixels of the picture per pixel of the page


def trend_figures(table: SummaryTable) -> tuple[Figure, ...]:
    """Return one figure per outcome of a released table; what is hidden leaves a gap."""
    from impact.figures import alt_trend, trend

    drawn = []
    labels = {key: short(label, NAME) for key, label in table.labels.items()}
    for _, cells in table.cells.groupby("variable", sort=False):
        if cells["value"].notna().any():
            axes = trend(cells.reset_index(drop=True), labels=labels)
            drawn.append(_figure(axes, alt_trend(cells, labels)))
    return tuple(drawn)


def effect_figure(effect: EffectResult, labels: Mapping[str, str]) -> Figure | None:
    """Return a figure of an effect with several terms; one term is better read as text."""
    from impact.figures import alt_effect
    from impact.figures import effect as draw

    if effect.rows["estimate"].notna().sum() < 2:
        return None
    names = {key: short(label, NAME) for key, label in labels.items()}
    return _figure(draw(effect.rows, labels=names), alt_effect(effect.rows, labels=names))


def _figure(axes: Axes, alt: str) -> Figure:
    from matplotlib.text import Text

    from impact.figures import data_uri, to_png

    for text in axes.get_figure(root=True).findobj(Text):  # type: ignore[union-attr]
        text.set_parse_math(False)  # labels are names, not formulas
    picture = to_png(axes)
    width, height = struct.unpack(">II", picture[16:24])
    return Figure(data_uri(picture), alt, width // DOTS, height // DOTS)
