"""Clusters in their groups: what is drawn whole, and from among which."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.data.panel import Panel
from impact.inference.absorb import compact

__all__ = ["FEWEST", "TELLING", "Drawn", "Groups", "groups_of"]

FEWEST = 3
TELLING = 4
"""From fewer clusters in all it cannot be told how much others would differ."""


@dataclass(frozen=True, eq=False)
class Drawn:
    """Rows of a panel that were drawn, N' of them, for P places.

    Parameters
    ----------
    rows : numpy.ndarray of int, shape (N',)
        Of the panel.
    donor : numpy.ndarray of int, shape (P,)
        The cluster that fills each place.
    place : numpy.ndarray of int, shape (N',)
        The place that each row fills.
    start : numpy.ndarray, shape (N',)
        First treated time.
    """

    rows: np.ndarray
    donor: np.ndarray
    place: np.ndarray
    start: np.ndarray


@dataclass(frozen=True, eq=False)
class Groups:
    """The G clusters of a panel of N rows, by cohort; all in one where a cohort has too few.

    Parameters
    ----------
    cluster : numpy.ndarray of int, shape (N,)
        Codes without gaps.
    cohort : numpy.ndarray of int, shape (G,)
        Clusters that started together; one cohort more for those that hold several starts.
    start : numpy.ndarray, shape (G,)
        First treated time; NaN where a cluster holds several.
    pooled : bool
        Whether every cluster can fill any place, and then takes its start.
    """

    cluster: np.ndarray
    cohort: np.ndarray
    start: np.ndarray
    pooled: bool

    @property
    def count(self) -> int:
        """How many clusters there are."""
        return len(self.cohort)

    @property
    def counts(self) -> np.ndarray:
        """How many clusters are drawn from together, for each such group."""
        return np.array([self.count]) if self.pooled else np.bincount(self.cohort)

    def places(self, times: float) -> int:
        """Return how many places a pilot of `times` as many clusters has."""
        return sum(self._wanted(times))

    def drawn(self, panel: Panel, rng: np.random.Generator, times: float) -> Drawn:
        """Draw a cluster for every place of a pilot of `times` as many clusters."""
        wanted = self._wanted(times)
        if self.pooled:
            # Copies of a cluster would tie in a permutation: none is drawn twice without need.
            donor = rng.choice(self.count, sum(wanted), replace=sum(wanted) > self.count)
        else:
            drawn = (rng.choice(k, n) for k, n in zip(self._kinds, wanted, strict=True))
            donor = np.concatenate([*drawn])
        lengths = self._size[donor]
        place = np.repeat(np.arange(len(donor)), lengths)
        inside = np.arange(len(place)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        rows = self._order[self._first[donor][place] + inside]
        if not self.pooled:
            return Drawn(rows, donor, place, panel.start[rows])
        given = np.array([self.start[kind[0]] for kind in self._kinds])
        return Drawn(rows, donor, place, np.repeat(given, wanted)[place])

    def stretch(self, times: float) -> float:
        """Return how much wider than in draws from these clusters others' means spread.

        Draws with replacement from n clusters hold (n − 1)/n of the variance between them.
        """
        counts = self.counts[self.counts > 1]
        once = self.pooled and self.places(times) <= self.count
        if once or not len(counts):
            return 1.0
        return float(np.sqrt((1 / (counts - 1)).sum() / (1 / counts).sum()))

    @cached_property
    def _size(self) -> np.ndarray:
        return np.bincount(self.cluster, minlength=self.count)

    @cached_property
    def _first(self) -> np.ndarray:
        return np.concatenate([[0], np.cumsum(self._size)[:-1]])

    @cached_property
    def _order(self) -> np.ndarray:
        return np.argsort(self.cluster, kind="stable")

    @cached_property
    def _kinds(self) -> list[np.ndarray]:
        return [np.flatnonzero(self.cohort == one) for one in range(int(self.cohort.max()) + 1)]

    def _wanted(self, times: float) -> list[int]:
        return [max(1, round(times * len(kind))) for kind in self._kinds]


def groups_of(panel: Panel, codes: np.ndarray, *, pool: bool = False) -> Groups:
    """Put the clusters of a panel into groups.

    Parameters
    ----------
    panel : Panel
    codes : numpy.ndarray of int, shape (len(panel),)
        Clusters.
    pool : bool
        Whether all are drawn from together, however many a cohort has.
    """
    cluster, count = compact(codes)
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, cluster, panel.start)
    np.maximum.at(high, cluster, panel.start)
    start = np.where(low == high, low, np.nan)
    cohort = np.unique(start, return_inverse=True)[1]
    pure = not np.isnan(start).any()
    pooled = pure and (pool or int(np.bincount(cohort).min()) < FEWEST)
    return Groups(cluster, cohort, start, pooled)
