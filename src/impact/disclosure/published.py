"""From the cells of all tables of a page to what a reader knows of the people they count."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from impact.disclosure.beside import is_expected, is_lost, is_share
from impact.disclosure.knowledge import Knowledge
from impact.disclosure.lost import add_lost_share
from impact.disclosure.rule import Rule
from impact.disclosure.spreads import add_spreads
from impact.disclosure.steps import find_steps
from impact.disclosure.structure import Counted, add_structure
from impact.results.summary import COUNTS

__all__ = ["FEW_IS_SAID", "Estimated", "Page", "known", "linked"]

FEW_IS_SAID = frozenset({"units", "n", "flow units"})
"""Counts that are large where it is not said that they are small."""
APART = frozenset({"flow", "changes", "leavers", "subgroups", "reliability"})

COST = {"participants": 3.0, "trends": 3.0, "balance": 1.5, "flow": 2.0}
THERE = frozenset({"units", "lost"})
PRESENCE, SHARE, OTHER = 40.0, 3.0, 1.0
PLACES = frozenset({"participants", "flow", "comparison"})
WHOLE_COST = 2.0
PERCENT = 0.01


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
    """

    cells: pd.DataFrame
    told: np.ndarray
    near: np.ndarray
    rule: Rule
    estimated: tuple[Estimated, ...] = ()
    before: frozenset[int] = frozenset()
    rows: list[Any] = field(default_factory=list)
    steps: np.ndarray = field(default_factory=lambda: np.zeros(0))
    shares: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @classmethod
    def of(cls, cells: pd.DataFrame, told: np.ndarray, near: np.ndarray, rule: Rule) -> Page:
        """Read the cells once; what is hidden changes, they do not."""
        counted = ~is_expected(cells) & ~is_lost(cells)
        shares = np.asarray(is_share(cells) & counted & cells["value"].notna())
        names = ["section", "variable", "category", "group", "period", "statistic"]
        rows = list(cells[[*names, "value", "base"]].itertuples(index=False))
        steps = find_steps(cells, rule).fillna(PERCENT).to_numpy()
        return cls(cells, told, near, rule, rows=rows, shares=shares, steps=steps)

    def key(self, at: int) -> tuple[str, ...] | None:
        """Return which count a cell is: the same wherever it stands."""
        row = self.rows[at]
        line = (row.variable, row.category, row.group, row.period)
        if row.variable == "rows":
            return ("rows", row.category)
        if self.shares[at]:
            own = row.section in ("changes", "leavers")
            return (f"yes {row.section}" if own else "yes", *line)
        if row.statistic not in COUNTS or math.isnan(row.value):
            return None
        if row.section == "comparison":
            return ("ever", *line)
        if row.section in APART:
            return (f"{row.section} {row.statistic}", *line)
        return (row.statistic if row.period else f"all {row.statistic}", *line)


def known(page: Page, hidden: np.ndarray) -> Knowledge:
    """Return what a reader knows who sees the cells that are not hidden.

    Parameters
    ----------
    page : Page
    hidden : numpy.ndarray of bool, shape (n + number of counts beside estimates,)
    """
    made = Knowledge()
    shown: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(page.rows)):
        key = page.key(at)
        if key is not None:
            shown.setdefault(key, []).append(at)
    for share in (False, True):
        for key, cells in shown.items():
            if page.shares[cells[0]] == share:
                (_share if share else _count)(page, made, key, cells, hidden)
    for at in range(len(page.rows)):
        add_lost_share(page, made, at, hidden)
    add_spreads(page, made, hidden)
    counted = [_counted(page, cells[0], key) for key, cells in shown.items()]
    add_structure(made, counted, page.cells[~hidden[: len(page.rows)]])
    _estimated(page, made, hidden)
    return made


def _counted(page: Page, at: int, key: tuple[str, ...]) -> Counted:
    row = page.rows[at]
    return Counted(
        row.section, row.variable, row.category, row.group, row.period, row.statistic, key
    )


def _cost(page: Page, at: int) -> float:
    """Return how much a page loses without a cell: most where it says who was there."""
    row = page.rows[at]
    if row.statistic in THERE and row.section in PLACES and row.category == "":
        return PRESENCE
    cost = COST.get(row.section, OTHER) * (SHARE if page.shares[at] else 1.0)
    # What is told of all together says least beside its parts.
    return cost / WHOLE_COST if row.group == "all" else cost


