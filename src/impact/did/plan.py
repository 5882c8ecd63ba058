"""Means of effects by cohort and period whose weights count as known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.labels import cell_name, times_since

__all__ = ["Plan", "plan_of"]


@dataclass(frozen=True, eq=False)
class Plan:
    """Effects by cohort and period, and the means of them that are read.

    Parameters
    ----------
    names : tuple of str, length K
        Of the cells.
    cohort, period : numpy.ndarray, shape (K,)
        First treated time, and code of the period.
    mass : numpy.ndarray, shape (K,)
        Weight of the rows of each cell; 0 where it cannot be told.
    since : numpy.ndarray, shape (K,)
        Time since the start.
    """

    names: tuple[str, ...]
    cohort: np.ndarray
    period: np.ndarray
    mass: np.ndarray
    since: np.ndarray

    @cached_property
    def kinds(self) -> list[tuple[str, str]]:
        """The terms and their estimands."""
        times = np.unique(self.since[self.mass > 0])
        shown = [name for name, mass in zip(self.names, self.mass, strict=True) if mass > 0]
        return [
            ("ATT", "ATT"),
            *((times_since(e), "ATT(e)") for e in times),
            *((name, "ATT(g,t)") for name in shown),
        ]

    @property
    def terms(self) -> tuple[str, ...]:
        """The terms, M of them."""
        return tuple(term for term, _ in self.kinds)

    @cached_property
    def contrasts(self) -> np.ndarray:
        """Weight of every cell in every term, shape (M, K)."""
        kept = [self.since >= 0]
        kept += [self.since == e for e in np.unique(self.since[self.mass > 0])]
        kept += [np.arange(len(self.mass)) == at for at in np.flatnonzero(self.mass)]
        weights = np.array([self.mass * some for some in kept])
        shares: np.ndarray = weights / weights.sum(axis=1, keepdims=True)
        return shares

    def about(self, data: Adoption) -> list[tuple[str, int]]:
        """Return the estimand of every term and the treated units behind it."""
        sizes = {g: int((data.start == g).sum()) for g in data.cohorts}
        return [
            (estimand, sum(sizes[g] for g in np.unique(self.cohort[weights > 0])))
            for (_, estimand), weights in zip(self.kinds, self.contrasts, strict=True)
        ]


def plan_of(
    panel: Panel, data: Adoption, cells: Sequence[tuple[float, int]], mass: np.ndarray
) -> Plan:
    """Plan the means of effects by cohort and period.

    Parameters
    ----------
    panel : Panel
        Names the periods.
    data : Adoption
    cells : sequence of (float, int), length K
        First treated time, and code of the period.
    mass : numpy.ndarray, shape (K,)
        Weight of the rows of each cell; 0 where its effect cannot be told.
    """
    cohort = np.array([g for g, _ in cells], dtype=float)
    period = np.array([t for _, t in cells], dtype=int)
    names = tuple(cell_name(panel, g, float(data.times[t])) for g, t in cells)
    return Plan(names, cohort, period, np.asarray(mass), data.times[period] - cohort)
