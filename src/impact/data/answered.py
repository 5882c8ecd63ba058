"""Whether an outcome holds enough answers, and different ones, to be estimated on."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.case import Case
from impact.errors import Fault
from impact.spec.models import Outcome

__all__ = ["unseen", "worth"]

MOST_UNANSWERED = 0.9


def worth(case: Case, outcome: Outcome) -> Iterator[Fault]:
    """Tell an outcome that holds no information."""
    value = case.panel.values[outcome.column].to_numpy()
    given = ~np.isnan(value)
    if not given.any():
        advice = "is this the right column? are the codes in data.missing right?"
        found = "no row has an answer"
        yield case.fault("outcome-missing", outcome.column, found, advice)
        return
    if value[given].min() == value[given].max():
        found = f"all {int(given.sum())} answers are the same"
        advice = "an outcome that never differs shows nothing; take it out"
        yield case.fault("outcome-constant", outcome.column, found, advice)
    asked = (case.panel.answers[outcome.column] != "not_asked").to_numpy()
    lost = int((asked & ~given).sum())
    if lost > MOST_UNANSWERED * int(asked.sum()):
        found = f"{lost} of {int(asked.sum())} rows have no answer"
        advice = "code who was not meant to be asked as data.missing.not_asked"
        yield case.fault("outcome-mostly-missing", outcome.column, found, advice)


def unseen(case: Case, outcome: Outcome) -> Iterator[Fault]:
    """Tell the parts of the design in which the outcome was never seen."""
    panel = case.panel
    given = ~np.isnan(panel.values[outcome.column].to_numpy())
    parts = [said for said, part in _parts(case).items() if not (given & part).any()]
    if parts:
        found = f"nobody has an answer in: {', '.join(parts)}"
        advice = "ask it in every part of the design, or take it out"
        yield case.fault("outcome-missing-in-group", outcome.column, found, advice)


def _parts(case: Case) -> dict[str, np.ndarray]:
    """Return the parts of the design that an estimate is made of, as masks of rows."""
    panel, kind = case.panel, case.roles.design.kind
    if kind == "staggered":
        on = panel.under_treatment
        return {
            "the pilot group before its start": panel.treated & ~on,
            "the pilot group after its start": on,
            "the comparison": case.comparable,
        }
    after = panel.times[panel.period] >= case.first
    parts = {
        "the pilot group before the start": panel.treated & ~after,
        "the comparison before the start": ~panel.treated & ~after,
        "the pilot group after the start": panel.treated & after,
        "the comparison after the start": ~panel.treated & after,
    }
    if kind == "before_after":
        return {said: part for said, part in parts.items() if "pilot" in said}
    if kind == "randomised":
        return {said: part for said, part in parts.items() if "after" in said}
    return parts
