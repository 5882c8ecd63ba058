"""What one part of a page hides, so that no other part gives it back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from impact.disclosure.beside import is_expected, is_lost
from impact.disclosure.rule import Rule
from impact.results.summary import COUNTS

__all__ = ["HEADLINE", "NOTHING", "Withheld", "withheld_from"]

HEADLINE = "headline"
PRESENT = frozenset({"units", "lost"})
CENTRES = frozenset({"mean", "share"})


@dataclass(frozen=True)
class Withheld:
    """What the tables and estimates of a page do not show.

    Parameters
    ----------
    outcomes : frozenset of str
        Variables of which a mean or share is hidden: an effect is made of such means, and
        with its error and the means that are shown it would give the hidden one back.
    answered : frozenset of str
        Variables of which it is hidden how many answered, or gave no answer.
    present : bool
        Whether it is hidden somewhere how many there were, or were lost.
    people : frozenset of int
        Hidden numbers of people that are not small, and that no table shows.
    labels : frozenset of str
        Periods, categories and cohorts that too few people have to be named.
    estimates : frozenset of (str, str, str, str)
        Outcome, role, method and inference of each effect of which the first row is not shown,
        or is told coarsely because of another one.
    headlines : mapping of str to float
        By outcome the headline estimate, in full.
    steps : mapping of (str, str, str, str) to (float, float)
        By outcome, role, method and inference of an effect, by which steps the estimate of its
        first row is told, and its error.
    subgroups : frozenset of (str, str)
        Outcome and subgroup of which an average, or a number of people, is hidden.
    counted : mapping of (str, str, int) to bool
        Whether a number of people beside an estimate may be told, rounded, of those that stand
        in the tables, too: the name of the column, the outcome, the true number.
    blurred : frozenset of str
        Variables of which it is not told exactly how many answered.
    yes_no : frozenset of str
        Variables that are told by shares.
    """

    outcomes: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()
    present: bool = False
    people: frozenset[int] = frozenset()
    labels: frozenset[str] = frozenset()
    estimates: frozenset[tuple[str, str, str, str]] = frozenset()
    headlines: Mapping[str, float] = field(default_factory=dict)
    steps: Mapping[tuple[str, str, str, str], tuple[float, float]] = field(default_factory=dict)
    subgroups: frozenset[tuple[str, str]] = frozenset()
    counted: Mapping[tuple[str, str, int], bool] = field(default_factory=dict)
    blurred: frozenset[str] = frozenset()
    yes_no: frozenset[str] = frozenset()

    def hides(self, people: float, rule: Rule) -> bool:
        """Return whether a number of people may not be told: small, or hidden in a table."""
        return rule.small(people) or people in self.people

    def subtracts(self, outcome: str) -> bool:
        """Return whether a count behind an estimate, less shown ones, gives a hidden one."""
        return self.present or outcome in self.answered

    def hides_headline(self, outcome: str, estimate: float) -> bool:
        """Return whether the headline effect on an outcome is not shown, or is another one."""
        own = {each[1] for each in self.estimates if each[0] == outcome}
        known = self.headlines.get(outcome, estimate)
        other = math.isfinite(estimate) and not math.isclose(known, estimate, rel_tol=1e-9)
        return outcome in self.outcomes or HEADLINE in own or other

    def headline_step(self, outcome: str) -> float:
        """Return by which steps the headline effect on an outcome is told; zero if not known."""
        own = (steps for key, steps in self.steps.items() if key[:2] == (outcome, HEADLINE))
        return next(own, (0.0, 0.0))[0]


NOTHING = Withheld()


def withheld_from(cells: pd.DataFrame, rule: Rule, contrasted: frozenset[str]) -> Withheld:
    """Tell what the tables hide, for the gates of text and estimates."""
    whole = (cells["category"] == "") | (cells["variable"] == "rows")
    hidden = cells[cells["hidden"] & whole]
    told = hidden[hidden["statistic"].isin(COUNTS)]
    apart = is_expected(hidden) | is_lost(hidden) | hidden["spare"].to_numpy()
    # An effect is made of the averages of two groups: without that of all it tells no other.
    grouped = cells["group"].isin(("treated", "comparison")).any()
    apart |= hidden["group"].eq("all").to_numpy() & bool(grouped)
    means = hidden[hidden["statistic"].isin(CENTRES) & ~apart]
    counts = cells[cells["statistic"].isin(COUNTS)]
    unsaid = counts[counts["hidden"] & whole[counts.index]]
    large = set(unsaid.loc[unsaid["value"] >= rule.minimum_cell, "value"])
    shown = counts[~counts["hidden"]]
    return Withheld(
        outcomes=frozenset(means["variable"]) - contrasted,
        answered=frozenset(told["variable"]),
        present=bool(told["statistic"].isin(PRESENT).any()),
        subgroups=frozenset(_subgroups(cells)),
        people=frozenset(int(people) for people in large - set(shown["value"])),
    )


def _subgroups(cells: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Yield outcome and subgroup of each block of averages that is hidden in some period."""
    hidden = cells[cells["hidden"] & (cells["section"] == "subgroups")]
    for variable, category in set(zip(hidden["variable"], hidden["category"], strict=True)):
        name = str(category).partition(": ")[0]
        if name:
            yield str(variable).removesuffix(f" by {name}"), name
