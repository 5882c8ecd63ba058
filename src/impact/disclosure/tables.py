"""Summary tables through the gate: small cells first, then what gives them away.

The steps, for all tables of a page at once:

1. A count below the minimum is hidden (zero too), and so is any value whose base is. A
   share, or the mean of a 0/1 variable, is hidden when the people it counts, or the
   people it does not count, are fewer than the minimum: times its base it is a count.
2. With a share or mean fall its SD, the same of the other group and of all units in that
   period, their differences, and what is expected without the pilot: an effect is a
   difference of such means, and would give a single hidden one back.
3. Where a number of units, or of those lost, is hidden, so is every number of rows: rows
   are units times periods less those who were not there.
4. Where counts (or the people in shares) add up to another one, the hidden ones of that
   sum must be at least two and hold at least the minimum together; until they do, the
   smallest shown one is hidden as well.
5. A period or category that too few have is left out with its name
   (`impact.disclosure.labels`).
6. What stays is rounded: shares and their intervals to whole percents, rows to the nearest
   multiple of the minimum, the rest to three digits.

What is hidden is told to the gates of text and estimates (`impact.disclosure.withheld`).

Sums are found by their numbers, within a variable over groups, categories and kinds of
answers, and over the steps of a flow. Sums across variables are not searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from impact.disclosure.labels import find_unnamed
from impact.disclosure.rule import Rule, significant
from impact.disclosure.sentences import gate_notes, rounded_rows
from impact.disclosure.sums import Sum, find_sums
from impact.disclosure.withheld import NOTHING, Withheld
from impact.results import Sentence, SummaryTable
from impact.results.summary import COUNTS

__all__ = ["gate_tables"]

ACROSS = ["variable", "category", "period"]
COMPARED = frozenset({"smd", "difference", "low", "high"})
PLACES = frozenset({"clusters", "places"})
PRESENT = frozenset({"units", "lost"})
CENTRES = frozenset({"mean", "share", "median"})
NEAR = 1e-6


def gate_tables(tables: Sequence[SummaryTable], rule: Rule) -> tuple[list[SummaryTable], Withheld]:
    """Return the tables with a column ``hidden``, and what they hide.

    A hidden value is not a number.

    Parameters
    ----------
    tables : sequence of SummaryTable
        All tables of one page: what one hides no other gives back.
    rule : Rule
        Where it does not guard, nothing is hidden or rounded.
    """
    if not tables:
        return [], NOTHING
    cells = pd.concat([table.cells for table in tables], keys=range(len(tables)), names=["table"])
    cells = cells.reset_index("table").reset_index(drop=True)
    hidden = _hidden(cells, rule) if rule.guarded else np.zeros(len(cells), dtype=bool)
    unnamed = find_unnamed(cells, hidden, rule)
    cells = cells.assign(hidden=hidden)
    withheld = replace(_withheld(cells, rule), labels=unnamed.labels)
    if rule.guarded:
        cells["value"] = _rounded(cells, rule)
    cells["value"] = cells["value"].mask(cells["hidden"])
    cells["base"] = _base(cells, rule)
    gated = []
    for at, table in enumerate(tables):
        own = cells[cells["table"] == at].drop(columns="table")
        said = gate_notes(table.notes, rule, withheld)
        said += (*unnamed.notes(own, table.labels, rule), *_rounding(own, rule))
        shown = own[unnamed.rows(own)].reset_index(drop=True)
        gated.append(replace(table, cells=shown, labels=unnamed.named(table.labels), notes=said))
    return gated, withheld


def _withheld(cells: pd.DataFrame, rule: Rule) -> Withheld:
    """Tell what is hidden, for the gates of text and estimates."""
    whole = (cells["category"] == "") | (cells["variable"] == "rows")
    hidden = cells[cells["hidden"] & whole]
    told = hidden[hidden["statistic"].isin(COUNTS)]
    means = hidden[hidden["statistic"].isin(CENTRES) & ~_is_expected(hidden) & ~_is_lost(hidden)]
    large = set(told.loc[told["value"] >= rule.minimum_cell, "value"])
    shown = cells[~cells["hidden"] & cells["statistic"].isin(COUNTS)]
    return Withheld(
        outcomes=frozenset(means["variable"]),
        answered=frozenset(told["variable"]),
        present=bool(told["statistic"].isin(PRESENT).any()),
        people=frozenset(int(people) for people in large - set(shown["value"])),
    )


def _rounding(cells: pd.DataFrame, rule: Rule) -> tuple[Sentence, ...]:
    """Say that rows are rounded, in a table that shows some."""
    rows = (cells["variable"] == "rows") & ~cells["hidden"]
    if not (rule.guarded and rows.any()):
        return ()
    return (rounded_rows(rule),)


def _base(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return what may be known of each base: that it is large enough, or nothing (0)."""
    if not rule.guarded:
        return cells["base"]
    return cells["base"].clip(upper=rule.minimum_cell).mask(cells["hidden"], 0)


