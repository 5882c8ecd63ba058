"""A panel's rows laid out in order of period, then of adoption."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.errors import DesignError
from impact.inference.absorb import compact
from impact.inference.stretches import stretches
from impact.results import Sentence

__all__ = ["in_order"]

OUTCOME = 1


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
    unit = unit[rows]
    opened = np.append(True, unit[1:] != unit[:-1])
    firsts = np.flatnonzero(opened)
    present, period = _compressed(panel.period[rows], len(panel.periods))
    times = panel.times[present]
    start = panel.start[rows][firsts]
    start = np.where(start > times[-1] + anticipation, np.inf, start)
    order = np.argsort(-start, kind="stable")
    weight = panel.weight[rows] if panel.weighted else np.broadcast_to(1.0, len(opened))
    columns = [weight, *(column[rows] for column in columns)]
    if len(opened) == len(firsts) * len(times):
        laid = _as_grid(columns, order, len(times))
        by_unit, unit, period = laid[0][0], np.empty(0, int), np.empty(0, int)
    else:
        code = np.cumsum(opened) - 1
        by_unit = (np.bincount(code, weight) / np.bincount(code))[order]
        laid, unit, period = _as_rows(columns, order, code, period)
    y = laid[1]
    y -= y.mean()
    covariates = np.broadcast_arrays(*((x - x.mean()) / (x.std() or 1.0) for x in laid[2:]))
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
    """Lay columns out as period × unit; what never changes within a unit as one period."""
    laid = []
    for at, column in enumerate(columns):
        grid = column.reshape(-1, n_periods)
        if at != OUTCOME and (grid == grid[:, :1]).all():
            grid = grid[:, :1]
        turned = np.empty(grid.shape[::-1])
        for units in stretches(0, len(grid), rows=2 * len(turned)):
            turned[:, units] = grid[order[units]].T
        laid.append(turned)
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
    return compact(cluster[firsts])[0]
