"""Long arrays worked through a stretch at a time, so that what is in hand fits the cache."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

__all__ = ["stretches"]

CELLS = 1 << 20
SHORTEST = 512


def stretches(*edges: int, rows: int) -> Iterator[slice]:
    """Cut columns into stretches that fit the processor's cache, none across an edge.

    Parameters
    ----------
    *edges : int
        Rising, the first and last included.
    rows : int
        How many numbers of every column are in hand at once.

    Examples
    --------
    >>> list(stretches(0, 3, 700, rows=2048))
    [slice(0, 3, None), slice(3, 515, None), slice(515, 700, None)]
    """
    length = max(CELLS // max(rows, 1), SHORTEST)
    for low, high in pairwise(edges):
        for first in range(low, high, length):
            yield slice(first, min(first + length, high))
