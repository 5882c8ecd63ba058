"""The smallest effect that a pilot finds, and how large it would have to be to find one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from impact.errors import DesignError
from impact.power.reach import Reach, Share, reach
from impact.power.source import Source

__all__ = ["Detected", "Needed", "Tries", "detected", "needed", "with_effect"]

ROUNDS, MOST_ROUNDS = 3, 6
CLOSE = 0.05
MOST_TIMES = 100.0
DRAWN_TIMES = 4.0
DRAWN_ROWS = 30_000
FIRST = 2.0
LEAST_DRAWS = 100


@dataclass(frozen=True)
class Tries:
    """How the draws are made.

    Parameters
    ----------
    power : float
        Share of draws that shall find the effect.
    draws, seed : int
    times : float
        How many times as many clusters as the pilot has.
    """

    power: float
    draws: int
    seed: int
    times: float = 1.0


@dataclass(frozen=True)
class Detected:
    """The smallest effect found with the power asked for.

    Parameters
    ----------
    size, low, high : float
        In the outcome's units, and its 95 % interval by the draws' chance; infinite where no
        effect that there is room for is found so often.
    at_zero : Share
        Share of draws without any effect that find one.
    failed : int
        Most draws on which the method could not be used.
    """

    size: float
    low: float
    high: float
    at_zero: Share
    failed: int


@dataclass(frozen=True)
class Needed:
    """The sample that finds an effect with the power asked for.

    Parameters
    ----------
    times, low, high : float
        How many times the pilot's clusters, and its 95 % interval by the draws' chance;
        infinite beyond 100 times.
    """

    times: float
    low: float
    high: float


def detected(source: Source, tries: Tries) -> tuple[Detected, Reach]:
    """Search the smallest effect that is found.

    The pilot is drawn without an effect. Where the outcome has no ends that tells all;
    else it is drawn again with the effect just found until that one stays.

    Parameters
    ----------
    source : Source
    tries : Tries

    Returns
    -------
    Detected
    Reach
        Of the last draws: with the effect that was found.
    """
    near = _drawn(source, 0.0, tries)
    at_zero, failed = near.power(0.0), near.failed
    size, low, high = near.smallest(tries.power)
    for _ in range(0 if source.free else MOST_ROUNDS):
        put = min(size, source.most * (1 - 1e-9))
        if not 0 < put < math.inf or abs(put - near.effect) <= CLOSE * put:
            break
        near = _drawn(source, put, tries)
        failed = max(failed, near.failed)
        size, low, high = near.smallest(tries.power)
    size, low, high = (one if one <= source.most else math.inf for one in (size, low, high))
    return Detected(size, low, high, at_zero, failed), near


def with_effect(source: Source, near: Reach, size: float, tries: Tries) -> Reach:
    """Return draws that tell of an effect of a size.

    Parameters
    ----------
    source : Source
    near : Reach
        Draws of the same pilot with another effect; they tell of all effects where the
        outcome has no ends.
    size : float
    tries : Tries
    """
    if source.free or abs(size - near.effect) <= 1e-12:
        return near
    return _drawn(source, size, tries)


def needed(source: Source, near: Reach | None, size: float, tries: Tries) -> Needed:
    """Search the sample that finds an effect.

    Pilots of up to four times the clusters are drawn; beyond that the smallest effect
    that is found falls with the square root of the sample, as it nearly does before.

    Parameters
    ----------
    source : Source
    near : Reach or None
        Draws of the pilot as it is, with that effect; None where nothing is tested.
    size : float
        The effect to be found.
    tries : Tries
    """
    most = max(1.0, min(DRAWN_TIMES, DRAWN_ROWS / max(len(source.panel), 1)))
    times, left = tries.times, ROUNDS
    fewer = replace(tries, draws=min(tries.draws, max(LEAST_DRAWS, tries.draws // 2)))
    ends = near.smallest(tries.power) if near is not None else (math.inf,) * 3
    while left and abs(ends[0] / size - 1) > CLOSE:
        wanted = times * ((ends[0] / size) ** 2 if math.isfinite(ends[0]) else FIRST)
        another, left = min(max(wanted, source.least), most), left - 1
        if source.size(another) == source.size(times):
            break
        try:
            near = _drawn(source, size, replace(fewer, times=another))
        except DesignError:
            # A pilot of that size cannot be analysed: what the last one tells stands.
            break
        times, ends = another, near.smallest(tries.power)
    found = (max(times * (end / size) ** 2, source.least) for end in ends)
    return Needed(*(one if one <= MOST_TIMES else math.inf for one in found))


def _drawn(source: Source, size: float, tries: Tries) -> Reach:
    return reach(source, size, tries.times, draws=tries.draws, seed=tries.seed)
