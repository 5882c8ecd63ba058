"""By which steps shares and averages are rounded, and which numbers of people are."""

from __future__ import annotations

import math

import pandas as pd

from impact.disclosure.beside import is_expected, is_share
from impact.disclosure.rule import DIGITS, Rule, half_of
from impact.disclosure.widths import ENDS, ENDS_OF_ALPHA, ends_step, nice, width
from impact.results.summary import ABSENT, COUNTS

__all__ = [
    "COMPARED",
    "find_apart",
    "find_blurred",
    "find_ends",
    "find_of_all",
    "find_rough",
    "find_steps",
    "find_twice",
    "is_coarse",
]

PEOPLE = frozenset({"participants", "flow", "comparison", "data"})
PERCENT, TWENTIETH, TENTH = 0.01, 0.05, 0.1
FIFTH = 0.2
STEPS_OF = {
    150: (PERCENT, PERCENT, TENTH, TWENTIETH),
    60: (0.02, 0.02, TENTH, TENTH),
    30: (TWENTIETH, TENTH, TENTH, FIFTH),
    0: (TENTH, TENTH, FIFTH, 0.5),
}
"""Of so many people: steps of shares, of averages of whole numbers, and of their spreads, so that
there are several sums, and several sums of squares, whatever the number of people is; and of what
compares averages, so that it tells little more than they do."""
COMPARED = frozenset({"smd", "smd_unweighted", "smd_lost", "variance_ratio"})
PROMINENT = {"trends": ("balance", "participants"), "balance": ("participants",)}
FEW = 500
IN_TWENTIETHS = frozenset({"distribution", "changes"})
NEAR = 1e-6
MOST_ITEMS = 12
ACROSS = ["section", "variable", "category", "period"]
ROW = ["section", "variable", "category", "group", "period"]
SMALL_GROUP = 60


def find_rough(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the numbers of people that are rounded because few were there, or lost.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table and ``section``)
        With true values.
    rule : Rule
    """
    counts = cells["statistic"].isin(COUNTS) & rule.guarded
    rough: pd.Series = cells["section"].isin(PEOPLE) & counts
    return rough


def find_blurred(cells: pd.DataFrame, rule: Rule) -> frozenset[str]:
    """Return the variables of which it is not told exactly how many answered."""
    asked = cells[cells["section"].isin(PEOPLE) & cells["statistic"].isin(COUNTS)]
    few = asked["value"].map(rule.small) & (asked["statistic"].isin(ABSENT) | asked["rough"])
    found = set(asked.loc[few, "variable"])
    return frozenset(found | set(cells["variable"]) if cells["rough"].any() else found)


def find_steps(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the step by which each share, or average of whole numbers, is rounded.

    Not a number where it has three digits instead. The step of a page is that of the fewest of
    whom a blurred value is, so that it tells of nobody else.
    """
    share = is_share(cells)
    steps = pd.Series(math.nan, cells.index).mask(share, PERCENT)
    if not rule.guarded:
        return steps
    people = _answered(cells)
    whole = cells["statistic"].eq("mean") & _is_counted(cells["value"], people)
    names = cells["variable"].str.removeprefix("before: ")
    plain = names.map(lambda name: name.rpartition(" by ")[0] or name)
    blurred = plain.isin(find_blurred(cells, rule)) & (share | whole)
    told = blurred & ~(people < rule.minimum_cell)
    if told.any():
        share_step, mean_step, spread_step, compared_step = _steps_of(people[told].min())
        steps = steps.mask(blurred & share, share_step).mask(blurred & ~share, mean_step)
        steps = steps.mask(_beside(cells, blurred & ~share), spread_step)
        steps = steps.mask(cells["statistic"].isin(COMPARED), compared_step)
    # What is expected without the pilot is a sum of averages, as coarse as they are.
    own = steps.groupby([cells["section"], cells["variable"]]).transform("max")
    steps = steps.mask(is_expected(cells) & steps.isna(), own)
    coarse = share & (is_coarse(cells) | find_apart(cells, rule))
    return steps.mask(coarse, steps.clip(lower=TWENTIETH))


def _is_counted(values: pd.Series, people: pd.Series) -> pd.Series:
    """Return which averages are of whole numbers, or of scores of a few items that would tell.

    The mean of three items is a third of a whole number. Of so few people that the digits of
    their average tell one sum from the next, it is as good as one.
    """
    counted = values * people
    found = (counted - counted.round()).abs() < NEAR
    apart = values.map(lambda value: half_of(value, DIGITS) / 2)
    for items in range(2, MOST_ITEMS + 1):
        sums = counted * items
        found |= ((sums - sums.round()).abs() < NEAR) & (1 / (items * people) > apart)
    return found


