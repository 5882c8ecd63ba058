"""By which steps shares and averages are rounded, and which numbers of people are."""

from __future__ import annotations

import math

import pandas as pd

from impact.disclosure.beside import is_share
from impact.disclosure.rule import Rule
from impact.results.summary import COUNTS

__all__ = ["find_apart", "find_blurred", "find_rough", "find_steps", "is_coarse"]

PEOPLE = frozenset({"participants", "flow", "comparison", "data"})
ABSENT = frozenset({"missing", "refused", "not_known", "not_asked"})
PERCENT, TWENTIETH = 0.01, 0.05
STEPS_OF = ((150, PERCENT), (60, 0.02), (30, TWENTIETH), (0, 0.1))
PROMINENT = {"trends": ("balance", "participants"), "balance": ("participants",)}
FEW = 500
IN_TWENTIETHS = frozenset({"distribution", "changes"})
NEAR = 1e-6
ROW = ["section", "variable", "category", "group", "period"]


def find_rough(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the numbers of people that are rounded because few were there, or lost.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table and ``section``)
        With true values.
    rule : Rule
    """
    counts = cells["statistic"].isin(COUNTS) & rule.guarded
    there = cells["section"].isin(PEOPLE) & counts & ~cells["statistic"].isin(ABSENT)
    few = there & cells["statistic"].isin(("units", "lost")) & (cells["category"] == "")
    rough: pd.Series = there & bool((few & cells["value"].map(rule.small)).any())
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
    counted = cells["value"] * people
    whole = cells["statistic"].eq("mean") & ((counted - counted.round()).abs() < NEAR)
    names = cells["variable"].str.removeprefix("before: ")
    plain = names.map(lambda name: name.rpartition(" by ")[0] or name)
    blurred = plain.isin(find_blurred(cells, rule)) & (share | whole)
    told = blurred & ~(people < rule.minimum_cell)
    if told.any():
        least = people[told].min()
        steps = steps.mask(blurred, next(step for most, step in STEPS_OF if least >= most))
    coarse = share & (is_coarse(cells) | find_apart(cells, rule))
    return steps.mask(coarse, steps.clip(lower=TWENTIETH))


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


def is_coarse(cells: pd.DataFrame) -> pd.Series:
    """Return what is told in twentieths where it is of few."""
    few: pd.Series = cells["section"].isin(IN_TWENTIETHS) & ~(cells["base"] >= FEW)
    return few
