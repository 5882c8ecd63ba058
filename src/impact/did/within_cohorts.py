"""Errors of staggered effects with few clusters: CR2 within cohorts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.adoption import Adoption
from impact.inference.exact_t import matching_dof
from impact.inference.shared_shocks import MOST_CLUSTERS, SHARES

__all__ = ["FewClusters", "few_clusters", "strata"]

LEAST = 3


@dataclass(frozen=True, eq=False)
class FewClusters:
    """How clusters' influences become variances when clusters are few.

    Parameters
    ----------
    turn : numpy.ndarray, shape (G, G)
        Takes each cluster's share of its stratum's sum out of its influence, and divides
        by the root of what that leaves: CR2 of a mean of clusters of unequal size.
    side : numpy.ndarray of int, shape (G,)
        1 for clusters that are only compared with, else 0.
    dof : numpy.ndarray, shape (2,)
        Satterthwaite's degrees of freedom of either side: the fewer of those with
        clusters' means as unsure as their size has it, and all alike.
    most : float
        Degrees of freedom of the whole when all clusters vary alike, or as far as a large
        cluster may outweigh the others.
    """

    turn: np.ndarray
    side: np.ndarray
    dof: np.ndarray
    most: float

    def errors(self, influence: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return covariance, (m, m), and degrees of freedom, (m,), from influences (m, G).

        The degrees of freedom are Welch's, where two sides' variances add up, each as
        sure as its own number of clusters has it; never more than ``most``.
        """
        left = influence @ self.turn.T
        parts = np.array([(left[:, self.side == one] ** 2).sum(axis=1) for one in (0, 1)])
        squares = (parts**2 / self.dof[:, None]).sum(axis=0)
        total = parts.sum(axis=0)
        dof = np.divide(total**2, squares, out=np.full(len(total), np.nan), where=squares > 0)
        return left @ left.T, np.minimum(dof, self.most)


def few_clusters(data: Adoption, *, level: float = 0.95) -> FewClusters:
    """Return how to read the influences of a panel's clusters.

    The sum of squared influences takes the mean of few clusters for known; it is too
    small by one in their number, and t with all clusters' number less one is too narrow.
    Here each cohort's clusters, and the never treated, are a sample of their own: their
    influences are measured from their own mean, with CR2's correction (Bell and McCaffrey
    2002), and read as the comparison of two sides with unequal variances (Welch 1947). A
    cohort of fewer than three clusters is read together with its neighbours; that their
    effects differ then counts as chance, which can only widen the interval.

    Parameters
    ----------
    data : Adoption
        The units; a cluster all of whose units start together belongs to their cohort.
    level : float
        Of the test.
    """
    group, alone = strata(data)
    size = np.bincount(data.cluster, data.unit_weight, data.n_clusters)
    turn = np.zeros((len(group), len(group)))
    for s in range(int(group.max()) + 1):
        at = np.flatnonzero(group == s)
        share = size[at] / size[at].sum()
        free = np.sqrt(np.maximum(1 - share, np.finfo(float).eps))
        turn[np.ix_(at, at)] = (np.eye(len(at)) - share[:, None]) / free[:, None]
    side = ((group == group.max()) & alone).astype(np.int64)
    dof = np.full(2, np.inf)
    for one in np.unique(side):
        at = side == one
        block = turn[np.ix_(at, at)]
        dof[one] = min(_satterthwaite(block, size[at] ** power) for power in (1, 2))
    weight = size / np.bincount(side, size)[side]
    return FewClusters(turn, side, dof, _most(turn, size, weight, level))


def _most(turn: np.ndarray, size: np.ndarray, weight: np.ndarray, level: float) -> float:
    """Return degrees of freedom of the comparison of two sides, as guarded as in `did`."""
    load = np.vstack([np.ones(len(turn)), turn]) * weight
    by_size, alike = (load / size) @ load.T, load @ load.T
    most = float(np.trace(by_size[1:, 1:]) ** 2 / (by_size[1:, 1:] ** 2).sum())
    if len(turn) > MOST_CLUSTERS:
        return most
    for share in SHARES:
        gram = (1 - share) * by_size / by_size[0, 0] + share * alike / alike[0, 0]
        most = matching_dof(gram, level=level, most=most)
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


def _satterthwaite(block: np.ndarray, variance: np.ndarray) -> float:
    spread = (block * variance) @ block.T
    square = float((spread**2).sum())
    return float(np.trace(spread)) ** 2 / square if square > 0 else float("nan")
