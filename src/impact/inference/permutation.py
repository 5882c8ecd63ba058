"""Randomisation inference: the statistic had other units been the treated ones.

The test of the sharp null that nobody's outcome changed is exact when, but for the
treatment, every assignment of as many treated units was as likely as the one observed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import combinations, islice

import numpy as np

__all__ = ["Permutation", "assignments", "judged", "most_cautious"]

TIES = 1e-10


@dataclass(frozen=True)
class Permutation:
    """A permutation test of a constant effect.

    Parameters
    ----------
    statistic : float
        Of the assignment that was observed.
    p_value : float
        Share of assignments whose statistic is as far from zero or farther (≥); the
        observed one counts, so it is never below ``smallest``.
    conf_low, conf_high : float
        The effects that the test does not reject at the level; infinite where it can
        reject none.
    smallest : float
        The smallest p-value that these assignments can reach.
    possible : int
        Number of possible assignments.
    enumerated : bool
        Whether all were looked at, or a seeded sample of ``looked_at``.
    looked_at : int
        Assignments behind the p-value, the observed one among them.
    """

    statistic: float
    p_value: float
    conf_low: float
    conf_high: float
    smallest: float
    possible: int
    enumerated: bool
    looked_at: int


def assignments(
    treated: np.ndarray, *, replications: int = 999, seed: int = 0
) -> tuple[np.ndarray, bool]:
    """Return assignments of as many treated units, the observed one first.

    Parameters
    ----------
    treated : numpy.ndarray of bool, shape (n,)
    replications : int
        All assignments are listed where there are no more than this; else this many are
        drawn, each equally likely.
    seed : int
        Of the draws.

    Returns
    -------
    drawn : numpy.ndarray of bool, shape (R, n)
        All of them, or the observed one and ``replications`` draws.
    enumerated : bool
    """
    observed = np.asarray(treated, dtype=bool)
    n, k = len(observed), int(observed.sum())
    possible = math.comb(n, k)
    if possible <= replications:
        others = np.zeros((possible, n), dtype=bool)
        for row, chosen in enumerate(islice(combinations(range(n), k), possible)):
            others[row, list(chosen)] = True
        others = others[(others != observed).any(axis=1)]
        return np.vstack([observed, others]), True
    drawn = np.zeros((replications, n), dtype=bool)
    rng = np.random.default_rng(seed)
    for row in range(replications):
        drawn[row, rng.choice(n, k, replace=False)] = True
    return np.vstack([observed, drawn]), False


def judged(
    values: np.ndarray, slopes: np.ndarray, possible: int, enumerated: bool, *, level: float = 0.95
) -> Permutation:
    """Judge the observed statistic among those of other assignments.

    Parameters
    ----------
    values, slopes : numpy.ndarray, shape (R,)
        By assignment, the observed one first: the statistic, and how much of an effect
        that was really there it would hold (1 for the observed one).
    possible : int
        Number of possible assignments.
    enumerated : bool
        Whether these are all.
    level : float
        Of the interval.

    Returns
    -------
    Permutation

    Examples
    --------
    >>> judged(np.array([3.0, 1.0, -2.0]), np.array([1.0, 0, 0]), 3, True, level=0.6).conf_low
    1.0
    """
    observed = float(values[0])
    # Equal assignments summed in another order differ by rounding: they are ties.
    margin = TIES * max(abs(observed), float(np.abs(values).max()))
    p_value = float((np.abs(values) >= abs(observed) - margin).mean())
    low, high = _invert(observed, values, slopes, 1 - level)
    # The observed one, and its mirror image where both groups are of one size.
    smallest = float((np.abs(slopes) >= 1 - TIES).mean())
    return Permutation(observed, p_value, low, high, smallest, possible, enumerated, len(values))


def _invert(
    observed: float, values: np.ndarray, slopes: np.ndarray, alpha: float
) -> tuple[float, float]:
    """Return the effects whose removal leaves a p-value above alpha.

    Each assignment is as extreme as the observed one for effects between two roots that
    enclose the observed statistic, so its interval's ends are order statistics.
    """
    # The observed assignment and its mirror image are as extreme whatever the effect.
    bound = np.abs(slopes) < 1 - TIES
    rest, turn = values[bound], slopes[bound]
    ends = np.vstack([(observed - rest) / (1 - turn), (observed + rest) / (1 + turn)])
    low, high = np.full(len(values), -np.inf), np.full(len(values), np.inf)
    low[bound], high[bound] = ends.min(axis=0), ends.max(axis=0)
    place = min(math.floor(round(alpha * len(values), 9)), len(values) - 1)
    return float(np.sort(low)[place]), float(np.sort(high)[::-1][place])


def most_cautious(found: list[Permutation]) -> Permutation:
    """Join tests of one hypothesis: the largest p-value, and the interval that holds all."""
    return replace(
        max(found, key=lambda one: one.p_value),
        conf_low=min(one.conf_low for one in found),
        conf_high=max(one.conf_high for one in found),
        smallest=max(one.smallest for one in found),
    )
