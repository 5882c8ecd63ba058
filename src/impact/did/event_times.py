"""The times from the start that an event study gives a term, its ends binned or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.observed import Observed
from impact.errors import DesignError
from impact.locale import N_
from impact.results import Sentence

__all__ = ["EventTimes", "event_times"]


@dataclass(frozen=True, eq=False)
class EventTimes:
    """Times from the start that have a term, and the one they are compared with.

    Parameters
    ----------
    shown : numpy.ndarray, shape (K,)
        Rising; the first and the last may stand for all times beyond them.
    reference : float
    notes : tuple of Sentence
    low, high : float
        Times that stand for all before, or after, them; infinite where none does.
    """

    shown: np.ndarray
    reference: float
    notes: tuple[Sentence, ...]
    low: float = -np.inf
    high: float = np.inf

    @property
    def terms(self) -> tuple[str, ...]:
        """What the terms are called: ``-4 and before``, ``-3`` …, ``3 and after``."""
        said = {self.low: f"{self.low:g} and before", self.high: f"{self.high:g} and after"}
        return tuple(said.get(float(time), f"{time:g}") for time in self.shown)

    @property
    def averaged(self) -> tuple[str, ...]:
        """The terms from the start on that stand for one time each."""
        pairs = zip(self.shown, self.terms, strict=True)
        return tuple(term for time, term in pairs if 0 <= time < self.high)

    @property
    def early(self) -> frozenset[str]:
        """The terms of times before the one that they are compared with."""
        pairs = zip(self.shown, self.terms, strict=True)
        return frozenset(term for time, term in pairs if time < self.reference)

    def columns(self, since: np.ndarray) -> np.ndarray:
        """Tell which term each time belongs to, shape (…, K); those never treated to none."""
        binned = np.clip(since, self.low, self.high)
        columns: np.ndarray = np.where(np.isfinite(since), binned, np.nan)[..., None] == self.shown
        return columns


def event_times(seen: Observed, leads: int | None, lags: int | None) -> EventTimes:
    """Return the times from the start that occur, and bin their ends where that is asked for.

    Parameters
    ----------
    seen : Observed
    leads, lags : int, optional
        As in `impact.did.event_study`.

    Raises
    ------
    DesignError
        Nothing before or after a start is seen, nobody can be compared, or an end would
        hold the reference or all that follows the start.
    """
    starts, periods = seen.starts, len(seen.panel.times)
    met = np.bincount(seen.cohort * periods + seen.period, minlength=len(starts) * periods) > 0
    since = np.unique((seen.panel.times - starts[:, None])[met.reshape(-1, periods)])
    since = since[np.isfinite(since)]
    reference = _reference(since, seen.panel.design.anticipation)
    low, high = _ends(since, reference, leads, lags)
    binned = np.unique(np.clip(since, low, high))
    left_out, notes = [reference], []
    if np.isfinite(starts).all():
        if len(starts) == 1:
            raise DesignError(
                "event_study needs a comparison group; all start together: take before_after, "
                "which claims no effect"
            )
        # Without anybody who is never treated a line through all terms is not identified;
        # an end of several times, all alike, settles it.
        if since[0] < reference and np.isinf(low) and np.isinf(high):
            left_out.append(float(since[0]))
            text = N_(
                "Everybody is treated in the end, so the earliest time from the start "
                "(%(earliest)s) is taken as zero too."
            )
            notes.append(Sentence(text, {"earliest": f"{since[0]:g}"}))
    if len(starts[np.isfinite(starts)]) > 1:
        notes.append(
            Sentence(
                "With several starts each term may mix in effects of other times, where "
                "effects differ between those who start early and late."
            )
        )
    shown = binned[~np.isin(binned, left_out)]
    return EventTimes(shown, reference, tuple(notes), low, high)


def _reference(since: np.ndarray, ahead: int) -> float:
    """Return the last time before the start and before anticipation, which counts periods."""
    before = since[since < 0]
    if len(before) <= ahead or not (since >= 0).any():
        raise DesignError(
            "event_study needs treated rows before the start (and before anticipation) and "
            "after it; take difference_in_means if the assignment was by lottery"
        )
    return float(before[len(before) - 1 - ahead])


def _ends(
    since: np.ndarray, reference: float, leads: int | None, lags: int | None
) -> tuple[float, float]:
    """Return the times that stand for all beyond them; infinite where at most one lies there."""
    low, high = -np.inf, np.inf
    if leads is not None:
        if -leads >= reference:
            raise DesignError(
                f"leads={leads} would bin the time that all others are compared with "
                f"({reference:g}); take more leads"
            )
        if (since <= -leads).sum() > 1:
            low = float(-leads)
    if lags is not None:
        if not ((since >= 0) & (since < lags)).any():
            raise DesignError(
                f"lags={lags} would bin every time from the start on, and leave none for the mean; "
                "take more lags"
            )
        if (since >= lags).sum() > 1:
            high = float(lags)
    return low, high
