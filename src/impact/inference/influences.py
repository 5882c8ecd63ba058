"""Errors from the influence of every unit, summed within clusters, or from leaving one out."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from impact.inference.absorb import compact
from impact.inference.clusters import cluster_sums

__all__ = ["by_influence", "by_leaving_out", "covariance_of"]


def by_influence(influence: np.ndarray, cluster: np.ndarray) -> np.ndarray:
    """Return the covariance of L estimates from influences in sum form.

    The sum over clusters of the products of their influences, times G/(G − 1).

    Parameters
    ----------
    influence : numpy.ndarray, shape (n, L)
        Of every unit: the estimate's error is their sum.
    cluster : numpy.ndarray of int, shape (n,)
        Codes.
    """
    codes, count = compact(cluster)
    sums = cluster_sums(influence, codes, count)
    out: np.ndarray = sums.T @ sums * (count / max(count - 1, 1))
    return out


def by_leaving_out(estimate: Callable[[np.ndarray], np.ndarray], cluster: np.ndarray) -> np.ndarray:
    """Return the jackknife's covariance of L estimates: one cluster left out, each in turn.

    (G − 1)/G times the sum over clusters of the products of the distances from their mean.

    Parameters
    ----------
    estimate : callable
        Estimates, shape (L,), from the units that are kept, shape (n,) of bool.
    cluster : numpy.ndarray of int, shape (n,)
        Codes.

    Returns
    -------
    numpy.ndarray, shape (L, L)
        Not a number where the others alone do not give an estimate.
    """
    codes, count = compact(cluster)
    found = np.array([estimate(codes != left) for left in range(count)])
    off = found - found.mean(axis=0)
    out: np.ndarray = off.T @ off * ((count - 1) / count)
    return out


def covariance_of(
    influence: np.ndarray,
    estimate: Callable[[np.ndarray], np.ndarray],
    cluster: np.ndarray,
    *,
    few: bool,
) -> np.ndarray:
    """Return the covariance of L estimates: of few clusters by leaving out each in turn.

    That errs on the safe side where clusters are few.

    Parameters
    ----------
    influence : numpy.ndarray, shape (n, L)
        As in `by_influence`.
    estimate : callable
        As in `by_leaving_out`.
    cluster : numpy.ndarray of int, shape (n,)
    few : bool
    """
    return by_leaving_out(estimate, cluster) if few else by_influence(influence, cluster)
