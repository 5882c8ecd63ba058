"""Who the comparison is."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import Cell, count, summary, units_label
from impact.describe.groups import contrast, reached
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["comparison"]

NOBODY = Sentence("There is no comparison group.")
NOT_SAID = Sentence("The parameters do not say who the comparison is, or why them.")


def comparison(panel: Panel) -> SummaryTable:
    """Count the units, units of assignment and places of each group, over all periods.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``comparison``, without periods. Variable ``""``: ``units``; ``clusters`` and
        ``places`` with the statistic of the same name, whose ``base`` is the group's number of
        units (a place is no person). Clusters and places are left out where each unit is its
        own, places also where none is known. The first note says who the comparison is.
    """
    groups = reached(panel)
    own = len(panel.clusters) >= len(panel.units)
    placed = len(panel.places) < len(panel.units) and bool((panel.place >= 0).any())
    cells = [
        cell
        for group, rows in groups.items()
        for cell in _counts(panel, group, rows, clusters=not own, places=placed)
    ]
    labels = {
        "": units_label(panel),
        "clusters": N_("Units of assignment (clusters)"),
        "places": N_("Places"),
    }
    used = {cell.variable for cell in cells}
    named = {key: label for key, label in labels.items() if key in used}
    return summary("comparison", cells, named, _notes(panel, "comparison" in groups))


def _counts(
    panel: Panel, group: str, rows: np.ndarray, *, clusters: bool, places: bool
) -> Iterator[Cell]:
    units = len(np.unique(panel.unit[rows]))
    yield count("", group, "", "units", units)
    if clusters:
        n = len(np.unique(panel.cluster[rows]))
        yield Cell("clusters", "", group, "", "clusters", float(n), units)
    if places:
        found = panel.place[rows]
        n = len(np.unique(found[found >= 0]))
        yield Cell("places", "", group, "", "places", float(n), units)


def _notes(panel: Panel, compared: bool) -> list[Sentence]:
    said = panel.design.comparison
    waiting = contrast(panel)
    if said is not None:
        return [Sentence("%(comparison)s", {"comparison": said}), *waiting.notes]
    if not compared and not waiting.compared:
        return [NOBODY]
    return [NOT_SAID, *waiting.notes]
