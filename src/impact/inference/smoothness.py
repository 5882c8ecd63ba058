"""Sensitivity to trends that bend: fixed-length intervals under a smoothness restriction.

Without the treatment the difference of the groups would have changed its slope by at most
M from one period to the next: Δ^SD(M) of Rambachan & Roth (2023). M = 0 lets the trends
differ by a straight line, which the periods before extrapolate.

The estimator is the later estimates' sum less a weighted sum of the earlier ones. Its
weights see straight lines through; beyond that they trade the standard error against the
largest bias that bends of M can make, so that the interval is the shortest of fixed
length (Armstrong & Kolesár 2018). With few clusters weights fitted to their covariance pick
what it happens to find small, and the interval is too short: there the trade is made by a
covariance fixed beforehand (`EventEstimates.guide`), and the error is that of the data.
Written in twice-summed weights the bias is a sum of absolute values, so all efficient trades
lie on the path of a lasso, which is followed exactly; no solver and no simulation is involved.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates, HonestInterval
from impact.inference.lasso_path import lasso_path

__all__ = ["FixedLength", "fixed_length", "folded_normal_quantile", "smoothness"]


@dataclass(frozen=True, eq=False)
class FixedLength:
    """The estimator with the shortest interval of fixed length.

    Parameters
    ----------
    weights : numpy.ndarray, shape (P + L,)
        Of all estimates.
    std_error : float
    bias : float
        The largest it can have.
    half_length : float
        Of its interval.
    """

    weights: np.ndarray
    std_error: float
    bias: float
    half_length: float


def smoothness(estimates: EventEstimates, limit: float, *, level: float = 0.95) -> HonestInterval:
    """Return the interval that allows the difference in trends to bend by at most ``limit``.

    Parameters
    ----------
    estimates : EventEstimates
    limit : float
        M: the largest change of slope between consecutive periods, in the outcome's units.
    level : float

    Returns
    -------
    HonestInterval
        It covers the effect with probability ``level`` in large samples wherever the
        restriction holds.

    Examples
    --------
    >>> import numpy as np
    >>> course = EventEstimates(np.array([0.1, 0.0, 1.0]), np.eye(3) * 0.01, n_pre=2)
    >>> smoothness(course, 0.0)  # doctest: +ELLIPSIS
    HonestInterval(conf_low=0.825..., conf_high=1.254..., ...
    """
    best = fixed_length(estimates, limit, level=level)
    middle = float(best.weights @ estimates.estimate)
    return HonestInterval(
        middle - best.half_length, middle + best.half_length, level, limit, "smoothness"
    )


def fixed_length(estimates: EventEstimates, limit: float, *, level: float = 0.95) -> FixedLength:
    """Return the estimator whose fixed-length interval under the restriction is shortest.

    Parameters
    ----------
    estimates : EventEstimates
        Only the covariance and the weights are used.
    limit : float
        M, 0 or more.
    level : float

    Raises
    ------
    DesignError
        The limit is not a number from 0 on.
    """
    if not (np.isfinite(limit) and limit >= 0):
        raise DesignError(f"a limit on the trends is a number from 0 on; found {limit}")
    unbend, fixed = _twice_summed(estimates)
    start = np.concatenate([unbend @ fixed, estimates.toward])
    slopes = np.vstack([unbend[:, 1:], np.zeros((estimates.n_post, unbend.shape[1] - 1))])
    own_bias = np.abs(_later_bends(estimates.toward)).sum()

    guide = estimates.guided

    def at(bends: np.ndarray) -> FixedLength:
        weights = start + slopes @ bends
        bias = float(limit * (own_bias + np.abs(bends).sum()))
        return _of_length(weights, bias, guide, level)

    path = lasso_path(slopes.T @ guide @ slopes, slopes.T @ guide @ start)
    lengths = [at(bends).half_length for bends in path]
    best = int(np.argmin(lengths))
    found = [at(path[best])]
    # The length is convex over the weights: the shortest lies beside the best corner.
    for other in (best - 1, best + 1):
        if 0 <= other < len(path):
            found.append(_between(at, path[best], path[other]))
    shortest = min(found, key=lambda one: one.half_length)
    return _of_length(shortest.weights, shortest.bias, estimates.vcov, level)


def _of_length(weights: np.ndarray, bias: float, vcov: np.ndarray, level: float) -> FixedLength:
    error = float(np.sqrt(weights @ vcov @ weights))
    wide = error * folded_normal_quantile(bias / error, level)
    return FixedLength(weights, error, bias, wide)


def folded_normal_quantile(mean: float, level: float) -> float:
    """Return the quantile of the absolute value of a normal with this mean and variance 1.

    Parameters
    ----------
    mean : float
        0 or more.
    level : float

    Examples
    --------
    >>> round(folded_normal_quantile(0.0, 0.95), 6)
    1.959964
    """
    low = float(mean + special.ndtri(level))
    high = float(mean + special.ndtri(0.5 + level / 2)) + 1e-9

    def missing(point: float) -> float:
        return float(special.ndtr(point - mean) - special.ndtr(-point - mean)) - level

    if missing(low) >= 0:
        return low
    return float(optimize.brentq(missing, low, high, xtol=1e-13))


def _twice_summed(estimates: EventEstimates) -> tuple[np.ndarray, np.ndarray]:
    """Return what turns twice-summed weights into weights of the earlier periods, and the first.

    The weight of the slope comes first; that the later weights fix it makes the estimator
    blind to straight lines. Periods count from the earliest.
    """
    before = np.arange(estimates.n_pre, 0, -1)
    sums = np.maximum(before[None, :] - np.arange(estimates.n_pre)[:, None], 0)
    slope = np.arange(1, estimates.n_post + 1) @ estimates.toward
    first = np.zeros(estimates.n_pre)
    first[0] = slope
    return np.linalg.inv(sums), first


def _later_bends(toward: np.ndarray) -> np.ndarray:
    """Return how each bend from the reference period on moves what is asked for, shape (L,)."""
    after = np.arange(1, len(toward) + 1)
    moved: np.ndarray = np.maximum(after[None, :] - np.arange(len(toward))[:, None], 0) @ toward
    return moved


def _between(
    at: Callable[[np.ndarray], FixedLength], first: np.ndarray, second: np.ndarray
) -> FixedLength:
    """Return the shortest between two corners of the path."""

    def length(share: float) -> float:
        return at(first + share * (second - first)).half_length

    found = optimize.minimize_scalar(
        length, bounds=(0.0, 1.0), method="bounded", options={"xatol": 1e-9}
    )
    return at(first + float(found.x) * (second - first))
