"""Two groups, two periods: an effect on the treated and its influence function.

The kernels under group-time effects. An influence function comes in *sum form*: the
variance of the estimate is the sum of its squares over independent units (or over sums
within clusters), with no factor left to apply.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from impact.inference.propensity import Groups, Propensity, inverse
from impact.inference.stretches import stretches

__all__ = ["Changes", "Courses", "differences"]


@dataclass(frozen=True, slots=True)
class Courses:
    """Outcomes over time, and the changes in them that are looked at.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (T, N)
        Outcomes by period and unit, none missing.
    parts : list of slice
        Where the n units that are compared stand among the N.
    pairs : tuple of two numpy.ndarray of int, each shape (m,)
        For each change the period that is looked at, and its base period.
    """

    outcome: np.ndarray
    parts: list[slice]
    pairs: tuple[np.ndarray, np.ndarray]

    def stretches(self) -> Iterator[tuple[slice, slice]]:
        """Yield where some units stand among the N, and where among the n."""
        before = 0
        for part in self.parts:
            shift = before - part.start
            for stand in stretches(part.start, part.stop, rows=2 * len(self.outcome)):
                yield stand, slice(stand.start + shift, stand.stop + shift)
            before += part.stop - part.start


class Weighed(NamedTuple):
    """Some units' covariates and weights: of the own group, of the other, of all that compare.

    The first two sum to one over all units once their totals are known.
    """

    design: np.ndarray
    own: np.ndarray
    other: np.ndarray
    free: np.ndarray


@dataclass(frozen=True, slots=True)
class Sides:
    """The two groups' weights, told of as many units as are asked for.

    Parameters
    ----------
    groups : Groups
    scores : Propensity or None
    totals : (float, float)
        Of the own group's weights and of the odds; ones leave them as they are.
    """

    groups: Groups
    scores: Propensity | None
    totals: tuple[float, float] = (1.0, 1.0)

    def at(self, units: slice) -> Weighed:
        """Return what some units weigh."""
        weight, treated = self.groups.weight[units], self.groups.treated[units]
        other = np.zeros_like(weight) if self.scores is None else self.scores.odds(units)
        design = self.groups.design[:, units]
        own = weight * treated / self.totals[0]
        return Weighed(design, own, other / self.totals[1], weight * ~treated)


@dataclass(frozen=True, slots=True)
class Changes:
    """Effects from changes over several pairs of periods, and their influence function.

    The influence is written down a stretch of units at a time: of unit i on effect j it is
    ``pull[i] * change[j, i] + gains[j] @ faces[:, i]``, where the pull is what the unit
    weighs, less ``lean @ design[:, i]`` times its weight if it compares, and its faces are
    its weight in the own group, the design times the pull, and with scores its weight in
    the other group and its slope.

    Parameters
    ----------
    estimates : numpy.ndarray, shape (m,)
    sides : Sides
    lean : numpy.ndarray, shape (k,)
    gains : numpy.ndarray, shape (m, q)
    """

    estimates: np.ndarray
    sides: Sides
    lean: np.ndarray
    gains: np.ndarray

    def influence(self, courses: Courses, stand: slice, units: slice) -> np.ndarray:
        """Return the influence of some units in sum form, shape (m, units).

        Parameters
        ----------
        courses : Courses
        stand, units : slice
            Where they stand among the N, and among the n.
        """
        weighed, scores = self.sides.at(units), self.sides.scores
        pull = weighed.own - weighed.other - weighed.free * (self.lean @ weighed.design)
        faces = [weighed.own, weighed.design * pull]
        if scores is not None:
            faces += [weighed.other, scores.slope(units)]
        later, base = courses.pairs
        stretch = courses.outcome[:, stand]
        change: np.ndarray = stretch[later]
        change -= stretch[base]
        change *= pull
        change += self.gains @ np.vstack(faces)
        return change


def differences(
    courses: Courses, groups: Groups, scores: Propensity | None, regress: bool
) -> Changes:
    """Estimate effects on the treated from changes over several pairs of periods.

    All pairs share units, covariates and weights, so one regression and one propensity
    score serve all of them.

    Parameters
    ----------
    courses : Courses
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
    k, sides = len(groups.design), Sides(groups, scores)
    changes, products = _moments(courses, sides)
    # The design's first row is a constant.
    own, other = float(products[0, 0]), float(products[1, 0]) if scores is not None else 1.0
    share = np.repeat([own, other, 1.0], [1, 1 + k, k])[:, None]
    changes, products = changes / share, products / share
    centre, bent = products[:2], products[2 : 2 + k]
    lean, fit = np.zeros(k), np.zeros((k, changes.shape[1]))
    if regress:
        lever = inverse(products[2 + k :])
        lean, fit = lever @ (centre[0] - centre[1]), lever @ changes[2 + k :]
    level = changes[:2] - centre @ fit
    gains = [-level[:1], -fit]
    if scores is not None:
        turned = bent @ fit + np.outer(centre[1], level[1])
        gains += [level[1:], turned - changes[2 : 2 + k]]
    sides = Sides(groups, scores, (own, other))
    return Changes(level[0] - level[1], sides, lean, np.vstack(gains).T)


def _moments(courses: Courses, sides: Sides) -> tuple[np.ndarray, np.ndarray]:
    """Return weighted sums of the changes, (2 + 2 k, m), and of the design, (2 + 2 k, k).

    By the weights of the own group and of the other, then by the other's and by those of
    all that compare, times the design.
    """
    k = len(sides.groups.design)
    moments = np.zeros((2 + 2 * k, len(courses.outcome)))
    products = np.zeros((2 + 2 * k, k))
    for stand, units in courses.stretches():
        x, own, other, free = sides.at(units)
        weights = np.vstack([own, other, x * other, x * free])
        moments += weights @ courses.outcome[:, stand].T
        products += weights @ x.T
    later, base = courses.pairs
    return moments[:, later] - moments[:, base], products
