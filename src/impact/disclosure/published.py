"""From the cells of all tables of a page to what a reader knows of the people they count."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from impact.disclosure.beside import LOST_ON, is_expected, is_lost, is_share
from impact.disclosure.knowledge import Knowledge
from impact.disclosure.rule import Rule
from impact.disclosure.structure import Counted, add_structure
from impact.results.summary import COUNTS

__all__ = ["Estimated", "Page", "known"]

TENTH = 0.05
COST = {"flow": 4.0, "participants": 3.0, "comparison": 3.0, "trends": 3.0, "balance": 1.5}
OTHER = 1.0
WHOLE_COST = 2.0
MOST_UNITS = 20_000
PERCENT = 0.01
DIGITS = 3


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
    before : tuple of int
        Cells that an earlier edition showed, as they are.
    """

    cells: pd.DataFrame
    told: np.ndarray
    near: np.ndarray
    rule: Rule
    estimated: tuple[Estimated, ...] = ()
    before: tuple[int, ...] = ()
    rows: list[Any] = field(default_factory=list)
    shares: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))

    @classmethod
    def of(cls, cells: pd.DataFrame, told: np.ndarray, near: np.ndarray, rule: Rule) -> Page:
        """Read the cells once; what is hidden changes, they do not."""
        counted = ~is_expected(cells) & ~is_lost(cells)
        shares = np.asarray(is_share(cells) & counted & cells["value"].notna())
        names = ["section", "variable", "category", "group", "period", "statistic"]
        rows = list(cells[[*names, "value", "base"]].itertuples(index=False))
        return cls(cells, told, near, rule, rows=rows, shares=shares)

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
        if row.section in ("participants", "data"):
            return (row.statistic if row.period else f"all {row.statistic}", *line)
        if row.section == "comparison":
            return ("ever", *line)
        return (f"{row.section} {row.statistic}", *line)


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
    for key, cells in shown.items():
        if page.shares[cells[0]]:
            _share(page, made, key, cells, hidden)
        else:
            _count(page, made, key, cells, hidden)
    for at in range(len(page.rows)):
        _lost_share(page, made, at, hidden)
    _spreads(page, made, hidden)
    counted = [Counted(*page.rows[cells[0]][:6], key) for key, cells in shown.items()]
    add_structure(made, counted, page.cells)
    _estimated(page, made, hidden)
    return made


def _cost(page: Page, at: int) -> float:
    row = page.rows[at]
    cost = COST.get(row.section, OTHER)
    whole = row.statistic in ("units", "n") and row.group == "all"
    return cost * (WHOLE_COST if whole else 1.0)


def _count(
    page: Page, made: Knowledge, key: tuple[str, ...], cells: list[int], hidden: np.ndarray
) -> None:
    value, minimum = float(page.rows[cells[0]].value), page.rule.minimum_cell
    at = made.unknown(key, value)
    told = [cell for cell in cells if not hidden[cell]]
    earlier = [cell for cell in cells if cell in page.before]
    if told or earlier:
        first = (told or earlier)[0]
        low, high = _span(page, first)
        cost = sum(_cost(page, cell) for cell in told)
        # What was published once stays known.
        made.know([(at, 1.0)], low, high, cells=() if earlier else tuple(told), cost=cost)
        return
    made.hide([(at, 1.0)])
    if value < minimum:
        made.know([(at, 1.0)], 0.0, minimum - 1)
    else:
        made.know([(at, 1.0)], minimum)


def _span(page: Page, at: int) -> tuple[float, float]:
    told, step = float(page.told[at]), page.rule.minimum_cell
    if not page.near[at]:
        return told, told
    return max(0.0, math.ceil(told - step / 2)), math.ceil(told + step / 2) - 1.0


def _base(page: Page, made: Knowledge, at: int) -> int:
    """Return the unknown number of people that a share is of."""
    row = page.rows[at]
    line = (row.variable, row.category, row.group, row.period)
    name = {"changes": "changes n", "subgroups": "subgroups n", "leavers": "leavers n"}
    whole = row.section in ("distribution", "changes")
    line = (row.variable, "", row.group, row.period) if whole else line
    return made.unknown((name.get(row.section, "n"), *line), float(row.base))


