"""Other assignments of labels to units: which group started when, had it been drawn anew."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

__all__ = ["Relabelled", "relabelled"]


@dataclass(frozen=True, eq=False)
class Relabelled:
    """Assignments of labels to n units.

    Parameters
    ----------
    labels : numpy.ndarray of int, shape (R, n)
        The given one first; then every other one, or draws.
    possible : int
        How many different ones there are.
    enumerated : bool
        Whether all of them are here.
    """

    labels: np.ndarray
    possible: int
    enumerated: bool


def relabelled(labels: np.ndarray, *, replications: int = 999, seed: int = 0) -> Relabelled:
    """Return assignments with as many units of every label.

    Parameters
    ----------
    labels : numpy.ndarray of int, shape (n,)
    replications : int
        All assignments are listed where there are no more than this; else this many are
        drawn, each equally likely.
    seed : int
        Of a generator of its own.

    Examples
    --------
    >>> relabelled(np.array([1, 0, 0])).labels.tolist()
    [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    """
    given = np.asarray(labels)
    values, counts = np.unique(given, return_counts=True)
    possible = math.factorial(len(given)) // math.prod(math.factorial(int(n)) for n in counts)
    if possible > replications:
        rng = np.random.default_rng(seed)
        drawn = rng.permuted(np.tile(given, (replications, 1)), axis=1)
        return Relabelled(np.vstack([given, drawn]), possible, False)
    most = int(np.argmax(counts))
    rest = [(int(v), int(n)) for v, n in zip(values, counts, strict=True)]
    del rest[most]
    every = np.full((possible, len(given)), values[most])
    for row, chosen in enumerate(_chosen(tuple(range(len(given))), rest)):
        for value, places in chosen:
            every[row, list(places)] = value
    others = every[(every != given).any(axis=1)]
    return Relabelled(np.vstack([given, others]), possible, True)


def _chosen(
    free: tuple[int, ...], left: list[tuple[int, int]]
) -> Iterator[list[tuple[int, tuple[int, ...]]]]:
    """Yield every way to give places to the labels that are left."""
    if not left:
        yield []
        return
    (value, count), *others = left
    for places in combinations(free, count):
        taken = set(places)
        rest = tuple(place for place in free if place not in taken)
        for chosen in _chosen(rest, others):
            yield [(value, places), *chosen]
