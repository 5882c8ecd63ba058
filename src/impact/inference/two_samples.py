"""Two groups, two periods, rows that need not be linked: repeated cross-sections."""

from __future__ import annotations

import numpy as np

from impact.inference.propensity import Collinear, Groups, Propensity, inverted

__all__ = ["two_samples"]


def two_samples(
    outcome: np.ndarray,
    later: np.ndarray,
    groups: Groups,
    scores: Propensity | None,
    regress: bool,
) -> tuple[float, np.ndarray]:
    """Estimate the effect on the treated from rows of two periods, linked or not.

    Parameters
    ----------
    outcome : numpy.ndarray, shape (n,)
    later : numpy.ndarray of bool, shape (n,)
        Whether the row is of the period that is looked at, not of its base.
    groups : Groups
        Of the n rows, with the covariates of the row's own period.
    scores, regress
        As in `differences`; the scores are fitted on all rows.

    Returns
    -------
    estimate : float
    influence : numpy.ndarray, shape (n,)
        In sum form, one value a row; rows of one unit are to be added.

    Raises
    ------
    Collinear
        The covariates are collinear in one of the groups of rows that are regressed.

    Notes
    -----
    Estimand: the average effect on the treated, where the make-up of the groups does not
    change over time. With both parts it is the locally efficient doubly robust estimator
    of Sant'Anna and Zhao (2020, eq. 3.4), with the regression or the scores alone the
    counterparts of `differences`.
    """
    estimate, influence = 0.0, np.zeros(len(outcome))
    for now, sign in ((later, 1.0), (~later, -1.0)):
        reached = _treated_level(outcome, now, groups, scores is not None and regress)
        expected = _expected_level(outcome, now, groups, scores, regress)
        estimate += sign * (reached[0] - expected[0])
        influence += sign * (reached[1] - expected[1])
    return estimate, influence


def _treated_level(
    outcome: np.ndarray, now: np.ndarray, groups: Groups, modelled: bool
) -> tuple[float, np.ndarray]:
    """Return the treated group's mean in a period, over all its rows if it is modelled."""
    here = groups.weight * groups.treated * now
    if not modelled:
        here /= here.sum()
        level = float(here @ outcome)
        return level, here * (outcome - level)
    own = groups.weight * groups.treated
    own /= own.sum()
    lever = inverted(groups.design, here)
    fitted = (lever @ ((groups.design * here) @ outcome)) @ groups.design
    level = float(own @ fitted)
    bend = (lever @ (groups.design @ own)) @ groups.design
    return level, own * (fitted - level) + here * (outcome - fitted) * bend


def _expected_level(
    outcome: np.ndarray, now: np.ndarray, groups: Groups, scores: Propensity | None, regress: bool
) -> tuple[float, np.ndarray]:
    """Return what the comparison says the treated group's mean would have been."""
    design = groups.design
    level, influence = 0.0, np.zeros(len(outcome))
    fitted, target = np.zeros(len(outcome)), np.zeros(len(design))
    free = groups.weight * ~groups.treated * now
    if regress:
        own = groups.weight * groups.treated
        own /= own.sum()
        lever = inverted(design, free)
        fitted = (lever @ ((design * free) @ outcome)) @ design
        level = float(own @ fitted)
        influence += own * (fitted - level)
        target = design @ own
    if scores is not None:
        other = scores.odds() * now
        if not other.sum() > 0:
            raise Collinear
        other /= other.sum()
        rest = float(other @ (outcome - fitted))
        off = other * (outcome - fitted - rest)
        influence += off + (design @ off) @ scores.slope()
        level, target = level + rest, target - design @ other
    if regress:
        influence += free * (outcome - fitted) * ((lever @ target) @ design)
    return level, influence
