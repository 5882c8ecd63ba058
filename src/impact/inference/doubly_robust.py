"""Two groups, two periods: an effect on the treated and its influence function.

The kernels under group-time effects. An influence function comes in *sum form*: the
variance of the estimate is the sum of its squares over independent units (or over sums
within clusters), with no factor left to apply.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.inference.logit import logit

__all__ = [
    "Changes",
    "Collinear",
    "Groups",
    "Propensity",
    "differences",
    "inverted",
    "propensity",
]

TRIM = 0.995
RANK = 1e-11


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
    """Odds of treatment for the comparison units, and what estimating them costs.

    Parameters
    ----------
    odds : numpy.ndarray, shape (n,)
        Weight times fitted odds for comparison units; 0 for treated and trimmed ones.
    slope : numpy.ndarray, shape (k, n)
        Influence of each unit on the logit's coefficients, in sum form.
    trimmed : int
        Comparison units left out because their fitted probability is 0.995 or more.
    """

    odds: np.ndarray
    slope: np.ndarray
    trimmed: int


def propensity(groups: Groups) -> Propensity:
    """Fit the odds of being treated given the covariates.

    Raises
    ------
    Collinear
        The covariates are collinear among treated and comparison units together.
    Separated
        Somebody is treated for certain.
    """
    design, weight = groups.design, groups.weight
    inverted(design, weight)
    response = groups.treated.astype(float)
    fitted = logit(design, response, weight)
    slope = inverted(design, weight * fitted * (1 - fitted)) @ (
        design * (weight * (response - fitted))
    )
    kept = ~groups.treated & (fitted < TRIM)
    if not kept.any():
        raise Collinear
    odds = np.where(kept, weight * fitted / (1 - fitted), 0.0)
    return Propensity(odds, slope, int((~groups.treated).sum() - kept.sum()))


def inverted(design: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the inverse of the weighted cross product of the design, shape (k, k).

    Raises
    ------
    Collinear
        It has none, to the precision of the machine.
    """
    product = (design * weight) @ design.T
    scale = np.sqrt(np.diag(product))
    if not (scale > 0).all():
        raise Collinear
    values, vectors = np.linalg.eigh(product / np.outer(scale, scale))
    if values[0] <= RANK * values[-1]:
        raise Collinear
    inverse: np.ndarray = (vectors / values) @ vectors.T / np.outer(scale, scale)
    return inverse


@dataclass(frozen=True, slots=True)
class Changes:
    """Effects from changes over several pairs of periods, and their influence function.

    The influence of unit i on effect j is ``pull[i] * change[j, i] + gains[j] @
    faces[:, i]``, so that it can be written down a stretch of units at a time.

    Parameters
    ----------
    estimates : numpy.ndarray, shape (m,)
    pull : numpy.ndarray, shape (n,)
    gains : numpy.ndarray, shape (m, q)
    faces : numpy.ndarray, shape (q, n)
    """

    estimates: np.ndarray
    pull: np.ndarray
    gains: np.ndarray
    faces: np.ndarray

    def influence(
        self, outcome: np.ndarray, pairs: tuple[np.ndarray, np.ndarray], units: slice
    ) -> np.ndarray:
        """Return the influence of some units in sum form, shape (m, units)."""
        stretch = outcome[:, units]
        change: np.ndarray = stretch[pairs[0]]
        change -= stretch[pairs[1]]
        change *= self.pull[units]
        change += self.gains @ self.faces[:, units]
        return change


def differences(
    outcome: np.ndarray,
    pairs: tuple[np.ndarray, np.ndarray],
    groups: Groups,
    scores: Propensity | None,
    regress: bool,
) -> Changes:
    """Estimate effects on the treated from changes over several pairs of periods.

    All pairs share units, covariates and weights, so one regression and one propensity
    score serve all of them.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (T, n)
        Outcomes by period and unit, none missing.
    pairs : tuple of two numpy.ndarray of int, each shape (m,)
        For each change the period that is looked at, and its base period.
    groups : Groups
        Of the n units.
    scores : Propensity or None
        Reweights the comparison units; None leaves the weighting out.
    regress : bool
        Whether the comparison's change is regressed on the covariates.

    Returns
    -------
    Changes

    Raises
    ------
    Collinear
        The covariates are collinear among the comparison units.

    Notes
    -----
    Estimand: the average effect on the treated. Identified when the untreated change
    has the same mean in both groups given the covariates, with overlap. With both parts
    it is the doubly robust estimator of Sant'Anna and Zhao (2020, eq. 3.1); with the
    regression alone that of Heckman, Ichimura and Todd (1997); with the scores alone
    that of Abadie (2005), its weights summing to one.
    """
    design, k = groups.design, len(groups.design)
    own = groups.weight * groups.treated
    own /= own.sum()
    other = np.zeros_like(own) if scores is None else scores.odds / scores.odds.sum()
    free = groups.weight * ~groups.treated
    moments = np.vstack([own, other, design * other, design * free]) @ outcome.T
    moments = moments[:, pairs[0]] - moments[:, pairs[1]]
    centre = np.vstack([own, other]) @ design.T
    pull, fit = own - other, np.zeros((k, len(pairs[0])))
    if regress:
        lever = inverted(design, free)
        fit = lever @ moments[2 + k :]
        pull -= free * ((lever @ (centre[0] - centre[1])) @ design)
    level = moments[:2] - centre @ fit
    faces, gains = [own, other, design * pull], [-level[:1], level[1:], -fit]
    if scores is not None:
        bent = (design * other) @ design.T @ fit + np.outer(centre[1], level[1])
        faces.append(scores.slope)
        gains.append(bent - moments[2 : 2 + k])
    return Changes(level[0] - level[1], pull, np.vstack(gains).T, np.vstack(faces))
