"""Levels of an ordinal outcome: which there are, and which are told together."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from impact.data.panel import Panel
from impact.results.text import Label, Sentence
from impact.spec.models import Outcome

__all__ = ["Level", "joined", "levels_of", "smallest_cell"]

MOST = 11
"""An outcome of more levels, such as a mean of items, is told by its quartiles."""


class Level(NamedTuple):
    """Neighbouring values of an ordinal outcome that are told as one."""

    low: float
    high: float
    label: str

    @property
    def name(self) -> str:
        """How cells name it: never a bare number, which could be any other thing's name."""
        ends = f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"
        return f"level {ends}"


def levels_of(panel: Panel, outcome: Outcome, cell: np.ndarray, size: int) -> tuple[Level, ...]:
    """Return the levels of an outcome, those that few have together with a neighbour.

    Where units are people or households, neighbouring levels are joined until every one is
    that of as many as the params file's ``report.minimum_cell`` (10 unless said) in each cell
    that holds twice as many. So a reader sees that some level was rare, not where.

    Parameters
    ----------
    panel : Panel
    outcome : Outcome
    cell : numpy.ndarray of int, shape (N,)
        The cell of each row, -1 for none.
    size : int
        Number of cells, C.

    Returns
    -------
    tuple of Level
        None where there are more than 11 values, or nothing to tell apart.
    """
    values = panel.values[outcome.column].to_numpy(dtype=float)
    used = np.isfinite(values) & (cell >= 0) & (panel.weight > 0)
    found = np.unique(values[used])
    if not 2 <= len(found) <= MOST:
        return ()
    place = np.searchsorted(found, values[used])
    counts = np.bincount(cell[used] * len(found) + place, minlength=size * len(found))
    counts = counts.reshape(size, len(found))
    minimum = smallest_cell(panel)
    spans = joined(counts[counts.sum(axis=1) >= 2 * minimum], minimum)
    if len(spans) < 2:
        return ()
    return tuple(_level(panel, outcome, found[first], found[last]) for first, last in spans)


def smallest_cell(panel: Panel) -> int:
    """Return the fewest people that a page tells about; none where units are places."""
    if panel.spec is None:
        return 10
    return 0 if panel.spec.data.unit_is == "place" else panel.spec.report.minimum_cell


def joined(counts: np.ndarray, minimum: int) -> list[tuple[int, int]]:
    """Join the rarest span with the rarer of its neighbours until none is rare.

    Parameters
    ----------
    counts : numpy.ndarray of int, shape (C, L)
        How many of each cell are on each level.
    minimum : int
        Fewer than this in any cell are rare.

    Returns
    -------
    list of (int, int)
        First and last level of each span.

    Examples
    --------
    >>> joined(np.array([[2, 30, 12, 9]]), 10)
    [(0, 1), (2, 3)]
    """
    spans = [(at, at) for at in range(counts.shape[1])]
    while len(spans) > 1 and len(counts):
        least = np.array([counts[:, a : b + 1].sum(axis=1).min() for a, b in spans])
        at = int(least.argmin())
        if least[at] >= minimum:
            break
        beside = [one for one in (at - 1, at + 1) if 0 <= one < len(spans)]
        other = min(beside, key=lambda one: least[one])
        first, last = sorted((at, other))
        spans[first : last + 1] = [(spans[first][0], spans[last][1])]
    return spans


def _level(panel: Panel, outcome: Outcome, low: float, high: float) -> Level:
    said = panel.described.get(outcome.column)
    names = {} if said is None else said.values
    first, last = (names.get(f"{end:g}", f"{end:g}") for end in (low, high))
    several = Label(Sentence("%(low)s to %(high)s", {"low": first, "high": last}))
    return Level(float(low), float(high), first if low == high else several)
