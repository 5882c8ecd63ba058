"""Unit and period effects fitted on some cells of a panel and carried to the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from impact.inference.doubly_robust import Collinear, inverted

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

    @cached_property
    def shares(self) -> np.ndarray:
        """Share of every cell in its unit's weight, shape (T, n)."""
        shares: np.ndarray = self.weight / self.by_unit
        return shares

    @cached_property
    def _inverse(self) -> np.ndarray:
        """Pseudo-inverse of the periods' equations once units are taken out, (T, T)."""
        equations = np.diag(self.weight.sum(axis=1)) - self.shares @ self.weight.T
        values, vectors = np.linalg.eigh(equations)
        kept = values > FLAT * values[-1]
        inverse: np.ndarray = (vectors[:, kept] / values[kept]) @ vectors[:, kept].T
        return inverse

    def periods(self, by_period: np.ndarray) -> np.ndarray:
        """Solve for the period effects, given what is left for them, shape (T, m)."""
        solved: np.ndarray = self._inverse @ by_period
        return solved

    def fitted(self, values: np.ndarray) -> np.ndarray:
        """Return unit plus period effects of a variable in every cell, shape (T, n)."""
        weighted = self.weight * values
        mean = weighted.sum(axis=0) / self.by_unit
        period = self.periods(weighted.sum(axis=1) - self.weight @ mean)
        fitted: np.ndarray = period[:, None] + (mean - period @ self.shares)
        return fitted

    @cached_property
    def reached(self) -> np.ndarray:
        """Whether unit and period are linked, so that their sum is known, shape (T, n)."""
        linked = (self.weight > 0).astype(float)
        period = connected_components(csr_array(linked @ linked.T), directed=False)[1]
        first = np.argmax(linked > 0, axis=0)
        of_unit = np.where(linked.any(axis=0), period[first], -1)
        of_period = np.where(linked.any(axis=1), period, -2)
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

    def expectation(self, period: int, units: slice, share: np.ndarray) -> np.ndarray:
        """Return how a mean of expected outcomes in one period leans on the fitted scores.

        Parameters
        ----------
        period : int
        units : slice
            Whose outcomes are expected.
        share : numpy.ndarray, shape (units,)
            Their weights, which sum to one.

        Returns
        -------
        numpy.ndarray, shape (T + k,)
            To be multiplied with `scores`.
        """
        wanted = -self.effects.shares[:, units] @ share
        wanted[period] += 1.0
        lean = self.inverse @ (self.tilted[:, period, units] @ share)
        return np.concatenate([self.effects.periods(wanted), lean])

    @cached_property
    def scores(self) -> np.ndarray:
        """Weighted residuals by period and by covariate, summed by unit, shape (T + k, n).

        A unit's own effect needs no row: its residuals sum to zero.
        """
        weighted = self.effects.weight * self.gap
        if not len(self.tilted):
            return np.asarray(weighted)
        return np.vstack([weighted, np.einsum("ktn,tn->kn", self.tilted, weighted)])


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
    tilted = np.array([x - effects.fitted(x) for x in covariates])
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
    return Carried(rest - effects.fitted(rest), effects, tilted, inverse)
