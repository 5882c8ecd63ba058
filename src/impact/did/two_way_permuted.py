"""The coefficient of treatment beside two-way effects, for other choices of treated clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.observed import Observed
from impact.did.permuted import treated_clusters
from impact.errors import DesignError
from impact.inference.absorb import FixedEffects, compact
from impact.inference.linear import LinearFit, fit
from impact.inference.unequal import Differences, alike

__all__ = ["TwoWay", "two_way_of"]

AT_ONCE = 8_000_000


@dataclass(frozen=True, eq=False)
class TwoWay:
    """A two-way regression of N rows, of which other clusters may have been treated.

    Parameters
    ----------
    aim, observed : numpy.ndarray, shape (N,)
        Weighted outcome, and weighted treatment, what the effects and covariates say out.
    weights : numpy.ndarray, shape (N,)
    cluster, period : numpy.ndarray of int, shape (N,)
        Codes without gaps.
    after : numpy.ndarray of bool, shape (N,)
    effects : FixedEffects
    basis : numpy.ndarray, shape (N, C)
        The covariates without the effects, whitened and orthonormal.
    """

    aim: np.ndarray
    observed: np.ndarray
    weights: np.ndarray
    cluster: np.ndarray
    period: np.ndarray
    after: np.ndarray
    effects: FixedEffects
    basis: np.ndarray

    @property
    def alike(self) -> bool:
        """Whether all clusters have as many rows, of one weight, in every period."""
        counts, squares = (self._by_cell(part) for part in (self.weights, self.weights**2))
        return alike(counts, squares)

    def differences(self, drawn: np.ndarray, treated: np.ndarray) -> Differences:
        """Return the coefficient for other treated clusters."""
        counts = self._by_cell(self.weights)
        scale = (counts**2).sum() / (self.weights**2).sum()
        out = np.empty((4, len(drawn)))
        step = max(1, AT_ONCE // len(self.aim))
        for at in range(0, len(drawn), step):
            left = self._left(drawn[at : at + step])
            weighed = left * self.weights[:, None]
            length = np.einsum("ij,ij->j", left, weighed)
            cells = np.stack([self._by_cell(one) for one in weighed.T])
            sums = (self.aim @ left, self.observed @ left)
            with np.errstate(divide="ignore", invalid="ignore"):
                out[:, at : at + step] = [
                    *(total / length for total in sums),
                    scale * (weighed**2).sum(axis=0) / length**2,
                    (cells**2).sum(axis=(1, 2)) / length**2,
                ]
        return Differences(*out)

    def _left(self, drawn: np.ndarray) -> np.ndarray:
        """Return what effects and covariates leave of each assignment's treatment, (N, R)."""
        under = (drawn[:, self.cluster] & self.after).T.astype(float)
        left = self.effects.residuals(under)
        if self.basis.shape[1]:
            root = np.sqrt(self.weights)[:, None]
            left -= self.basis @ (self.basis.T @ (left * root)) / root
        return left

    def _by_cell(self, values: np.ndarray) -> np.ndarray:
        """Sum rows by cluster and period, shape (G, T)."""
        shape = (int(self.cluster.max()) + 1, int(self.period.max()) + 1)
        place = self.cluster * shape[1] + self.period
        return np.bincount(place, values, shape[0] * shape[1]).reshape(shape)


def two_way_of(
    seen: Observed, fitted: LinearFit, clusters: np.ndarray
) -> tuple[TwoWay, np.ndarray]:
    """Return what a permutation compares, and which clusters are treated, shape (G,).

    Parameters
    ----------
    seen : Observed
        N rows.
    fitted : LinearFit
        Treatment first, then covariates.
    clusters : numpy.ndarray of int, shape (N,)

    Raises
    ------
    DesignError
        There are several starts, or a cluster is partly treated.
    """
    starts = seen.starts[np.isfinite(seen.starts)]
    if len(starts) > 1:
        raise DesignError("a permutation of twfe needs one start for all; take callaway_santanna")
    numbers, period = compact(clusters)[0], compact(seen.period)[0]
    treated = treated_clusters(seen.treated, numbers)
    covariates = fitted.design[:, 1:]
    y = fitted.residuals + fitted.design[:, 0] * fitted.beta[0]
    basis = covariates
    if covariates.shape[1]:
        y = fit(y, covariates, weights=seen.weight, absorb=()).residuals
        basis = np.linalg.qr(covariates * np.sqrt(seen.weights)[:, None])[0]
    weights = seen.weights
    compared = TwoWay(
        weights * y,
        weights * fitted.design[:, 0],
        weights,
        numbers,
        period,
        seen.time >= starts[0],
        fitted.effects,
        basis,
    )
    return compared, treated
