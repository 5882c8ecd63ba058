"""Numbers of people beside estimates: the audit of the tables judges them, too."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from impact.disclosure.published import Estimated
from impact.results import EffectResult, Effects

__all__ = ["people_behind"]

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
