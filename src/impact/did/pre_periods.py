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

import numpy as np

from impact.did.within_cohorts import FewClusters
from impact.inference.wald import few_clusters_test, hotelling_dof

__all__ = ["Lead", "joint_dof", "small_sample"]

MOST_LEADS = 5
FREE_A_LEAD = 3.0


@dataclass(frozen=True, slots=True)
class Lead:
    """A time before the start, its estimate, and whether clusters behind it are enough."""

    name: str
    estimate: float
    testable: bool = True


def small_sample(
    leads: Sequence[Lead], influence: np.ndarray, few: FewClusters
) -> dict[str, object]:
    """Test the leads nearest to the start together.

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
        ``leads`` that were tested, and the denominator's degrees of freedom.
    """
    left = few.left(influence)
    vcov = left @ left.T
    near = [at for at in range(len(leads))[::-1] if leads[at].testable and vcov[at, at] > 0]
    chosen: list[int] = []
    for at in near[:MOST_LEADS]:
        free = joint_dof(few, [*chosen, at])
        if chosen and not free >= FREE_A_LEAD * (len(chosen) + 1):
            break
        chosen.append(at)
    nothing = {"p_value_small_sample": float("nan"), "leads": [], "free": float("nan")}
    if not chosen:
        return nothing
    estimate = np.array([leads[at].estimate for at in chosen])
    dof = joint_dof(few, chosen)
    if len(chosen) == 1:
        dof = min(dof, float(few.dof(left)[chosen[0]]))
    test = few_clusters_test(estimate, vcov[np.ix_(chosen, chosen)], dof)
    if not np.isfinite(test.p_value):
        return nothing
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
