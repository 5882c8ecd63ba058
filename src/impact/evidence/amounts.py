"""Amounts in natural units: 13 more people in 100, 0.4 of a CEFR level, 9 days shorter.

A difference of logarithms is said as what it is a ratio of: ``-0.03`` log points are about
3 per cent less, by the exact ``exp(x) - 1``; estimate and ends of a range each by themselves.

Numbers leave as plain decimal text (``-0.40``); the page writes them the way its language
does. How many digits are shown follows from how precisely the effect is known.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

from impact.results import Sentence
from impact.spec.models import Outcome, UnitIs

__all__ = ["amount", "decimals", "difference", "nothing", "number", "telling"]

_PEOPLE = {
    "person": ("%(n)s more people in 100", "%(n)s fewer people in 100"),
    "household": ("%(n)s more households in 100", "%(n)s fewer households in 100"),
    "place": ("%(n)s more places in 100", "%(n)s fewer places in 100"),
}
_DURATION = ("%(n)s %(unit)s longer", "%(n)s %(unit)s shorter")
_MEASURED = ("%(n)s more %(unit)s", "%(n)s fewer %(unit)s")
_PLAIN = ("%(n)s more", "%(n)s less")
_PER_CENT = ("about %(n)s per cent more", "about %(n)s per cent less")


def decimals(outcome: Outcome, std_error: float, estimate: float) -> int:
    """Return how many decimals an amount is worth: down to its standard error's first digit.

    Negative where even the tens or hundreds are not known (a price give or take 7,000).
    Without a standard error, two significant digits of the estimate. People in 100 are
    whole, as they are in the tables.
    """
    if outcome.kind == "binary":
        return 0
    if outcome.in_logs:
        std_error, estimate = 100 * std_error, _per_cent(estimate)
    if math.isfinite(std_error) and std_error > 0:
        return min(6, -math.floor(math.log10(std_error)))
    if math.isfinite(estimate) and estimate != 0:
        return min(6, max(0, 1 - math.floor(math.log10(abs(estimate)))))
    return 0


def telling(outcome: Outcome, digits: int, *ends: float) -> int:
    """Return more decimals where an end of a range would otherwise round to zero.

    What lies on one side of zero must not read as zero; two further digits at most.
    """
    shown = [_shown(outcome, end) for end in ends]
    for more in range(digits, digits + 3):
        if all(float(number(end, more)) or not end for end in shown):
            return more
    return digits


def number(value: float, digits: int) -> str:
    """Write a number as plain decimal text; minus zero is zero."""
    exact = Decimal(repr(float(value)))
    rounded = exact.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return f"{abs(rounded) if rounded == 0 else rounded:f}"


def difference(outcome: Outcome, unit_is: UnitIs, value: float, digits: int) -> Sentence:
    """Say a difference with its direction (``13 more people in 100``)."""
    value, unit = _shown(outcome, value), ""
    if outcome.kind == "binary":
        words = _PEOPLE[unit_is]
    elif outcome.in_logs:
        words = _PER_CENT
    elif outcome.kind == "duration":
        words, unit = _DURATION, outcome.measured_in or "days"
    else:
        words, unit = (_MEASURED if outcome.measured_in else _PLAIN), outcome.measured_in or ""
    size = number(abs(value), digits)
    text = words[0] if value >= 0 or not float(size) else words[1]
    return Sentence(text, {"n": size, "unit": unit})


def amount(outcome: Outcome, value: float, digits: int) -> Sentence:
    """Say the size of a change without its direction (``0.4 CEFR levels``).

    Of logarithms the sign counts none the less: half as much again is 50 per cent, and back
    from there is 33.
    """
    size = number(abs(_shown(outcome, value)), digits)
    if outcome.kind == "binary":
        return Sentence("%(n)s in 100", {"n": size})
    if outcome.in_logs:
        return Sentence("about %(n)s per cent", {"n": size})
    unit = outcome.measured_in or ""
    text = "%(n)s %(unit)s" if unit else "%(n)s"
    return Sentence(text, {"n": size, "unit": unit})


def nothing(said: Sentence) -> bool:
    """Whether an amount reads as zero."""
    return not float(said.values["n"])


def _per_cent(logs: float) -> float:
    """Return by how many per cent a ratio differs from one, given its logarithm.

    Beyond thirty, a ratio of ten thousand billions, the number is not worth its digits.
    """
    return 100 * math.expm1(min(logs, 30.0))


def _shown(outcome: Outcome, value: float) -> float:
    """Return the number that is said: people in 100, per cent, or the value itself."""
    if outcome.kind == "binary":
        return 100 * value
    return _per_cent(value) if outcome.in_logs else value
