"""What the average of all says, beside those of the groups, of how large these are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from impact.disclosure.knowledge import Knowledge

if TYPE_CHECKING:
    from impact.disclosure.published import Page

__all__ = ["add_averages"]

GROUPS = ("treated", "comparison")


def add_averages(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note that the average of all lies between those of the groups as their sizes have it.

    Shares are counts of people by themselves, and add up as those do.
    """
    told: dict[tuple[str, ...], dict[str, int]] = {}
    for at, row in enumerate(page.rows):
        whole = row.statistic == "mean" and not page.shares[at] and row.period
        if whole and not hidden[at] and not math.isnan(row.value):
            line = (row.section, row.variable, row.category, row.period)
            told.setdefault(line, {})[row.group] = at
    for (_, variable, category, period), parts in told.items():
        sizes = [made.find("n", variable, category, group, period) for group in GROUPS]
        if "all" not in parts or not all(group in parts for group in GROUPS) or None in sizes:
            continue
        middle, half = float(page.told[parts["all"]]), float(page.halves[parts["all"]])
        over, under = [], []
        for size, group in zip(sizes, GROUPS, strict=True):
            own, unsure = float(page.told[parts[group]]), float(page.halves[parts[group]])
            over.append((int(size or 0), own - middle + unsure + half))
            under.append((int(size or 0), own - middle - unsure - half))
        cells = (parts["all"],)
        made.know(over, low=0.0, cells=cells, cost=page.cost(parts["all"]))
        made.know(under, high=0.0, cells=cells, cost=page.cost(parts["all"]))
