"""Clusters: their rows, their sums, and how many they really are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from impact.inference.absorb import compact

if TYPE_CHECKING:
    from impact.inference.linear import LinearFit

__all__ = ["cluster_sums", "effective_clusters", "effective_number", "members"]


def effective_clusters(
    fit: LinearFit, cluster: np.ndarray, contrasts: np.ndarray | None = None
) -> np.ndarray:
    """Return the effective number of clusters behind every coefficient, or sum of them.

    G / (1 + Γ), Γ the squared coefficient of variation over clusters of what each adds to
    the coefficient's variance when rows err alike and each by itself (Carter, Schnepel &
    Steigerwald 2017, with their within-cluster correlation at zero: at one, effects nested
    in the clusters would leave nothing to add up).
    """
    codes, count = compact(cluster)
    design, _ = fit.whitened
    toward = fit.bread if contrasts is None else fit.bread @ np.asarray(contrasts).T
    pull = cluster_sums((design @ toward) ** 2, codes, count)
    spread = pull.var(axis=0) / np.maximum(pull.mean(axis=0) ** 2, np.finfo(float).tiny)
    effective: np.ndarray = count / (1 + spread)
    return effective


def effective_number(sizes: np.ndarray) -> float:
    """Return how many clusters of one size weigh as much as clusters of these sizes.

    The inverse of the sum of squared shares: G where all are of one size, towards 1 where
    one holds nearly everybody.

    Parameters
    ----------
    sizes : numpy.ndarray, shape (G,)
        Rows, or their weight, of every cluster.

    Examples
    --------
    >>> effective_number(np.array([10.0, 10, 10]))
    3.0
    """
    total = float(np.sum(sizes))
    return total**2 / float(np.sum(np.square(sizes))) if total else 0.0


def cluster_sums(rows: np.ndarray, codes: np.ndarray, count: int) -> np.ndarray:
    """Sum the columns within every cluster: (N, K) and codes (N,) to (count, K); K may be 0."""
    sums = np.zeros((count, rows.shape[1]))
    for at, column in enumerate(rows.T):
        sums[:, at] = np.bincount(codes, column, count)
    return sums


def members(codes: np.ndarray, count: int) -> Iterator[np.ndarray]:
    """Yield the rows of every cluster, in the order of the codes."""
    order = np.argsort(codes, kind="stable")
    yield from np.split(order, np.cumsum(np.bincount(codes, minlength=count))[:-1])
