"""Drawn rows laid out as a panel of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.power.groups import Drawn, Groups

__all__ = ["Layout", "layout_of"]


@dataclass(frozen=True, eq=False)
class Layout:
    """How the units and clusters of drawn rows are numbered.

    Parameters
    ----------
    panel : Panel
        N rows, as they were before drawing.
    within : mapping of str to (numpy.ndarray (N,), numpy.ndarray (G,))
        Levels that lie within the drawn clusters: each row's number in its cluster, and how
        many there are in each.
    """

    panel: Panel
    within: dict[str, tuple[np.ndarray, np.ndarray]]

    def lay(self, drawn: Drawn, values: pd.DataFrame) -> Panel:
        """Return the drawn rows as a panel with these values.

        A cluster that is drawn twice is two clusters, of other units.
        """
        rows, old = drawn.rows, self.panel
        changed: dict[str, Any] = {
            "start": drawn.start,
            "treated": np.isfinite(drawn.start),
            "weight": old.weight[rows],
            "period": old.period[rows],
            "values": values,
            "answers": {},
            "lost_because": None,
        }
        if old.other_cluster is not None:
            changed["other_cluster"] = self._numbered("other_cluster", drawn)[0]
        for one, several in (("unit", "units"), ("cluster", "clusters"), ("place", "places")):
            changed[one], count = self._numbered(one, drawn)
            changed[several] = pd.RangeIndex(count)
        return replace(old, **changed)

    def _numbered(self, level: str, drawn: Drawn) -> tuple[np.ndarray, int]:
        if level in self.within:
            number, count = self.within[level]
            ends = np.cumsum(count[drawn.donor])
            ahead = ends - count[drawn.donor]
            return ahead[drawn.place] + number[drawn.rows], int(ends[-1])
        codes = getattr(self.panel, level)[drawn.rows]
        known = codes >= 0
        found, numbers = np.unique(codes[known], return_inverse=True)
        out = np.full(len(codes), -1)
        out[known] = numbers
        return out, len(found)


def layout_of(panel: Panel, groups: Groups) -> Layout:
    """Find out which levels lie within the clusters that are drawn.

    Parameters
    ----------
    panel : Panel
    groups : Groups
        Its clusters.
    """
    within = {}
    for level in ("unit", "cluster", "place", "other_cluster"):
        codes = getattr(panel, level)
        if codes is None or (codes < 0).any():
            continue
        # A unit that is found in two clusters is drawn in its parts.
        if level == "unit" or _lies_within(codes, groups.cluster):
            within[level] = _inside(codes, groups.cluster)
    return Layout(panel, within)


def _lies_within(codes: np.ndarray, cluster: np.ndarray) -> bool:
    low = np.full(int(codes.max()) + 1, np.iinfo(np.int64).max)
    high = np.full(len(low), -1)
    np.minimum.at(low, codes, cluster)
    np.maximum.at(high, codes, cluster)
    return bool((low >= high).all())


def _inside(codes: np.ndarray, cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's number in its cluster, and how many there are: (N,) and (G,)."""
    pairs, back = np.unique(np.column_stack([cluster, codes]), axis=0, return_inverse=True)
    count = np.bincount(pairs[:, 0], minlength=int(cluster.max()) + 1)
    ahead = np.concatenate([[0], np.cumsum(count)[:-1]])
    number = np.arange(len(pairs)) - ahead[pairs[:, 0]]
    return number[back.reshape(-1)], count
