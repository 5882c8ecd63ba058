"""Which estimates rest on almost the same people: the two would tell about those few."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pandas as pd

from impact.disclosure.editions import Edition, rows_apart
from impact.disclosure.rule import Rule
from impact.disclosure.withheld import Withheld
from impact.results import EffectResult

__all__ = ["SUBGROUPS", "almost_the_same", "is_blank"]

SUBGROUPS = "by_subgroup"


def is_blank(effect: EffectResult, rule: Rule, withheld: Withheld) -> bool:
    """Whether an effect is not shown, whatever stands beside it."""
    return rule.guarded and (rule.small(effect.base) or effect.outcome in withheld.outcomes)


def almost_the_same(
    every: Sequence[EffectResult], rule: Rule, withheld: Withheld, earlier: Edition
) -> Iterator[pd.Series[bool]]:
    """Yield which rows differ by a few units or rows of data from one that is shown before."""
    told: dict[str, dict[tuple[int, int], None]] = {}
    for effect in every:
        before = told.setdefault(effect.outcome, {})
        near = []
        for own in zip(effect.rows["n_units"], effect.rows["n_obs"], strict=True):
            apart = [abs(a - b) for sizes in before for a, b in zip(own, sizes, strict=True)]
            near.append(rule.guarded and any(0 < few < rule.minimum_cell for few in apart))
            # Subgroups lie beside each other: they are compared with the whole alone.
            beside = effect.role == SUBGROUPS
            if not (beside or near[0] or near[-1] or is_blank(effect, rule, withheld)):
                before[own] = None
        old = rows_apart(earlier, effect, rule)
        near = [one or old[at] or _apart(effect, at, withheld) for at, one in enumerate(near)]
        yield pd.Series(near, index=effect.rows.index, dtype=bool) | near[0]


def _apart(effect: EffectResult, at: int, withheld: Withheld) -> bool:
    """Whether a row is of a subgroup of which the tables hide an average."""
    name, split, _ = str(effect.rows["term"].iloc[at]).partition(": ")
    hidden = (effect.outcome, name) in withheld.subgroups
    return bool(effect.role == SUBGROUPS and split and hidden)