def _share(
    page: Page, made: Knowledge, key: tuple[str, ...], cells: list[int], hidden: np.ndarray
) -> None:
    row, minimum = page.rows[cells[0]], page.rule.minimum_cell
    if row.base <= 0:
        return
    people = float(round(row.value * row.base))
    yes, base = made.unknown(key, people), _base(page, made, cells[0])
    made.know([(base, 1.0), (yes, -1.0)], 0.0)
    told = [cell for cell in cells if not hidden[cell]]
    earlier = [cell for cell in cells if cell in page.before]
    for cell in (told or earlier)[:1]:
        share = float(page.told[cell])
        coarse = abs(share / TENTH - round(share / TENTH)) < 1e-9
        few = coarse and row.section in ("distribution", "changes") and row.base < 500
        half = (TENTH if few else PERCENT) / 2 + 1e-9
        cost = sum(_cost(page, one) for one in told)
        rests = () if earlier else tuple(told)
        made.know([(yes, 1.0), (base, -(share + half))], high=0.0, cells=rests, cost=cost)
        made.know([(yes, 1.0), (base, -(share - half))], low=0.0, cells=rests, cost=cost)
        return
    made.hide([(yes, 1.0)])
    made.hide([(base, 1.0), (yes, -1.0)])
    if people < minimum:
        made.know([(yes, 1.0)], 0.0, minimum - 1)
    elif row.base - people < minimum:
        made.know([(base, 1.0), (yes, -1.0)], 0.0, minimum - 1)


def _lost_share(page: Page, made: Knowledge, at: int, hidden: np.ndarray) -> None:
    """Note the shares lost: of all who were there at the start."""
    row = page.rows[at]
    lost = row.section == "flow" and row.statistic == "share" and not math.isnan(row.value)
    if not lost or hidden[at]:
        return
    start = made.find("flow units", "baseline", "", row.group, "")
    people = float(round(row.value * row.base))
    if row.variable.startswith(LOST_ON):
        gone = made.unknown((LOST_ON, row.variable, row.group), people)
        step = page.rule.minimum_cell
        near = page.rule.near(people)
        low, high = math.ceil(near - step / 2), math.ceil(near + step / 2) - 1
        made.know([(gone, 1.0)], low, high, cells=(at,), cost=OTHER)
        return
    found = made.find("flow lost", "lost", "", row.group, "")
    if found is None or start is None:
        return
    half, share = PERCENT / 2 + 1e-9, float(page.told[at])
    terms = (([(found, 1.0), (start, -(share + half))], -math.inf, 0.0),)
    terms += (([(found, 1.0), (start, -(share - half))], 0.0, math.inf),)
    for sum_of, low, high in terms:
        made.know(sum_of, low, high, cells=(at,), cost=OTHER)


def _spreads(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note what an interval says of how many people stand behind its mean.

    Its half width is t times the standard deviation over the root of their number, where
    each is drawn by itself.
    """
    if (page.cells["variable"] == "clusters").any():
        return
    told: dict[tuple[str, ...], dict[str, int]] = {}
    for at, row in enumerate(page.rows):
        kept = row.section in ("trends", "participants") and not hidden[at]
        if kept and row.statistic in ("low", "high", "sd", "share") and not math.isnan(row.value):
            line = (row.variable, row.category, row.group, row.period)
            told.setdefault(line, {})[row.statistic] = at
    for line, parts in told.items():
        if "low" not in parts or "high" not in parts:
            continue
        base = int(page.rows[parts["low"]].base)
        n = made.find("n", *line)
        if n is None or base < 2:
            continue
        low, high = _behind(page, parts)
        cells = (parts["low"], parts["high"])
        made.know([(n, 1.0)], low, high, cells=cells, cost=OTHER / 2)


def _behind(page: Page, parts: dict[str, int]) -> tuple[float, float]:
    """Return between which numbers of people lie behind an interval."""
    ends = [float(page.told[parts[name]]) for name in ("low", "high")]
    if "share" in parts:
        share = float(page.told[parts["share"]])
        slack = PERCENT / 2
        near = [min(max(share + d, 0.0), 1.0) for d in (-slack, 0.0, slack)]
        spread = [math.sqrt(p * (1 - p)) for p in near]
        sd = (min(spread), max(spread, default=0.0))
        if near[0] < 0.5 < near[-1]:
            sd = (sd[0], 0.5)
        widths = PERCENT
    elif "sd" in parts:
        value = float(page.told[parts["sd"]])
        half = _ulp(value) / 2
        sd, widths = (value - half, value + half), sum(_ulp(end) for end in ends) / 2
    else:
        return 0.0, math.inf
    half = (ends[1] - ends[0]) / 2
    wide = (max(half - widths / 2, 1e-12), half + widths / 2)
    reach = _reach()
    # It falls with n: as wide as this, or wider, are those up to the place where it is passed.
    most = np.searchsorted(-reach, -wide[0] / max(sd[1], 1e-12), side="right") + 2
    least = np.searchsorted(-reach, -wide[1] / max(sd[0], 1e-12), side="left") + 1
    return float(max(least, 0)), float(most) if most < MOST_UNITS else math.inf


@lru_cache(maxsize=1)
def _reach() -> np.ndarray:
    """Return t over the root of n, for n people from two on."""
    from scipy.special import stdtrit

    n = np.arange(2, MOST_UNITS + 2)
    return np.asarray(stdtrit(n - 1, 0.975) / np.sqrt(n))


def _ulp(value: float) -> float:
    return 10.0 ** (math.floor(math.log10(abs(value))) - DIGITS + 1) if value else 0.0


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
