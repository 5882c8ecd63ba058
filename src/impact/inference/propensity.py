"""Who is compared with whom, and the odds of treatment that make them alike."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from impact.inference.logit import logit
from impact.inference.stretches import stretches

__all__ = ["Collinear", "Groups", "Propensity", "inverse", "inverted", "propensity"]

TRIM = 0.995
RANK = 1e-11
ALL = slice(None)


class Collinear(ArithmeticError):
    """The covariates do not vary freely among the units that a regression needs."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Who is compared with whom.

    Parameters
    ----------
    treated : numpy.ndarray of bool, shape (n,)
        Whether the unit (or row) belongs to the treated group.
    weight : numpy.ndarray, shape (n,)
        Positive sampling weights.
    design : numpy.ndarray, shape (k, n)
        Covariates, the first a constant.
    """

    treated: np.ndarray
    weight: np.ndarray
    design: np.ndarray


@dataclass(frozen=True, slots=True)
class Propensity:
    """A logit of being treated, what it says of every unit, and what estimating it costs.

    Parameters
    ----------
    groups : Groups
        The n units.
    coefficients : numpy.ndarray, shape (k,)
    lever : numpy.ndarray, shape (k, k)
        Inverse of the logit's curvature.
    trimmed : int
        Comparison units left out because their fitted probability is 0.995 or more.
    """

    groups: Groups
    coefficients: np.ndarray
    lever: np.ndarray
    trimmed: int

    def odds(self, units: slice = ALL) -> np.ndarray:
        """Return weight times fitted odds; 0 for treated and trimmed units."""
        fitted = expit(self.coefficients @ self.groups.design[:, units])
        kept = ~self.groups.treated[units] & (fitted < TRIM)
        return np.where(kept, self.groups.weight[units] * fitted / (1 - fitted), 0.0)

    def slope(self, units: slice = ALL) -> np.ndarray:
        """Return influences on the logit's coefficients in sum form, shape (k, units)."""
        design = self.groups.design[:, units]
        left = self.groups.treated[units] - expit(self.coefficients @ design)
        slope: np.ndarray = self.lever @ design
        slope *= self.groups.weight[units] * left
        return slope


def propensity(groups: Groups) -> Propensity:
    """Fit the odds of being treated given the covariates.

    Raises
    ------
    Collinear
        The covariates are collinear among treated and comparison units together.
    Separated
        Somebody is treated for certain.
    """
    design, treated = groups.design, groups.treated
    inverted(design, groups.weight)
    fitted = logit(design, treated, groups.weight)
    trimmed = 0
    if fitted.highest >= TRIM:
        sure = expit(fitted.coefficients @ design) >= TRIM
        trimmed = int((sure & ~treated).sum())
        if (sure | treated).all():
            raise Collinear
    return Propensity(groups, fitted.coefficients, inverse(fitted.curvature), trimmed)


def inverted(design: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the inverse of the weighted cross product of the design, shape (k, k).

    Raises
    ------
    Collinear
        It has none, to the precision of the machine.
    """
    product = np.zeros((len(design), len(design)))
    for units in stretches(0, len(weight), rows=2 * len(design)):
        product += (design[:, units] * weight[units]) @ design[:, units].T
    return inverse(product)


def inverse(product: np.ndarray) -> np.ndarray:
    """Return the inverse of a cross product, shape (k, k).

    Raises
    ------
    Collinear
        It has none, to the precision of the machine.
    """
    scale = np.sqrt(np.diag(product))
    if not (scale > 0).all():
        raise Collinear
    values, vectors = np.linalg.eigh(product / np.outer(scale, scale))
    if values[0] <= RANK * values[-1]:
        raise Collinear
    found: np.ndarray = (vectors / values) @ vectors.T / np.outer(scale, scale)
    return found
