"""All cells of a page, which counts they are, and what a page loses without them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from impact.disclosure.beside import is_expected, is_lost, is_share
from impact.disclosure.rule import DIGITS, Rule, half_of
from impact.disclosure.steps import find_ends, find_steps
from impact.results.summary import COUNTS

__all__ = ["Estimated", "Page"]

APART = frozenset({"flow", "changes", "leavers", "subgroups", "reliability"})

COST = {
    "participants": 3.0,
    "trends": 3.0,
    "balance": 1.5,
    "flow": 2.0,
    "subgroups": 4.0,
    "changes": 6.0,
    "distribution": 2.0,
}
LOSS = 8.0
"""A share lost; those on one outcome fall with few."""
THERE = frozenset({"units", "lost"})
PRESENCE, GONE, SHARE, OTHER = 40.0, 16.0, 3.0, 1.0
"""How many were there; how many were lost, which goes first."""
PLACES = frozenset({"participants", "flow", "comparison"})
WHOLE_COST = 2.0
PERCENT = 0.01
NEAR = 1e-6


class Estimated(NamedTuple):
    """A number of people behind an estimate, as it is told: near to the true one."""

    name: str
    outcome: str
    people: int


@dataclass(frozen=True)
class Page:
    """All cells of a page, and how exactly they are told.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table and ``section``)
        With true values; numbered from zero.
    told : numpy.ndarray of float, shape (n,)
        The values as they are rounded.
    near : numpy.ndarray of bool, shape (n,)
        Counts that are told to the nearest multiple of the minimum.
    rule : Rule
    estimated : tuple of Estimated
        Counts beside estimates; as cells they are numbered from n on.
    before : frozenset of int
        Cells that an earlier edition showed, as they are.
    contrasted : frozenset of str
        Outcomes of which effects are told without averages, where one of these is hidden.
    drawn : frozenset of str
        Outcomes of a lottery with an estimate of all who answered at the end, and one of those
        whose answer at the start is known: where few are not, one is told coarsely.
    few : numpy.ndarray of bool, shape (n,)
        Counts of which it is said, where they are hidden, that they are small. What is said is
        a cell, too, numbered behind all others.
    steps, halves : numpy.ndarray of float, shape (n,)
        By which step each cell is told, and how far its true value may lie from that.
    followed : bool
        Whether averages by period are of those who were seen both before and after.
    """

    cells: pd.DataFrame
    told: np.ndarray
    near: np.ndarray
    rule: Rule
    estimated: tuple[Estimated, ...] = ()
    before: frozenset[int] = frozenset()
    rows: list[Any] = field(default_factory=list)
    steps: np.ndarray = field(default_factory=lambda: np.zeros(0))
    halves: np.ndarray = field(default_factory=lambda: np.zeros(0))
    shares: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    contrasted: frozenset[str] = frozenset()
    drawn: frozenset[str] = frozenset()
    few: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    followed: bool = False

    @classmethod
    def of(cls, cells: pd.DataFrame, told: np.ndarray, near: np.ndarray, rule: Rule) -> Page:
        """Read the cells once; what is hidden changes, they do not."""
        counted = ~is_expected(cells) & ~is_lost(cells)
        shares = np.asarray(is_share(cells) & counted & cells["value"].notna())
        names = ["section", "variable", "category", "group", "period", "statistic"]
        rows = list(cells[[*names, "value", "base"]].itertuples(index=False))
        given = find_ends(cells, rule).fillna(find_steps(cells, rule))
        steps = given.fillna(PERCENT).to_numpy()
        written = [half_of(float(value), DIGITS) for value in told]
        halves = (given / 2).fillna(pd.Series(written, given.index)).to_numpy()
        few = np.asarray(cells["few"]) if "few" in cells else np.zeros(len(cells), dtype=bool)
        made = cls(cells, told, near, rule, rows=rows, shares=shares, few=few)
        return replace(made, steps=steps, halves=halves)

    @property
    def size(self) -> int:
        """How many cells there are, with counts beside estimates and what is said to be small."""
        return 2 * len(self.rows) + len(self.estimated)

    def label(self, at: int) -> int:
        """Return the number of the cell that says of another one that it is small."""
        return len(self.rows) + len(self.estimated) + at

    def key(self, at: int) -> tuple[str, ...] | None:
        """Return which count a cell is: the same wherever it stands."""
        row = self.rows[at]
        line = (row.variable, row.category, row.group, row.period)
        if row.variable == "rows":
            return ("rows", row.category)
        if self.shares[at]:
            own = row.section in ("changes", "leavers")
            own = own or (row.section == "trends" and self.followed)
            return (f"yes {row.section}" if own else "yes", *line)
        if row.statistic not in COUNTS or math.isnan(row.value):
            return None
        if row.section == "comparison":
            return ("ever", *line)
        if row.section in APART:
            return (f"{row.section} {row.statistic}", *line)
        return (row.statistic if row.period else f"all {row.statistic}", *line)

    def is_whole(self, at: int) -> bool:
        """Whether an average is of whole numbers, as far as its people tell."""
        total = float(self.rows[at].value * self.rows[at].base)
        return math.isfinite(total) and abs(total - round(total)) < NEAR

    def cost(self, at: int) -> float:
        """Return how much a page loses without a cell: most where it says who was there."""
        row = self.rows[at]
        if row.statistic in THERE and row.section in PLACES and row.category == "":
            return GONE if row.statistic == "lost" else PRESENCE
        cost = COST.get(row.section, OTHER) * (SHARE if self.shares[at] else 1.0)
        if row.section == "flow" and row.statistic == "share":
            cost = LOSS
        # What is told of all together says least beside its parts.
        return cost / WHOLE_COST if row.group == "all" else cost

    def span(self, at: int) -> tuple[float, float]:
        """Return between which whole numbers a count lies that is told."""
        told, step = float(self.told[at]), self.rule.minimum_cell
        if not self.near[at]:
            return told, told
        # What is shown is not small, as everybody knows.
        return max(float(step), math.ceil(told - step / 2)), math.ceil(told + step / 2) - 1.0
