"""Bands that hold for several estimates at once."""

from __future__ import annotations

import numpy as np
from scipy import special

__all__ = ["uniform_critical", "uniform_criticals"]

DRAWS = 20_000
RIDGE = 1e-10


def uniform_critical(
    vcov: np.ndarray, dof: float, *, level: float = 0.95, seed: int = 0, draws: int = DRAWS
) -> float:
    """Return how many standard errors all estimates stay within, together.

    Half the width of a sup-t band (Montiel Olea & Plagborg-Møller 2019): the quantile of
    the largest of several t statistics with the estimates' own correlation.

    Parameters
    ----------
    vcov : numpy.ndarray, shape (K, K)
        Covariance of the estimates, each with a standard error.
    dof : float
        Degrees of freedom of their common t; inf is the normal.
    level : float
        Probability with which the band covers all of them.
    seed : int
        Of a generator of its own.
    draws : int

    Returns
    -------
    float
        Never under the critical value of one estimate by itself.

    Examples
    --------
    >>> import numpy as np
    >>> alone, five = uniform_critical(np.eye(1), np.inf), uniform_critical(np.eye(5), np.inf)
    >>> round(alone, 2), round(five, 1)
    (1.96, 2.6)
    """
    spread = np.sqrt(np.diag(vcov))
    correlation = vcov / np.outer(spread, spread)
    size = len(spread)
    finite = np.isfinite(dof)
    alone = special.stdtrit(dof, 0.5 + level / 2) if finite else special.ndtri(0.5 + level / 2)
    if size == 1:
        return float(alone)
    # Fewer clusters than estimates leave no inverse; a hair on the diagonal changes nothing.
    root = np.linalg.cholesky(correlation + RIDGE * np.eye(size))
    generator = np.random.default_rng(seed)
    largest = np.abs(generator.standard_normal((draws, size)) @ root.T).max(axis=1)
    if finite:
        largest /= np.sqrt(generator.chisquare(dof, draws) / dof)
    together = np.quantile(largest, level, method="inverted_cdf")
    return float(max(together, alone))


def uniform_criticals(
    vcov: np.ndarray,
    dof: np.ndarray,
    *,
    level: float = 0.95,
    seed: int = 0,
    draws: int = DRAWS,
) -> np.ndarray:
    """Return how many standard errors each estimate stays within, all of them together.

    As `uniform_critical`, but each standard error has degrees of freedom of its own. All
    estimates leave their part of the band equally often. Standard errors are drawn apart
    from one another, which can only widen the band.

    Parameters
    ----------
    vcov : numpy.ndarray, shape (K, K)
    dof : numpy.ndarray, shape (K,)
    level, seed, draws
        As in `uniform_critical`.

    Returns
    -------
    numpy.ndarray, shape (K,)
    """
    spread = np.sqrt(np.diag(vcov))
    size = len(spread)
    free = np.asarray(dof, dtype=float)
    if size == 1:
        return _quantiles(free, (1 - level) / 2)
    root = np.linalg.cholesky(vcov / np.outer(spread, spread) + RIDGE * np.eye(size))
    generator = np.random.default_rng(seed)
    far = np.abs(generator.standard_normal((draws, size)) @ root.T)
    tails = np.empty_like(far)
    for at, one in enumerate(free):
        if np.isfinite(one):
            far[:, at] /= np.sqrt(generator.chisquare(one, draws) / one)
            tails[:, at] = special.stdtr(one, -far[:, at])
        else:
            tails[:, at] = special.ndtr(-far[:, at])
    together = np.quantile(tails.min(axis=1), 1 - level, method="inverted_cdf")
    return _quantiles(free, float(min(together, (1 - level) / 2)))


def _quantiles(dof: np.ndarray, tail: float) -> np.ndarray:
    finite = np.where(np.isinf(dof), 1.0, dof)
    wide: np.ndarray = np.where(np.isinf(dof), -special.ndtri(tail), -special.stdtrit(finite, tail))
    return wide
