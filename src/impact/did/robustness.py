"""What every look at how a result holds up shares: which result, and what cannot be done.

Each of `by_time`, `leave_one_out`, `placebo`, `other_errors` and `other_methods` looks at
the headline of one outcome and returns either an `EffectResult` whose ``role`` is the
function's name, or, where the design does not allow it, a `Statement` of that section with
the reason.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import special

from impact.data.panel import Panel
from impact.results import EffectResult, Effects, Sentence, Statement

__all__ = [
    "compares",
    "degrees",
    "guarded_minimum",
    "headline_of",
    "looked",
    "not_done",
    "untested_rows",
    "widest_critical",
]

INTERVAL = ("std_error", "statistic", "p_value", "conf_low", "conf_high")


def headline_of(panel: Panel, effects: Effects, outcome: str | None) -> EffectResult:
    """Return the headline effect on an outcome; the first primary one unless said."""
    return effects.headline(panel.outcome(outcome).column)


def compares(headline: EffectResult) -> bool:
    """Whether the result comes of a comparison; else there is nothing that could hold up."""
    return bool(headline.method != "before_after")


def not_done(section: str, *reasons: str) -> Statement:
    """Say why a look cannot be taken; nothing where another section has said it."""
    return Statement(section, tuple(Sentence(reason) for reason in reasons))


def looked(
    section: str, rows: Sequence[pd.DataFrame], base: int, notes: Sequence[Sentence] = ()
) -> EffectResult:
    """Put the rows of a look one below the other.

    Parameters
    ----------
    section : str
        Which look.
    rows : sequence of pandas.DataFrame
        In reading order.
    base : int
        The fewest units behind any of them.
    notes : sequence of Sentence
    """
    return EffectResult(pd.concat(rows, ignore_index=True), base, section, tuple(notes))


def guarded_minimum(panel: Panel) -> int:
    """Return the fewest people that a row may rest on; 0 where units are places.

    The disclosure gate judges a result as a whole, by the least of its rows; leaving the
    smallest rows out beforehand lets it show the others.
    """
    if panel.spec is None or panel.spec.data.unit_is == "place":
        return 0
    return panel.spec.report.minimum_cell


def untested_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return rows without errors, tests and intervals."""
    return rows.assign(**dict.fromkeys(INTERVAL, np.nan), inference="none")


def widest_critical(rows: pd.DataFrame) -> float:
    """Return how many standard errors the widest of the rows' intervals reaches."""
    return float(((rows["conf_high"] - rows["estimate"]) / rows["std_error"]).max())


def degrees(critical: float, level: float) -> float:
    """Return the degrees of freedom with which Student's t has that critical value."""
    if critical <= special.ndtri(0.5 + level / 2) * (1 + 1e-9):
        return float("inf")
    return float(special.stdtridf(0.5 + level / 2, critical))
