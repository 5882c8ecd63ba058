"""Amounts in natural units: 13 more people in 100, 0.4 of a CEFR level, 9 days shorter.

Numbers leave as plain decimal text (``-0.40``); the page writes them the way its language
does. How many digits are shown follows from how precisely the effect is known.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_EVEN, Decimal

from impact.results import Sentence
from impact.spec.models import Outcome, UnitIs

__all__ = ["amount", "decimals", "difference", "number"]

_PEOPLE = {
    "person": ("%(n)s more people in 100", "%(n)s fewer people in 100"),
    "household": ("%(n)s more households in 100", "%(n)s fewer households in 100"),
    "place": ("%(n)s more places in 100", "%(n)s fewer places in 100"),
}
_DURATION = ("%(n)s %(unit)s longer", "%(n)s %(unit)s shorter")
_MEASURED = ("%(n)s %(unit)s more", "%(n)s %(unit)s less")
_PLAIN = ("%(n)s more", "%(n)s less")


def decimals(outcome: Outcome, std_error: float, estimate: float) -> int:
    """Return how many decimals an amount is worth: two digits of its standard error.

    Without a standard error, three significant digits of the estimate.
    """
    if not math.isfinite(std_error) or std_error <= 0:
        size = abs(estimate)
        return (
            0 if size == 0 or not math.isfinite(size) else max(0, 2 - math.floor(math.log10(size)))
        )
    scale = 100 if outcome.kind == "binary" else 1
    return min(6, max(0, -math.floor(math.log10(std_error * scale))))


def number(value: float, digits: int) -> str:
    """Write a number as plain decimal text; minus zero is zero."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    return str(abs(rounded) if rounded == 0 else rounded)


def difference(outcome: Outcome, unit_is: UnitIs, value: float, digits: int) -> Sentence:
    """Say a difference with its direction (``13 more people in 100``)."""
    if outcome.kind == "binary":
        value, digits, words, unit = 100 * value, min(digits, 1), _PEOPLE[unit_is], ""
    elif outcome.kind == "duration":
        words, unit = _DURATION, outcome.measured_in or "days"
    else:
        words, unit = (_MEASURED if outcome.measured_in else _PLAIN), outcome.measured_in or ""
    text = words[0] if value >= 0 else words[1]
    return Sentence(text, {"n": number(abs(value), digits), "unit": unit})


def amount(outcome: Outcome, value: float, digits: int) -> Sentence:
    """Say the size of a change without its direction (``0.4 CEFR levels``)."""
    if outcome.kind == "binary":
        return Sentence("%(n)s in 100", {"n": number(abs(100 * value), min(digits, 1))})
    unit = outcome.measured_in or ""
    text = "%(n)s %(unit)s" if unit else "%(n)s"
    return Sentence(text, {"n": number(abs(value), digits), "unit": unit})
