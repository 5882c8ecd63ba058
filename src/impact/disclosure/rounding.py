"""How exactly the numbers of a table are told.

Shares and their intervals are told in whole percents, numbers of rows to the nearest multiple
of the minimum, the rest with three digits. More coarsely:

- Levels that few have are put together with their neighbours; a mean told elsewhere would part
  them again. So shares on levels of fewer than 500 people are told in twentieths.
- Numbers of people by subgroup, of those who answered all items of a score, or who answered
  twice, are told to the nearest multiple of the minimum: less the numbers of all who answered
  they would count those few who did not.
- What changed within people is of those who answered twice, averages by period of all who
  answered then: together they tell about those few who answered once. So shares that changed
  are told in twentieths, and a mean change and its interval by steps as large as its standard
  error: over n people that hides sums of as much as the square root of n persons' spread.
- Where few were lost, or there, all numbers of people who were there are told to the nearest
  multiple of the minimum: told exactly they would have to be hidden beside the few.
- Where it is not told exactly how many answered, shares and averages of whole numbers, or of
  scores of a few of them, would tell it: 26 in a hundred of 25 to 34 people are 7 of 27, or 8 of
  31. So they are told by steps that are larger than one of those who answered, and so are their
  spreads; what compares averages is computed from these as they are told, or told by steps that
  leave it no more exact.
- The ends of intervals, of averages over time and of a score's alpha, are told by steps that leave
  unsure how many are behind them (`impact.disclosure.widths.ends_step`).
- Where two tables tell the average of one variable, group and period of nearly the same people
  (all who answered, and those among them whose changes are compared), the less prominent one is
  told by steps as large as its standard error, as changes are, and its spread with one digit.
- The average of all beside those of two groups tells how large these are: it is left out where one
  is small, and otherwise looked at like a sum.
- Numbers of the flow that hold others but for a few (to whom the pilot was open, who took it up,
  who is in the analysis of an outcome, whom the files of the waves have in common) are told to
  the nearest multiple of the minimum, and so are the people in shares lost on one outcome.
"""

from __future__ import annotations

import math

import pandas as pd

from impact.disclosure.beside import LOST_ON, is_share
from impact.disclosure.compared import FROM_TOLD, from_told
from impact.disclosure.rough import rounded_rows
from impact.disclosure.rule import DIGITS, Rule, significant
from impact.disclosure.steps import COMPARED, find_apart, find_ends, find_steps
from impact.disclosure.widths import nice
from impact.locale import N_
from impact.results import Sentence
from impact.results.summary import COUNTS

__all__ = ["is_near", "rounded", "rounding_notes"]

PLACES = frozenset({"clusters", "places"})
APART = frozenset({"changes", "leavers", "reliability", "subgroups"})
APART_FROM = ["smd_lost", "smd_unweighted"]
"""What is not computed from averages that are told."""
STEPS = frozenset({"eligible", "enrolled", "analysed", "matched"})
TWOS = N_(
    "Shares are rounded to the nearest two in a hundred, so they need not add up to a hundred."
)
TENS = N_(
    "Shares are rounded to the nearest ten in a hundred, so they need not add up to a hundred."
)
FIVES = N_(
    "Shares are rounded to the nearest five in a hundred, so they need not add up to a hundred."
)
ROW = ["section", "variable", "category", "group", "period"]
SHARES = {0.02: TWOS, 0.05: FIVES, 0.1: TENS}
ENDS = N_(
    "The ends of intervals are rounded, more coarsely where they are of fewer people, so that they "
    "do not tell how many there were."
)
SPREADS = N_("Standard deviations of whole numbers are rounded to the nearest %(step)s.")
BETWEEN = N_("Standardised differences and variance ratios are rounded to the nearest %(step)s.")
NEAREST = N_("Numbers of people are rounded to the nearest %(nearest)s.")
FLOW = N_(
    "To how many the pilot was open, how many took it up, are in the analysis, are found in the "
    "files, or gave no answer on one outcome, is rounded to the nearest %(nearest)s people."
)
ALMOST = N_(
    "Averages of nearly the same people stand in two tables: here they are rounded to steps as "
    "large as their standard error."
)


