"""Rows of units and periods laid out as a grid."""

from __future__ import annotations

import numpy as np

__all__ = ["laid_out"]


def laid_out(
    value: np.ndarray, shape: tuple[int, int], at: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return a column as units by periods; NaN where there is no row.

    Parameters
    ----------
    value : numpy.ndarray of float, shape (N,)
        Of rows sorted by unit and period.
    shape : tuple of (int, int)
        Units and periods, U and T.
    at : tuple of two numpy.ndarray of int, shape (N,)
        Unit and period of each row.

    Returns
    -------
    numpy.ndarray of float, shape (U, T)
        Read-only.

    Examples
    --------
    >>> at = np.array([0, 0, 1]), np.array([0, 1, 1])
    >>> laid_out(np.array([1.0, 2.0, 3.0]), (2, 2), at)
    array([[ 1.,  2.],
           [nan,  3.]])
    """
    if len(value) == shape[0] * shape[1]:
        # A full panel is a grid as it stands.
        grid = value.reshape(shape)
    else:
        grid = np.full(shape, np.nan)
        grid[at] = value
    grid.setflags(write=False)
    return grid
