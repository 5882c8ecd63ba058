"""Numbers of people beside estimates: the audit of the tables judges them, too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from impact.disclosure.published import Estimated
from impact.disclosure.rule import Rule
from impact.results import EffectResult, Effects

__all__ = ["contrasted", "drawn", "each_effect", "people_behind"]

CONTRASTS = frozenset(
    {
        "did",
        "twfe",
        "event_study",
        "callaway_santanna",
        "sun_abraham",
        "imputation",
        "synthetic_did",
    }
)
"""Methods that compare changes: adding the same to all averages of a group, or of a period,
leaves what they estimate as it is."""

COUNTS = ("n_obs", "n_units", "n_treated")


def each_effect(parts: Iterable[Effects | EffectResult]) -> list[EffectResult]:
    """Return the effects of parts that hold one or several."""
    return [one for part in parts for one in (part if isinstance(part, Effects) else (part,))]


def people_behind(parts: Sequence[Effects | EffectResult]) -> list[Estimated]:
    """Return the different numbers of people that stand beside estimates."""
    every = each_effect(parts)
    found = {
        Estimated(name, str(outcome), int(people)): None
        for one in every
        for name in COUNTS
        for outcome, people in zip(one.rows["outcome"], one.rows[name], strict=True)
        if not pd.isna(people)
    }
    return list(found)


def contrasted(parts: Sequence[Effects | EffectResult], rule: Rule) -> frozenset[str]:
    """Return the outcomes of which every estimate is a difference of differences about many.

    Of a yes or no such an estimate tells nothing of any single share, as long as none of them is
    told. Its error tells how many changed: they are twice the minimum, or more.
    """
    every = each_effect(parts)
    other = {str(one.outcome) for one in every if not _about_many(one, rule)}
    return frozenset(str(one.outcome) for one in every) - other


def drawn(parts: Sequence[Effects | EffectResult]) -> frozenset[str]:
    """Return the outcomes of a lottery that are told with and without the answers at the start."""
    every = each_effect(parts)
    first, second = (
        {str(one.outcome) for one in every if method in set(one.rows["method"])}
        for method in ("ancova", "difference_in_means")
    )
    return frozenset(first & second)


def _about_many(effect: EffectResult, rule: Rule) -> bool:
    """Whether an effect compares changes, and more changed than twice the minimum.

    Of two groups of n each the squared error is the number of those who changed over the square
    of n, or less.
    """
    rows = effect.rows
    error, units = (pd.to_numeric(rows[name]).astype(float) for name in ("std_error", "n_units"))
    changed = (error * units / 2) ** 2
    return bool(set(rows["method"]) <= CONTRASTS and (changed >= 2 * rule.minimum_cell).all())
