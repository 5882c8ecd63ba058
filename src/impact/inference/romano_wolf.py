"""Several outcomes at once: p-values adjusted by the draws' own dependence."""

from __future__ import annotations

import numpy as np

__all__ = ["multiplier_statistics", "romano_wolf"]

TIES = 1e-10


def romano_wolf(statistics: np.ndarray, draws: np.ndarray) -> np.ndarray:
    """Adjust p-values so that the chance of one false rejection or more is under the level.

    Step down (Romano & Wolf 2005, 2016): the farthest statistic is compared with the
    largest of all draws, the next with the largest of those that are left, and so on; so
    outcomes that move together cost less than under Holm.

    Parameters
    ----------
    statistics : numpy.ndarray, shape (M,)
        t of every outcome. One that is missing is left missing and not counted among the
        tests.
    draws : numpy.ndarray, shape (R, M)
        t of every outcome in draws in which no outcome has an effect: centred at the
        estimate or with the null imposed, all outcomes of a draw by the same weights.

    Returns
    -------
    numpy.ndarray, shape (M,)
        Two-sided; the data count as one draw, so none is below 1 / (R + 1).

    Examples
    --------
    >>> import numpy as np
    >>> draws = np.random.default_rng(1).normal(size=(999, 2))
    >>> romano_wolf(np.array([4.0, 0.1]), draws).round(2)
    array([0.  , 0.92])
    """
    t = np.abs(np.asarray(statistics, dtype=float))
    out = np.full(t.shape, np.nan)
    known = np.flatnonzero(np.isfinite(t))
    if not len(known):
        return out
    order = known[np.argsort(-t[known], kind="stable")]
    apart = np.abs(np.asarray(draws, dtype=float)[:, order])
    if not np.isfinite(apart).all():
        raise ValueError("draws hold a value that is not finite")
    # From the last to the first: the largest of the outcomes that are left at every step.
    largest = np.maximum.accumulate(apart[:, ::-1], axis=1)[:, ::-1]
    beyond = (largest >= t[order] * (1 - TIES)).sum(axis=0)
    out[order] = np.maximum.accumulate((1 + beyond) / (1 + len(apart)))
    return out


def multiplier_statistics(
    influence: np.ndarray, *, replications: int = 9_999, seed: int = 0
) -> np.ndarray:
    """Draw the t-statistics of several estimates under no effect, their dependence kept.

    Parameters
    ----------
    influence : numpy.ndarray, shape (M, G)
        Influence of each cluster on each estimate, in sum form: the variance of the
        estimate is the sum of squares. One order of clusters for all estimates; 0 where a
        cluster plays no part.
    replications : int
    seed : int
        Of a generator of its own.

    Returns
    -------
    numpy.ndarray, shape (replications, M)
        Sums of the influences times random signs, over their standard error; zero where
        nothing varies.
    """
    psi = np.asarray(influence, dtype=float)
    spread = np.sqrt((psi**2).sum(axis=1))
    scaled = psi / np.where(spread > 0, spread, 1.0)[:, None]
    rng = np.random.default_rng(seed)
    step = max(1, 4_000_000 // max(1, psi.shape[1]))
    parts = []
    for start in range(0, replications, step):
        rows = min(step, replications - start)
        signs = rng.integers(0, 2, (rows, psi.shape[1]), dtype=np.int8) * 2.0 - 1.0
        parts.append(signs @ scaled.T)
    return np.vstack(parts)
