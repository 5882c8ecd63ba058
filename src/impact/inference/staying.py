"""A regression of those who stayed, weighted to stand for all who were there at the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from impact.inference.influences import covariance_of
from impact.inference.linear import LinearFit, fit
from impact.inference.logit import Separated, logit
from impact.inference.propensity import inverse

__all__ = ["CAP", "PER_COLUMN", "Reweighted", "Stayed", "reweighted", "reweighted_covariance"]

CAP = 10.0
"""No one who stayed stands for more than so many."""
PER_COLUMN = 5
"""Units lost, and units that stayed, that a column of the staying model takes."""
EFFECT = 1


@dataclass(frozen=True, eq=False)
class Stayed:
    """Everybody who was there at the start, n units, with what is known of all of them.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
        Not a number for those lost.
    treated : numpy.ndarray of bool, shape (n,)
    weight : numpy.ndarray, shape (n,)
        Positive.
    known : numpy.ndarray, shape (n, C)
        Characteristics at the start, none missing: they foretell who stays.
    controls : numpy.ndarray, shape (n, K)
        Further columns of the regression, beside a constant and the group.
    """

    y: np.ndarray
    treated: np.ndarray
    weight: np.ndarray
    known: np.ndarray
    controls: np.ndarray

    def part(self, keep: np.ndarray) -> Stayed:
        """Return some of them; ``keep`` of bool, shape (n,)."""
        parts = (self.y, self.treated, self.weight, self.known, self.controls)
        return Stayed(*(part[keep] for part in parts))


@dataclass(frozen=True, eq=False)
class Reweighted:
    """The group's coefficient with and without the weights of staying.

    Parameters
    ----------
    estimate, plain : float
    influence : numpy.ndarray, shape (n, 2)
        Of every unit on the two, in sum form; on the first with what estimating the weights
        adds or takes away.
    weights : numpy.ndarray, shape (n,)
        Stabilised: share kept of the group over the unit's own chance of staying; 0 for
        those lost.
    capped : int
        How many weights were lowered to `CAP`.
    """

    estimate: float
    plain: float
    influence: np.ndarray
    weights: np.ndarray
    capped: int


@dataclass(frozen=True, eq=False)
class _Chances:
    """The staying model: chances of all units, and how units move its coefficients."""

    stay: np.ndarray
    columns: np.ndarray
    moves: np.ndarray


def reweighted(all_units: Stayed) -> Reweighted:
    r"""Regress the outcome of those who stayed on the group, weighted by 1 / chance of staying.

    A weighted logit of being lost on the group and the characteristics at the start gives
    everybody's chance :math:`p_i` of staying (of 1 where a group, or one of two kinds of people,
    lost nobody); a unit that
    stayed weighs :math:`\pi_g / p_i`, with :math:`\pi_g` the share kept of its group.

    Parameters
    ----------
    all_units : Stayed

    Raises
    ------
    Separated
        The characteristics tell for certain that somebody is lost.

    Notes
    -----
    Estimand: what the same regression would give of everybody who was there at the start.
    Identified if, among people of one group with the same characteristics, those lost would
    have fared as those who stayed (missing at random). Robins, Rotnitzky and Zhao (1995),
    JASA 90 (429); Wooldridge (2007), Journal of Econometrics 141 (2): taking the estimated
    weights as known would overstate the error.
    """
    stayed = np.isfinite(all_units.y)
    chances = _chances(all_units, ~stayed)
    kept = _kept(all_units, stayed)
    raw = np.where(stayed, kept / chances.stay, 0.0)
    weights = np.minimum(raw, CAP)
    design = np.column_stack([np.ones(len(stayed)), all_units.treated, all_units.controls])
    found = _regressed(all_units, design, weights, stayed)
    bare = _regressed(all_units, design, stayed.astype(float), stayed)
    moved = raw <= CAP
    slope = found.scores * moved
    influence = found.scores + chances.moves @ (
        slope @ ((1 - chances.stay)[:, None] * chances.columns)
    )
    for group in (all_units.treated, ~all_units.treated):
        share = all_units.weight * group / all_units.weight[group].sum()
        influence = influence + share * (stayed / kept - 1) * slope[group].sum()
    both = np.column_stack([influence, bare.scores])
    return Reweighted(found.effect, bare.effect, both, weights, int((raw > CAP).sum()))


def _kept(all_units: Stayed, stayed: np.ndarray) -> np.ndarray:
    """Return the weighted share kept of every unit's group, shape (n,)."""
    kept = np.ones(len(stayed))
    for group in (all_units.treated, ~all_units.treated):
        kept[group] = np.average(stayed[group], weights=all_units.weight[group])
    return kept


