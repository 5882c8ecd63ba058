"""Errors and pre-tests of imputed effects: of many clusters, and of few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from impact.did.adoption import Adoption
from impact.did.carried_by import FEWER, clusters_among, fewest_alike, too_few
from impact.did.courses import imputed_courses, lead_courses
from impact.did.imputed import Imputed
from impact.did.labels import listed, times_since
from impact.did.leads import Leads
from impact.did.pre_periods import MANY_ALIKE, Lead, large_sample, small_sample
from impact.did.result import Estimates
from impact.did.terms import by_error
from impact.did.within_cohorts import few_clusters
from impact.inference.wald import joint_test
from impact.results import Sentence

__all__ = ["few_imputed", "imputed_pre_test"]


def few_imputed(
    found: Imputed,
    shown: Leads | None,
    named: tuple[Sequence[str], np.ndarray],
    order: Sequence[int],
    level: float,
) -> Estimates:
    """Read imputed effects, and leads where they are shown, by CR2 within cohorts.

    Effects are taken around each term, so that what cohorts of one or two clusters differ
    by counts as chance (`impact.did.within_cohorts`).

    Parameters
    ----------
    found : Imputed
    shown : Leads or None
    named : (sequence of str, numpy.ndarray)
        Terms and estimates, in the order that is shown.
    order : sequence of int
        Of the plan's terms and then the leads, as they are shown.
    level : float
    """
    data, plan = found.data, found.plan
    influence, weights = found.around_terms()
    by_cluster, courses = influence.by_cluster(weights), imputed_courses(found)
    short = too_few(data, plan.cohort, _compared(found), plan.contrasts)
    if shown is not None:
        by_cluster = np.vstack([by_cluster, _uncorrected(shown)])
        courses = np.concatenate([courses, lead_courses(found, shown.since)])
        short = np.concatenate([short, _short_leads(data, shown)])
    at = list(order)
    few = few_clusters(data, courses[at], level=level)
    vcov, dof = few.errors(by_cluster[at])
    terms, estimate = named
    count = data.n_clusters
    read = by_error(terms, estimate, vcov, ("cr2", dof, count), level, untested=short[at])
    return _noted(read, [term for term, no in zip(terms, short[at], strict=True) if no], dof)


def _noted(read: Estimates, untested: list[str], dof: np.ndarray) -> Estimates:
    said = (Sentence(FEWER, {"terms": listed(untested)}),) if untested else ()
    return replace(read, notes=(*read.notes, *said), details={"dof": dof.tolist()})


def imputed_pre_test(
    found: Imputed, before: Leads | None, vcov: np.ndarray
) -> dict[str, Any] | None:
    """Test the leads together.

    Parameters
    ----------
    found : Imputed
    before : Leads or None
    vcov : numpy.ndarray, shape (E, E)
        CR1.

    Returns
    -------
    dict or None
        The published F with the number of clusters less one, and the test of few leads
        that holds its size with few clusters (`impact.did.pre_periods`).
    """
    if before is None or not np.isfinite(vcov).all():
        return None
    data = found.data
    test = joint_test(before.estimate, vcov, data.n_clusters - 1)
    published = {
        "statistic": test.statistic,
        "dof": test.restrictions,
        "p_value": test.p_value,
    }
    short = _short_leads(data, before)
    leads = [
        Lead(times_since(e), float(value), not no)
        for e, value, no in zip(before.since, before.estimate, short, strict=True)
    ]
    fewest = fewest_alike(data)
    if fewest >= MANY_ALIKE:
        return {**published, **large_sample(leads, vcov, fewest)}
    few = few_clusters(data, lead_courses(found, before.since))
    return {**published, **small_sample(leads, _uncorrected(before), few)}


def _uncorrected(before: Leads) -> np.ndarray:
    """Return the influence of every cluster on the leads, without CR1's factor, (E, G)."""
    by_cluster: np.ndarray = before.influence.by_cluster() / np.sqrt(before.factor)
    return by_cluster


def _compared(found: Imputed) -> np.ndarray:
    """Count the clusters that say what each cell would have been, shape (K,)."""
    data, plan = found.data, found.plan
    held = found.carried.effects.weight > 0
    count = [len(np.unique(data.cluster[held[period]])) for period in range(len(data.times))]
    compared: np.ndarray = np.array(count)[plan.period]
    return compared


def _short_leads(data: Adoption, before: Leads) -> np.ndarray:
    """Tell which leads rest on fewer than three clusters on a side, shape (E,)."""
    cells = [
        (at, float(g))
        for at, e in enumerate(before.since)
        for g in data.cohorts
        if data.times[0] <= g + e <= data.times[-1]
    ]
    cohort = np.array([g for _, g in cells])
    controls = np.array([data.later_than(g + before.since[at]) for at, g in cells])
    weights = np.zeros((len(before.since), len(cells)))
    for at, (lead, g) in enumerate(cells):
        own = data.members(g)
        weights[lead, at] = data.unit_weight[own].sum()
    return too_few(data, cohort, clusters_among(data, cohort, controls), weights)
