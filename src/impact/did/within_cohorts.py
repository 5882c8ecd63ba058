"""Errors of staggered effects with few clusters: CR2 within cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.did.adoption import Adoption
from impact.inference.exact_t import matching_dof
from impact.inference.shared_shocks import MOST_CLUSTERS, SHARES

__all__ = ["FewClusters", "few_clusters", "strata"]

LEAST = 3
POWERS = (1, 2)


@dataclass(frozen=True, eq=False)
class FewClusters:
    """How clusters' influences become variances when clusters are few.

    Parameters
    ----------
    group : numpy.ndarray of int, shape (G,)
        Which clusters are read together: S strata.
    size : numpy.ndarray, shape (G,)
        Sampling weight of every cluster's units.
    side : numpy.ndarray of int, shape (S,)
        1 for the stratum that is only compared with, else 0.
    courses : numpy.ndarray, shape (m, C, T)
        Weight of every cohort's mean in every period in the terms.
    holds : numpy.ndarray, shape (2, S, C)
        How much of the variance of a cohort's mean each stratum's clusters bring, when
        clusters' means are as unsure as their size has it, and when all are alike.
    free : numpy.ndarray, shape (2, S, m)
        Degrees of freedom of each stratum's variance of each term, likewise.
    level : float
        Of the test.
    """

    group: np.ndarray
    size: np.ndarray
    side: np.ndarray
    courses: np.ndarray
    holds: np.ndarray
    free: np.ndarray
    level: float

    @cached_property
    def share(self) -> np.ndarray:
        """The share of every cluster in its stratum, shape (G,)."""
        total = np.bincount(self.group, self.size)
        share: np.ndarray = self.size / total[self.group]
        return share

    @cached_property
    def model(self) -> np.ndarray:
        """What each stratum adds to a term's variance when all err alike, shape (2, S, m)."""
        model: np.ndarray = self.holds @ (self.courses**2).sum(axis=2).T
        return model

    @cached_property
    def most(self) -> np.ndarray:
        """Degrees of freedom of each term when all err alike, the fewest, shape (m,)."""
        most: np.ndarray = np.minimum(_welch(self.model, self.free), self._guarded)
        return most

    @cached_property
    def by_side(self) -> np.ndarray:
        """Degrees of freedom of either side's variance of each term, shape (2, m)."""
        sides = [self.side == one for one in (0, 1)]
        both = [_welch(self.model[:, one], self.free[:, one]) for one in sides]
        # A side without a part in a term by the model has next to nothing that is sure.
        free: np.ndarray = np.nan_to_num(np.array(both), nan=1.0)
        return free

    @cached_property
    def _guarded(self) -> float:
        side = self.side[self.group]
        weight = self.size / np.bincount(side, self.size)[side]
        return _guarded(self, weight) if len(self.size) <= MOST_CLUSTERS else np.inf

    def left(self, influence: np.ndarray) -> np.ndarray:
        """Return influences, (…, G), less their stratum's mean, corrected for what that takes.

        Each cluster's share of its stratum's sum is taken out, and what is left is
        divided by the root of what that leaves: CR2 of a mean of clusters of any size.
        """
        last = np.moveaxis(np.atleast_2d(influence), -1, 0)
        sums = np.zeros((len(self.side), *last.shape[1:]))
        np.add.at(sums, self.group, last)
        shape = (-1, *(1,) * (last.ndim - 1))
        share = self.share.reshape(shape)
        free = np.sqrt(np.maximum(1 - share, np.finfo(float).eps))
        return np.moveaxis((last - share * sums[self.group]) / free, 0, -1)

    def errors(self, influence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return covariance, (m, m), and degrees of freedom, (m,), from influences (m, G)."""
        left = self.left(influence)
        return left @ left.T, self.dof(left)

    def dof(self, left: np.ndarray) -> np.ndarray:
        """Return degrees of freedom of the terms, (m,), from what `left` returned, (m, G).

        Welch's, where two sides' variances add up, each as sure as the clusters that
        carry the term on it; never more than ``most``.
        """
        side = self.side[self.group]
        parts = np.array([(left[:, side == one] ** 2).sum(axis=1) for one in (0, 1)])
        squares = _over(parts**2, self.by_side).sum(axis=0)
        total = parts.sum(axis=0)
        dof = np.divide(total**2, squares, out=np.full(len(total), np.nan), where=squares > 0)
        fewest: np.ndarray = np.minimum(dof, self.most)
        return fewest


def few_clusters(data: Adoption, courses: np.ndarray, *, level: float = 0.95) -> FewClusters:
    """Return how to read the influences of a panel's clusters.

    The sum of squared influences takes the mean of few clusters for known; it is too
    small by one in their number, and t with all clusters' number less one is too narrow.
    Here each cohort's clusters, and the never treated, are a sample of their own: their
    influences are measured from their own mean, with CR2's correction (Bell and McCaffrey
    2002), and read as the comparison of two sides with unequal variances (Welch 1947). A
    cohort of fewer than three clusters is read together with its neighbours; that their
    effects differ then counts as chance, which can only widen the interval. How sure a
    variance is depends on the clusters that carry the term: their part in it when all
    clusters err alike (`impact.did.courses`), as unsure as their size has it or all alike,
    whichever leaves fewer degrees of freedom.

    Parameters
    ----------
    data : Adoption
        The units; a cluster all of whose units start together belongs to their cohort.
    courses : numpy.ndarray, shape (m, C, T)
        Weight of every cohort's mean in every period in the terms, the cohorts in order
        of their start, the never treated last.
    level : float
        Of the test.
    """
    group, alone = strata(data)
    starts, place = np.unique(data.start, return_inverse=True)
    size = np.bincount(data.cluster, data.unit_weight, data.n_clusters)
    held = np.bincount(
        data.cluster * len(starts) + place, data.unit_weight, data.n_clusters * len(starts)
    ).reshape(-1, len(starts))
    squares = (held / held.sum(axis=0)) ** 2
    count = int(group.max()) + 1
    holds = np.zeros((2, count, len(starts)))
    free = np.zeros((2, count, len(courses)))
    loads = (courses**2).sum(axis=2)
    for at, power in enumerate(POWERS):
        brought = squares * (size ** (power - 2.0))[:, None]
        np.add.at(holds[at], group, brought)
        for s in range(count):
            own = group == s
            free[at, s] = _stratum_dof(size[own], loads @ brought[own].T)
    side = (np.arange(count) == count - 1) & alone
    return FewClusters(group, size, side.astype(np.int64), courses, holds, free, level)


def _over(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Divide, nothing by nothing being nothing."""
    known = (above > 0) & (below > 0)
    over: np.ndarray = np.divide(above, below, out=np.zeros(above.shape), where=known)
    return over


