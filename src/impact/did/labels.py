"""What a reader calls times, effects and lists of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from impact.data.panel import Panel
from impact.results import Sentence

__all__ = [
    "cell_name",
    "covariate_names",
    "listed",
    "listed_sentences",
    "time_label",
    "times_since",
]


def cell_name(panel: Panel, cohort: float, time: float) -> str:
    """Return the name of a group-time effect."""
    return f"ATT({time_label(panel, cohort)},{time_label(panel, time)})"


def covariate_names(columns: Sequence[str]) -> str:
    """List covariates; of one that was split its name, never its categories.

    A category can be what one person alone answered.
    """
    return ", ".join(dict.fromkeys(column.partition("=")[0] for column in columns))


def time_label(panel: Panel, time: float) -> str:
    """Return what a reader calls a time: the period's name, or the number itself."""
    at = np.flatnonzero(panel.times == time)
    if len(at):
        return str(panel.periods[int(at[0])])
    return times_since(time)


def times_since(value: float) -> str:
    """Write a number without a point where it is whole."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def listed(names: Sequence[str]) -> str | Sentence:
    """Join names with commas; of many the first ones, and how many there are."""
    shown = ", ".join(names[:6])
    if len(names) <= 6:
        return shown
    return Sentence("%(names)s … (%(all)s in all)", {"names": shown, "all": len(names)})


def listed_sentences(sentences: Sequence[Sentence]) -> Sentence:
    """Join sentences with commas into one."""
    first, *others = sentences
    if not others:
        return first
    return Sentence("%(first)s, %(others)s", {"first": first, "others": listed_sentences(others)})
