"""Weighted means, spreads and intervals of many cells in one pass over the rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel

__all__ = ["LEVEL", "Moments", "count_units", "intervals", "moments"]

LEVEL = 0.95
DOMINANT = (1 / 2, 2 / 3)
"""Shares of a sum above which one unit, or two, can be read off it."""


@dataclass(frozen=True)
class Moments:
    """Mean and spread of each cell.

    Parameters
    ----------
    n : numpy.ndarray of int, shape (C,)
        Units with a value, whatever their weight.
    base : numpy.ndarray of int, shape (C,)
        Units with a value and a weight above zero: those that the mean rests on.
    mean, sd : numpy.ndarray of float, shape (C,)
        Weighted; NaN where nobody (or, for ``sd``, fewer than two rows) stands behind it.
    least : numpy.ndarray of int, shape (C,)
        Units that mean and spread tell about: ``common``, but one where one unit holds more
        than half of a sum of values that are not negative, and two where two hold more than
        two thirds: the mean then is about them.
    common : numpy.ndarray of int, shape (C,)
        ``base``, but where no more than two different values occur the units with the rarer
        one, since the mean then is their share in other units; none where all values are the
        same.
    """

    n: np.ndarray
    base: np.ndarray
    mean: np.ndarray
    sd: np.ndarray
    least: np.ndarray
    common: np.ndarray


def count_units(panel: Panel, cell: np.ndarray, size: int, rows: np.ndarray) -> np.ndarray:
    """Count the units of each cell among the chosen rows.

    Parameters
    ----------
    panel : Panel
    cell : numpy.ndarray of int, shape (N,)
        The cell of each row, -1 for none.
    size : int
        Number of cells, C.
    rows : numpy.ndarray of bool, shape (N,)
        The rows to count.

    Returns
    -------
    numpy.ndarray of int, shape (C,)
    """
    rows = rows & (cell >= 0)
    if panel.is_panel:
        return np.bincount(cell[rows], minlength=size)
    pairs = np.unique(cell[rows].astype(np.int64) * max(len(panel.units), 1) + panel.unit[rows])
    return np.bincount(pairs // max(len(panel.units), 1), minlength=size)


def moments(panel: Panel, values: np.ndarray, cell: np.ndarray, size: int) -> Moments:
    r"""Return each cell's weighted mean and standard deviation.

    With weights scaled to sum to the number of rows n, the variance is
    :math:`\sum w (x - \bar x_w)^2 / (n - 1)`: the usual one where weights are equal, and the
    same whatever the weights' scale. Rows with weight zero do not count.

    Parameters
    ----------
    panel : Panel
    values : numpy.ndarray of float, shape (N,)
        NaN where no answer was given.
    cell : numpy.ndarray of int, shape (N,)
        The cell of each row, -1 for none.
    size : int
        Number of cells, C.
    """
    given = np.isfinite(values) & (cell >= 0)
    used = given & (panel.weight > 0)
    at, x, w = cell[used], values[used], panel.weight[used]
    rows = np.bincount(at, minlength=size)
    total = np.bincount(at, w, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.bincount(at, w * x, size) / total
        squares = np.bincount(at, w * (x - mean[at]) ** 2, size)
        sd = np.sqrt(squares / total * rows / (rows - 1))
    base = count_units(panel, cell, size, used)
    common = np.minimum(base, _rarer(at, x, rows))
    return Moments(
        count_units(panel, cell, size, given),
        base,
        mean,
        np.where(rows > 1, sd, np.nan),
        np.minimum(common, _dominated(at, x, w * x, rows)),
        common,
    )


def _dominated(at: np.ndarray, x: np.ndarray, part: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return 1 or 2 where so few rows dominate the sum of a cell, else its rows."""
    size = len(rows)
    total, most, lowest = np.bincount(at, part, size), np.zeros(size), np.zeros(size)
    np.maximum.at(most, at, part)
    np.minimum.at(lowest, at, x)
    # The largest is taken out once, at the first row that holds it.
    tops = np.flatnonzero(part == most[at])
    first = tops[np.unique(at[tops], return_index=True)[1]]
    others = np.delete(np.arange(len(at)), first)
    second = np.zeros(size)
    np.maximum.at(second, at[others], part[others])
    capped = np.where(most + second > DOMINANT[1] * total, 2, rows)
    capped = np.where(most > DOMINANT[0] * total, 1, capped)
    return np.where((lowest < 0) | (total <= 0), rows, capped)


def _rarer(at: np.ndarray, x: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the rows of each cell; of one with two values or fewer, those of the rarer."""
    low, high = np.full(len(rows), np.inf), np.full(len(rows), -np.inf)
    np.minimum.at(low, at, x)
    np.maximum.at(high, at, x)
    lows = np.bincount(at[x == low[at]], minlength=len(rows))
    highs = np.bincount(at[x == high[at]], minlength=len(rows))
    alike = low == high
    two = alike | (lows + highs == rows)
    return np.where(two, np.where(alike, 0, np.minimum(lows, highs)), rows)


def intervals(
    panel: Panel, values: np.ndarray, cell: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the ends of the 95 % interval of each cell's mean.

    Errors are clustered by the unit of assignment (CR1 with one parameter) and t has as
    many degrees of freedom as clusters less one. NaN with fewer than two clusters, and
    where all values are equal: no spread, nothing to go by.

    Parameters
    ----------
    panel : Panel
    values : numpy.ndarray of float, shape (N,)
    cell : numpy.ndarray of int, shape (N,)
        The cell of each row, -1 for none.
    mean : numpy.ndarray of float, shape (C,)
        As `moments` returned it.

    References
    ----------
    Liang and Zeger (1986), Biometrika 73 (1).
    """
    from scipy.stats import t

    used = np.isfinite(values) & (cell >= 0) & (panel.weight > 0)
    at, w = cell[used], panel.weight[used]
    size, many = len(mean), max(len(panel.clusters), 1)
    pairs, where = np.unique(at.astype(np.int64) * many + panel.cluster[used], return_inverse=True)
    scores = np.bincount(where, w * (values[used] - mean[at]), len(pairs))
    clusters = np.bincount(pairs // many, minlength=size)
    with np.errstate(invalid="ignore", divide="ignore"):
        meat = np.bincount(pairs // many, scores**2, size) * clusters / (clusters - 1)
        error = np.sqrt(meat) / np.bincount(at, w, size)
        # Exact zero is out of reach in floating point: below 1e-12 of the mean is no spread.
        flat = error <= 1e-12 * np.maximum(np.abs(mean), 1e-300)
        half = t.ppf(0.5 + LEVEL / 2, np.maximum(clusters - 1, 1)) * error
    half[(clusters < 2) | flat] = np.nan
    return mean - half, mean + half
