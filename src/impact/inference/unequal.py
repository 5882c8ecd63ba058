"""Permutation of differences in means between units of unequal size.

The mean of a small place moves more by chance than that of a large one. A plain
permutation asks how often another choice of places would show as large a difference, and
so finds a small treated place out of the ordinary too often: with one of twenty treated,
a tenth of the largest's size, in a fifth of the cases at a level of 5 %. Here every
choice's difference is first divided by its standard deviation, as the sizes have it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from impact.inference.permutation import Permutation, permute_statistic

__all__ = ["Cells", "permute_unequal"]

SHARES = (0.0, 0.5, 1.0)
EQUAL = 1e-9


@dataclass(frozen=True, eq=False)
class Cells:
    """Sums of n units in C cells, and the contrast of means that is tested.

    Parameters
    ----------
    sums, counts, squares : numpy.ndarray, shape (n, C)
        Weighted sum of the outcome, weight, and sum of the rows' squared weights.
    contrast : numpy.ndarray, shape (C,)
    """

    sums: np.ndarray
    counts: np.ndarray
    squares: np.ndarray
    contrast: np.ndarray

    def means(self, chosen: np.ndarray, held: np.ndarray) -> np.ndarray:
        """Return the contrast of the chosen units' means less the others', shape (R,)."""
        own, inside = chosen @ self.counts, chosen @ held
        # Units need not be seen in every cell: a group without any has no mean there.
        with np.errstate(divide="ignore", invalid="ignore"):
            apart = inside / own - (held.sum(axis=0) - inside) / (self.counts.sum(axis=0) - own)
        return np.asarray(apart @ self.contrast)

    def spread(self, chosen: np.ndarray, share: float) -> np.ndarray:
        """Return the standard deviation of that, but for a factor, shape (R,).

        ``share`` is how much of the variance units have as a whole, whatever their size;
        the rest falls with their size.
        """
        whole = self.counts**2
        scale = whole.sum(axis=0) / self.squares.sum(axis=0)
        parts = share * whole + (1 - share) * scale * self.squares
        own, inside = chosen @ self.counts, chosen @ parts
        left = self.counts.sum(axis=0) - own
        with np.errstate(divide="ignore", invalid="ignore"):
            variance = inside / own**2 + (parts.sum(axis=0) - inside) / left**2
        return np.asarray(np.sqrt(variance @ self.contrast**2))

    @property
    def alike(self) -> bool:
        """Whether all units are of one size."""
        spread = [np.ptp(part, axis=0) / part.max(axis=0) for part in (self.counts, self.squares)]
        return bool(np.max(spread) < EQUAL)


def permute_unequal(
    cells: Cells,
    treated: np.ndarray,
    *,
    level: float = 0.95,
    replications: int = 999,
    seed: int = 0,
) -> Permutation:
    """Permute a contrast of means, allowing for the units' sizes.

    Units of one size: the plain permutation of `impact.inference.permutation`. Else each
    assignment's statistic is divided by its standard deviation when units as a whole hold
    none, half or all of the variance; the p-value is the largest of the three, and the
    interval holds all three's.

    Parameters
    ----------
    cells : Cells
        The interval is of an effect on treated units' rows in cells with a positive
        contrast.
    treated : numpy.ndarray of bool, shape (n,)
    level, replications, seed
        As in `impact.inference.permutation.permute_means`.

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
    1.0
    """
    held = cells.counts * np.asarray(treated)[:, None] * (cells.contrast > 0)
    observed = np.asarray(treated, dtype=float)[None, :]

    def test(share: float) -> Permutation:
        unit = cells.spread(observed, share)[0]

        def statistic(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            chosen = drawn.astype(float)
            factor = 1.0 if cells.alike else unit / cells.spread(chosen, share)
            return cells.means(chosen, cells.sums) * factor, cells.means(chosen, held) * factor

        return permute_statistic(
            statistic, treated, level=level, replications=replications, seed=seed
        )

    found = [test(share) for share in (SHARES[:1] if cells.alike else SHARES)]
    return replace(
        max(found, key=lambda one: one.p_value),
        conf_low=min(one.conf_low for one in found),
        conf_high=max(one.conf_high for one in found),
        smallest=max(one.smallest for one in found),
    )
