"""Effects of treated rows, each against its own imputed outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.labels import listed
from impact.did.plan import Plan, plan_of
from impact.errors import DesignError
from impact.inference.doubly_robust import Collinear
from impact.inference.two_way import Carried, carry
from impact.results import Sentence

__all__ = ["Imputed", "impute"]

UNLINKED = (
    "No effect is given for %(cells)s: no untreated row tells what that period would have been "
    "without the pilot."
)


@dataclass(frozen=True, eq=False)
class Imputed:
    """Effects by cohort and period from imputed outcomes, and the influence of every unit.

    Parameters
    ----------
    data : Adoption
    plan : Plan
        The K cells.
    carried : Carried
        The model of the untreated rows.
    share : numpy.ndarray, shape (T, n)
        Share of every treated row in the weight of its cell; 0 elsewhere.
    estimate : numpy.ndarray, shape (K,)
    notes : tuple of Sentence
    """

    data: Adoption
    plan: Plan
    carried: Carried
    share: np.ndarray
    estimate: np.ndarray
    notes: tuple[Sentence, ...]

    def around_cells(self) -> tuple[np.ndarray, np.ndarray]:
        """Return influences of every unit, (K, n), and their weights in the terms, (M, K).

        Effects are taken around the mean of their cohort and period, rows weighing by
        the square of their weight: conservative where effects differ between units.
        """
        cells = self._expected()
        for at, (units, period) in enumerate(self._places()):
            share = self.share[period, units]
            gap = self.carried.gap[period, units]
            square = share**2
            cells[at, units] += share * (gap - square @ gap / square.sum())
        return cells, self.plan.contrasts

    def around_terms(self) -> tuple[np.ndarray, np.ndarray]:
        """Return influences of every unit, (2 K, n), and their weights in the terms.

        Effects are taken around the term itself, as the second of two regressions does:
        the second half is what a row adds where its cell's mean is not the term.
        """
        contrasts, count = self.plan.contrasts, len(self.estimate)
        pieces = np.zeros((2 * count, self.share.shape[1]))
        pieces[:count] = self._expected()
        for at, (units, period) in enumerate(self._places()):
            share = self.share[period, units]
            pieces[at, units] += share * (self.carried.gap[period, units] - self.estimate[at])
            pieces[count + at, units] = share
        apart = contrasts * (self.estimate - (contrasts @ self.estimate)[:, None])
        return pieces, np.hstack([contrasts, apart])

    def _expected(self) -> np.ndarray:
        """Return what every unit adds through the imputed outcomes, shape (K, n)."""
        leans = [
            self.carried.expectation(period, units, self.share[period, units])
            for units, period in self._places()
        ]
        expected: np.ndarray = -np.array(leans) @ self.carried.scores
        return expected

    def _places(self) -> list[tuple[slice, int]]:
        """Return the units and the period of every cell."""
        cohorts = {float(g): self.data.members(g) for g in self.data.cohorts}
        return [
            (cohorts[float(g)], int(t))
            for g, t in zip(self.plan.cohort, self.plan.period, strict=True)
        ]


def impute(panel: Panel, data: Adoption, anticipation: int) -> Imputed:
    """Fit the untreated rows and take the treated ones off it.

    Parameters
    ----------
    panel : Panel
        Names the periods.
    data : Adoption
    anticipation : int
        Rows so many periods before the start count as treated.

    Raises
    ------
    DesignError
        No treated row can be imputed, or the covariates are collinear.
    """
    outcome, weight, covariates = data.grids()
    treated = data.times[:, None] >= data.start - anticipation
    try:
        carried = carry(outcome, np.where(treated, 0.0, weight), covariates)
    except Collinear as reason:
        raise DesignError(
            "the covariates cannot be told from the unit and period effects, or from each "
            "other, among untreated rows: leave out those that never change within a unit"
        ) from reason
    target = np.where(treated & carried.effects.reached, weight, 0.0)
    cells, lost, estimate = [], [], []
    share = np.zeros_like(target)
    for cohort in data.cohorts:
        units = data.members(cohort)
        for period in np.flatnonzero(treated[:, units.start]):
            total = target[period, units].sum()
            if total > 0:
                cells.append((float(cohort), int(period), float(total)))
                share[period, units] = target[period, units] / total
                estimate.append(float(share[period, units] @ carried.gap[period, units]))
            elif weight[period, units].any():
                lost.append((float(cohort), int(period)))
    mass = np.array([total for *_, total in cells])
    plan = plan_of(panel, data, [(g, t) for g, t, _ in cells], mass)
    if not (plan.since >= 0).any():
        raise DesignError(
            "no treated row can be imputed: no period after a start holds untreated rows that "
            "are linked to it; 'before_after' describes the change without a comparison"
        )
    notes: tuple[Sentence, ...] = ()
    if lost:
        names = plan_of(panel, data, lost, np.ones(len(lost))).names
        notes = (Sentence(UNLINKED, {"cells": listed(names)}),)
    return Imputed(data, plan, carried, share, np.array(estimate), notes)
