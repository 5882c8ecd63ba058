"""Bands that hold for several estimates at once."""

from __future__ import annotations

import numpy as np
from scipy import special

__all__ = ["uniform_criticals"]

DRAWS = 20_000
RIDGE = 1e-10
TABLE = 400
LEAST_CHANCE = 1e-9


def uniform_criticals(
    vcov: np.ndarray,
    dof: np.ndarray | float,
    *,
    level: float = 0.95,
    seed: int = 0,
    draws: int = DRAWS,
) -> np.ndarray:
    """Return how many standard errors each estimate stays within, all of them together.

    Half the widths of a sup-t band (Montiel Olea & Plagborg-Møller 2019) of t statistics
    with the estimates' own correlation, each with the degrees of freedom of its own
    standard error. All estimates leave their part of the band equally often. Standard
    errors are drawn apart from one another, which can only widen the band.

    Parameters
    ----------
    vcov : numpy.ndarray, shape (K, K)
        Covariance of the estimates, each with a standard error.
    dof : numpy.ndarray, shape (K,), or float
        Degrees of freedom; inf is the normal.
    level : float
        Probability with which the band covers all of them.
    seed : int
        Of a generator of its own.
    draws : int

    Returns
    -------
    numpy.ndarray, shape (K,)
        Never under the critical value of one estimate by itself.

    Examples
    --------
    >>> import numpy as np
    >>> alone, five = uniform_criticals(np.eye(1), np.inf), uniform_criticals(np.eye(5), np.inf)
    >>> alone.round(2).tolist(), five.round(1).tolist()
    ([1.96], [2.6, 2.6, 2.6, 2.6, 2.6])
    """
    spread = np.sqrt(np.diag(vcov))
    size = len(spread)
    free = np.broadcast_to(np.asarray(dof, dtype=float), size)
    if size == 1:
        return _quantiles(free, (1 - level) / 2)
    # Fewer clusters than estimates leave no inverse; a hair on the diagonal changes nothing.
    root = np.linalg.cholesky(vcov / np.outer(spread, spread) + RIDGE * np.eye(size))
    generator = np.random.default_rng(seed)
    far = np.abs(generator.standard_normal((draws, size)) @ root.T)
    # Chances are read off a table: a band needs three digits of them.
    chances = np.geomspace(0.5, LEAST_CHANCE, TABLE)
    least = np.full(draws, 0.5)
    for at, one in enumerate(free):
        if np.isfinite(one):
            far[:, at] /= np.sqrt(generator.chisquare(one, draws) / one)
        table = _quantiles(np.full(TABLE, one), chances)
        logs = np.interp(far[:, at], table, np.log(chances))
        np.minimum(least, np.exp(logs), out=least)
    together = np.quantile(least, 1 - level, method="inverted_cdf")
    return _quantiles(free, float(min(together, (1 - level) / 2)))


def _quantiles(dof: np.ndarray, tail: np.ndarray | float) -> np.ndarray:
    finite = np.where(np.isinf(dof), 1.0, dof)
    wide: np.ndarray = np.where(np.isinf(dof), -special.ndtri(tail), -special.stdtrit(finite, tail))
    return wide
