"""Whether those treated moved with the others before the start: a test that holds its size.

The joint tests of the literature count every group-time effect before the start, with as
many degrees of freedom as there are clusters. A covariance of cohorts of three towns each
knows far less. Here few leads are tested, each averaged over cohorts: the nearest ones, as
many as the clusters behind them bear, by the approximate Hotelling test with the degrees of
freedom of their stratified covariance (`impact.did.within_cohorts`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from impact.did.within_cohorts import FewClusters
from impact.inference.wald import few_clusters_test, hotelling_dof

__all__ = ["MANY_ALIKE", "Lead", "joint_dof", "large_sample", "small_sample"]

MOST_LEADS = 5
FREE_A_LEAD = 3.0
MANY_ALIKE = 50
NOTHING = {"p_value_small_sample": float("nan"), "leads": [], "free": float("nan")}


@dataclass(frozen=True, slots=True)
class Lead:
    """A time before the start, its estimate, and whether clusters behind it are enough."""

    name: str
    estimate: float
    testable: bool = True


def small_sample(leads: Sequence[Lead], influence: np.ndarray, few: FewClusters) -> dict[str, Any]:
    """Test the leads nearest to the start together, with few clusters.

    Parameters
    ----------
    leads : sequence of Lead
        In order of time.
    influence : numpy.ndarray, shape (E, G)
        Of every cluster on every lead.
    few : FewClusters
        Of the leads' courses.

    Returns
    -------
    dict
        ``p_value_small_sample`` (not a number where nothing can be tested), the
        ``leads`` that were tested, and the denominator's degrees of freedom, ``free``.
    """
    left = few.left(influence)
    vcov = left @ left.T
    chosen: list[int] = []
    for at in _near(leads, vcov):
        free = joint_dof(few, [*chosen, at])
        if chosen and not free >= FREE_A_LEAD * (len(chosen) + 1):
            break
        chosen.append(at)
    if not chosen:
        return dict(NOTHING)
    dof = joint_dof(few, chosen)
    if len(chosen) == 1:
        dof = min(dof, float(few.dof(left)[chosen[0]]))
    return _tested(leads, vcov, chosen, dof)


def large_sample(leads: Sequence[Lead], vcov: np.ndarray, fewest: float) -> dict[str, Any]:
    """Test the leads nearest to the start together, with many clusters in every cohort.

    Parameters
    ----------
    leads : sequence of Lead
        In order of time.
    vcov : numpy.ndarray, shape (E, E)
    fewest : float
        Clusters of the smallest cohort.

    Returns
    -------
    dict
        As `small_sample`.
    """
    chosen = _near(leads, vcov)
    return _tested(leads, vcov, chosen, fewest - 1) if chosen else dict(NOTHING)


def _near(leads: Sequence[Lead], vcov: np.ndarray) -> list[int]:
    """Return the places of the nearest leads that can be tested, the nearest first."""
    near = [at for at in range(len(leads))[::-1] if leads[at].testable and vcov[at, at] > 0]
    return near[:MOST_LEADS]


def _tested(
    leads: Sequence[Lead], vcov: np.ndarray, chosen: list[int], dof: float
) -> dict[str, Any]:
    estimate = np.array([leads[at].estimate for at in chosen])
    test = few_clusters_test(estimate, vcov[np.ix_(chosen, chosen)], dof)
    if not np.isfinite(test.p_value):
        return dict(NOTHING)
    names = [leads[at].name for at in sorted(chosen)]
    return {"p_value_small_sample": test.p_value, "leads": names, "free": test.dof}


def joint_dof(few: FewClusters, terms: Sequence[int]) -> float:
    """Return the degrees of freedom of several terms' covariance, the fewest of two models."""
    courses = few.courses[list(terms)]
    each = np.einsum("kct,lct->ckl", courses, courses)
    found = []
    for holds, free, model in zip(few.holds, few.free, few.model, strict=True):
        parts = np.einsum("sc,ckl->skl", holds, each)
        # A stratum's variances of several terms are as sure as their mean.
        own, total = free[:, list(terms)], model[:, list(terms)]
        share = total / np.maximum(total.sum(axis=0), np.finfo(float).tiny)
        weight = share.sum(axis=1)
        squares = (share * own).sum(axis=1)
        sure = np.divide(squares, weight, out=np.zeros(len(weight)), where=weight > 0)
        found.append(hotelling_dof(parts, sure))
    return float(min(found))
