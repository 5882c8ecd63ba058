"""Counts that are told together: differences of shares, their errors, standardised differences.

None of them is linear in the counts, and how many answered is not told exactly. But the counts
are few: all that the rest of the page leaves possible are tried.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from attack.digits import fits_freedom, spans_of
from attack.estimates import Row
from attack.numerals import joined, kind_of, outcome_of, stated
from attack.published import Cell, Span, spans
from attack.reading import Reading
from attack.system import Expression
from attack.twice import moves

__all__ = ["say_joint"]

MOST_TRIES = 4_000_000
WIDE = 40


@dataclass(frozen=True)
class Side:
    """All that one group may be: whole numbers of each count, with mean and squared error."""

    names: tuple[Expression, ...]
    counts: np.ndarray
    mean: np.ndarray
    square: np.ndarray
    size: np.ndarray


def say_joint(found: Reading, rows: Sequence[Row], cells: Sequence[Cell]) -> None:
    """Say what is left possible by estimates on yes or no, and by standardised differences."""
    if found.weighted or not found.waves:
        return
    for row in rows:
        if found.codes(str(row["outcome"])) == (0, 1):
            _estimate(found, row)
    for cell in cells:
        if not cell.hidden and kind_of(cell) == "balance" and found.baseline:
            _balance(found, cell)


def _estimate(found: Reading, row: Row) -> None:
    name, method = str(row["outcome"]), str(row["method"])
    told = spans_of(found, row)
    found.system.source = str(row["source"])
    if method == "difference_in_means":
        sides = [_answers(found, name, one, found.waves[-1]) for one in found.groups]
    elif len(found.waves) == 2 and found.followed and found.two_sided and found.baseline:
        sides = [_moved(found, name, one) for one in found.groups]
    else:
        return
    level = float(row["level"])
    if len(sides) == 1 and sides[0] is not None:
        _alone(found, sides[0], told, level)
    elif len(sides) == 2 and sides[0] is not None and sides[1] is not None:
        _apart(found, sides[0], sides[1], told, plain=str(row["inference"]) in ("hc2", "cr2"))


def _range(found: Reading, terms: Expression) -> np.ndarray | None:
    """Return the whole numbers that a count can be, where they are few."""
    low, high = found.system.at_least(terms), found.system.at_most(terms)
    if low is None or high is None or high - low > 3 * WIDE:
        return None
    return np.arange(math.ceil(low - 1e-5), math.floor(high + 1e-5) + 1)


def _answers(found: Reading, name: str, group: str, wave: str) -> Side | None:
    """Return how many may have answered in a period, and how many of them yes."""
    whole, part = {("n", name, group, wave): 1.0}, {("k", name, group, wave, 1): 1.0}
    return _shares(found, whole, part)


def _shares(found: Reading, whole: Expression, part: Expression) -> Side | None:
    sizes, yes = _range(found, whole), _range(found, part)
    if sizes is None or yes is None:
        return None
    n, k = (one.ravel() for one in np.meshgrid(sizes, yes, indexing="ij"))
    kept = (k <= n) & (n > 1) & _fits_shares(found, whole, part, n, k)
    n, k = n[kept], k[kept]
    p = k / n
    names = (whole, part, joined(whole, part, -1.0))
    return Side(names, np.column_stack([n, k, n - k]), p, p * (1 - p) / (n - 1), n)


def _fits_shares(
    found: Reading, whole: Expression, part: Expression, n: np.ndarray, k: np.ndarray
) -> np.ndarray:
    """Return which pairs fit the shares that are told of the same people."""
    fits = np.ones(len(n), dtype=bool)
    for own, of, span in found.portions:
        if own == part and of == whole:
            fits &= (k >= span.low * n - 1e-9) & (k <= span.high * n + 1e-9)
    return fits


def _moved(found: Reading, name: str, group: str) -> Side | None:
    """Return how many may have answered twice, and how many of them went up, and down."""
    moves(found, name, group)
    found.system.equal({("n2", name, group, found.baseline): 1.0, ("A", name, group): -1.0})
    whole = {("n2", name, group, found.baseline): 1.0}
    ways = [{("up", name, group): 1.0}, {("down", name, group): 1.0}]
    ranges = [_range(found, one) for one in (whole, *ways)]
    if any(one is None for one in ranges):
        return None
    n, up, down = (one.ravel() for one in np.meshgrid(*ranges, indexing="ij"))
    kept = (up + down <= n) & (n > 1)
    for way, count in zip(ways, (up, down), strict=True):
        kept &= _fits_shares(found, whole, way, n, count)
    n, up, down = n[kept], up[kept], down[kept]
    mean = (up - down) / n
    names = (whole, *ways, {("same", name, group): 1.0})
    counts = np.column_stack([n, up, down, n - up - down])
    return Side(names, counts, mean, ((up + down) / n - mean**2) / (n - 1), n)


def _within(values: np.ndarray, span: Span | None, ease: float = 1e-9) -> np.ndarray:
    if span is None:
        return np.ones(len(values), dtype=bool)
    return np.asarray((values >= span.low - ease) & (values <= span.high + ease))


def _alone(found: Reading, side: Side, told: Mapping[str, Span], level: float) -> None:
    error = np.sqrt(side.square)
    fits = _within(side.mean, told.get("estimate")) & _within(error, told.get("std_error"))
    sizes = np.unique(side.size)
    free = fits_freedom(told, level, sizes - 1.0)
    fits &= np.isin(side.size, sizes[free])
    _say(found, side, fits)


def _apart(
    found: Reading, first: Side, second: Side, told: Mapping[str, Span], *, plain: bool
) -> None:
    """Keep of two groups what fits the difference of their means, and its error."""
    if len(first.mean) * len(second.mean) > 50 * MOST_TRIES:
        return
    order = np.argsort(second.mean)
    means = second.mean[order]
    kept = [np.zeros(len(side.mean), dtype=bool) for side in (first, second)]
    span, error = told["estimate"], told.get("std_error") if plain else None
    low = np.searchsorted(means, first.mean - span.high - 1e-9, side="left")
    high = np.searchsorted(means, first.mean - span.low + 1e-9, side="right")
    if int((high - low).sum()) > MOST_TRIES:
        return
    for at in np.flatnonzero(high > low):
        others = order[low[at] : high[at]]
        fits = _within(np.sqrt(first.square[at] + second.square[others]), error)
        kept[0][at] = fits.any()
        kept[1][others[fits]] = True
    _say(found, first, kept[0])
    _say(found, second, kept[1])


def _say(found: Reading, side: Side, fits: np.ndarray) -> None:
    """Say between which numbers each count lies, of all that are possible."""
    if not fits.any():
        return
    left = side.counts[fits]
    for terms, low, high in zip(side.names, left.min(axis=0), left.max(axis=0), strict=True):
        found.system.say(terms, float(low), float(high))


def _balance(found: Reading, cell: Cell) -> None:
    """Read a standardised difference of shares at the start."""
    if cell.column[0] not in ("Standardised difference", "The same without weights"):
        return
    if cell.column[0] == "Standardised difference" and found.says("computed from the rounded"):
        return
    numbers, name = spans(cell.text), outcome_of(found, cell.row.rpartition(", ")[0])
    if not numbers or not name or found.codes(name) != (0, 1) or len(found.groups) < 2:
        return
    found.system.source = f"balance / {cell.row} / {cell.column[0]} = {cell.text}"
    sides = [_answers(found, name, one, found.baseline) for one in found.groups]
    first, second = sides
    if first is None or second is None or len(first.mean) * len(second.mean) > MOST_TRIES:
        return
    gap = first.mean[:, None] - second.mean[None, :]
    spread = first.mean * (1 - first.mean)
    pooled = np.sqrt((spread[:, None] + (second.mean * (1 - second.mean))[None, :]) / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(pooled > 0, gap / pooled, np.where(gap == 0, 0.0, np.inf))
    span = stated(found, numbers[0], "Standardised differences")
    fits = (value >= span.low - 1e-9) & (value <= span.high + 1e-9)
    _say(found, first, fits.any(axis=1))
    _say(found, second, fits.any(axis=0))
