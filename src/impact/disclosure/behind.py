"""Numbers of people beside estimates: the audit of the tables judges them, too."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from impact.disclosure.published import Estimated
from impact.results import EffectResult, Effects

__all__ = ["contrasted", "people_behind"]

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


def people_behind(parts: Sequence[Effects | EffectResult]) -> list[Estimated]:
    """Return the different numbers of people that stand beside estimates."""
    every = [one for part in parts for one in (part if isinstance(part, Effects) else (part,))]
    found = {
        Estimated(name, str(outcome), int(people)): None
        for one in every
        for name in COUNTS
        for outcome, people in zip(one.rows["outcome"], one.rows[name], strict=True)
        if not pd.isna(people)
    }
    return list(found)


def contrasted(parts: Sequence[Effects | EffectResult]) -> frozenset[str]:
    """Return the outcomes of which every estimate is a difference of differences.

    Such an estimate tells nothing of any single average, as long as none of them is told.
    """
    every = [one for part in parts for one in (part if isinstance(part, Effects) else (part,))]
    other = {str(one.outcome) for one in every if not set(one.rows["method"]) <= CONTRASTS}
    return frozenset(str(one.outcome) for one in every) - other
