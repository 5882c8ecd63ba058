"""How many clusters carry a term: the treated ones, and those that they are compared with."""

from __future__ import annotations

import numpy as np

from impact.did.adoption import Adoption
from impact.inference.clusters import effective_number
from impact.locale import N_

__all__ = ["FEWER", "LEAST", "clusters_among", "fewest_alike", "too_few"]

LEAST = 3
FEWER = N_(
    "Nothing is tested for %(terms)s: on one side of the comparison they rest on fewer than "
    "three clusters."
)
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
    short: np.ndarray = alone | (clusters < LEAST)
    return short


def clusters_among(
    data: Adoption,
    cohort: np.ndarray,
    controls: np.ndarray,
    inside: np.ndarray | None = None,
) -> np.ndarray:
    """Count the clusters of the first so many units less a cohort's own, shape (K,).

    Parameters
    ----------
    data : Adoption
    cohort : numpy.ndarray, shape (K,)
    controls : numpy.ndarray of int, shape (K,)
    inside : numpy.ndarray of bool, shape (K, n), optional
        The units that count; all of them unless said.
    """
    if inside is not None:
        own = data.start == np.asarray(cohort)[:, None]
        ahead = np.arange(len(data.start)) < np.asarray(controls)[:, None]
        rows = inside & ahead & ~own
        return np.array([len(np.unique(data.cluster[row])) for row in rows])
    if data.n_clusters == len(data.start):
        others: np.ndarray = controls - _own_among(data, cohort, controls)
        return others
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
    counted: np.ndarray = np.asarray(count)
    return counted


def _own_among(data: Adoption, cohort: np.ndarray, controls: np.ndarray) -> np.ndarray:
    """Count the units of each cohort among the first so many, all of them or none, (K,)."""
    members = [data.members(float(start)) for start in cohort]
    own = [part.stop - part.start for part in members]
    inside = [part.stop <= count for part, count in zip(members, controls, strict=True)]
    counted: np.ndarray = np.array(own) * np.array(inside)
    return counted


def fewest_alike(data: Adoption) -> float:
    """Return the fewest clusters of any cohort, or of the never treated, in effect.

    0 where some cluster holds units that start at different times.

    Parameters
    ----------
    data : Adoption
    """
    parts = [data.members(float(g)) for g in data.cohorts]
    if data.n_never:
        parts.append(slice(0, data.n_never))
    if data.n_clusters == len(data.start):
        return min(effective_number(data.unit_weight[part]) for part in parts)
    sizes = [np.bincount(data.cluster[part], data.unit_weight[part]) for part in parts]
    if sum(int(np.count_nonzero(size)) for size in sizes) > data.n_clusters:
        return 0.0
    return min(effective_number(size) for size in sizes)
