"""Randomisation inference: the statistic had other units been the treated ones.

The test of the sharp null that nobody's outcome changed is exact when, but for the
treatment, every assignment of as many treated units was as likely as the one observed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np

__all__ = ["Permutation", "assignments", "judged", "permute_means", "permute_statistic"]

AT_ONCE = 2_000_000
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


def permute_means(
    sums: np.ndarray,
    counts: np.ndarray,
    contrast: np.ndarray,
    treated: np.ndarray,
    *,
    effect_counts: np.ndarray | None = None,
    level: float = 0.95,
    replications: int = 999,
    seed: int = 0,
) -> Permutation:
    """Permute a contrast of differences in (weighted) means between groups of units.

    The statistic is the sum over cells c of ``contrast[c]`` times the treated units'
    mean less the others' mean; with the cells before and after and the contrast (−1, 1)
    it is the difference of four means. All assignments at once are one matrix product.

    Parameters
    ----------
    sums, counts : numpy.ndarray, shape (n, C)
        Weighted sum of the outcome, and weight, of every unit in every cell.
    contrast : numpy.ndarray, shape (C,)
    treated : numpy.ndarray of bool, shape (n,)
    effect_counts : numpy.ndarray, shape (n, C), optional
        Weight of what was under treatment, for the interval: ``counts`` of treated units
        where the contrast is positive unless said.
    level : float
        Of the interval.
    replications, seed
        As in `assignments`.

    Examples
    --------
    >>> change = np.array([[3.0], [0.0], [1.0], [-1.0]])
    >>> test = permute_means(change, np.ones((4, 1)), np.ones(1), np.arange(4) == 0)
    >>> test.statistic, test.p_value
    (3.0, 0.25)
    """
    if effect_counts is None:
        effect_counts = counts * np.asarray(treated)[:, None] * (np.asarray(contrast) > 0)

    def statistic(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        chosen = drawn.astype(float)
        own, total = chosen @ counts, counts.sum(axis=0)
        both = []
        for cells in (sums, effect_counts):
            inside = chosen @ cells
            # Units need not be seen in every cell: a group without any has no mean there.
            with np.errstate(divide="ignore", invalid="ignore"):
                means = inside / own - (cells.sum(axis=0) - inside) / (total - own)
            both.append(means @ contrast)
        return both[0], both[1]

    return permute_statistic(statistic, treated, level=level, replications=replications, seed=seed)


def permute_statistic(
    statistic: Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]],
    treated: np.ndarray,
    *,
    level: float = 0.95,
    replications: int = 999,
    seed: int = 0,
) -> Permutation:
    """Permute any statistic that is linear in the outcome.

    Parameters
    ----------
    statistic : callable
        From assignments, bool of shape (R, n), to two arrays of shape (R,): the statistic
        of the outcome, and of an outcome that is 1 where the observed treatment was and
        0 elsewhere. The first row's second value must be 1: the statistic estimates the
        effect. Assignments for which it is not finite are left out.
    treated : numpy.ndarray of bool, shape (n,)
    level, replications, seed
        As in `permute_means`.
    """
    drawn, enumerated = assignments(treated, replications=replications, seed=seed)
    step = max(1, AT_ONCE // drawn.shape[1])
    parts = [statistic(drawn[at : at + step]) for at in range(0, len(drawn), step)]
    values = np.concatenate([part[0] for part in parts])
    slopes = np.concatenate([part[1] for part in parts])
    usable = np.isfinite(values) & np.isfinite(slopes)
    possible = math.comb(len(treated), int(np.asarray(treated).sum()))
    return judged(values[usable], slopes[usable], possible, enumerated, level=level)


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
