"""How terms are made of the cohorts' mean courses: what each rests on, and how surely.

Without covariates every staggered method is linear in the cohorts' means by period. The
weights of these means say which cohorts carry a term, and what a term's variance is made
of when all clusters err alike. Where covariates enter or rows are missing they are near
enough to count degrees of freedom with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from impact.did.adoption import Adoption
from impact.did.cells import Comparison
from impact.did.group_time import GroupTime
from impact.did.imputed import Imputed
from impact.did.stacks import Stack

__all__ = ["Cohorts", "group_time_courses", "imputed_courses", "lead_courses", "stacked_courses"]


@dataclass(frozen=True, eq=False)
class Cohorts:
    """The cohorts, the never treated last, with the sampling weight of their units.

    Parameters
    ----------
    start : numpy.ndarray, shape (C,)
    mass : numpy.ndarray, shape (C,)
    """

    start: np.ndarray
    mass: np.ndarray

    @classmethod
    def of(cls, data: Adoption) -> Cohorts:
        """Read them off a panel."""
        start, place = np.unique(data.start, return_inverse=True)
        return cls(start, np.bincount(place, data.unit_weight, len(start)))

    def shares(self, chosen: np.ndarray) -> np.ndarray:
        """Return the share of each chosen cohort in the weight of them all, shape (C,)."""
        weight = self.mass * chosen
        total = weight.sum()
        shares: np.ndarray = weight / total if total > 0 else weight
        return shares


def group_time_courses(
    data: Adoption, effects: GroupTime, how: Comparison, weights: np.ndarray
) -> np.ndarray:
    """Return the weight of every cohort's mean in every period, shape (m, C, T).

    Parameters
    ----------
    data : Adoption
    effects : GroupTime
        K cells.
    how : Comparison
    weights : numpy.ndarray, shape (m, K)
        Of the cells in the terms.
    """
    cohorts, times = Cohorts.of(data), data.times
    courses = np.zeros((len(weights), len(cohorts.start), len(times)))
    for at in np.flatnonzero(weights.any(axis=0)):
        cohort, period = effects.cohort[at], int(np.searchsorted(times, effects.time[at]))
        base = int(np.searchsorted(times, cohort - how.anticipation, side="left")) - 1
        if how.base_period == "varying" and times[period] < cohort - how.anticipation:
            base = period - 1
        if base == period:
            continue
        # The first so many units compare: the never treated, then the latest cohorts.
        latest = data.start[effects.controls[at] - 1]
        own = cohorts.start == cohort
        pull = own - cohorts.shares((cohorts.start >= latest) & ~own)
        moved = weights[:, at, None] * pull
        courses[:, :, period] += moved
        courses[:, :, base] -= moved
    return courses


def imputed_courses(found: Imputed) -> np.ndarray:
    """Return the weight of every cohort's mean in every period in imputed terms, (M, C, T)."""
    cohorts, design, held = _two_way(found)
    plan = found.plan
    own = np.searchsorted(cohorts.start, plan.cohort)
    cells = own * len(found.data.times) + plan.period
    weight = np.where(held, np.repeat(cohorts.mass, len(found.data.times)), 0.0)
    fitted = design[cells] @ _fit(design, weight)
    each = np.zeros((len(cells), len(design)))
    each[np.arange(len(cells)), cells] = 1.0
    courses = plan.contrasts @ (each - fitted)
    return np.asarray(courses.reshape(len(courses), len(cohorts.start), -1))


def lead_courses(found: Imputed, since: np.ndarray) -> np.ndarray:
    """Return the weight of every cohort's mean in every period in the leads, (E, C, T)."""
    cohorts, design, held = _two_way(found)
    times = found.data.times
    ahead = (times - cohorts.start[:, None]).ravel()[:, None] == since
    weight = np.where(held, np.repeat(cohorts.mass, len(times)), 0.0)
    courses = _fit(np.column_stack([ahead, design]), weight)[: len(since)]
    return courses.reshape(len(since), len(cohorts.start), -1)


def stacked_courses(data: Adoption, stacks: Sequence[Stack], base: int) -> np.ndarray:
    """Return the weight of every cohort's mean in every period, by time from the start.

    Parameters
    ----------
    data : Adoption
    stacks : sequence of Stack
    base : int
        Place among the E times of the one that the others are compared with.

    Returns
    -------
    numpy.ndarray, shape (E, C, T)
    """
    cohorts = Cohorts.of(data)
    courses = np.zeros((len(stacks[0].periods), len(cohorts.start), len(data.times)))
    mass = np.array([data.unit_weight[stack.units].sum() for stack in stacks])
    for stack, share in zip(stacks, mass / mass.sum(), strict=True):
        own = cohorts.start == stack.cohort
        pull = own - cohorts.shares(np.isin(cohorts.start, data.start[stack.controls]) & ~own)
        for at, period in enumerate(stack.periods):
            courses[at, :, period] += share * pull
            courses[at, :, stack.periods[base]] -= share * pull
    return courses


def _two_way(found: Imputed) -> tuple[Cohorts, np.ndarray, np.ndarray]:
    """Return the cohorts, indicators of cohort and period, and which cells are untreated."""
    data, effects = found.data, found.carried.effects
    cohorts = Cohorts.of(data)
    count, periods = len(cohorts.start), len(data.times)
    held = np.zeros((count, periods), dtype=bool)
    for units in data.stretches(periods):
        at = int(np.searchsorted(cohorts.start, data.start[units.start]))
        held[at] |= effects.weight[:, units].any(axis=1)
    design = np.hstack(
        [np.kron(np.eye(count), np.ones((periods, 1))), np.tile(np.eye(periods), (count, 1))]
    )
    return cohorts, design, held.ravel()


def _fit(design: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return what turns the cells into weighted least squares' coefficients."""
    root = np.sqrt(weight)[:, None]
    turned: np.ndarray = np.linalg.pinv(design * root) * root.T
    return turned
