"""How far the true effects of several studies lie apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["cochran_q", "tau2_interval", "tau2_paule_mandel", "tau2_reml"]

GRID = 200


def tau2_reml(y: np.ndarray, v: np.ndarray) -> float:
    """Return the variance between studies by restricted maximum likelihood.

    The likelihood may have several peaks: the score is brought to zero beside the highest
    point of a grid.

    Parameters
    ----------
    y, v : numpy.ndarray, shape (k,)
        Estimates and their variances.
    """
    widest = float(np.ptp(y)) ** 2
    if widest == 0:
        return 0.0
    grid = np.append(0.0, np.geomspace(min(v.min(), widest) * 1e-6, 4 * widest, GRID))
    best = int(np.argmax([_restricted(at, y, v) for at in grid]))
    if best == 0 and _score(0.0, y, v) <= 0:
        return 0.0
    return _root(lambda at: _score(at, y, v), grid[max(best - 1, 0)], grid[min(best + 1, GRID)])


def tau2_paule_mandel(y: np.ndarray, v: np.ndarray) -> float:
    """Return the variance between studies at which Q equals its expectation, k - 1.

    Paule and Mandel (1982), Journal of Research of the National Bureau of Standards 87,
    377-385. Parameters as for `tau2_reml`.
    """
    return _where_q_is(len(y) - 1.0, y, v)


def tau2_interval(y: np.ndarray, v: np.ndarray, *, level: float = 0.95) -> tuple[float, float]:
    """Return the Q-profile interval of the variance between studies.

    Both ends are 0 where the estimates differ by less than chance alone would explain.
    """
    from scipy.stats import chi2

    tails = (1 + level) / 2, (1 - level) / 2
    low, high = (_where_q_is(float(chi2.ppf(tail, len(y) - 1)), y, v) for tail in tails)
    return low, high


def cochran_q(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    """Return the weighted sum of squares around the weighted average; it falls in tau2."""
    w = 1 / (v + tau2)
    return float(w @ (y - w @ y / w.sum()) ** 2)


def _restricted(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    """Return twice the restricted log-likelihood, constants left out."""
    w = 1 / (v + tau2)
    return float(np.log(w).sum() - np.log(w.sum())) - cochran_q(tau2, y, v)


def _score(tau2: float, y: np.ndarray, v: np.ndarray) -> float:
    """Return twice the slope of the restricted log-likelihood."""
    w = 1 / (v + tau2)
    from_mean = y - w @ y / w.sum()
    return float((w**2) @ from_mean**2 - w.sum() + (w**2).sum() / w.sum())


def _where_q_is(value: float, y: np.ndarray, v: np.ndarray) -> float:
    """Return the tau2 at which Q has that value; 0 where it is below it from the start."""
    if cochran_q(0.0, y, v) <= value:
        return 0.0
    # At this tau2 every weight is at most value / sum of squares, so Q is at most the value.
    top = float(((y - y.mean()) ** 2).sum()) / value
    return _root(lambda at: cochran_q(at, y, v) - value, 0.0, top)


def _root(of: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(of, low, high, xtol=1e-14, rtol=1e-12))
