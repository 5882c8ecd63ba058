"""How two sets of codes lie to one another: one within the other, or linked by rows."""

from __future__ import annotations

import numpy as np

__all__ = ["connected", "lies_within"]


def lies_within(codes: np.ndarray, clusters: np.ndarray) -> bool:
    """Tell whether all rows of every level belong to one cluster.

    Parameters
    ----------
    codes, clusters : numpy.ndarray of int, each shape (N,)

    Examples
    --------
    >>> lies_within(np.array([0, 0, 1]), np.array([1, 1, 1]))
    True
    """
    home = np.zeros(int(codes.max()) + 1, dtype=clusters.dtype)
    home[codes] = clusters
    return bool(np.array_equal(home[codes], clusters))


def connected(first: np.ndarray, second: np.ndarray) -> int:
    """Count the groups of levels of two sets that no row connects.

    Parameters
    ----------
    first, second : numpy.ndarray of int, each shape (N,)
        Without gaps.

    Examples
    --------
    >>> connected(np.array([0, 1, 1, 2]), np.array([0, 0, 1, 2]))
    2
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    levels = int(first.max()) + 1
    size = levels + int(second.max()) + 1
    graph = coo_array((np.ones(len(first)), (first, second + levels)), shape=(size, size))
    return int(connected_components(graph, directed=False)[0])
