"""The joint tests and bands of group-time effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from impact.did.adoption import Adoption
from impact.did.aggregate import Term
from impact.did.carried_by import fewest_alike, too_few
from impact.did.cells import Comparison
from impact.did.courses import group_time_courses
from impact.did.group_time import GroupTime
from impact.did.influence import Basis
from impact.did.labels import times_since
from impact.did.pre_periods import MANY_ALIKE, Lead, large_sample, small_sample
from impact.did.result import Estimates
from impact.did.within_cohorts import few_clusters
from impact.inference.uniform import uniform_criticals
from impact.inference.wald import joint_test

__all__ = ["Cells", "drawn_bands", "leads_of", "pre_test"]


@dataclass(frozen=True, eq=False)
class Cells:
    """Group-time effects, K of them, and what their tests need.

    Parameters
    ----------
    data : Adoption
    effects : GroupTime
    how : Comparison
    basis : Basis
    compared : numpy.ndarray of int, shape (K,)
        Clusters that each cell compares with.
    """

    data: Adoption
    effects: GroupTime
    how: Comparison
    basis: Basis
    compared: np.ndarray


def pre_test(found: Cells, vcov: np.ndarray, lone: np.ndarray) -> tuple[dict[str, Any] | None, str]:
    """Test that all effects before the start are zero; or say why that cannot be done.

    Parameters
    ----------
    found : Cells
    vcov : numpy.ndarray, shape (K, K)
    lone : numpy.ndarray of bool, shape (K,)
        Cells whose variance cannot be told.

    Returns
    -------
    dict or None
        The published test of all cells by chi-squared, and the one of few leads that
        holds its size with few clusters (`impact.did.pre_periods`).
    str
        Empty, ``no_periods`` or ``few_clusters``.
    """
    effects = found.effects
    before = (effects.time < effects.cohort - found.how.anticipation) & (np.diag(vcov) > 0)
    if not before.any():
        return None, "no_periods"
    whole = before & ~lone
    test = joint_test(effects.estimate[whole], vcov[np.ix_(whole, whole)], np.inf)
    published = {
        "statistic": test.statistic,
        "dof": test.restrictions,
        "p_value": test.p_value,
    }
    small = _few_leads(found, before)
    untested = "" if np.isfinite(small["p_value_small_sample"]) else "few_clusters"
    if untested and test.restrictions < int(whole.sum()):
        return None, untested
    return {**published, **small}, untested


def _few_leads(found: Cells, before: np.ndarray) -> dict[str, Any]:
    """Test the leads that the clusters bear."""
    terms = leads_of(found, before)
    weights = np.array([term.cells for term in terms])
    short = too_few(found.data, found.effects.cohort, found.compared, weights)
    leads = [Lead(term.name, term.estimate, not no) for term, no in zip(terms, short, strict=True)]
    fewest = fewest_alike(found.data)
    if fewest >= MANY_ALIKE:
        return large_sample(leads, found.basis.vcov(terms), fewest)
    courses = group_time_courses(found.data, found.effects, found.how, weights)
    few = few_clusters(found.data, courses)
    return small_sample(leads, found.basis.influence(terms), few)


def leads_of(found: Cells, before: np.ndarray) -> list[Term]:
    """Average the cells before the start by lead, each cohort weighing as much as its units.

    Parameters
    ----------
    found : Cells
    before : numpy.ndarray of bool, shape (K,)
        The cells that count.

    Returns
    -------
    list of Term
        In order of time.
    """
    data, effects = found.data, found.effects
    since = effects.time - effects.cohort
    mass = np.array([data.unit_weight[data.members(g)].sum() for g in effects.cohort])
    cohorts = np.unique(effects.cohort)
    terms = []
    for lead in np.unique(since[before]):
        weight = mass * (before & (since == lead))
        total = weight.sum()
        estimate = float(weight @ effects.estimate / total)
        gap = (weight > 0) * (effects.estimate - estimate) / total
        shares = np.bincount(np.searchsorted(cohorts, effects.cohort), gap, len(cohorts))
        terms.append(Term(times_since(lead), "ATT(e)", estimate, weight / total, shares))
    return terms


def drawn_bands(
    terms: Sequence[Term], seen: Estimates, dof: dict[str, float], level: float, seed: int
) -> dict[str, Any] | None:
    """Return intervals that hold for all event times at once, with few clusters.

    Parameters
    ----------
    terms : sequence of Term
    seen : Estimates
        Which hold the terms' errors; those that are not tested have no band.
    dof : dict of str to float
        Degrees of freedom by term.
    level : float
    seed : int
    """
    place = {name: at for at, name in enumerate(seen.terms)}
    shown = [term for term in terms if np.isfinite(seen.p_value[place[term.name]])]
    if not shown or seen.vcov is None:
        return None
    at = [place[term.name] for term in shown]
    free = np.array([dof[term.name] for term in shown])
    wide = uniform_criticals(seen.vcov[np.ix_(at, at)], free, level=level, seed=seed)
    ends = wide * seen.std_error[at]
    return {
        "term": [term.name for term in shown],
        "conf_low": (seen.estimate[at] - ends).tolist(),
        "conf_high": (seen.estimate[at] + ends).tolist(),
        "critical": wide.tolist(),
    }
