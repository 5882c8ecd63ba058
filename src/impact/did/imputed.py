"""Effects of treated rows, each against its own imputed outcome."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.influence import Influence
from impact.did.labels import listed
from impact.did.plan import Plan, plan_of
from impact.errors import DesignError
from impact.inference.propensity import Collinear
from impact.inference.two_way import Carried, carry
from impact.locale import N_
from impact.results import Sentence

__all__ = ["Imputed", "impute"]

UNLINKED = N_(
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

    def around_cells(self) -> tuple[Influence, np.ndarray]:
        """Return the influence of every unit on the cells, and their weights in the terms, (M, K).

        Effects are taken around the mean of their cohort and period, rows weighing by
        the square of their weight: conservative where effects differ between units.
        """
        squares, middle = np.zeros(len(self.estimate)), np.zeros(len(self.estimate))
        for units in self.data.stretches(len(self.share)):
            own, share, gap = self._own(units)
            squares[own] += (share**2).sum(axis=1)
            middle[own] += (share**2 * gap).sum(axis=1)
        middle /= squares

        def of(units: slice) -> tuple[np.ndarray, np.ndarray]:
            own, share, gap = self._own(units)
            cells = self._expected(units)
            cells[own] += share * (gap - middle[own, None])
            return np.arange(len(cells)), cells

        return Influence(self.data, len(middle), of), self.plan.contrasts

    def around_terms(self) -> tuple[Influence, np.ndarray]:
        """Return the influence of every unit on 2 K pieces, and their weights in the terms.

        Effects are taken around the term itself, as the second of two regressions does:
        the second half is what a row adds where its cell's mean is not the term.
        """
        contrasts, count = self.plan.contrasts, len(self.estimate)
        apart = contrasts * (self.estimate - (contrasts @ self.estimate)[:, None])

        def of(units: slice) -> tuple[np.ndarray, np.ndarray]:
            own, share, gap = self._own(units)
            cells = self._expected(units)
            cells[own] += share * (gap - self.estimate[own, None])
            return np.concatenate([np.arange(count), count + own]), np.vstack([cells, share])

        return Influence(self.data, 2 * count, of), np.hstack([contrasts, apart])

    def _own(self, units: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the cells of some units of one cohort, their shares in them, and effects."""
        own = np.flatnonzero(self.plan.cohort == self.data.start[units.start])
        periods = self.plan.period[own]
        return own, self.share[periods, units], self.carried.gap[periods, units]

    def _expected(self, units: slice) -> np.ndarray:
        """Return what some units add through the imputed outcomes, shape (K, units)."""
        expected: np.ndarray = -self._leans @ self.carried.scores(units)
        return expected

    @cached_property
    def _leans(self) -> np.ndarray:
        """How the cells' imputed outcomes lean on the fitted scores, shape (K, T + k)."""
        tilted, count = self.carried.tilted, len(self.estimate)
        held, tilt = np.zeros((len(self.share), count)), np.zeros((len(tilted), count))
        for units in self.data.stretches(2 * len(self.share)):
            own, share, _ = self._own(units)
            held[:, own] += self.carried.effects.shares(units) @ share.T
            periods = self.plan.period[own]
            tilt[:, own] += (tilted[:, periods, units] * share).sum(axis=2)
        return self.carried.expectations(self.plan.period, held, tilt)


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
    share = np.where(treated & carried.effects.reached, weight, 0.0)
    cells, lost, estimate = [], [], []
    for cohort in data.cohorts:
        units = data.members(cohort)
        for period in np.flatnonzero(treated[:, units.start]):
            total = share[period, units].sum()
            if total > 0:
                cells.append((float(cohort), int(period), float(total)))
                share[period, units] /= total
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
