"""Permutation of what is compared between units of unequal size.

The mean of a small place moves more by chance than that of a large one. A plain
permutation asks how often another choice of places would show as large a difference, and
so finds a small treated place out of the ordinary too often: with one of twenty treated,
a tenth of the largest's size, in a fifth of the cases at a level of 5 %. Here every
choice's difference is first divided by its standard deviation, as the sizes have it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from impact.errors import DesignError
from impact.inference.permutation import Permutation, assignments, judged, most_cautious
from impact.inference.romano_wolf import romano_wolf

__all__ = [
    "SHARES",
    "Cells",
    "Compared",
    "Differences",
    "alike",
    "permute_jointly",
    "permute_unequal",
]

SHARES = (0.0, 0.5, 1.0)
EQUAL = 1e-9
AT_ONCE = 2_000_000


@dataclass(frozen=True, eq=False)
class Differences:
    """What R assignments would have shown.

    Parameters
    ----------
    values, slopes : numpy.ndarray, shape (R,)
        The estimate, and how much of an effect that was really there it would hold.
    apart, shared : numpy.ndarray, shape (R,)
        Its variance when rows err each by itself, and when a unit's rows of a period err
        alike; on one scale.
    """

    values: np.ndarray
    slopes: np.ndarray
    apart: np.ndarray
    shared: np.ndarray

    def levelled(self, share: float) -> np.ndarray:
        """Return the factors that make all as variable as the first one, shape (R,)."""
        variance = share * self.shared + (1 - share) * self.apart
        with np.errstate(divide="ignore", invalid="ignore"):
            factors: np.ndarray = np.sqrt(variance[0] / variance)
        return factors


class Compared(Protocol):
    """A difference between treated units and others, for any assignment of n units."""

    @property
    def alike(self) -> bool:
        """Whether all units are of one size."""

    def differences(self, drawn: np.ndarray, treated: np.ndarray) -> Differences:
        """Return what assignments, bool of shape (R, n), would have shown."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Sums of n units in C cells, and the contrast of means that is tested.

    Parameters
    ----------
    sums, counts, squares : numpy.ndarray, shape (n, C)
        Weighted sum of the outcome, weight, and sum of the rows' squared weights.
    contrast : numpy.ndarray, shape (C,)
    under : numpy.ndarray of bool, shape (C,), optional
        Which cells of treated units are under treatment; those with a positive contrast
        unless said.
    """

    sums: np.ndarray
    counts: np.ndarray
    squares: np.ndarray
    contrast: np.ndarray
    under: np.ndarray | None = None

    def differences(self, drawn: np.ndarray, treated: np.ndarray) -> Differences:
        """Return the contrast of the chosen units' means less the others'."""
        under = self.contrast > 0 if self.under is None else self.under
        held = self.counts * np.asarray(treated)[:, None] * under
        chosen = drawn.astype(float)
        whole = self.counts**2
        scale = whole.sum(axis=0) / self.squares.sum(axis=0)
        return Differences(
            self._means(chosen, self.sums),
            self._means(chosen, held),
            self._variance(chosen, scale * self.squares),
            self._variance(chosen, whole),
        )

    def _means(self, chosen: np.ndarray, held: np.ndarray) -> np.ndarray:
        own, inside = chosen @ self.counts, chosen @ held
        # Units need not be seen in every cell: a group without any has no mean there.
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = inside / own - (held.sum(axis=0) - inside) / (self.counts.sum(axis=0) - own)
        return np.asarray(apart @ self.contrast)

    def _variance(self, chosen: np.ndarray, parts: np.ndarray) -> np.ndarray:
        own, inside = chosen @ self.counts, chosen @ parts
        left = self.counts.sum(axis=0) - own
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = inside / own**2 + (parts.sum(axis=0) - inside) / left**2
        return np.asarray(variance @ self.contrast**2)

    @property
    def alike(self) -> bool:
        """Whether all units are of one size."""
        return alike(self.counts, self.squares)

    @property
    def values(self) -> tuple[np.ndarray, np.ndarray]:
        """The contrast of every unit, shape (n,), and its weight: 0 if a cell lacks it."""
        means = np.divide(self.sums, self.counts, out=0 * self.sums, where=self.counts > 0)
        return means @ self.contrast, self.counts.min(axis=1)


def alike(*sizes: np.ndarray) -> bool:
    """Tell whether all units have one size in every cell: each shape (n, C)."""
    spread = [np.ptp(part, axis=0) / part.max(axis=0) for part in sizes]
    return bool(np.max(spread) < EQUAL)


def permute_unequal(
    compared: Compared,
    treated: np.ndarray,
    *,
    level: float = 0.95,
    replications: int = 999,
    seed: int = 0,
) -> Permutation:
    """Permute a difference between groups, allowing for the units' sizes.

    Units of one size: the plain permutation of `impact.inference.permutation`. Else each
    assignment's difference is divided by its standard deviation when units as a whole hold
    none, half or all of the variance; the p-value is the largest of the three, and the
    interval holds all three's.

    Parameters
    ----------
    compared : Compared
        `Cells` of means, or another difference that is linear in the outcome and 1 for an
        outcome that is 1 where the observed treatment was and 0 elsewhere. Assignments for
        which it is not finite are left out.
    treated : numpy.ndarray of bool, shape (n,)
    level : float
        Of the interval.
    replications, seed
        As in `impact.inference.permutation.assignments`.

    Notes
    -----
    Given the sizes and one of the three shares, with normal errors, all assignments'
    statistics have one distribution; the test then holds its level also where a small
    unit was the treated one. The idea is Ferman and Pinto's (2019), who estimate the share.

    Examples
    --------
    A small unit moved as much as a large one would seldom do.

    >>> size = np.array([[4.0], [100.0], [100.0], [100.0]])
    >>> mean = np.array([[3.0], [1.0], [0.0], [-1.0]])
    >>> cells = Cells(size * mean, size, size, np.ones(1))
    >>> permute_unequal(cells, np.arange(4) == 0).p_value
    0.75
    """
    chosen = np.asarray(treated, dtype=bool)
    drawn, enumerated = assignments(chosen, replications=replications, seed=seed)
    seen = _differences(compared, drawn, chosen)
    possible = math.comb(len(chosen), int(chosen.sum()))
    found = []
    for share in SHARES[:1] if compared.alike else SHARES:
        factor = 1.0 if compared.alike else seen.levelled(share)
        values, slopes = seen.values * factor, seen.slopes * factor
        usable = np.isfinite(values) & np.isfinite(slopes)
        found.append(judged(values[usable], slopes[usable], possible, enumerated, level=level))
    return most_cautious(found)


def permute_jointly(
    outcomes: list[Compared], treated: np.ndarray, *, replications: int = 999, seed: int = 0
) -> np.ndarray:
    """Adjust the p-values of several outcomes by their permutations' own dependence.

    Romano and Wolf's step down over the same assignments, each outcome's differences on the
    scale of their own spread over all assignments; sizes are allowed for as in
    `permute_unequal`, and the largest of the three p-values stands.

    Parameters
    ----------
    outcomes : list of Compared, length M
        Of the same units in the same order.
    treated : numpy.ndarray of bool, shape (n,)
    replications, seed
        As in `permute_unequal`.

    Returns
    -------
    numpy.ndarray, shape (M,)

    Raises
    ------
    DesignError
        No other assignment can be had for all of the outcomes.
    """
    chosen = np.asarray(treated, dtype=bool)
    drawn, _ = assignments(chosen, replications=replications, seed=seed)
    seen = [_differences(one, drawn, chosen) for one in outcomes]
    adjusted = np.zeros(len(outcomes))
    for share in SHARES:
        columns = [
            one.values * (1.0 if given.alike else one.levelled(share))
            for one, given in zip(seen, outcomes, strict=True)
        ]
        values = np.column_stack(columns)
        values = values[np.isfinite(values).all(axis=1)]
        if len(values) < 2:
            raise DesignError("no other assignment of the pilot can be had for all outcomes")
        spread = np.sqrt((values**2).mean(axis=0))
        values = values / np.where(spread > 0, spread, 1.0)
        adjusted = np.maximum(adjusted, romano_wolf(values[0], values[1:]))
    return adjusted


def _differences(compared: Compared, drawn: np.ndarray, treated: np.ndarray) -> Differences:
    step = max(1, AT_ONCE // drawn.shape[1])
    parts = [
        compared.differences(drawn[at : at + step], treated) for at in range(0, len(drawn), step)
    ]
    names = ("values", "slopes", "apart", "shared")
    return Differences(*(np.concatenate([getattr(one, n) for one in parts]) for n in names))