def _steps_of(least: float) -> tuple[float, float, float, float]:
    """Return the steps of a page of whose blurred values one is of so few."""
    return next(steps for most, steps in STEPS_OF.items() if least >= most)


def _beside(cells: pd.DataFrame, centres: pd.Series) -> pd.Series:
    """Return the spreads of averages."""
    line = cells.groupby(ROW, sort=False, dropna=False).ngroup()
    spreads: pd.Series = cells["statistic"].eq("sd") & centres.groupby(line).transform("max")
    return spreads


def find_ends(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the step by which the ends of an interval are rounded.

    Of an average over time, and of a score's alpha (`ends_step`); of a change, with the change
    itself, as large as its error. Not a number for all other cells.
    """
    found = pd.Series(math.nan, cells.index)
    ends = (cells["section"] == "trends") & cells["statistic"].isin(ENDS)
    ends |= cells["statistic"].isin(ENDS_OF_ALPHA)
    changes = (cells["section"] == "changes") & cells["statistic"].isin(("change", *ENDS))
    if not (rule.guarded and (ends | changes).any()):
        return found
    error = width(cells).fillna(width(cells, ENDS_OF_ALPHA))
    errors = zip(error[ends], _answered(cells)[ends], strict=True)
    steps = [ends_step(error, people, rule.minimum_cell) for error, people in errors]
    row = cells.groupby(ROW, sort=False, dropna=False).ngroup()
    least = find_steps(cells, rule).groupby(row).transform("max").fillna(0.0)
    found = pd.Series(steps, index=cells.index[ends], dtype=float).reindex(cells.index)
    return found.clip(lower=least).where(~changes, error.map(nice))


def _answered(cells: pd.DataFrame) -> pd.Series:
    """Return how many answered, where a table says so, else what the value rests on."""
    line = cells.groupby(["section", *ROW[1:]], sort=False, dropna=False).ngroup()
    n = cells["value"].where(cells["statistic"] == "n").groupby(line).transform("max")
    return n.fillna(cells["base"])


def find_apart(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return averages and spreads of nearly the same people as another table's.

    Those of the course keep their digits, then those of the balance. Where one group of a
    variable is told coarsely, all are: two groups give the third.
    """
    line = cells.groupby(ROW[1:], sort=False, dropna=False).ngroup()
    centre = cells["statistic"].isin(("mean", "share"))
    found = pd.Series(data=False, index=cells.index)
    for prominent, others in PROMINENT.items():
        of = cells["base"].where(centre & (cells["section"] == prominent))
        people = of.groupby(line).transform("max")
        differ = (cells["base"] - people).abs()
        few = centre & cells["section"].isin(others) & (differ > 0) & (differ < rule.minimum_cell)
        told = set(zip(cells["section"][few], cells["variable"][few], strict=True))
        pairs = list(zip(cells["section"], cells["variable"], strict=True))
        found |= pd.Series([pair in told for pair in pairs], index=cells.index, dtype=bool)
    return found & cells["statistic"].isin(("mean", "share", "sd", "low", "high"))


def find_twice(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return averages that another table tells of nearly the same people, where some are of few.

    Of fewer than twice the minimum steps of a standard error are too fine. All of a page's are
    returned then: one alone would be known to be of few.
    """
    apart = find_apart(cells, rule) & rule.guarded
    of_few = cells["base"].where(apart & ~(cells["base"] < rule.minimum_cell)).min()
    return apart & bool(of_few < 2 * rule.minimum_cell)


def find_of_all(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return averages and spreads of all beside those of two groups, one of them small.

    An average of all lies between those of the groups as their sizes have it, and with the
    spreads it tells these sizes. Shares are counts, and are looked at as such. Subgroups and the
    whole are alike: where any is small, the spreads of all are returned.
    """
    averages = cells["statistic"].isin(("mean", "sd")) & rule.guarded & ~is_share(cells)
    line = cells.groupby([*ACROSS, "statistic"], sort=False, dropna=False).ngroup()
    of_group = averages & cells["group"].isin(("treated", "comparison"))
    least = cells["base"].where(of_group).groupby(line).transform("min")
    found: pd.Series = averages & cells["group"].eq("all") & (least < SMALL_GROUP)
    spreads = averages & cells["statistic"].eq("sd") & cells["section"].eq("subgroups")
    return found | spreads & bool(cells["base"].where(spreads).min() < SMALL_GROUP)


def is_coarse(cells: pd.DataFrame) -> pd.Series:
    """Return what is told in twentieths where it is of few."""
    few: pd.Series = cells["section"].isin(IN_TWENTIETHS) & ~(cells["base"] >= FEW)
    return few
