"""How many people two averages and the change between them can be of, in whole numbers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from impact.disclosure.knowledge import FOLLOWED, Knowledge
from impact.results.summary import BETWEEN

if TYPE_CHECKING:
    from impact.disclosure.published import Page

__all__ = ["add_sums"]

NEAR = 1e-6


def add_sums(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note of how many people averages at the start, at the end and the mean change can be.

    Where those of the averages are those who answered twice, the sum of their answers at the end
    is that at the start and the sum of the changes. Not of every number of people are there
    three whole sums that are rounded to what is told.
    """
    if not page.followed:
        return
    means: dict[tuple[str, str], dict[str, int]] = {}
    for at, row in enumerate(page.rows):
        own = row.section == "trends" and row.statistic == "mean" and not row.category
        if own and not (page.shares[at] or math.isnan(row.value)):
            means.setdefault((str(row.variable), str(row.group)), {})[str(row.period)] = at
    for at, row in enumerate(page.rows):
        if row.statistic != "change" or hidden[at] or not page.is_whole(at):
            continue
        ends = means.get((str(row.variable), str(row.group)), {})
        first, _, last = str(row.period).partition(BETWEEN)
        if {first, last} == ends.keys() and not any(hidden[cell] for cell in ends.values()):
            _note(page, made, (ends[first], ends[last], at))


def _note(page: Page, made: Knowledge, cells: tuple[int, int, int]) -> None:
    rows = [page.rows[at] for at in cells]
    keys = [(FOLLOWED, row.variable, "", row.group, row.period) for row in rows[:2]]
    keys.append(("changes n", rows[2].variable, "", rows[2].group, rows[2].period))
    people = [at for key in keys if (at := made.find(*key)) is not None]
    numbers = {made.values[at] for at in people}
    if len(people) < len(cells) or len(numbers) > 1 or not max(numbers) > 0:
        return  # of three or more periods, or of answers that are missing in one
    near, fits = _fits(page, cells, max(numbers))
    if not len(fits):
        return  # of answers that are no whole numbers
    # An end that reaches as far as what is told of their number anyway adds nothing.
    low = float(fits[0]) if fits[0] > near[0] else -math.inf
    high = float(fits[-1]) if fits[-1] < near[-1] else math.inf
    if math.isfinite(low) or math.isfinite(high):
        for at in people:
            made.know([(at, 1.0)], low, high, cells=cells[2:], cost=page.cost(cells[2]))


def _fits(page: Page, cells: tuple[int, int, int], people: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the numbers of people near the true one, and those of whom there are such sums."""
    near, half = page.rule.near(people), page.rule.minimum_cell / 2
    size = np.arange(max(1, math.ceil(near - half)), math.ceil(near + half))
    lows, highs = [], []
    for at in cells:
        told, off = float(page.told[at]), float(page.halves[at])
        lows.append(np.ceil((told - off) * size - NEAR))
        highs.append(np.floor((told + off) * size + NEAR))
    start, end, change = range(3)
    there = np.all([high >= low for low, high in zip(lows, highs, strict=True)], axis=0)
    # The gap between two whole sums is any whole number between those of their ends.
    there &= highs[end] - lows[start] >= lows[change]
    there &= lows[end] - highs[start] <= highs[change]
    return size, size[there]
