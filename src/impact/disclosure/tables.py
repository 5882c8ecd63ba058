"""Summary tables through the gate: small cells first, then what gives them away.

The steps, for all tables of a page at once:

1. A count below the minimum is hidden (zero too), and so is any value whose base is. A
   share, or the mean of a 0/1 variable, is hidden when the people it counts, or the
   people it does not count, are fewer than the minimum: times its base it is a count. A
   mean change is, where it tells how many changed (`impact.disclosure.changed`).
2. What stands beside a hidden cell, or was computed from it, falls with it
   (`impact.disclosure.beside`): an effect is a difference of means, and would give a single
   hidden one back.
3. Where counts (or the people in shares) add up to another one, the hidden ones of that
   sum must be at least two and hold at least the minimum together; until they do, the
   smallest shown one is hidden as well.
4. A period or category that too few have is left out with its name
   (`impact.disclosure.labels`).
5. What stays is rounded (`impact.disclosure.rounding`).

What is hidden is told to the gates of text and estimates (`impact.disclosure.withheld`).

Sums are found by their numbers, within a variable over groups, categories and kinds of
answers, and over the steps of a flow. Sums across variables are not searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from impact.disclosure.audit import protect
from impact.disclosure.beside import is_expected, is_lost, is_share
from impact.disclosure.changed import find_few_changed
from impact.disclosure.editions import NOTHING_BEFORE, Edition, apart_from, known_from
from impact.disclosure.labels import find_unnamed
from impact.disclosure.published import Estimated, Page
from impact.disclosure.reader import linked
from impact.disclosure.rough import rough_notes
from impact.disclosure.rounding import is_near, rounded, rounding_notes
from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_notes
from impact.disclosure.steps import (
    find_apart,
    find_blurred,
    find_of_all,
    find_rough,
    find_steps,
    find_twice,
)
from impact.disclosure.withheld import NOTHING, Withheld, withheld_from
from impact.results import SummaryTable
from impact.results.summary import COUNTS

__all__ = ["gate_tables"]

ANSWERS = COUNTS - {"units", "lost"}
OURS = ["table", "section", "rough", "apart", "few", "step", "spare"]
FOLLOWED = "of those seen both before and after"
LEAST_OF_MEAN = 10
"""A mean of fewer whole numbers, to one decimal, is one of few fractions."""
NEAR = 1e-6


def gate_tables(
    tables: Sequence[SummaryTable],
    rule: Rule,
    estimated: Sequence[Estimated] = (),
    before: Edition = NOTHING_BEFORE,
    contrasted: frozenset[str] = frozenset(),
    drawn: frozenset[str] = frozenset(),
) -> tuple[list[SummaryTable], Withheld]:
    """Return the tables with a column ``hidden``, and what they hide.

    A hidden value is not a number.

    Parameters
    ----------
    tables : sequence of SummaryTable
        All tables of one page: what one hides no other gives back.
    rule : Rule
        Where it does not guard, nothing is hidden or rounded.
    estimated : sequence of Estimated
        Numbers of people beside the estimates of the page.
    contrasted : frozenset of str
        Outcomes of which every estimate compares changes.
    drawn : frozenset of str
        Outcomes of a lottery with an estimate of all, and one of those known at the start.
    before : mapping
        What earlier editions showed (`impact.disclosure.editions.remember`).
    """
    if not tables:
        return [], NOTHING
    cells = pd.concat([table.cells for table in tables], keys=range(len(tables)), names=["table"])
    cells = cells.reset_index("table").reset_index(drop=True)
    cells["section"] = cells["table"].map(lambda at: tables[at].section).astype("str")
    shares = cells["statistic"].eq("share") & cells["category"].eq("")
    yes_no = frozenset(cells.loc[shares, "variable"])
    measured = frozenset(cells.loc[cells["statistic"] == "mean", "variable"])
    contrasted = (contrasted & yes_no) - measured
    cells["rough"] = find_rough(cells, rule)
    cells["apart"] = find_apart(cells, rule) & rule.guarded
    cells["step"] = find_steps(cells, rule)
    cells["spare"] = find_of_all(cells, rule) | find_twice(cells, rule)
    told = rounded(cells, rule) if rule.guarded else cells["value"]
    cells["few"] = _few(cells, rule)
    hidden = np.zeros(2 * len(cells) + len(estimated), dtype=bool)
    linked_to: frozenset[Estimated] = frozenset()
    if rule.guarded:
        small = _small(cells, _people(cells), rule) | apart_from(before, cells, rule)
        small |= find_few_changed(cells, rule).to_numpy()
        hidden[: len(cells)] = small | _reasons(cells, small) | _leavers(cells, rule)
        page = Page.of(cells, told.to_numpy(), is_near(cells).to_numpy(), rule)
        seen = known_from(before, cells)
        followed = any(FOLLOWED in note.text for table in tables for note in table.notes)
        page = replace(
            page,
            estimated=tuple(estimated),
            before=frozenset(seen),
            contrasted=contrasted,
            drawn=drawn,
            followed=followed,
        )
        # First as if it were the first edition: the same data are released as they were.
        hidden = protect(replace(page, before=frozenset()), hidden)
        if hidden[list(seen)].any():
            hidden = protect(page, hidden)
        hidden[: len(cells)] |= cells["spare"].to_numpy()
        linked_to = linked(page, hidden)
    hidden, beside, unsaid = np.split(hidden, [len(cells), len(cells) + len(estimated)])
    unnamed = find_unnamed(cells, hidden, rule)
    cells = cells.assign(hidden=hidden)
    counted: dict[tuple[str, str, int], bool] = {
        one: not gone for one, gone in zip(estimated, beside, strict=True) if one in linked_to
    }
    blurred = find_blurred(cells, rule) if rule.guarded else frozenset()
    withheld = replace(
        withheld_from(cells, rule, contrasted),
        labels=unnamed.labels,
        counted=counted,
        blurred=blurred,
    )
    withheld = replace(withheld, yes_no=yes_no)
    cells["few"] &= ~unsaid & ~_beside_large(cells, rule)
    cells["value"] = told.mask(cells["hidden"])
    cells["base"] = _base(cells, rule)
    gated = []
    for at, table in enumerate(tables):
        own = cells[cells["table"] == at]
        notes = table.notes
        if table.section == "data":
            notes = rough_notes(notes, rule, withheld)
        said = gate_notes(notes, rule, withheld)
        said += (*unnamed.notes(own, table.labels, rule), *rounding_notes(own, rule))
        shown = own[unnamed.rows(own)].drop(columns=OURS).reset_index(drop=True)
        gated.append(replace(table, cells=shown, labels=unnamed.named(table.labels), notes=said))
    return gated, withheld


def _few(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the small counts of which it is said that they are small, where nothing forbids it."""
    counts = cells["statistic"].isin(COUNTS)
    said = counts & (cells["section"].isin(("participants", "data")) & (cells["period"] != ""))
    said |= (cells["section"] == "flow") & (cells["variable"] != "rows") & (cells["category"] == "")
    few: pd.Series = said & counts & cells["value"].map(rule.small)
    return few


