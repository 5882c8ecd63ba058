"""How many clusters those who are reached are compared with, where some start later."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.observed import cluster_codes

__all__ = ["compared_with"]

# The share of the weight below which cells do not carry the estimate.
REST = 0.1
PLENTY = 1_000_000


def compared_with(panel: Panel, known: np.ndarray, over: str) -> int:
    """Return on how few comparison clusters more than a tenth of the overall effect rests.

    A cohort in a period is compared with clusters that start later, or never; the later the
    period, the fewer. Counting all that ever serve as a comparison hides that the last ones
    may carry nearly everything.

    Parameters
    ----------
    panel : Panel
    known : numpy.ndarray of bool, shape (len(panel),)
        The rows that count.
    over : str
        Level of the clusters.

    Returns
    -------
    int
        A million where the design has one start.
    """
    starts = np.unique(panel.start[known & np.isfinite(panel.start)])
    if panel.design.kind != "staggered" or len(starts) < 2:
        return PLENTY
    last = _last_starts(panel, known, cluster_codes(panel, over))
    ahead = panel.design.anticipation
    periods = np.unique(panel.period[known])
    cells, weights = [], []
    for start in starts:
        first = int(np.searchsorted(panel.times, start))
        # Clusters that are not yet reached, nor about to be, in each period since.
        since = periods[periods >= first]
        reach = np.minimum(since + ahead, len(panel.times) - 1)
        held = (last[None, :] > panel.times[reach][:, None]).sum(axis=1)
        own = known & (panel.start == start)
        size = panel.weight[np.flatnonzero(own)[_firsts(panel.unit[own])]].sum()
        if (held > 0).any():
            cells.append(held[held > 0])
            weights.append(np.full((held > 0).sum(), size / (held > 0).sum()))
    if not cells:
        return 0
    count, weight = np.concatenate(cells), np.concatenate(weights)
    order = np.argsort(count, kind="stable")
    carried = np.cumsum(weight[order]) > REST * weight.sum()
    return int(count[order][np.argmax(carried)])


def _last_starts(panel: Panel, known: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return the last start among every cluster's units, inf where some never start."""
    last = np.full(int(codes.max()) + 1, -np.inf)
    np.maximum.at(last, codes[known], panel.start[known])
    return last


def _firsts(units: np.ndarray) -> np.ndarray:
    return np.asarray(np.unique(units, return_index=True)[1])
