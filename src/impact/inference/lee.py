"""Bounds on an effect where more were lost in one group than in the other (Lee 2009).

A group's *share kept* is the part of it that is still seen. Where one group kept more, some
of those seen in it would not be seen in the other; nobody knows which, but at most they are
its best, or its worst. Without them the groups are alike again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.inference.influences import covariance_of

__all__ = ["Bounds", "Lost", "lee_bounds", "lee_covariance"]


@dataclass(frozen=True, eq=False)
class Lost:
    """Everybody who was assigned, n units, and what is seen of them.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
        Not a number for those lost.
    treated : numpy.ndarray of bool, shape (n,)
    weight : numpy.ndarray, shape (n,)
        Positive.
    cell : numpy.ndarray of int, shape (n,)
        Which cell of a characteristic each is in; one cell for all where there is none.
    """

    y: np.ndarray
    treated: np.ndarray
    weight: np.ndarray
    cell: np.ndarray

    def part(self, keep: np.ndarray) -> Lost:
        """Return some of them; ``keep`` of bool, shape (n,)."""
        return Lost(self.y[keep], self.treated[keep], self.weight[keep], self.cell[keep])


@dataclass(frozen=True, eq=False)
class Bounds:
    """The lowest and the highest effect that the data allow for those who would stay anyway.

    Parameters
    ----------
    low, high : float
        Not a number where a group of a cell has nobody left.
    trimmed : float
        Share of those seen in the group that kept more that is left out, of all cells.
    fewest : int
        The smallest number of units in a part that is kept or left out; none of a part that
        holds nobody.
    influence : numpy.ndarray, shape (n, 2)
        Of every unit on the two, in sum form, the estimated shares kept among what varies.
    """

    low: float
    high: float
    trimmed: float
    fewest: int
    influence: np.ndarray


@dataclass(frozen=True, eq=False)
class _Side:
    """One group of one cell: which units, what share is kept, and how units move it."""

    at: np.ndarray
    seen: np.ndarray
    weight: np.ndarray

    @property
    def kept(self) -> float:
        return float(self.weight[self.seen].sum() / self.weight.sum())

    def moves_kept(self) -> np.ndarray:
        moves: np.ndarray = self.weight * (self.seen - self.kept) / self.weight.sum()
        return moves


def lee_bounds(lost: Lost) -> Bounds:
    r"""Bound the average effect on those who would be seen whichever group they were in.

    In every cell the group that kept the larger share :math:`\pi_1` against :math:`\pi_0` is
    trimmed by :math:`1 - \pi_0 / \pi_1` of its mass, from above and from below; who lies on
    the edge counts in part, so that equal values need no draw. Cells are averaged by the
    mass of those who would be seen either way.

    Parameters
    ----------
    lost : Lost

    Notes
    -----
    Sharp if the groups were made by lottery and being assigned moves nobody's being seen in
    one direction and another's in the other (of the same cell). Lee (2009), Review of
    Economic Studies 76 (3), propositions 1 to 3; cells whose groups kept more in different
    directions as in Semenova (2025), Journal of Econometrics.

    Examples
    --------
    >>> y = np.array([1.0, 2, 3, 4, 1, 2, np.nan, np.nan])
    >>> first = np.arange(8) < 4
    >>> found = lee_bounds(Lost(y, first, np.ones(8), np.zeros(8, dtype=int)))
    >>> found.low, found.high, found.trimmed
    (0.0, 2.0, 0.5)
    """
    n, total = len(lost.y), float(lost.weight.sum())
    parts = [_cell(lost, lost.cell == one) for one in np.unique(lost.cell)]
    mass = np.array([part.mass for part in parts]) / total
    share = mass / mass.sum()
    ends = np.array([part.ends for part in parts])
    bounds = share @ ends
    influence = np.zeros((n, 2))
    for part, own, end in zip(parts, share, ends, strict=True):
        influence += own * part.influence
        # What moves the cell's mass moves its share in the average.
        influence += np.outer(part.moves_mass / total / mass.sum(), end - bounds)
    trimmed = float(share @ [part.trimmed for part in parts])
    fewest = min(part.fewest for part in parts)
    return Bounds(float(bounds[0]), float(bounds[1]), trimmed, fewest, influence)


@dataclass(frozen=True, eq=False)
class _Part:
    """The bounds within one cell; ``mass`` is the weight of those seen either way."""

    ends: np.ndarray
    influence: np.ndarray
    mass: float
    moves_mass: np.ndarray
    trimmed: float
    fewest: int


def _cell(lost: Lost, inside: np.ndarray) -> _Part:
    sides = [_side(lost, inside & group) for group in (lost.treated, ~lost.treated)]
    n = len(lost.y)
    if any(not len(side.at) or not side.seen.any() for side in sides):
        nothing = np.full(2, np.nan)
        return _Part(nothing, np.full((n, 2), np.nan), np.nan, np.zeros(n), np.nan, 0)
    more = 0 if sides[0].kept >= sides[1].kept else 1
    sign = 1.0 if more == 0 else -1.0
    large, small = sides[more], sides[1 - more]
    ratio = small.kept / large.kept
    means, influence = np.empty(2), np.zeros((n, 2))
    counts = [int(small.seen.sum())]
    for at, best in enumerate((False, True)):
        mean, edge, pulls, kept, out = _trimmed(lost, large, ratio, best=best)
        means[at] = mean
        influence[large.at, at] += pulls
        # A larger share to keep moves the mean towards the value at the edge.
        toward = (edge - mean) * np.concatenate(
            [small.moves_kept() / small.kept, -large.moves_kept() / large.kept]
        )
        influence[np.concatenate([small.at, large.at]), at] += toward
        counts += [kept, out]
    own = float(np.average(lost.y[small.at[small.seen]], weights=small.weight[small.seen]))
    pull = np.where(small.seen, small.weight, 0.0) / small.weight[small.seen].sum()
    rest = np.nan_to_num(lost.y[small.at] - own) * pull
    influence[small.at] -= rest[:, None]
    ends, influence = sign * (means - own), sign * influence
    if sign < 0:
        ends, influence = ends[::-1], influence[:, ::-1]
    mass, moves = _mass(lost, inside, small)
    return _Part(ends, influence, mass, moves, 1 - ratio, min(counts))


def _side(lost: Lost, members: np.ndarray) -> _Side:
    at = np.flatnonzero(members)
    return _Side(at, np.isfinite(lost.y[at]), lost.weight[at])


def _mass(lost: Lost, inside: np.ndarray, small: _Side) -> tuple[float, np.ndarray]:
    """Return the weight of a cell times the smaller share kept, and how units move it.

    In sum form, with the whole weight as it is: shares of the whole are taken by the caller.
    """
    weight = float(lost.weight[inside].sum())
    moves = np.where(inside, lost.weight * small.kept, 0.0)
    moves = moves - lost.weight * weight * small.kept / lost.weight.sum()
    moves[small.at] += weight * small.moves_kept()
    return weight * small.kept, moves


def _trimmed(
    lost: Lost, side: _Side, ratio: float, *, best: bool
) -> tuple[float, float, np.ndarray, int, int]:
    """Return the mean of the best, or the worst, ``ratio`` of a group's seen mass.

    Returns
    -------
    mean, edge : float
        The mean, and the value at which the group is cut.
    pulls : numpy.ndarray, shape (units of the group,)
        Influence on the mean, the ratio taken as known.
    kept, out : int
        Units that count, and units that are left out in whole or in part; of a sum that one
        of the latter dominates, one.
    """
    y = np.where(side.seen, lost.y[side.at], 0.0)
    share = np.where(side.seen, side.weight, 0.0) / side.weight[side.seen].sum()
    order = np.argsort(-y if best else y, kind="stable")
    order = order[side.seen[order]]
    before = np.concatenate([[0.0], np.cumsum(share[order])[:-1]])
    part = np.clip((ratio - before) / share[order], 0.0, 1.0)
    part[part > 1 - 1e-9] = 1.0  # what rounding leaves of a unit is nobody
    part[part < 1e-9] = 0.0
    mean = float((share[order] * part * y[order]).sum() / ratio)
    edge = float(y[order][part > 0][-1])
    beyond = np.where(side.seen, np.maximum(y - edge, 0) if best else np.minimum(y - edge, 0), 0.0)
    pulls = share * (beyond / ratio - (mean - edge))
    out = part < 1
    return mean, edge, pulls, int((part > 0).sum()), _behind(y[order][out])


def _behind(left_out: np.ndarray) -> int:
    """Return how many units a sum tells about: one where one is more than half of it."""
    size = np.abs(left_out)
    if len(left_out) and size.max() > size.sum() / 2:
        return 1
    return len(left_out)


def lee_covariance(lost: Lost, found: Bounds, cluster: np.ndarray, *, few: bool) -> np.ndarray:
    """Return the covariance of both bounds, shape (2, 2).

    Parameters
    ----------
    lost : Lost
    found : Bounds
    cluster : numpy.ndarray of int, shape (n,)
    few : bool
        Whether clusters are few: then each is left out in turn, which errs on the safe side.
    """

    def ends(keep: np.ndarray) -> np.ndarray:
        again = lee_bounds(lost.part(keep))
        return np.array([again.low, again.high])

    return covariance_of(found.influence, ends, cluster, few=few)
