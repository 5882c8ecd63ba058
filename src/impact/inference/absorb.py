"""Fixed effects taken out of columns instead of being written as dummies.

Two ways, both deterministic. A balanced two-way panel without weights is demeaned
twice, which is exact. Anything else eliminates the largest set of effects exactly and
solves for the others: densely where they are few (the Schur complement of the normal
equations, one eigendecomposition), else by conjugate gradients, matrix-free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.errors import DesignError
from impact.inference.conjugate import conjugate_gradients
from impact.inference.nesting import connected, lies_within

__all__ = ["FixedEffects", "compact"]

MOST_DENSE_LEVELS = 2_000
MOST_DENSE_CELLS = 25_000_000
EIGEN_TOLERANCE = 1e-11


def compact(codes: np.ndarray) -> tuple[np.ndarray, int]:
    """Renumber codes from 0 without gaps.

    Parameters
    ----------
    codes : numpy.ndarray of int, shape (N,)
        Not negative.

    Returns
    -------
    codes : numpy.ndarray of int, shape (N,)
        In the same order, without gaps.
    levels : int
        How many there are.
    """
    seen = np.bincount(codes) > 0
    if seen.all():
        return codes, len(seen)
    return (np.cumsum(seen) - 1)[codes], int(seen.sum())


@dataclass(frozen=True, eq=False)
class FixedEffects:
    """Sets of fixed effects, ready to be taken out of any column.

    Build one with `FixedEffects.of`.

    Parameters
    ----------
    codes : tuple of numpy.ndarray of int, each shape (N,)
        Level of every row in every set, without gaps; the set with most levels first.
    levels : tuple of int
        Number of levels of each set.
    weights : numpy.ndarray or None, shape (N,)
        Positive.
    """

    codes: tuple[np.ndarray, ...]
    levels: tuple[int, ...]
    weights: np.ndarray | None = None

    @classmethod
    def of(cls, sets: Sequence[np.ndarray], weights: np.ndarray | None = None) -> FixedEffects:
        """Order the sets by size and number their levels."""
        numbered = [compact(np.asarray(codes)) for codes in sets]
        numbered.sort(key=lambda pair: -pair[1])
        return cls(tuple(c for c, _ in numbered), tuple(n for _, n in numbered), weights)

    def residuals(self, columns: np.ndarray) -> np.ndarray:
        """Return what the effects leave of the columns: their weighted projection residuals.

        Parameters
        ----------
        columns : numpy.ndarray, shape (N,) or (N, K)

        Returns
        -------
        numpy.ndarray
            A new array of the same shape.
        """
        given = np.asarray(columns, dtype=float)
        if not self.codes:
            return given.copy()
        if self._balanced:
            return self._demean_twice(given)
        if given.ndim == 1:
            return self._project(given)
        return np.column_stack([self._project(column) for column in given.T])

    @cached_property
    def rank(self) -> int:
        """Rank of all dummies together (an upper bound for three or more very large sets)."""
        if not self.codes:
            return 0
        if len(self.codes) == 1:
            return self.levels[0]
        if self._balanced:
            return self.levels[0] + self.levels[1] - 1
        if self._dense:
            return self.levels[0] + self._schur[1]
        if len(self.codes) == 2:
            return sum(self.levels) - connected(self.codes[0], self.codes[1])
        return sum(self.levels) - len(self.levels) + 1

    def leverage(self) -> np.ndarray:
        """Return each row's share of its own fitted value that the effects take, shape (N,).

        Raises
        ------
        DesignError
            The effects are too many for a dense solve.
        """
        main = self.codes[0]
        weights = np.ones(len(main)) if self.weights is None else self.weights
        own = 1 / self._totals[0][main]
        if len(self.codes) == 1:
            return np.asarray(weights * own)
        if self._balanced:
            return np.full(len(main), 1 / self.levels[0] + 1 / self.levels[1] - 1 / len(main))
        if not self._dense:
            raise DesignError(
                "the fixed effects are too many for leverages; ask for cr1 instead of hc2 or hc3"
            )
        inverse, _ = self._schur
        share = self._table / self._totals[0][:, None]
        pulled = share @ inverse
        inner = own + np.einsum("ij,ij->i", pulled, share)[main]
        for first in self._others:
            inner -= 2 * pulled[main, first]
            for second in self._others:
                inner += inverse[first, second]
        return np.asarray(weights * inner)

    def nested_in(self, clusters: np.ndarray) -> tuple[bool, ...]:
        """Tell of each set whether every level lies within one cluster."""
        count = compact(clusters)[1]
        # Every cluster holds a level of its own where levels lie within clusters.
        return tuple(
            levels >= count and lies_within(codes, clusters)
            for codes, levels in zip(self.codes, self.levels, strict=True)
        )

    @cached_property
    def _balanced(self) -> bool:
        if len(self.codes) != 2 or self.weights is not None:
            return False
        shape = self.levels
        if len(self.codes[0]) != shape[0] * shape[1]:
            return False
        main, other = (codes.reshape(shape) for codes in self.codes)
        return bool(
            (main == np.arange(shape[0])[:, None]).all() and (other == np.arange(shape[1])).all()
        )

    @cached_property
    def _totals(self) -> tuple[np.ndarray, ...]:
        return tuple(
            np.bincount(codes, self.weights, levels).astype(float)
            for codes, levels in zip(self.codes, self.levels, strict=True)
        )

    @cached_property
    def _others(self) -> tuple[np.ndarray, ...]:
        """Codes of all sets but the largest, numbered through."""
        offsets = np.concatenate([[0], np.cumsum(self.levels[1:])])
        return tuple(codes + at for codes, at in zip(self.codes[1:], offsets, strict=False))

    @property
    def _dense(self) -> bool:
        others = sum(self.levels[1:])
        return others <= MOST_DENSE_LEVELS and others * self.levels[0] <= MOST_DENSE_CELLS

    @cached_property
    def _table(self) -> np.ndarray:
        """Weight of every pair of a level of the largest set and one of the others."""
        width = sum(self.levels[1:])
        size = self.levels[0] * width
        table = np.zeros(size)
        for codes in self._others:
            table += np.bincount(self.codes[0] * width + codes, self.weights, size)
        return table.reshape(self.levels[0], width)

    @cached_property
    def _schur(self) -> tuple[np.ndarray, int]:
        """Pseudo-inverse of the others' normal matrix given the largest set, and its rank."""
        width = sum(self.levels[1:])
        inner = np.zeros(width * width)
        for first in self._others:
            for second in self._others:
                inner += np.bincount(first * width + second, self.weights, width * width)
        table = self._table
        inner = inner.reshape(width, width) - table.T @ (table / self._totals[0][:, None])
        scale = 1 / np.sqrt(np.concatenate(self._totals[1:]))
        values, vectors = np.linalg.eigh(inner * scale[:, None] * scale)
        kept = values > EIGEN_TOLERANCE * max(values[-1], 1.0)
        vectors = vectors[:, kept] * scale[:, None]
        return (vectors / values[kept]) @ vectors.T, int(kept.sum())

    def _demean_twice(self, columns: np.ndarray) -> np.ndarray:
        cube = columns.reshape(*self.levels, -1)
        out = cube - cube.mean(axis=1, keepdims=True)
        out -= out.mean(axis=0, keepdims=True)
        return np.asarray(out.reshape(columns.shape))

    def _demean(self, column: np.ndarray) -> np.ndarray:
        weighed = column if self.weights is None else column * self.weights
        main = self.codes[0]
        means = np.bincount(main, weighed, self.levels[0]) / self._totals[0]
        return np.asarray(column - means[main])

    def _others_sum(self, column: np.ndarray) -> np.ndarray:
        weighed = column if self.weights is None else column * self.weights
        pairs = zip(self.codes[1:], self.levels[1:], strict=True)
        return np.concatenate([np.bincount(codes, weighed, levels) for codes, levels in pairs])

    def _spread(self, effects: np.ndarray) -> np.ndarray:
        return np.asarray(np.sum([effects[codes] for codes in self._others], axis=0))

    def _project(self, column: np.ndarray) -> np.ndarray:
        out = self._demean(column)
        if len(self.codes) == 1:
            return out
        if not self._dense:
            effects = conjugate_gradients(
                lambda step: self._others_sum(self._demean(self._spread(step))),
                self._others_sum(out),
                np.concatenate(self._totals[1:]),
            )
            return self._demean(out - self._spread(effects))
        # The second pass takes out what rounding left in the first.
        for _ in range(2):
            effects = self._schur[0] @ self._others_sum(out)
            out = self._demean(out - self._spread(effects))
        return out
