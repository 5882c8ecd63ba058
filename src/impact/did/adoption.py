"""A staggered panel as arrays, its units in the order in which they were reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.inference.stretches import stretches
from impact.results import Sentence

__all__ = ["Adoption", "Rows"]


@dataclass(frozen=True, eq=False)
class Rows:
    """The data of N rows: unit, period, outcome, weight, and covariates, shape (N, C)."""

    unit: np.ndarray
    period: np.ndarray
    outcome: np.ndarray
    weight: np.ndarray
    covariates: np.ndarray


@dataclass(frozen=True, eq=False)
class Adoption:
    """Rows of a staggered design; never-treated units first, then the latest cohort.

    Parameters
    ----------
    times : numpy.ndarray, shape (T,)
        The periods that hold data, as numbers.
    start : numpy.ndarray, shape (n,)
        First treated time by unit, falling; inf is never within the data.
    unit_weight : numpy.ndarray, shape (n,)
        Sampling weight of the unit: the first period's where every unit is seen in
        every period, else the mean of its rows.
    cluster : numpy.ndarray of int, shape (n,)
        Codes 0 … n_clusters - 1.
    balanced : bool
        Whether every unit is seen in every period.
    outcome : numpy.ndarray, shape (T, n) if balanced, else (N,)
        Measured from its overall mean.
    weight : numpy.ndarray, shape (1 or T, n) if balanced, else (N,)
        One period where the weights never change.
    design : numpy.ndarray, shape (k, 1 or T, n) if balanced, else (k, N)
        A constant, then the covariates, standardised; one period where none changes.
    unit, period : numpy.ndarray of int, shape (N,)
        Codes by row, in order of period, then unit; empty if balanced.
    notes : tuple of Sentence
        What was left out, with counts.
    """

    times: np.ndarray
    start: np.ndarray
    unit_weight: np.ndarray
    cluster: np.ndarray
    balanced: bool
    outcome: np.ndarray
    weight: np.ndarray
    design: np.ndarray
    unit: np.ndarray
    period: np.ndarray
    notes: tuple[Sentence, ...] = ()

    @property
    def n_rows(self) -> int:
        """The number of rows, one a unit and period."""
        return int(self.outcome.size)

    @cached_property
    def n_clusters(self) -> int:
        """The number of clusters."""
        return int(self.cluster.max()) + 1

    @cached_property
    def cohorts(self) -> np.ndarray:
        """First treated times that occur, rising; never is not among them."""
        return np.unique(self.start[np.isfinite(self.start)])

    @cached_property
    def clusters_by_cohort(self) -> dict[float, int]:
        """How many clusters each cohort has units in."""
        held = {float(g): self.cluster[self.members(g)] for g in self.cohorts}
        return {g: int(np.count_nonzero(np.bincount(codes))) for g, codes in held.items()}

    def rows(self) -> Rows:
        """Return the data row by row, in order of period, then unit."""
        if not self.balanced:
            return Rows(self.unit, self.period, self.outcome, self.weight, self.design[1:].T)
        periods, units = self.outcome.shape
        shape = (len(self.design) - 1, periods, units)
        return Rows(
            np.tile(np.arange(units), periods),
            np.repeat(np.arange(periods), units),
            self.outcome.ravel(),
            np.broadcast_to(self.weight, (periods, units)).ravel(),
            np.broadcast_to(self.design[1:], shape)
            .reshape(len(self.design) - 1, periods * units)
            .T,
        )

    def grids(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return outcome and weight, (T, n), and covariates, (k, T, n); 0 where not seen."""
        shape = (len(self.times), len(self.start))
        if self.balanced:
            across = (len(self.design) - 1, *shape)
            wide = np.broadcast_to(self.design[1:], across)
            return self.outcome, np.broadcast_to(self.weight, shape), wide
        columns = np.zeros((len(self.design) + 1, *shape))
        columns[:, self.period, self.unit] = [self.outcome, self.weight, *self.design[1:]]
        return columns[0], columns[1], columns[2:]

    def mass(self) -> np.ndarray:
        """Return the weight of the rows of every cohort in every period, shape (C, T)."""
        periods = len(self.times)
        if self.balanced:
            sums = [self.weight[:, self.members(g)].sum(axis=1) for g in self.cohorts]
            return np.array([np.broadcast_to(total, periods) for total in sums])
        reached = np.isfinite(self.start[self.unit])
        cohort = np.searchsorted(self.cohorts, self.start[self.unit[reached]])
        at = cohort * periods + self.period[reached]
        size = len(self.cohorts) * periods
        return np.bincount(at, self.weight[reached], size).reshape(-1, periods)

    def members(self, cohort: float) -> slice:
        """Where the units of a cohort stand."""
        low = int(np.searchsorted(self._rising, -cohort, side="left"))
        return slice(low, int(np.searchsorted(self._rising, -cohort, side="right")))

    def stretches(self, rows: int) -> Iterator[slice]:
        """Yield the units, some of one cohort at a time, with so many numbers of each in hand."""
        opened = np.flatnonzero(self.start[1:] != self.start[:-1]) + 1
        return stretches(0, *opened.tolist(), len(self.start), rows=rows)

    def later_than(self, time: float) -> int:
        """How many units, the first ones, were reached after that time or never."""
        return int(np.searchsorted(self._rising, -time, side="left"))

    @property
    def n_never(self) -> int:
        """How many units, the first ones, were never reached."""
        return self.later_than(np.finfo(float).max)

    @cached_property
    def _rising(self) -> np.ndarray:
        return -self.start
