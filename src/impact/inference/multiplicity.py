"""p-values of several outcomes, adjusted."""

from __future__ import annotations

import numpy as np

__all__ = ["benjamini_hochberg", "holm"]


def holm(p_values: np.ndarray) -> np.ndarray:
    """Adjust so that the chance of one false rejection or more stays under the level.

    Parameters
    ----------
    p_values : numpy.ndarray, shape (M,)
        One that is missing is left missing and not counted among the tests.

    Returns
    -------
    numpy.ndarray, shape (M,)
        Holm (1979), step down.

    Examples
    --------
    >>> holm(np.array([0.01, 0.04]))
    array([0.02, 0.04])
    """
    return _stepwise(np.asarray(p_values, dtype=float), _down)


def benjamini_hochberg(p_values: np.ndarray) -> np.ndarray:
    """Adjust so that the expected share of false rejections stays under the level.

    Parameters
    ----------
    p_values : numpy.ndarray, shape (M,)
        One that is missing is left missing and not counted among the tests.

    Returns
    -------
    numpy.ndarray, shape (M,)
        Benjamini & Hochberg (1995), step up.
    """
    return _stepwise(np.asarray(p_values, dtype=float), _up)


def _stepwise(p_values: np.ndarray, rule: object) -> np.ndarray:
    out = np.full(p_values.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p_values))
    if len(known) and callable(rule):
        order = known[np.argsort(p_values[known], kind="stable")]
        out[order] = np.minimum(rule(p_values[order]), 1.0)
    return out


def _down(rising: np.ndarray) -> np.ndarray:
    return np.maximum.accumulate(rising * np.arange(len(rising), 0, -1))


def _up(rising: np.ndarray) -> np.ndarray:
    scaled = rising * len(rising) / np.arange(1, len(rising) + 1)
    return np.minimum.accumulate(scaled[::-1])[::-1]
