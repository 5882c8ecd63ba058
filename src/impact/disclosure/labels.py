"""Labels through the gate: what only a few people have is not named.

A period of few people can be a date of birth, a category of few can be a name. So:

- a period in which no table counts as many people as the minimum leaves the tables;
- a category of which every share is hidden leaves them, name and all; so does a subgroup of
  which everything is, and a reason for leaving that few gave;
- neither is named in a label or in a note.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact.disclosure.rule import Rule
from impact.locale import N_
from impact.results import Sentence
from impact.results.summary import COUNTS

__all__ = ["Unnamed", "find_unnamed"]

NAMES = ["variable", "category"]


@dataclass(frozen=True)
class Unnamed:
    """Periods and categories that are not named.

    Parameters
    ----------
    periods : frozenset of str
    categories : frozenset of (str, str)
        Variable and category.
    shown : frozenset of str
        Categories that another variable shows by the same name.
    """

    periods: frozenset[str] = frozenset()
    categories: frozenset[tuple[str, str]] = frozenset()
    shown: frozenset[str] = frozenset()

    @property
    def labels(self) -> frozenset[str]:
        """Every label that is not named."""
        return self.periods | ({category for _, category in self.categories} - self.shown)

    def rows(self, cells: pd.DataFrame) -> pd.Series[bool]:
        """Return which cells stay."""
        pairs = zip(cells["variable"], cells["category"], strict=True)
        gone = pd.Series([pair in self.categories for pair in pairs], index=cells.index, dtype=bool)
        return ~(gone | cells["period"].isin(self.periods))

    def named(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Return a table's labels without those of categories, and without those periods."""
        kept = {key: text for key, text in labels.items() if key not in self.labels}
        for period in self.periods:
            here = f" ({period})"
            named = {key: text.replace(here, "") for key, text in kept.items() if here in text}
            kept |= named
        return kept

    def notes(
        self, cells: pd.DataFrame, labels: Mapping[str, str], rule: Rule
    ) -> tuple[Sentence, ...]:
        """Say of one table what was left out of it."""
        said = []
        here = set(zip(cells["variable"], cells["category"], strict=True)) & self.categories
        names = [name for name in dict.fromkeys(cells["variable"]) if name in dict(here)]
        if names:
            text = N_(
                "%(names)s: categories that would tell about fewer than %(minimum)s people are "
                "left out."
            )
            shown = ", ".join(labels.get(name, name) for name in names)
            said.append(Sentence(text, {"names": shown, "minimum": rule.minimum_cell}))
        if cells["period"].isin(self.periods).any():
            text = N_("Periods with fewer than %(minimum)s people are left out.")
            said.append(Sentence(text, {"minimum": rule.minimum_cell}))
        return tuple(said)


def find_unnamed(cells: pd.DataFrame, hidden: np.ndarray, rule: Rule) -> Unnamed:
    """Return the periods and categories that all tables of a page leave out.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table)
        Cells of all tables, with their true values.
    hidden : numpy.ndarray of bool, shape (n,)
    rule : Rule
        Where it does not guard, everything is named.
    """
    if not rule.guarded:
        return Unnamed()
    counts = cells["statistic"].isin(COUNTS)
    apart = cells["section"].eq("subgroups")
    people = cells["value"].where(counts, cells["base"]).groupby(cells["period"]).max()
    periods = {str(name) for name, most in people.items() if name and rule.small(most)}
    reasons = cells["section"].eq("flow") & cells["variable"].eq("lost")
    shares = (cells["statistic"].eq("share") | apart | reasons) & cells["category"].ne("")
    shown = pd.Series(~hidden, index=cells.index)[shares]
    keys = [cells.loc[shares, name] for name in NAMES]
    seen = shown.groupby(keys).any()
    categories = {(str(variable), str(name)) for variable, name in seen.index[~seen]}
    elsewhere = {str(name) for _, name in seen.index[seen]}
    return Unnamed(frozenset(periods), frozenset(categories), frozenset(elsewhere))
