"""Answers rounded to fives and tens: how many more there are than beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

__all__ = ["Heaping", "heaping", "myers_by_chance", "myers_index"]

FEWEST = 50
WIDTH = 20
"""A narrower range has too few fives in it to tell rounding from its shape."""
WHOLE = 0.95
GRID = 0.02
"""With fewer answers than this between the fives, they are the steps of a scale."""
RATIO = 1.5
SOME = 1.25
"""From here on the fives between the tens are heaped as well."""
RARE = 0.001
REACH = 2


@dataclass(frozen=True)
class Heaping:
    """More answers on the multiples of a number than beside them.

    Parameters
    ----------
    step : int
        5 or 10.
    on : int
        Answers on its multiples.
    ratio : float
        ``on`` over a fifth of the answers on them and up to 2 beside them; 1 is none.
    """

    step: int
    on: int
    ratio: float


def heaping(values: np.ndarray, *, ends: tuple[float, ...] = ()) -> Heaping | None:
    """Find whether answers are heaped on multiples of 5 or of 10.

    A multiple and the two whole numbers on either side of it are as frequent, up to chance
    and the slope of the distribution, where nobody rounds. Heaping is told where the multiples
    hold one and a half times their fifth, and a binomial test gives that less than one chance
    in a thousand.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n,)
        Answers, independent of each other; missing ones and those that are not whole do not
        count.
    ends : tuple of float
        Ends of the scale, besides zero: answers pile up there for another reason.

    Returns
    -------
    Heaping or None
        None where nothing is heaped, or it cannot be told: fewer than 50 answers, a range
        under 20, many answers that are not whole, or hardly any between the multiples.

    Examples
    --------
    >>> ages = np.concatenate([np.arange(20, 70), np.repeat([30, 35, 40, 45, 50], 8)])
    >>> heaping(ages.astype(float)).step
    5
    """
    known = values[np.isfinite(values)]
    whole = known[known == np.floor(known)]
    if len(whole) < FEWEST or len(whole) < WHOLE * len(known):
        return None
    inner = whole[~np.isin(whole, (0.0, *ends))]
    if len(inner) < FEWEST or np.ptp(inner) < WIDTH:
        return None
    if (inner % 5 != 0).mean() < GRID:
        return None
    fives, tens, between = (_on(inner, ends) for ends in ((0, 5), (0,), (5,)))
    if _heaped(*fives) and (_ratio(*between) >= SOME or not _heaped(*tens)):
        return Heaping(5, fives[0], _ratio(*fives))
    return Heaping(10, tens[0], _ratio(*tens)) if _heaped(*tens) else None


def _on(values: np.ndarray, digits: tuple[int, ...]) -> tuple[int, int]:
    """Count the answers that end in the digits, and those that do or are up to 2 beside."""
    last = values % 10
    on = np.isin(last, digits)
    beside = [np.abs((last - digit + 5) % 10 - 5) <= REACH for digit in digits]
    return int(on.sum()), int(np.logical_or.reduce(beside).sum())


def _ratio(on: int, near: int) -> float:
    return (2 * REACH + 1) * on / near if near else 0.0


def _heaped(on: int, near: int) -> bool:
    rare = float(special.bdtrc(on - 1, near, 1 / (2 * REACH + 1))) if on else 1.0
    return _ratio(on, near) >= RATIO and rare < RARE


def myers_index(ages: np.ndarray) -> float:
    r"""Return Myers' blended index of the preference for final digits of an age.

    Every digit's people are counted from 10 and from 20 years on, and blended by weights, so
    that a population that thins out with age has equal shares: the index is half the sum of
    the shares' distances from a tenth, in percent.

    Parameters
    ----------
    ages : numpy.ndarray of float, shape (n,)
        In completed years.

    Returns
    -------
    float
        0 where no digit is preferred, 90 where all end in one; not a number without anybody
        of 10 to 99 years.

    References
    ----------
    Myers (1940), Transactions of the Actuarial Society of America 41.

    Examples
    --------
    >>> float(myers_index(np.full(8, 40.0)))
    90.0
    """
    years = np.floor(ages[np.isfinite(ages)]).astype(np.int64)
    years = years[(years >= 10) & (years < 100)]
    digits = np.arange(10)
    first = np.bincount(years % 10, minlength=10)
    second = np.bincount(years[years >= 20] % 10, minlength=10)
    blended = (digits + 1) * first + (9 - digits) * second
    total = blended.sum()
    if not total:
        return float("nan")
    return float(50 * np.abs(blended / total - 0.1).sum())


def myers_by_chance(n: int) -> float:
    """Return what Myers' index is expected to be with n people and no preference.

    Each digit's share then strays by the error of a tenth; ten mean absolute errors, halved.
    """
    return float(500 * np.sqrt(2 / np.pi) * np.sqrt(0.09 / n)) if n else float("nan")
