"""A staggered panel as arrays, its units in the order in which they were reached."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.data.panel import Panel
from impact.errors import DesignError
from impact.results import Sentence

__all__ = ["Adoption", "Rows", "in_order"]


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


def in_order(
    panel: Panel,
    unit: np.ndarray,
    rows: slice | np.ndarray,
    columns: list[np.ndarray],
    cluster: np.ndarray,
    anticipation: int,
    notes: tuple[Sentence, ...],
) -> Adoption:
    """Put a panel's rows in order of period, then of adoption.

    Parameters
    ----------
    panel : Panel
    unit : numpy.ndarray of int
        Unit by row of the panel.
    rows : slice or numpy.ndarray of int, shape (N,)
        The rows that are used.
    columns : list of numpy.ndarray
        The outcome, then the covariates, by row of the panel.
    cluster : numpy.ndarray of int, shape (N,)
    anticipation : int
        Units reached later than this after the last period count as never reached.
    notes : tuple of Sentence

    Raises
    ------
    DesignError
        Units belong to several clusters.
    """
    opened = np.diff(unit[rows], prepend=-1) != 0
    firsts = np.flatnonzero(opened)
    present, period = _compressed(panel.period[rows], len(panel.periods))
    times = panel.times[present]
    start = panel.start[rows][firsts]
    start = np.where(start > times[-1] + anticipation, np.inf, start)
    order = np.argsort(-start, kind="stable")
    weight = panel.weight[rows] if panel.weighted else np.ones(len(opened))
    columns = [weight, *(column[rows] for column in columns)]
    if len(opened) == len(firsts) * len(times):
        laid = _as_grid(columns, order, len(times))
        by_unit, unit, period = laid[0][0], np.empty(0, int), np.empty(0, int)
    else:
        code = np.cumsum(opened) - 1
        by_unit = (np.bincount(code, weight) / np.bincount(code))[order]
        laid, unit, period = _as_rows(columns, order, code, period)
    y = laid[1] - laid[1].mean()
    covariates = [(x - x.mean()) / (x.std() or 1.0) for x in laid[2:]]
    if y.ndim == 2 and all((x == x[:1]).all() for x in covariates):
        covariates = [x[:1] for x in covariates]
    ones = np.ones_like(covariates[0] if covariates else y[:1] if y.ndim == 2 else y)
    return Adoption(
        times=times,
        start=start[order],
        unit_weight=by_unit,
        cluster=_clusters(cluster, firsts, opened)[order],
        balanced=y.ndim == 2,
        outcome=y,
        weight=laid[0],
        design=np.stack([ones, *covariates]),
        unit=unit,
        period=period,
        notes=notes,
    )


def _as_grid(columns: list[np.ndarray], order: np.ndarray, n_periods: int) -> list[np.ndarray]:
    """Lay columns out as period × unit; weights that never change as one period."""
    laid = []
    for at, column in enumerate(columns):
        grid = column.reshape(-1, n_periods)
        if at == 0 and (grid == grid[:, :1]).all():
            grid = grid[:, :1]
        laid.append(np.ascontiguousarray(grid[order].T))
    return laid


def _as_rows(
    columns: list[np.ndarray], order: np.ndarray, code: np.ndarray, period: np.ndarray
) -> tuple[list[np.ndarray], np.ndarray, np.ndarray]:
    """Lay columns out row by row; also return the rows' units and periods."""
    rank = np.empty(len(order), dtype=int)
    rank[order] = np.arange(len(order))
    unit = rank[code]
    by = np.argsort(period * len(order) + unit, kind="stable")
    return [column[by] for column in columns], unit[by], period[by]


def _compressed(codes: np.ndarray, n_known: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the codes that occur, and the codes counted among those."""
    present = np.flatnonzero(np.bincount(codes, minlength=n_known))
    if len(present) == n_known:
        return present, codes
    place = np.zeros(n_known, dtype=int)
    place[present] = np.arange(len(present))
    return present, place[codes]


def _clusters(cluster: np.ndarray, firsts: np.ndarray, opened: np.ndarray) -> np.ndarray:
    """Return each unit's cluster, counted from 0."""
    moved = int(((cluster[1:] != cluster[:-1]) & ~opened[1:]).sum())
    if moved:
        raise DesignError(
            f"units change their cluster ({moved} times): errors are clustered by a unit's "
            "one cluster; name another level in 'analysis.cluster'"
        )
    return np.unique(cluster[firsts], return_inverse=True)[1]
