"""Covariances of aggregated effects from the influence of every cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from impact.did.adoption import Adoption
from impact.did.aggregate import Term
from impact.did.group_time import GroupTime

__all__ = ["Basis", "influence_basis", "lone_cells"]


@dataclass(frozen=True, eq=False)
class Basis:
    """What every term's influence is a combination of.

    Parameters
    ----------
    rows : numpy.ndarray, shape (K, G)
        Influence of each cluster on each group-time effect, in sum form.
    members : numpy.ndarray, shape (C, G)
        Sampling weight of each cluster in each cohort.
    """

    rows: np.ndarray
    members: np.ndarray

    def vcov(self, terms: Sequence[Term]) -> np.ndarray:
        """Return the covariance of the terms, shape (m, m)."""
        cross = self.rows @ self.members.T
        gram = np.block(
            [[self.rows @ self.rows.T, cross], [cross.T, self.members @ self.members.T]]
        )
        weights = self._weights(terms)
        covariance = weights @ gram @ weights.T
        return np.asarray((covariance + covariance.T) / 2)

    def influence(self, terms: Sequence[Term]) -> np.ndarray:
        """Return the influence of each cluster on each term, shape (m, G)."""
        cells = np.array([term.cells for term in terms])
        shares = np.array([term.shares for term in terms])
        total: np.ndarray = cells @ self.rows + shares @ self.members
        return total

    def _weights(self, terms: Sequence[Term]) -> np.ndarray:
        return np.array([np.concatenate([term.cells, term.shares]) for term in terms])


def influence_basis(effects: GroupTime, data: Adoption) -> Basis:
    """Sum the influence of units within their clusters.

    Parameters
    ----------
    effects : GroupTime
    data : Adoption
        The units behind them.
    """
    cohorts = np.unique(effects.cohort)
    members = np.zeros((len(cohorts), len(data.start)))
    for row, cohort in zip(members, cohorts, strict=True):
        own = data.members(cohort)
        row[own] = data.unit_weight[own]
    if data.n_clusters == len(data.start):
        return Basis(effects.influence, members)
    return Basis(_summed(effects.influence, data), _summed(members, data))


def _summed(rows: np.ndarray, data: Adoption) -> np.ndarray:
    """Sum columns within clusters, shape (K, G)."""
    return np.array([np.bincount(data.cluster, row, data.n_clusters) for row in rows])


def lone_cells(effects: GroupTime, data: Adoption) -> np.ndarray:
    """Tell which group-time effects have one cluster on a side, shape (2, K): treated, compared.

    The influence of a group that is one cluster sums to zero within it, so that its
    variance cannot be told: an error from it is too small by all that this group adds.

    Parameters
    ----------
    effects : GroupTime
    data : Adoption
    """
    lone = np.zeros((2, len(effects.cohort)), dtype=bool)
    for at, (cohort, controls) in enumerate(zip(effects.cohort, effects.controls, strict=True)):
        own = data.members(cohort)
        parts = [slice(0, controls)]
        if own.stop <= controls:
            parts = [slice(0, own.start), slice(own.stop, controls)]
        lone[:, at] = _one_cluster(data, [own]), _one_cluster(data, parts)
    return lone


def _one_cluster(data: Adoption, parts: Sequence[slice]) -> bool:
    """Whether all units of the parts belong to one cluster."""
    codes = [data.cluster[part] for part in parts if part.stop > part.start]
    return all(bool((code == codes[0][0]).all()) for code in codes)