def _welch(parts: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Return the fewest degrees of freedom of sums over strata, from (2, S, m) to (m,)."""
    squares = _over(parts**2, free).sum(axis=1)
    dof = np.divide(
        parts.sum(axis=1) ** 2, squares, out=np.full(squares.shape, np.nan), where=squares > 0
    )
    fewest: np.ndarray = dof.min(axis=0)
    return fewest


def _stratum_dof(size: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return Satterthwaite's degrees of freedom of a stratum's variance of each term, (m,).

    ``variance`` is that of every cluster, shape (m, n).
    """
    if len(size) > MOST_CLUSTERS:
        return _over(variance.sum(axis=1) ** 2, (variance**2).sum(axis=1)) - 1
    square = _turn(size)
    square = square.T @ square
    traces = variance @ np.diag(square)
    return _over(traces**2, ((variance @ square**2) * variance).sum(axis=1))


def _turn(size: np.ndarray) -> np.ndarray:
    """Return the matrix that turns a stratum's influences into what `left` returns."""
    share = size / size.sum()
    free = np.sqrt(np.maximum(1 - share, np.finfo(float).eps))
    turned: np.ndarray = (np.eye(len(size)) - share[:, None]) / free[:, None]
    return turned


def _guarded(few: FewClusters, weight: np.ndarray) -> float:
    """Return degrees of freedom of the comparison of two sides, as guarded as in `did`."""
    count = len(few.size)
    turn = np.zeros((count, count))
    for s in range(len(few.side)):
        at = np.flatnonzero(few.group == s)
        turn[np.ix_(at, at)] = _turn(few.size[at])
    load = np.vstack([np.ones(count), turn]) * weight
    by_size, alike = (load / few.size) @ load.T, load @ load.T
    square = float((by_size[1:, 1:] ** 2).sum())
    if not square > 0:
        return float("nan")
    most = float(np.trace(by_size[1:, 1:])) ** 2 / square
    for share in SHARES:
        gram = (1 - share) * by_size / by_size[0, 0] + share * alike / alike[0, 0]
        most = matching_dof(gram, level=few.level, most=most)
    return most


def strata(data: Adoption) -> tuple[np.ndarray, bool]:
    """Return which clusters are read together, shape (G,), in order of their start.

    Also whether the last ones are compared with only: the never treated, else the last
    cohort where it has three clusters.
    """
    first = np.full(data.n_clusters, np.inf)
    last = np.full(data.n_clusters, -np.inf)
    np.minimum.at(first, data.cluster, data.start)
    np.maximum.at(last, data.cluster, data.start)
    if (first != last).any():
        return np.zeros(data.n_clusters, dtype=np.int64), False
    starts, place, counts = np.unique(first, return_inverse=True, return_counts=True)
    alone = len(starts) > 1 and bool(np.isinf(starts[-1]) or counts[-1] >= LEAST)
    joined = _joined(counts[:-1] if alone else counts)
    if alone:
        joined.append(max(joined, default=-1) + 1)
    return np.array(joined)[place], alone


def _joined(counts: np.ndarray) -> list[int]:
    """Join neighbours until each group holds enough; what is left over joins the last."""
    groups, held = [0], 0
    for count in counts:
        held += int(count)
        groups.append(groups[-1] + (held >= LEAST))
        held = 0 if held >= LEAST else held
    last = max(groups[-1] - 1, 0)
    return [min(group, last) for group in groups[:-1]]
