"""Unit and period effects fitted on some cells of a panel and carried to the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from impact.inference.propensity import Collinear, inverted
from impact.inference.stretches import stretches

__all__ = ["Carried", "TwoWay", "carry"]

FLAT = 1e-10


@dataclass(frozen=True, eq=False)
class TwoWay:
    """Weighted unit and period effects.

    Parameters
    ----------
    weight : numpy.ndarray, shape (T, n)
        Weight of every cell in the fit; 0 leaves it out.
    """

    weight: np.ndarray

    @cached_property
    def by_unit(self) -> np.ndarray:
        """Weight of every unit, shape (n,); 1 where it has none, to divide by."""
        total = self.weight.sum(axis=0)
        return np.where(total > 0, total, 1.0)

    def stretches(self) -> Iterator[slice]:
        """Yield the units, some at a time."""
        periods, units = self.weight.shape
        return stretches(0, units, rows=3 * periods)

    def shares(self, units: slice) -> np.ndarray:
        """Return the share of every cell in its unit's weight, shape (T, units)."""
        shares: np.ndarray = self.weight[:, units] / self.by_unit[units]
        return shares

    def equations(self, units: slice) -> np.ndarray:
        """Return what units add to the periods' equations once unit effects are out, (T, T)."""
        weight = self.weight[:, units]
        equations: np.ndarray = np.diag(weight.sum(axis=1)) - self.shares(units) @ weight.T
        return equations

    @cached_property
    def _inverse(self) -> np.ndarray:
        """Pseudo-inverse of the periods' equations, shape (T, T)."""
        values, vectors = np.linalg.eigh(sum(map(self.equations, self.stretches())))
        kept = values > FLAT * values[-1]
        inverse: np.ndarray = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
        return inverse

    def periods(self, by_period: np.ndarray) -> np.ndarray:
        """Solve for the period effects, given what is left for them, shape (T, m)."""
        solved: np.ndarray = self._inverse @ by_period
        return solved

    def left(self, values: np.ndarray) -> np.ndarray:
        """Return a variable less its unit and period effects in every cell, shape (T, n)."""
        by_period, mean = np.zeros(len(values)), np.empty(values.shape[1])
        for units in self.stretches():
            weighted = self.weight[:, units] * values[:, units]
            mean[units] = weighted.sum(axis=0) / self.by_unit[units]
            by_period += weighted.sum(axis=1) - self.weight[:, units] @ mean[units]
        period, left = self.periods(by_period), np.empty(values.shape)
        for units in self.stretches():
            np.subtract(values[:, units], period[:, None], out=left[:, units])
            left[:, units] -= mean[units] - period @ self.shares(units)
        return left

    @cached_property
    def reached(self) -> np.ndarray:
        """Whether unit and period are linked, so that their sum is known, shape (T, n)."""
        together = np.zeros((len(self.weight), len(self.weight)))
        first = np.empty(self.weight.shape[1], dtype=np.int64)
        for units in self.stretches():
            linked = self.weight[:, units] > 0
            first[units] = np.where(linked.any(axis=0), linked.argmax(axis=0), -1)
            together += linked.astype(float) @ linked.T
        period = connected_components(csr_array(together), directed=False)[1]
        of_unit = np.where(first >= 0, period[first], -1)
        of_period = np.where(np.diag(together) > 0, period, -2)
        return np.asarray(of_period[:, None] == of_unit)


@dataclass(frozen=True, eq=False)
class Carried:
    """What a model of the untreated cells says of all cells.

    Parameters
    ----------
    gap : numpy.ndarray, shape (T, n)
        Outcome less what the model expects: residuals where it was fitted, effects
        elsewhere.
    effects : TwoWay
    tilted : numpy.ndarray, shape (k, T, n)
        Covariates less their own unit and period effects.
    inverse : numpy.ndarray, shape (k, k)
        Of the covariates' cross product in the fit.
    """

    gap: np.ndarray
    effects: TwoWay
    tilted: np.ndarray
    inverse: np.ndarray

    def expectations(self, periods: np.ndarray, held: np.ndarray, tilt: np.ndarray) -> np.ndarray:
        """Return how means of expected outcomes, K of them, lean on the fitted scores.

        Parameters
        ----------
        periods : numpy.ndarray of int, shape (K,)
            The one period of each mean.
        held : numpy.ndarray, shape (T, K)
            The mean over its units of their shares.
        tilt : numpy.ndarray, shape (k, K)
            Its mean of the tilted covariates.

        Returns
        -------
        numpy.ndarray, shape (K, T + k)
            To be multiplied with `scores`.
        """
        wanted = -held
        wanted[periods, np.arange(len(periods))] += 1.0
        return np.vstack([self.effects.periods(wanted), self.inverse @ tilt]).T

    def scores(self, units: slice) -> np.ndarray:
        """Weighted residuals by period and by covariate, summed by unit, shape (T + k, units).

        A unit's own effect needs no row: its residuals sum to zero.
        """
        weighted = self.effects.weight[:, units] * self.gap[:, units]
        if not len(self.tilted):
            return np.asarray(weighted)
        return np.vstack([weighted, np.einsum("ktn,tn->kn", self.tilted[:, :, units], weighted)])


def carry(outcome: np.ndarray, weight: np.ndarray, covariates: np.ndarray) -> Carried:
    """Fit unit effects, period effects and covariates where the weight is positive.

    Parameters
    ----------
    outcome, weight : numpy.ndarray, shape (T, n)
    covariates : numpy.ndarray, shape (k, T, n)

    Returns
    -------
    Carried

    Raises
    ------
    Collinear
        The covariates say nothing that the effects do not say, or repeat each other.

    Examples
    --------
    >>> import numpy as np
    >>> outcome = np.array([[1.0, 4], [2, 5], [9, 6]])
    >>> weight = np.array([[1.0, 1], [1, 1], [0, 1]])
    >>> gap = carry(outcome, weight, np.empty((0, 3, 2))).gap
    >>> float(gap[2, 0].round(9)), bool(np.abs(gap[weight > 0]).max() < 1e-9)
    (6.0, True)
    """
    effects = TwoWay(weight)
    tilted = np.array([effects.left(x) for x in covariates])
    tilted = tilted.reshape(len(covariates), *outcome.shape)
    inverse = np.empty((0, 0))
    rest = outcome
    if len(covariates):
        flat = tilted.reshape(len(covariates), -1)
        spread = covariates.reshape(len(covariates), -1) ** 2 @ weight.ravel()
        if (flat**2 @ weight.ravel() <= FLAT * spread).any():
            raise Collinear
        inverse = inverted(flat, weight.ravel())
        slope = inverse @ (flat @ (weight * outcome).ravel())
        rest = outcome - np.einsum("k,ktn->tn", slope, covariates)
    return Carried(effects.left(rest), effects, tilted, inverse)
