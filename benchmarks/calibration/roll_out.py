"""Staggered effects of balanced pilots, all draws at once.

Without covariates the estimate, and every cluster's influence on it, is a fixed sum of
the clusters' means by period. The sums are read off the package once, one cluster and
period at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from impact.data.panel import Panel
from impact.did.aggregate import Window, aggregate
from impact.did.cells import Comparison
from impact.did.courses import group_time_courses
from impact.did.group_time import group_time_effects
from impact.did.influence import influence_basis
from impact.did.read_adoption import read_adoption
from impact.did.within_cohorts import FewClusters, few_clusters

__all__ = ["RollOut", "permuted_dates", "read_off"]

HOW = Comparison("not_yet_treated", "doubly_robust", 0, "varying")


@dataclass(frozen=True, eq=False)
class RollOut:
    """How the overall effect and its influences are made of clusters' means.

    Parameters
    ----------
    estimate : numpy.ndarray, shape (G, T)
    influence : numpy.ndarray, shape (G, T, G)
    few : FewClusters
    """

    estimate: np.ndarray
    influence: np.ndarray
    few: FewClusters

    def effects(self, means: np.ndarray) -> np.ndarray:
        """Return the overall effects of means (R, G, T), shape (R,)."""
        return np.einsum("rgt,gt->r", means, self.estimate)

    def p_values(self, means: np.ndarray, truth: float, kind: str) -> np.ndarray:
        """Test that the overall effect is ``truth``: by ``analytic`` errors, or ``cr2``."""
        groups = self.influence.shape[-1]
        influence = means.reshape(len(means), -1) @ self.influence.reshape(-1, groups)
        apart = self.effects(means) - truth
        if kind == "analytic":
            error, dof = np.sqrt((influence**2).sum(axis=1)), groups - 1.0
        else:
            left = self.few.left(influence)
            error, dof = np.sqrt((left**2).sum(axis=1)), self.few.dof(left)
        return 2 * special.stdtr(dof, -np.abs(apart / error))


def read_off(panel: Panel) -> RollOut:
    """Read the sums off the package, from one of the pilots."""
    data = read_adoption(panel, "outcome", (), cluster="place")
    groups, periods = data.n_clusters, len(data.times)
    estimate = np.zeros((groups, periods))
    influence = np.zeros((groups, periods, groups))
    for cluster in range(groups):
        for period in range(periods):
            outcome = np.zeros_like(data.outcome)
            outcome[period, data.cluster == cluster] = 1.0
            unit = replace(data, outcome=outcome)
            effects = group_time_effects(unit, HOW)
            terms = aggregate(effects, unit, Window(), str)["overall"]
            term = next(term for term in terms if term.name == "group")
            estimate[cluster, period] = term.estimate
            influence[cluster, period] = influence_basis(effects, unit).influence([term])[0]
    courses = group_time_courses(data, effects, HOW, term.cells[None])
    return RollOut(estimate, influence, few_clusters(data, courses))


def permuted_dates(
    found: RollOut, means: np.ndarray, *, replications: int, seed: int
) -> np.ndarray:
    """Return p-values of giving the starts to other clusters; sizes are not allowed for."""
    rng = np.random.default_rng(seed)
    groups = len(found.estimate)
    orders = [np.arange(groups), *(rng.permutation(groups) for _ in range(replications))]
    weights = np.stack([found.estimate[order].ravel() for order in orders])
    far = np.abs(means.reshape(len(means), -1) @ weights.T)
    return (far >= far[:, :1] * (1 - 1e-10)).mean(axis=1)