def rounded(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the values of all tables of a page as exactly as they are told.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table and ``section``)
    rule : Rule
    """
    counts = cells["statistic"].isin(COUNTS | PLACES)
    digits = cells["value"].map(lambda value: significant(value, DIGITS))
    row = cells.groupby(ROW[1:], sort=False, dropna=False).ngroup()
    steps = find_steps(cells, rule)
    own = steps.where(is_share(cells)).groupby(row).transform("max")
    step = steps.fillna(own)
    stepped = ((cells["value"] / step).round() * step).round(9)
    told = cells["value"].where(counts, stepped.where(step.notna(), digits))
    near = cells["value"].map(lambda value: rule.near(value) if value == value else value)
    told = near.where(is_near(cells) & counts, told)
    told = (
        (_people(cells, rule) / cells["base"].map(rule.near)).round(2).where(_lost_on(cells), told)
    )
    ends = find_ends(cells, rule)
    told = _to_steps(cells["value"], ends).where(ends.notna(), told)
    told = _apart(cells, told, rule)
    return from_told(cells, told) if rule.guarded else told


def _apart(cells: pd.DataFrame, told: pd.Series, rule: Rule) -> pd.Series:
    """Tell coarsely what another table tells of all these people but a few."""
    apart = find_apart(cells, rule) & rule.guarded
    if not apart.any():
        return told
    line = cells.groupby(["section", *ROW[1:]], sort=False, dropna=False).ngroup()
    spread = cells["value"].where(cells["statistic"] == "sd").groupby(line).transform("max")
    step = (spread / cells["base"].map(math.sqrt)).map(nice)
    share = is_share(cells)
    mean = cells["statistic"].isin(("mean", "low", "high")) & ~share
    means = ((cells["value"] / step).round() * step).map(lambda value: significant(value, 9))
    one = cells["value"].map(lambda value: significant(value, 1))
    coarse = means.where(step.notna(), one).where(mean, one.where(~share, told))
    return coarse.where(apart, told)


def is_near(cells: pd.DataFrame) -> pd.Series:
    """Return which numbers of people are told to the nearest multiple of the minimum."""
    steps = (cells["section"] == "flow") & cells["variable"].isin(STEPS)
    # Records of all periods together: less those of the periods told apart, they would be few.
    together = (cells["section"] == "data") & (cells["period"] == "")
    near = steps | together | cells["section"].isin(APART) | (cells["variable"] == "rows")
    found: pd.Series = near | cells["rough"] if "rough" in cells else near
    return found


def _lost_on(cells: pd.DataFrame) -> pd.Series:
    lost: pd.Series = (cells["section"] == "flow") & cells["variable"].str.startswith(LOST_ON)
    return lost


def _people(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the people in every share, to the nearest multiple of the minimum."""
    people: pd.Series = cells["value"] * cells["base"]
    return people.map(lambda n: rule.near(n) if n == n else n)


def rounding_notes(cells: pd.DataFrame, rule: Rule) -> tuple[Sentence, ...]:
    """Say of one table what is rounded more coarsely than numbers usually are."""
    if not rule.guarded:
        return ()
    shown = cells[~cells["hidden"]]
    said = []
    if (shown["variable"] == "rows").any():
        said.append(rounded_rows(rule))
    if cells["section"].eq("data").any():
        text = N_("Numbers beside these tables are rounded to the nearest %(nearest)s.")
        said.append(Sentence(text, {"nearest": rule.minimum_cell}))
    told = set(shown["step"][is_share(shown)].round(6))
    said += [Sentence(text) for step, text in SHARES.items() if step in told]
    balance = shown["section"].eq("balance") & shown["statistic"].isin(COMPARED)
    said += [Sentence(FROM_TOLD)] if balance.any() else []
    for text, statistics in ((SPREADS, ["sd"]), (BETWEEN, APART_FROM)):
        by = shown["step"].where(shown["statistic"].isin(statistics)).max()
        said += [Sentence(text, {"step": f"{by:g}"})] if by > 0 else []
    over_time = shown["section"].eq("trends") & shown["statistic"].isin(("low", "high"))
    if (over_time | shown["statistic"].eq("alpha_low")).any():
        said.append(Sentence(ENDS))
    near = is_near(shown) & shown["statistic"].isin(COUNTS) & (shown["variable"] != "rows")
    if near.any():
        steps = shown["section"].eq("flow") & ~shown["rough"]
        text = FLOW if (steps & near).any() else NEAREST
        said.append(Sentence(text, {"nearest": rule.minimum_cell}))
    if (shown["statistic"] == "change").any():
        said.append(Sentence("Changes are rounded to steps as large as their standard error."))
    if cells["apart"].any():
        said.append(Sentence(ALMOST))
    return tuple(said)


def _to_steps(values: pd.Series, steps: pd.Series) -> pd.Series:
    stepped = (values / steps).round() * steps
    return stepped.map(lambda value: significant(value, 9))