def _hidden(cells: pd.DataFrame, rule: Rule) -> np.ndarray:
    people = _people(cells)
    hidden = _small(cells, people, rule)
    sums = find_sums(cells, people)
    while True:
        before = hidden.sum()
        hidden = _together(cells, hidden)
        hidden = _complement(people, hidden, sums, rule.minimum_cell)
        hidden |= _rows_beside(cells, hidden)
        if hidden.sum() == before:
            return hidden


def _rows_beside(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    """Return all numbers of rows, where a number of units or of those lost is hidden."""
    rows: np.ndarray = (cells["variable"] == "rows").to_numpy()
    units = cells["statistic"].isin(PRESENT).to_numpy()
    return rows & bool((hidden & units).any())


def _is_share(cells: pd.DataFrame) -> np.ndarray:
    """Return which values are shares: named so, or means that count whole people."""
    value, base = (cells[name].to_numpy(dtype=float) for name in ("value", "base"))
    counted = value * base
    whole = np.isclose(counted, np.round(counted), rtol=0, atol=NEAR)
    inside = (value >= 0) & (value <= 1)
    named, mean = ((cells["statistic"] == name).to_numpy() for name in ("share", "mean"))
    shares: np.ndarray = named | (mean & whole & inside)
    return shares


def _is_expected(cells: pd.DataFrame) -> np.ndarray:
    """Return which values are expectations: computed from others, counting nobody."""
    expected: np.ndarray = (cells["group"] == "expected").to_numpy()
    return expected


def _is_lost(cells: pd.DataFrame) -> np.ndarray:
    """Return which shares are of units lost: they rest on the fewer of lost and stayed."""
    lost: np.ndarray = ((cells["variable"] == "lost") & (cells["statistic"] == "share")).to_numpy()
    return lost


def _people(cells: pd.DataFrame) -> np.ndarray:
    """Return how many people each cell counts; not a number where it counts none."""
    value, base = (cells[name].to_numpy(dtype=float) for name in ("value", "base"))
    counts = cells["statistic"].isin(COUNTS).to_numpy()
    shares = _is_share(cells) & ~_is_expected(cells) & ~_is_lost(cells)
    return np.where(counts, value, np.where(shares, value * base, np.nan))


def _small(cells: pd.DataFrame, people: np.ndarray, rule: Rule) -> np.ndarray:
    base = cells["base"].to_numpy(dtype=float)
    given = cells["value"].notna().to_numpy()
    share = _is_share(cells) & ~_is_expected(cells) & ~_is_lost(cells)
    counts = cells["statistic"].isin(COUNTS).to_numpy()
    least = rule.minimum_cell - NEAR
    few = ~(people >= least) & (counts | share)
    rest = share & ~(base - people >= least)
    thin = ~(base >= rule.minimum_cell)
    small: np.ndarray = given & (few | rest | thin)
    return small


def _together(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    """Hide what stands beside a hidden mean or share, or was computed from it."""
    counts = cells["statistic"].isin(COUNTS).to_numpy()
    compared = cells["statistic"].isin(COMPARED).to_numpy()
    derived = (compared & (cells["period"] == "").to_numpy()) | _is_expected(cells)
    across = cells.groupby(ACROSS, sort=False, dropna=False).ngroup().to_numpy()
    always = cells.groupby(ACROSS[:2], sort=False, dropna=False).ngroup().to_numpy()
    lost = hidden & ~counts & ~compared & ~_is_expected(cells)
    beside = ~counts & np.isin(across, across[lost])
    from_it = derived & np.isin(always, always[lost])
    gone = hidden & (cells["statistic"] == "lost").to_numpy()
    rate = _is_lost(cells) & np.isin(always, always[gone])
    given = cells["value"].notna().to_numpy()
    together: np.ndarray = hidden | ((beside | from_it | rate) & given)
    return together


def _complement(
    people: np.ndarray, hidden: np.ndarray, sums: Sequence[Sum], minimum: int
) -> np.ndarray:
    """Hide the smallest shown members of the first sum that gives a hidden one away.

    One sum at a time: what falls with them may close the next one, so that the same
    category falls in all groups, not another one in each.
    """
    before, hidden = hidden.sum(), hidden.copy()
    for members in sums:
        groups = [list(same) for same in members]
        while True:
            out = [same for same in groups if hidden[same].any()]
            held = sum(people[same[0]] for same in out)
            shown = [same for same in groups if not hidden[same].any()]
            if not out or not shown or (len(out) > 1 and held >= minimum):
                break
            smallest = min(shown, key=lambda same: people[same[0]])
            hidden[smallest] = True
        for same in groups:
            hidden[same] = hidden[same].any()
        if hidden.sum() > before:
            break
    return hidden


def _rounded(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    row = cells.groupby([*ACROSS, "group"], sort=False, dropna=False).ngroup().to_numpy()
    share = np.isin(row, row[_is_share(cells)])
    counts = cells["statistic"].isin(COUNTS | PLACES).to_numpy()
    percents = cells["value"].round(2)
    digits = cells["value"].map(lambda value: significant(value, 3))
    near = cells["value"].map(lambda value: rule.near(value) if value == value else value)
    told = cells["value"].where(cells["variable"] != "rows", near)
    return told.where(counts, percents.where(share, digits))
