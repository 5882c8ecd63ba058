"""Influences of units on effects, and their covariance, a stretch of units at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.did.adoption import Adoption
from impact.did.aggregate import Term
from impact.did.group_time import GroupTime
from impact.inference.clusters import cluster_sums

__all__ = ["Basis", "Influence", "influence_basis", "joint", "lone_cells"]


@dataclass(frozen=True, eq=False)
class Influence:
    """The influence of every unit on K effects, in sum form, told where it is asked for.

    Parameters
    ----------
    data : Adoption
        The n units.
    size : int
        K.
    of : callable
        From a stretch of units of one cohort to the effects that they touch, shape (k,),
        and their influence on those, shape (k, units).
    """

    data: Adoption
    size: int
    of: Callable[[slice], tuple[np.ndarray, np.ndarray]]

    def gram(self) -> np.ndarray:
        """Return the cross product of influences summed within clusters, shape (K, K)."""
        if self.data.n_clusters < len(self.data.start):
            sums = self.by_cluster()
            return np.asarray(sums @ sums.T)
        gram = np.zeros((self.size, self.size))
        for units in self.data.stretches(self.size):
            at, part = self.of(units)
            gram[np.ix_(at, at)] += part @ part.T
        return gram

    def by_cluster(self, weights: np.ndarray | None = None) -> np.ndarray:
        """Return the influence of every cluster on the effects, or on weighted sums of them.

        Parameters
        ----------
        weights : numpy.ndarray, shape (M, K), optional

        Returns
        -------
        numpy.ndarray, shape (M or K, G)
        """
        data, size = self.data, self.size if weights is None else len(weights)
        sums = np.zeros((data.n_clusters, size))
        for units in data.stretches(self.size):
            at, part = self.of(units)
            if weights is not None:
                at, part = np.arange(size), weights[:, at] @ part
            present, codes = np.unique(data.cluster[units], return_inverse=True)
            sums[np.ix_(present, at)] += cluster_sums(part.T, codes, len(present))
        return sums.T


def joint(data: Adoption, *several: Influence) -> Influence:
    """Put the effects of several influences one after the other."""
    offsets = np.cumsum([0, *(one.size for one in several)])

    def of(units: slice) -> tuple[np.ndarray, np.ndarray]:
        pieces = [one.of(units) for one in several]
        at = [offset + own for offset, (own, _) in zip(offsets, pieces, strict=False)]
        return np.concatenate(at), np.vstack([part for _, part in pieces])

    return Influence(data, int(offsets[-1]), of)


@dataclass(frozen=True, eq=False)
class Basis:
    """What every term's influence is a combination of.

    Parameters
    ----------
    each : Influence
        On each of K group-time effects, then the sampling weight in each of C cohorts.
    """

    each: Influence

    @cached_property
    def gram(self) -> np.ndarray:
        """The cross product of all influences, shape (K + C, K + C)."""
        return self.each.gram()

    def vcov(self, terms: Sequence[Term]) -> np.ndarray:
        """Return the covariance of the terms, shape (m, m)."""
        weights = _weights(terms)
        covariance = weights @ self.gram @ weights.T
        return np.asarray((covariance + covariance.T) / 2)

    def influence(self, terms: Sequence[Term]) -> np.ndarray:
        """Return the influence of each cluster on each term, shape (m, G)."""
        return self.each.by_cluster(_weights(terms))


def _weights(terms: Sequence[Term]) -> np.ndarray:
    return np.array([np.concatenate([term.cells, term.shares]) for term in terms])


def influence_basis(effects: GroupTime, data: Adoption) -> Basis:
    """Return how units bear on group-time effects and on the cohorts' sizes.

    Parameters
    ----------
    effects : GroupTime
    data : Adoption
        The units behind them.
    """
    cohorts = np.unique(effects.cohort)
    count = len(effects.cohort)

    def of(units: slice) -> tuple[np.ndarray, np.ndarray]:
        start = data.start[units.start]
        own = np.flatnonzero(cohorts == start)
        cells = np.flatnonzero((effects.cohort == start) | (units.stop <= effects.controls))
        part = np.empty((len(cells) + len(own), units.stop - units.start))
        part[: len(cells)] = effects.influence[cells, units]
        part[len(cells) :] = data.unit_weight[units]
        return np.concatenate([cells, count + own]), part

    return Basis(Influence(data, count + len(cohorts), of))


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
        held = None if effects.inside is None else effects.inside[at]
        lone[:, at] = _one_cluster(data, [own], held), _one_cluster(data, parts, held)
    return lone


def _one_cluster(data: Adoption, parts: Sequence[slice], held: np.ndarray | None) -> bool:
    """Whether all units of the parts (that are held) belong to one cluster."""
    codes = [
        data.cluster[part] if held is None else data.cluster[part][held[part]] for part in parts
    ]
    codes = [code for code in codes if len(code)]
    return all(bool((code == codes[0][0]).all()) for code in codes)
