"""Pictures of released numbers: drawn here, at release, so that none can leave a notebook."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import TYPE_CHECKING

from impact.locale import _
from impact.report.environment import short
from impact.report.views import Figure
from impact.results import EffectResult, SummaryTable

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from impact.report.shared import SharedOutcome

__all__ = [
    "effect_figure",
    "flow_figures",
    "forest_figure",
    "level_figures",
    "love_figures",
    "trend_figures",
]

NAME = 90  # characters of a label that a picture has room for
DOTS = 2  # pixels of the picture per pixel of the page


def trend_figures(table: SummaryTable) -> tuple[Figure, ...]:
    """Return one figure per outcome of a released table; what is hidden leaves a gap."""
    from impact.figures import alt_trend, trend

    drawn = []
    labels = _names(table.labels)
    for _variable, cells in table.cells.groupby("variable", sort=False):
        if cells["value"].notna().any():
            axes = trend(cells.reset_index(drop=True), labels=labels)
            drawn.append(_figure(axes, alt_trend(cells, labels)))
    return tuple(drawn)


def level_figures(table: SummaryTable) -> tuple[Figure, ...]:
    """Return one figure of stacked bars per ordinal outcome of a released table."""
    from impact.figures import alt_levels, levels

    drawn = []
    labels = _names(table.labels)
    for _variable, cells in table.cells.groupby("variable", sort=False):
        if cells["value"].notna().any():
            axes = levels(cells.reset_index(drop=True), labels=labels)
            drawn.append(_figure(axes, alt_levels(cells, labels)))
    return tuple(drawn)


def flow_figures(table: SummaryTable, threshold: int) -> tuple[Figure, ...]:
    """Return the figure of the flow of participants of a released table, if any is shown."""
    from impact.figures import alt_flow, flow

    steps = table.cells[table.cells["statistic"].isin(("units", "lost"))]
    if not steps.loc[steps["variable"] != "matched", "value"].notna().any():
        return ()
    labels = _names(table.labels)
    drawn = flow(table.cells, labels=labels, threshold=threshold)
    return (_figure(drawn, alt_flow(table.cells, labels, threshold)),)


def love_figures(table: SummaryTable) -> tuple[Figure, ...]:
    """Return the figure of the standardised differences of a released table, if any is shown."""
    from impact.figures import alt_love, love

    shown = table.cells[table.cells["statistic"] == "smd"]
    if not shown["value"].notna().any():
        return ()
    labels = _names(table.labels)
    return (_figure(love(table.cells, labels=labels), alt_love(table.cells, labels)),)


def effect_figure(effect: EffectResult, labels: Mapping[str, str]) -> Figure | None:
    """Return a figure of an effect with several terms; one term is better read as text."""
    from impact.figures import alt_effect
    from impact.figures import effect as draw

    if effect.rows["estimate"].notna().sum() < 2:
        return None
    names = _names(labels)
    return _figure(draw(effect.rows, labels=names), alt_effect(effect.rows, labels=names))


def forest_figure(shared: SharedOutcome, unit: str) -> Figure:
    """Return the figure of an outcome that several pilots measured."""
    from impact.figures import alt_forest, forest

    rows = shared.rows
    rows["name"] = [short(name, NAME) for name in rows["name"]]
    drawn = forest(rows, unit=unit, places=shared.places)
    said = alt_forest(rows, label=shared.name, unit=unit, places=shared.places)
    return _figure(drawn, said)


def _names(labels: Mapping[str, str]) -> dict[str, str]:
    """Return what a reader calls everything, as far as a picture has room for it."""
    return {key: short(_(label), NAME) for key, label in labels.items()}


def _figure(axes: Axes, alt: str) -> Figure:
    from matplotlib.text import Text

    from impact.figures import data_uri, to_png

    for text in axes.get_figure(root=True).findobj(Text):  # type: ignore[union-attr]
        text.set_parse_math(False)  # labels are names, not formulas
    picture = to_png(axes)
    width, height = struct.unpack(">II", picture[16:24])
    return Figure(data_uri(picture), alt, width // DOTS, height // DOTS)
