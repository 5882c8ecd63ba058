"""An effect that is put onto an outcome, within what the outcome can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.spec.models import Outcome

__all__ = ["Within", "within_of"]


@dataclass(frozen=True)
class Within:
    """What an outcome can be, and so how an effect can be put onto it.

    An outcome without ends shifts by the effect. One with ends shifts by as much as there is
    room for; one of whole numbers by whole steps, drawn by lot with the chances that give
    the effect on average: of a 0/1 outcome, noes become yeses.

    Parameters
    ----------
    low, high : float
        Ends; infinite where there are none.
    whole : bool
        Whether the values are whole numbers.
    """

    low: float = -np.inf
    high: float = np.inf
    whole: bool = False

    @property
    def free(self) -> bool:
        """Whether an effect shifts the outcome and changes nothing else."""
        return not self.whole and not np.isfinite([self.low, self.high]).any()

    def moved(self, y: np.ndarray, by: float, chance: np.ndarray) -> np.ndarray:
        """Return the outcome after a shift.

        Parameters
        ----------
        y : numpy.ndarray, shape (N,)
        by : float
            Shift of a value with room for it.
        chance : numpy.ndarray, shape (N,)
            Uniform numbers, which whole steps are drawn with.
        """
        step = np.sign(by) * np.floor(abs(by) + chance) if self.whole else by
        return self._clipped(y, step)

    def expected(self, y: np.ndarray, by: float) -> np.ndarray:
        """Return what `moved` gives on average, shape (N,)."""
        if not self.whole:
            return self._clipped(y, by)
        steps, part = np.floor(abs(by)), abs(by) % 1.0
        fewer = self._clipped(y, np.sign(by) * steps)
        more = self._clipped(y, np.sign(by) * (steps + 1))
        return np.asarray((1 - part) * fewer + part * more)

    def widest(self, y: np.ndarray, sign: float) -> float:
        """Return the shift beyond which nothing moves any more; infinite without an end."""
        end = self.high if sign > 0 else self.low
        return float(np.nanmax(np.abs(end - y), initial=0.0))

    def _clipped(self, y: np.ndarray, step: np.ndarray | float) -> np.ndarray:
        # A value beyond the ends, as data may hold, stays where it is unless it moves back.
        return np.clip(y + step, np.minimum(y, self.low), np.maximum(y, self.high))


def within_of(outcome: Outcome, y: np.ndarray) -> Within:
    """Read from an outcome's kind, its scale and its values what it can be.

    Parameters
    ----------
    outcome : Outcome
    y : numpy.ndarray, shape (N,)
        Its values; missing ones do not count.
    """
    low, high = outcome.scale or (-np.inf, np.inf)
    if outcome.kind == "binary":
        low, high = 0.0, 1.0
    elif outcome.kind in ("count", "duration"):
        low = max(low, 0.0)
    known = y[np.isfinite(y)]
    whole = outcome.kind in ("binary", "ordinal", "count")
    return Within(float(low), float(high), whole and bool((known == np.round(known)).all()))
