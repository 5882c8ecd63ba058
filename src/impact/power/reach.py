"""Which effects each of many drawn pilots would find."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from impact.did.choose import Choice, choose
from impact.did.ruled import as_ruled
from impact.errors import DesignError
from impact.power.source import Source

__all__ = ["Reach", "Share", "choice_at", "reach"]


@dataclass(frozen=True)
class Share:
    """A share of draws, and how far chance of the draws could have moved it.

    Parameters
    ----------
    value : float
    std_error : float
        Monte Carlo standard error.
    low, high : float
        Wilson's 95 % interval.
    """

    value: float
    std_error: float
    low: float
    high: float

    @classmethod
    def of(cls, hits: int, draws: int) -> Share:
        """Return the share of hits in draws.

        Examples
        --------
        >>> share = Share.of(80, 100)
        >>> round(share.low, 3), round(share.high, 3)
        (0.711, 0.867)
        """
        value, z = hits / draws, 1.959963984540054
        middle = (value + z**2 / (2 * draws)) / (1 + z**2 / draws)
        half = z * math.sqrt(value * (1 - value) / draws + z**2 / (4 * draws**2))
        half /= 1 + z**2 / draws
        error = math.sqrt(value * (1 - value) / draws)
        return cls(value, error, max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True, eq=False)
class Reach:
    """The effects that R drawn pilots find: those beyond either end.

    A pilot finds an effect where its interval leaves zero out. An effect that shifts the
    estimate shifts the interval with it, so one draw tells of all effects near the one that
    was put in; exactly so where the outcome has no ends.

    Parameters
    ----------
    effect : float
        The size of what was put in, counted in the direction looked at.
    beyond : numpy.ndarray, shape (R,)
        Sizes above it are found; infinite where nothing is tested.
    below : numpy.ndarray, shape (R,)
        Sizes below it are taken for effects in the other direction.
    failed : int
        Draws on which the method could not be used; they find nothing.
    """

    effect: float
    beyond: np.ndarray
    below: np.ndarray
    failed: int

    def power(self, size: float) -> Share:
        """Return the share of draws that find an effect of a size."""
        found = (size > self.beyond) | (size < self.below)
        return Share.of(int(found.sum()), len(found))

    def smallest(self, power: float) -> tuple[float, float, float]:
        """Return the smallest size found with a power, and its interval by the draws' chance."""
        n = len(self.beyond)
        share = Share.of(round(power * n), n)
        ordered = np.append(np.sort(self.beyond), np.inf)
        places = (math.ceil(round(part * n, 9)) for part in (power, share.low, share.high))
        found, low, high = (float(max(ordered[max(place, 1) - 1], 0.0)) for place in places)
        return found, low, high


def choice_at(source: Source, times: float, seed: int) -> Choice:
    """Return the headline's method and inference in a pilot of so many times the clusters.

    What cannot be tested as it is may be so with more clusters.
    """
    if source.choice.inference != "none" or times == 1.0:
        return source.choice
    return choose(source.draw(seed, 0.0, times), source.outcome)


def reach(source: Source, size: float, times: float, *, draws: int, seed: int) -> Reach:
    """Draw pilots with an effect and read what each of them would find.

    Parameters
    ----------
    source : Source
    size : float
        Of the effect that is put in, in the direction looked at.
    times : float
        How many times as many clusters.
    draws, seed : int

    Raises
    ------
    DesignError
        The method can be used on none of the draws.
    """
    sign, wider = source.sign, source.stretch(times)
    low, high = np.full(draws, np.nan), np.full(draws, np.nan)
    choice, failed = choice_at(source, times, seed), 0
    for at in range(draws):
        drawn = source.draw(_seed(seed, at), sign * size, times)
        try:
            found = as_ruled(drawn, source.outcome, choice)
        except DesignError:
            failed += 1
            if failed == draws:
                raise
            continue
        ends = (found.conf_low, found.conf_high)
        low[at], high[at] = ends if sign > 0 else (-ends[1], -ends[0])
    # An end that is not known is infinite: the draw finds nothing on that side.
    beyond = np.where(np.isnan(low), np.inf, wider * (size - low))
    below = np.where(np.isnan(high), -np.inf, wider * (size - high))
    return Reach(size, beyond, below, failed)


def _seed(seed: int, draw: int) -> int:
    """Return the seed of one draw: no two seeds have draws in common."""
    return int(np.random.SeedSequence([seed, draw]).generate_state(1, np.uint64)[0])