def _count(
    page: Page, made: Knowledge, key: tuple[str, ...], cells: list[int], hidden: np.ndarray
) -> None:
    value, minimum = float(page.rows[cells[0]].value), page.rule.minimum_cell
    at = made.unknown(key, value)
    if value >= minimum and key[0] in FEW_IS_SAID and not key[2]:
        made.know([(at, 1.0)], minimum)
    told = [cell for cell in cells if not hidden[cell]]
    earlier = [cell for cell in cells if cell in page.before]
    if told or earlier:
        first = (told or earlier)[0]
        low, high = _span(page, first)
        cost = sum(_cost(page, cell) for cell in told)
        # What was published once stays known.
        made.know([(at, 1.0)], low, high, cells=() if earlier else tuple(told), cost=cost)
        return
    made.hide([(at, 1.0)], f"{key[0]} {key[-2]}")
    if value < minimum:
        made.know([(at, 1.0)], 0.0, minimum - 1)


def _span(page: Page, at: int) -> tuple[float, float]:
    told, step = float(page.told[at]), page.rule.minimum_cell
    if not page.near[at]:
        return told, told
    # What is shown is not small, as everybody knows.
    return max(float(step), math.ceil(told - step / 2)), math.ceil(told + step / 2) - 1.0


def _base(page: Page, made: Knowledge, at: int, *, told: bool) -> int:
    """Return the unknown number of people that a share is of."""
    row = page.rows[at]
    line = (row.variable, row.category, row.group, row.period)
    name = {"changes": "changes n", "subgroups": "subgroups n", "leavers": "leavers n"}
    whole = row.section in ("distribution", "changes")
    line = (row.variable, "", row.group, row.period) if whole else line
    key = (name.get(row.section, "n"), *line)
    new = made.find(*key) is None
    base = made.unknown(key, float(row.base))
    if new and told and row.base >= page.rule.minimum_cell:
        # No table counts them: who knows their number from elsewhere must learn no more.
        made.know([(base, 1.0)], float(row.base), float(row.base))
    return base


def _share(
    page: Page, made: Knowledge, key: tuple[str, ...], cells: list[int], hidden: np.ndarray
) -> None:
    row, minimum = page.rows[cells[0]], page.rule.minimum_cell
    if row.base <= 0:
        return
    people = float(round(row.value * row.base))
    told_some = not all(hidden[cell] for cell in cells)
    yes, base = made.unknown(key, people), _base(page, made, cells[0], told=told_some)
    made.know([(base, 1.0), (yes, -1.0)], 0.0)
    told = [cell for cell in cells if not hidden[cell]]
    earlier = [cell for cell in cells if cell in page.before]
    for cell in (told or earlier)[:1]:
        share, half = float(page.told[cell]), float(page.steps[cell]) / 2 + 1e-9
        cost = sum(_cost(page, one) for one in told)
        rests = () if earlier else tuple(told)
        made.know([(yes, 1.0), (base, -(share + half))], high=0.0, cells=rests, cost=cost)
        made.know([(yes, 1.0), (base, -(share - half))], low=0.0, cells=rests, cost=cost)
        return
    made.hide([(yes, 1.0)], f"{key[0]} {row.group}")
    made.hide([(base, 1.0), (yes, -1.0)], f"not {key[0]} {row.group}")
    if people < minimum:
        made.know([(yes, 1.0)], 0.0, minimum - 1)
    elif row.base - people < minimum:
        made.know([(base, 1.0), (yes, -1.0)], 0.0, minimum - 1)


def _estimated(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note the counts beside estimates, whatever other counts they are the same as."""
    step = page.rule.minimum_cell
    for at, one in enumerate(page.estimated, start=len(page.rows)):
        if hidden[at]:
            continue
        near = page.rule.near(one.people)
        low, high = math.ceil(near - step / 2), math.ceil(near + step / 2) - 1
        for terms in _same(made, one):
            made.know(terms, low, high, cells=(at,), cost=OTHER / 4)


def linked(page: Page, hidden: np.ndarray) -> frozenset[Estimated]:
    """Return the counts beside estimates that are the same as counts of the tables."""
    made = known(page, hidden)
    return frozenset(one for one in page.estimated if any(True for _ in _same(made, one)))


def _same(made: Knowledge, one: Estimated) -> Iterator[list[tuple[int, float]]]:
    """Yield the sums of unknowns that a count beside an estimate may be."""
    group = "treated" if one.name == "n_treated" else "all"
    answered = []
    for key, at in made.places.items():
        name, rest = str(key[0]), key[1:]
        counts = name in ("units", "ever") or (name == "flow units" and rest[0] != "eligible")
        mine = name == "n" and rest[0] == one.outcome
        twice = name == "changes n" and rest[0] == one.outcome
        if len(rest) > 2 and (rest[2] == group or twice) and (counts or mine or twice):
            if made.values[at] == one.people:
                yield [(at, 1.0)]
            if 2 * made.values[at] == one.people and one.name == "n_obs":
                yield [(at, 2.0)]
            if mine:
                answered.append((at, 1.0))
    if answered and made.true(answered) == one.people:
        yield answered
