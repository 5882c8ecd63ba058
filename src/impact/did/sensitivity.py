"""How far the comparison's course could be off before the result is gone: the numbers.

`impact.evidence.sensitivity` says them in sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from impact.data.panel import Panel
from impact.did.callaway_santanna import callaway_santanna
from impact.did.choose import Choice, choose
from impact.did.observed import Observed, observe, smallest_cell
from impact.did.robustness import headline_of, widest_critical
from impact.did.ruled import as_ruled
from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates
from impact.inference.honest import breakdown, honest_interval
from impact.results import EffectResult, Effects

__all__ = ["Sensitivity", "course_of", "sensitivity"]

MOST_TIMES = 8.0
FINE = 0.1


@dataclass(frozen=True)
class Sensitivity:
    """What it takes to undo the headline.

    Parameters
    ----------
    off : float
        How far the comparison's change would have to be from what the pilot group's
        would have been for the interval to reach zero, in the outcome's units: the
        distance from zero to the interval. Not a number where it holds zero, or is missing.
    own : float
        The comparison's own change from before to after; not a number with several starts.
    fewest : int
        The fewest people behind a mean of a group in a period; of a 0/1 outcome also the
        fewest that such a mean counts, or does not count.
    pre_periods : int
        Estimates before the start that the two below rest on; 0 where there are none.
    mean_tested : bool
        Whether the interval of the mean over the times since the start excludes zero.
    bend : float
        The smallest bend of the difference in courses, from one period to the next, at
        which the honest interval holds zero (smoothness); inf where there is none.
    times : float
        How many times as fast as at most before the courses would have to part
        (relative magnitudes), upwards to a tenth; inf beyond 8.
    """

    off: float
    own: float
    fewest: int
    pre_periods: int = 0
    mean_tested: bool = True
    bend: float = np.nan
    times: float = np.nan


def sensitivity(panel: Panel, effects: Effects, *, outcome: str | None = None) -> Sensitivity:
    """Find how far the courses would have to differ for the headline to be gone.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Notes
    -----
    With two waves: a violation of parallel trends of d moves every difference of
    differences by d and leaves its error as it is. With two periods or more before the
    start: Rambachan & Roth (2023), for the plain mean over the times since the start, on
    the event study, or with several starts on Callaway and Sant'Anna's effects by time
    against the last period before the start. The intervals there are normal; with few
    clusters the covariance is widened so that they have Student's critical value, and
    smoothness weighs the periods as if all erred alike: weights fitted to a covariance
    of 5 + 5 clusters, four periods before and three after, made an interval that covers
    81 times in 100.

    Examples
    --------
    >>> from impact.did.sensitivity import sensitivity  # doctest: +SKIP
    >>> sensitivity(panel, did.estimate(panel)).off  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    low, high = float(headline.conf_low), float(headline.conf_high)
    off = low if low > 0 else -high if high < 0 else np.nan
    seen = observe(panel, headline.outcome, covariates=False)
    own, fewest = _own_change(seen), _fewest(seen)
    if not np.isfinite(off) or panel.design.kind == "randomised":
        return Sensitivity(off, own, fewest)
    course = course_of(panel, effects, headline)
    if course is None:
        return Sensitivity(off, own, fewest)
    level = float(headline.level)
    if course.interval(level).holds_zero:
        return Sensitivity(off, own, fewest, course.n_pre, mean_tested=False)
    bend = breakdown(course, "smoothness", level=level)
    return Sensitivity(off, own, fewest, course.n_pre, True, bend, _times(course, level))


def _own_change(seen: Observed) -> float:
    starts = seen.starts[np.isfinite(seen.starts)]
    if len(starts) != 1:
        return float("nan")
    after = seen.time >= starts[0]
    sides = [~seen.treated & when for when in (~after, after)]
    if not all(side.any() for side in sides):
        return float("nan")
    before, later = (np.average(seen.y[side], weights=seen.weights[side]) for side in sides)
    return float(later - before)


def _fewest(seen: Observed) -> int:
    """Count the fewest people that a group's mean in a period is of, counts or leaves out."""
    cells = [seen.treated, seen.period]
    fewest = smallest_cell(seen.unit, *cells)
    if not np.isin(seen.y, (0.0, 1.0)).all():
        return fewest
    cell = np.unique(np.column_stack(cells), axis=0, return_inverse=True)[1].ravel()
    counted = np.bincount(cell, seen.y)
    left_out = np.bincount(cell) - counted
    return int(min(fewest, counted.min(), left_out.min()))


def course_of(panel: Panel, effects: Effects, headline: EffectResult) -> EventEstimates | None:
    """Return estimates by time with the last period before the start as reference."""
    choice = choose(panel, headline.outcome)
    try:
        found = _by_time(panel, effects, headline, choice)
        return None if found.vcov is None else _estimates(found)
    except DesignError:
        return None


def _by_time(
    panel: Panel, effects: Effects, headline: EffectResult, choice: Choice
) -> EffectResult:
    if headline.method == "callaway_santanna":
        errors: Literal["cr2", "analytic"] = "cr2" if choice.inference == "cr2" else "analytic"
        return callaway_santanna(
            panel,
            outcome=headline.outcome,
            cluster=choice.over,
            errors=errors,
            base_period="universal",
            pairs=choice.balanced,
        )
    for effect in effects:
        same = (effect.outcome, effect.method) == (headline.outcome, "event_study")
        if same and effect.role != "convention":
            return effect
    return as_ruled(panel, headline.outcome, choice, "event_study")


def _estimates(found: EffectResult) -> EventEstimates | None:
    """Return the terms by time, where they are evenly spaced around one reference."""
    assert found.vcov is not None
    terms = pd.to_numeric(found.rows["term"], errors="coerce").to_numpy(dtype=float)
    error, end = (found.rows[name].to_numpy(dtype=float) for name in ("std_error", "conf_high"))
    tested = np.isfinite(error) & np.isfinite(end)
    at = np.flatnonzero(np.isfinite(terms) & tested)
    at = at[np.argsort(terms[at])]
    flat = terms[np.isfinite(terms) & ~np.isfinite(error)]
    reference = float(found.details.get("reference", flat.max(initial=-np.inf)))
    spaced = np.diff(np.sort(np.append(terms[at], reference)))
    if not len(at) or not np.isfinite(reference) or not np.allclose(spaced, spaced[0]):
        return None
    n_pre = int((terms[at] < reference).sum())
    since = terms[at][n_pre:] >= 0
    if not n_pre or not since.any():
        return None
    usual = special.ndtri(0.5 + float(found.level) / 2)
    wider = (widest_critical(found.rows.iloc[at]) / usual) ** 2
    estimate = found.rows["estimate"].to_numpy(dtype=float)[at]
    vcov = found.vcov[np.ix_(at, at)] * wider
    # Each is a difference from the same period: errors of all periods alike and apart.
    guide = np.eye(len(at)) + 1.0 if found.inference == "cr2" else None
    return EventEstimates(estimate, vcov, n_pre, since / since.sum(), guide)


def _times(course: EventEstimates, level: float) -> float:
    """Return the smallest multiple of the earlier moves that undoes the mean, to a tenth."""

    def holds_zero(limit: float) -> bool:
        return honest_interval(course, "relative_magnitudes", limit, level=level).holds_zero

    low, high = 0.0, 0.5
    while not holds_zero(high):
        if high >= MOST_TIMES:
            return float("inf")
        low, high = high, 2 * high
    while high - low > FINE:
        middle = (low + high) / 2
        low, high = (low, middle) if holds_zero(middle) else (middle, high)
    return float(np.ceil(high / FINE - 1e-9) * FINE)
