"""A normal vector inside a box: how likely, and where on average."""

from __future__ import annotations

import numpy as np
from scipy import special

__all__ = ["inside_box"]

POINTS = 32_768
EDGE = 1e-15


def inside_box(
    mean: np.ndarray, vcov: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[float, np.ndarray]:
    """Return the chance that a normal vector lies inside a box, and its mean given that.

    One coordinate after the other is drawn inside its side given those before (Genz 1992),
    on a lattice instead of at random: the same number every time, good to about 1e-5.

    Parameters
    ----------
    mean : numpy.ndarray, shape (k,)
    vcov : numpy.ndarray, shape (k, k)
    low, high : numpy.ndarray, shape (k,)

    Returns
    -------
    chance : float
    centre : numpy.ndarray, shape (k,)
        Not a number where the chance is nil.

    Examples
    --------
    >>> import numpy as np
    >>> chance, centre = inside_box(np.zeros(2), np.eye(2), -np.ones(2), np.ones(2))
    >>> round(chance, 4), np.allclose(centre, 0, atol=1e-4)
    (0.4661, True)
    """
    size = len(mean)
    triangle = _triangle(vcov)
    uniform = _lattice(size)
    drawn = np.zeros((POINTS, size))
    weight = np.ones(POINTS)
    for at in range(size):
        behind = drawn[:, :at] @ triangle[at, :at]
        under, over = (
            special.ndtr((side[at] - mean[at] - behind) / triangle[at, at]) for side in (low, high)
        )
        weight *= over - under
        share = np.clip(under + uniform[:, at] * (over - under), EDGE, 1 - EDGE)
        drawn[:, at] = special.ndtri(share)
    total = float(weight.sum())
    if not total > 0:
        return 0.0, np.full(size, np.nan)
    return total / POINTS, mean + triangle @ (weight @ drawn) / total


def _triangle(vcov: np.ndarray) -> np.ndarray:
    """Return a Cholesky factor, of a hair more than the covariance where it is singular."""
    spread = np.sqrt(np.diag(vcov))
    scaled = vcov / np.outer(spread, spread)
    try:
        root = np.linalg.cholesky(scaled)
    except np.linalg.LinAlgError:
        root = np.linalg.cholesky(scaled + 1e-9 * np.eye(len(spread)))
    out: np.ndarray = spread[:, None] * root
    return out


def _lattice(size: int) -> np.ndarray:
    """Return points of the unit cube by the roots of primes, folded at one half."""
    candidates = np.arange(2, 12 * size + 20)
    primes = [n for n in candidates if all(n % d for d in range(2, int(n**0.5) + 1))][:size]
    steps = np.arange(1, POINTS + 1)[:, None] * np.sqrt(np.array(primes, dtype=float))
    folded: np.ndarray = np.abs(2 * (steps % 1) - 1)
    return folded
