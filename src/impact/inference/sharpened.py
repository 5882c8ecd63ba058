"""Sharpened q-values of several outcomes."""

from __future__ import annotations

import numpy as np

from impact.inference.multiplicity import benjamini_hochberg

__all__ = ["sharpened_q"]


def sharpened_q(p_values: np.ndarray) -> np.ndarray:
    """Return the smallest false-discovery rate at which each outcome would be rejected.

    The two stages of Benjamini, Krieger & Yekutieli (2006): the first estimates how many
    outcomes have no effect, the second rejects with that many in place of all; the q-values
    are those of Anderson (2008), found exactly rather than on a grid of thousandths. They
    can be smaller than the p-values when most outcomes are rejected.

    Parameters
    ----------
    p_values : numpy.ndarray, shape (M,)
        One that is missing is left missing and not counted among the tests.

    Returns
    -------
    numpy.ndarray, shape (M,)

    Examples
    --------
    >>> import numpy as np
    >>> sharpened_q(np.array([0.001, 0.01, 0.8])).round(3)
    array([0.003, 0.01 , 0.364])
    """
    p = np.asarray(p_values, dtype=float)
    out = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    count = len(known)
    if not count:
        return out
    adjusted = benjamini_hochberg(p[known])
    # At the first stage's rate r there are k rejections or more once r reaches the k-th
    # smallest adjusted value; the second then rejects what is under r · M / (M − k).
    reached = np.concatenate([[0.0], np.sort(adjusted)])
    left = np.arange(count, -1, -1) / count
    rate = np.maximum(reached[:, None], adjusted * left[:, None]).min(axis=0)
    out[known] = np.where(rate < 0.5, rate / (1 - np.minimum(rate, 0.5)), 1.0)
    return out
