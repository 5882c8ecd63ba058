"""What the average of a whole says, beside those of its parts, of how large these are."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from impact.disclosure.knowledge import Knowledge

if TYPE_CHECKING:
    from impact.disclosure.published import Page

__all__ = ["add_averages"]

GROUPS = ("treated", "comparison")
BY = " by "
NEAR = 1e-6
Parts = Sequence[tuple[int, int]]
"""The cell of each part's average, and the unknown number of people that it is of."""


def add_averages(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note that an average lies between those of its parts as their sizes have it.

    All are made of the two groups, and a group of its subgroups. Shares are counts of people by
    themselves, and add up as those do.
    """
    told: dict[tuple[str, ...], int] = {}
    for at, row in enumerate(page.rows):
        whole = row.statistic == "mean" and not page.shares[at] and row.period
        if whole and not hidden[at] and not math.isnan(row.value):
            told[row.section, row.variable, row.category, row.group, row.period] = at
    for whole, parts, rests in (*_of_groups(made, told), *_of_subgroups(made, told)):
        _note(page, made, whole, parts, rests)


def _of_groups(
    made: Knowledge, told: dict[tuple[str, ...], int]
) -> Iterator[tuple[int, Parts, tuple[int, ...]]]:
    for (section, variable, category, group, period), at in told.items():
        if group == "all":
            cells = [told.get((section, variable, category, one, period)) for one in GROUPS]
            sizes = [made.find("n", variable, category, one, period) for one in GROUPS]
            parts = _known(cells, sizes)
            if len(parts) == len(GROUPS):
                yield at, parts, (at,)


def _of_subgroups(
    made: Knowledge, told: dict[tuple[str, ...], int]
) -> Iterator[tuple[int, Parts, tuple[int, ...]]]:
    """Yield wholes of which all subgroups are told; these are left out first."""
    split: dict[tuple[str, ...], list[tuple[int | None, int | None]]] = {}
    for key, size in made.places.items():
        if key[0] == "subgroups n" and len(key) == 5 and BY in str(key[1]):
            where = tuple(str(one) for one in key[1:])
            cell = told.get(("subgroups", *where))
            split.setdefault((where[0], *where[2:]), []).append((cell, size))
    for (variable, group, period), several in split.items():
        outcome = variable.rpartition(BY)[0]
        parts = _known(*zip(*several, strict=True))
        for section in ("participants", "trends"):
            at = told.get((section, outcome, "", group, period))
            if at is not None and len(parts) == len(several) > 1:
                yield at, parts, tuple(cell for cell, _ in parts)


def _known(cells: Sequence[int | None], sizes: Sequence[int | None]) -> Parts:
    pairs = zip(cells, sizes, strict=True)
    return [(cell, size) for cell, size in pairs if cell is not None and size is not None]


def _note(page: Page, made: Knowledge, whole: int, parts: Parts, rests: tuple[int, ...]) -> None:
    middle, half = float(page.told[whole]), _slack(page, whole)
    over, under = [], []
    for cell, size in parts:
        own, unsure = float(page.told[cell]), _slack(page, cell)
        over.append((size, own - middle + unsure + half))
        under.append((size, own - middle - unsure - half))
    cost = min(page.cost(cell) for cell in rests)
    made.know(over, low=0.0, cells=rests[:1], cost=cost)
    made.know(under, high=0.0, cells=rests[:1], cost=cost)


def _slack(page: Page, at: int) -> float:
    """Return how far an average may lie from what is told, less what whole numbers cannot reach."""
    row = page.rows[at]
    half, people = float(page.halves[at]), float(row.base)
    if people > 0 and page.is_whole(at):
        half = max(half - 0.5 / people, abs(row.value - float(page.told[at])) + NEAR)
    return half