def _chances(all_units: Stayed, lost: np.ndarray) -> _Chances:
    treated, weight = all_units.treated, all_units.weight
    inside = _at_risk(all_units, lost)
    both = [bool((inside & group).any()) for group in (treated, ~treated)]
    columns = [np.ones(len(lost)), *([treated.astype(float)] if all(both) else [])]
    wide = np.column_stack([*columns, all_units.known])
    n = len(lost)
    if not inside.any():
        return _Chances(np.ones(n), np.zeros((n, 0)), np.zeros((n, 0)))
    if lost[inside].all():
        raise Separated
    # Columns that say the same as those before them are left out.
    names = [str(at) for at in range(wide.shape[1])]
    told = fit(lost[inside].astype(float), wide[inside], weights=weight[inside], names=names)
    wide = np.where(inside[:, None], wide[:, [int(name) for name in told.names]], 0.0)
    here = np.ascontiguousarray(wide[inside].T)
    fitted = logit(here, lost[inside].astype(float), weight[inside])
    leave = np.where(inside, expit(wide @ fitted.coefficients), 0.0)
    score = wide * (weight * (lost - leave))[:, None]
    return _Chances(1 - leave, wide, score @ inverse(fitted.curvature))


def _at_risk(all_units: Stayed, lost: np.ndarray) -> np.ndarray:
    """Return who is like somebody who was lost, shape (n,) of bool.

    A group, or one of the two values of a characteristic, that lost nobody stays for certain:
    no logit has a coefficient for it.
    """
    yes_no = [column for column in all_units.known.T if len(np.unique(column)) == 2]
    kinds = [all_units.treated, *(column == column.min() for column in yes_no)]
    inside = np.ones(len(lost), dtype=bool)
    while True:
        before = inside.sum()
        for kind in kinds:
            for side in (kind, ~kind):
                if not (lost & inside & side).any():
                    inside = inside & ~side
        if inside.sum() == before:
            return inside


@dataclass(frozen=True, eq=False)
class _Found:
    effect: float
    scores: np.ndarray


def _regressed(
    all_units: Stayed, design: np.ndarray, weights: np.ndarray, stayed: np.ndarray
) -> _Found:
    """Return the group's coefficient, and the pull of every unit on it, the weights as known."""
    total = all_units.weight * weights
    names = ["constant", "group", *(f"x{at}" for at in range(design.shape[1] - 2))]
    fitted: LinearFit = fit(all_units.y[stayed], design[stayed], weights=total[stayed], names=names)
    at = fitted.position("group")
    scores = np.zeros(len(stayed))
    toward = fitted.design @ fitted.bread[:, at]
    scores[stayed] = toward * total[stayed] * fitted.residuals
    return _Found(float(fitted.beta[at]), scores)


def reweighted_covariance(
    all_units: Stayed, found: Reweighted, cluster: np.ndarray, *, few: bool
) -> np.ndarray:
    """Return the covariance of the weighted and the plain estimate, shape (2, 2).

    Parameters
    ----------
    all_units : Stayed
    found : Reweighted
    cluster : numpy.ndarray of int, shape (n,)
    few : bool
        Whether clusters are few: then each is left out in turn and everything, the chances
        of staying too, is estimated again.

    Raises
    ------
    Separated
        Without one of the clusters somebody is lost for certain.
    """

    def again(keep: np.ndarray) -> np.ndarray:
        one = reweighted(all_units.part(keep))
        return np.array([one.estimate, one.plain])

    return covariance_of(found.influence, again, cluster, few=few)
