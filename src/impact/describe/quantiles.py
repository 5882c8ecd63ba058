"""Medians and quartiles of many cells, and how many people stand on either side of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.describe.moments import Moments

__all__ = ["SHARES", "Quantiles", "quantiles", "skewed"]

SHARES = {"median": 0.5, "q1": 0.25, "q3": 0.75}
SKEWED = 1.0
"""Beyond this skewness a mean alone misleads about who is in the middle."""


@dataclass(frozen=True)
class Quantiles:
    """Median and quartiles of each cell, by the name of the statistic.

    Parameters
    ----------
    n : numpy.ndarray of int, shape (C,)
        Units behind them.
    value : mapping of str to numpy.ndarray of float, shape (C,)
        ``median``, ``q1``, ``q3``; NaN where nobody stands behind it.
    base : mapping of str to numpy.ndarray of int, shape (C,)
        Units at or beyond the value, on the side with fewer; never more than half of the
        cell's units for a median, or a quarter for a quartile.
    """

    n: np.ndarray
    value: dict[str, np.ndarray]
    base: dict[str, np.ndarray]


def quantiles(panel: Panel, values: np.ndarray, cell: np.ndarray, found: Moments) -> Quantiles:
    """Return each cell's weighted median and quartiles.

    Between two answers the value is interpolated as spreadsheets, numpy and R do by default
    (type 7). With weights, which are scaled to sum to the number of rows, the k-th answer is the
    first one at which the weights add up to k.

    A quantile is the value of one person or between those of two, so what it rests on is how
    many there are on its smaller side. Where no more than two values occur, those with the
    rarer one: it then tells which is the more common.

    Parameters
    ----------
    panel : Panel
    values : numpy.ndarray of float, shape (N,)
        NaN where no answer was given.
    cell : numpy.ndarray of int, shape (N,)
        The cell of each row, -1 for none.
    found : Moments
        Of the same cells, as `impact.describe.moments.moments` returned them.

    References
    ----------
    Hyndman and Fan (1996), The American Statistician 50 (4).
    """
    size = len(found.mean)
    used = np.isfinite(values) & (cell >= 0) & (panel.weight > 0)
    at, x, w = cell[used], values[used], panel.weight[used]
    order = np.lexsort((x, at))
    at, x, w = at[order], x[order], w[order]
    first = np.searchsorted(at, np.arange(size + 1))
    value = {name: np.full(size, np.nan) for name in SHARES}
    base = {name: np.zeros(size, dtype=int) for name in SHARES}
    for code in np.unique(at):
        rows = slice(first[code], first[code + 1])
        for name, share in SHARES.items():
            q = _quantile(x[rows], w[rows], share)
            value[name][code] = q
            beyond = min(int((x[rows] <= q).sum()), int((x[rows] >= q).sum()))
            most = int(found.base[code] * min(share, 1 - share))
            base[name][code] = min(beyond, most, int(found.common[code]))
    return Quantiles(found.base, value, base)


def _quantile(x: np.ndarray, w: np.ndarray, share: float) -> float:
    """Return a weighted quantile of sorted values."""
    n = len(x)
    reached = np.cumsum(w * (n / w.sum()))
    place = 1 + (n - 1) * share
    low = np.floor(place)
    # A sum of weights that falls short of a whole number by rounding has reached it.
    below, above = np.searchsorted(reached, np.array([low, low + 1]) - 1e-9 * n).clip(max=n - 1)
    return float(x[below] + (place - low) * (x[above] - x[below]))


def skewed(values: np.ndarray) -> bool:
    """Tell whether values lie so unevenly about their mean that a median belongs beside it.

    Parameters
    ----------
    values : numpy.ndarray of float
        NaN where no answer was given.
    """
    x = values[np.isfinite(values)]
    spread = x.std() if len(x) else 0.0
    if not spread > 0:
        return False
    return bool(abs((((x - x.mean()) / spread) ** 3).mean()) > SKEWED)
