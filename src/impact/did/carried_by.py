"""How many clusters carry a term: the treated ones, and those that they are compared with."""

from __future__ import annotations

import numpy as np

from impact.did.adoption import Adoption

__all__ = ["LEAST", "clusters_among", "too_few"]

LEAST = 3
# What is left out of account of a term's weight: little enough not to carry it.
REST = 0.1


def too_few(
    data: Adoption, cohort: np.ndarray, compared: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Tell which terms rest on fewer than three clusters on a side, shape (m,).

    Parameters
    ----------
    data : Adoption
    cohort : numpy.ndarray, shape (K,)
        First treated time of the cells.
    compared : numpy.ndarray of int, shape (K,)
        Clusters that each cell compares with.
    weights : numpy.ndarray, shape (m, K)
        Of the cells in the terms.
    """
    size = np.abs(weights) / np.maximum(np.abs(weights).sum(axis=1, keepdims=True), 1e-300)
    alone = size @ (compared < LEAST) > REST
    starts, place = np.unique(cohort, return_inverse=True)
    held = np.array([data.clusters_by_cohort[float(start)] for start in starts])
    by_cohort = np.zeros((len(weights), len(starts)))
    np.add.at(by_cohort.T, place, size.T)
    order = np.argsort(-by_cohort, axis=1, kind="stable")
    carried = np.take_along_axis(by_cohort, order, axis=1)
    needed = np.cumsum(carried, axis=1) - carried < 1 - REST
    clusters = (held[order] * needed).sum(axis=1)
    return np.asarray(alone | (clusters < LEAST))


def clusters_among(data: Adoption, cohort: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """Count the clusters of the first so many units less a cohort's own, shape (K,).

    Parameters
    ----------
    data : Adoption
    cohort : numpy.ndarray, shape (K,)
    controls : numpy.ndarray of int, shape (K,)
    """
    # Clusters in the order in which their first unit stands; each counts once.
    first = np.sort(np.unique(data.cluster, return_index=True)[1])
    count = np.searchsorted(first, controls, side="left")
    for start in np.unique(cohort):
        own = data.members(float(start))
        inside = (cohort == start) & (own.stop <= controls)
        if inside.any():
            others = np.delete(data.cluster[: controls[inside].max()], own)
            rest = np.sort(np.unique(others, return_index=True)[1])
            length = own.stop - own.start
            count[inside] = np.searchsorted(rest, controls[inside] - length, side="left")
    return np.asarray(count)
