"""The multiplier bootstrap: errors and bands from an influence function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import stats

__all__ = ["Draws", "Multiplier", "multiplier_bootstrap"]

Multiplier = Literal["mammen", "rademacher"]
BATCH = 4_000_000


@dataclass(frozen=True, eq=False)
class Draws:
    """What the multiplier bootstrap found.

    Parameters
    ----------
    std_error : numpy.ndarray, shape (m,)
        From the interquartile range of the draws; NaN where nothing varies.
    critical : float
        The studentised deviation that all terms stay within with the asked
        probability: half the width of a uniform band in standard errors.
    replications : int
    """

    std_error: np.ndarray
    critical: float
    replications: int


def multiplier_bootstrap(
    influence: np.ndarray,
    *,
    replications: int = 999,
    level: float = 0.95,
    multiplier: Multiplier = "mammen",
    seed: int = 0,
) -> Draws:
    """Perturb an influence function by independent multipliers.

    Parameters
    ----------
    influence : numpy.ndarray, shape (m, clusters)
        Influence of each cluster on each term, in sum form: the variance of the
        estimate is the sum of squares.
    replications : int
    level : float
        Probability with which the band covers all terms at once.
    multiplier : str
        ``mammen`` (two points, third moment 1) or ``rademacher`` (signs).
    seed : int
        Of a generator of its own.

    Returns
    -------
    Draws

    Notes
    -----
    Callaway and Sant'Anna (2021), algorithm 1. The band is never narrower than the
    pointwise interval.

    Examples
    --------
    >>> import numpy as np
    >>> normal = np.random.default_rng(1).normal(size=(3, 400)) / 400
    >>> draws = multiplier_bootstrap(normal, seed=2)
    >>> bool(1.96 < draws.critical < 3), draws.std_error.shape
    (True, (3,))
    """
    generator = np.random.default_rng(seed)
    columns = np.ascontiguousarray(influence.T)
    size = max(1, BATCH // max(1, len(columns)))
    parts = [
        _multipliers(generator, multiplier, min(size, replications - done), len(columns)) @ columns
        for done in range(0, replications, size)
    ]
    deviations = np.vstack(parts)
    low, high = np.quantile(deviations, [0.25, 0.75], axis=0, method="inverted_cdf")
    spread = (high - low) / (2 * stats.norm.ppf(0.75))
    moves = spread > 0
    pointwise = float(stats.norm.ppf((1 + level) / 2))
    if not moves.any():
        return Draws(np.full(len(influence), np.nan), pointwise, replications)
    largest = np.abs(deviations[:, moves] / spread[moves]).max(axis=1)
    critical = float(np.quantile(largest, level, method="inverted_cdf"))
    return Draws(np.where(moves, spread, np.nan), max(critical, pointwise), replications)


def _multipliers(
    generator: np.random.Generator, kind: Multiplier, rows: int, columns: int
) -> np.ndarray:
    """Draw multipliers with mean 0 and variance 1, shape (rows, columns)."""
    if kind == "rademacher":
        return np.asarray(generator.integers(0, 2, (rows, columns)).astype(float) * 2 - 1)
    root = np.sqrt(5)
    rare = generator.random((rows, columns)) >= (root + 1) / (2 * root)
    drawn: np.ndarray = np.where(rare, (1 + root) / 2, (1 - root) / 2)
    return drawn
