"""Linear equations solved without writing their matrix."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["conjugate_gradients"]

TOLERANCE = 1e-14


def conjugate_gradients(
    times: Callable[[np.ndarray], np.ndarray], aim: np.ndarray, diagonal: np.ndarray
) -> np.ndarray:
    """Solve ``S x = aim`` by conjugate gradients scaled by a diagonal.

    Parameters
    ----------
    times : callable
        Multiplies a vector of shape (M,) by S, which is symmetric and not negative
        definite; it may be singular as long as ``aim`` lies in its range.
    aim : numpy.ndarray, shape (M,)
    diagonal : numpy.ndarray, shape (M,)
        Positive; about the diagonal of S.

    Returns
    -------
    numpy.ndarray, shape (M,)
        One solution; the residual is 1e-14 of ``aim`` or what rounding allows.
    """
    solution = np.zeros_like(aim)
    rest = aim.copy()
    scaled = rest / diagonal
    step = scaled.copy()
    size = start = float(rest @ scaled)
    for _ in range(10 * len(aim)):
        if size <= TOLERANCE**2 * start:
            break
        moved = times(step)
        bend = float(step @ moved)
        if bend <= 0:
            # Only rounding is left: the direction lies in the null space.
            break
        solution += size / bend * step
        rest -= size / bend * moved
        scaled = rest / diagonal
        before, size = size, float(rest @ scaled)
        step = scaled + (size / before) * step
    return solution