def _beside_large(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the counts of a question of which a large one is hidden: it would be known to be."""
    asked = cells["statistic"].isin({*ANSWERS, "lost"} - {"n"})
    large = asked & cells["hidden"] & ~cells["value"].map(rule.small)
    beside: pd.Series = asked & cells["variable"].isin(set(cells.loc[large, "variable"]))
    return beside


def _reasons(cells: pd.DataFrame, small: np.ndarray) -> np.ndarray:
    """Return why those of each group were lost, where few gave one of the reasons."""
    reasons = cells["section"].eq("flow") & cells["statistic"].eq("lost") & cells["category"].ne("")
    few = bool((reasons & small).any())
    return np.asarray(reasons & cells["group"].ne("all") & few)


def _leavers(cells: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Return everything about those who were lost, where few were in a group, or nobody was."""
    here = cells["section"] == "leavers"
    lost = cells[here & cells["statistic"].eq("units") & cells["group"].str.endswith("_lost")]
    return np.asarray(here & bool(lost["value"].map(rule.small).any()))


def _base(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return what may be known of each base: large enough, fewer than that, or nothing (0)."""
    if not rule.guarded:
        return cells["base"]
    few = cells["few"] & cells["hidden"]
    base = cells["base"].clip(upper=rule.minimum_cell).mask(cells["hidden"], 0)
    return base.mask(few, rule.minimum_cell - 1)


def _people(cells: pd.DataFrame) -> np.ndarray:
    """Return how many people each cell counts; not a number where it counts none."""
    value, base = (cells[name].to_numpy(dtype=float) for name in ("value", "base"))
    counts = cells["statistic"].isin(COUNTS).to_numpy()
    shares = is_share(cells) & ~is_expected(cells) & ~is_lost(cells)
    return np.where(counts, value, np.where(shares, value * base, np.nan))


def _small(cells: pd.DataFrame, people: np.ndarray, rule: Rule) -> np.ndarray:
    base = cells["base"].to_numpy(dtype=float)
    given = cells["value"].notna().to_numpy()
    share = is_share(cells) & ~is_expected(cells) & ~is_lost(cells)
    counts = cells["statistic"].isin(COUNTS).to_numpy()
    least = rule.minimum_cell - NEAR
    few = ~(people >= least) & (counts | share)
    rest = share & ~(base - people >= least)
    thin = ~(base >= rule.minimum_cell)
    thin |= cells["statistic"].isin(("mean", "sd")).to_numpy() & ~share & ~(base >= LEAST_OF_MEAN)
    small: np.ndarray = given & (few | rest | thin)
    return small
