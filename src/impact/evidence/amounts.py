"""Amounts in natural units: 13 more people in 100, 0.4 of a CEFR level, 9 days shorter.

A difference of logarithms is said as what it is a ratio of: ``-0.03`` log points are about
3 per cent less, by the exact ``exp(x) - 1``; estimate and ends of a range each by themselves.

Numbers leave as plain decimal text (``-0.40``); the page writes them the way its language
does. How many digits are shown follows from how precisely the effect is known.
"""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Decimal

from impact.results import Sentence
from impact.spec.models import Outcome, UnitIs

__all__ = ["FORMS", "amount", "decimals", "difference", "nothing", "number", "telling"]

_PEOPLE = {
    "person": (
        Sentence("%(n)s more person in 100", many="%(n)s more people in 100"),
        Sentence("%(n)s fewer person in 100", many="%(n)s fewer people in 100"),
    ),
    "household": (
        Sentence("%(n)s more household in 100", many="%(n)s more households in 100"),
        Sentence("%(n)s fewer household in 100", many="%(n)s fewer households in 100"),
    ),
    "place": (
        Sentence("%(n)s more place in 100", many="%(n)s more places in 100"),
        Sentence("%(n)s fewer place in 100", many="%(n)s fewer places in 100"),
    ),
}
_LONGER = {
    "days": (
        Sentence("%(n)s day longer", many="%(n)s days longer"),
        Sentence("%(n)s day shorter", many="%(n)s days shorter"),
    ),
    "weeks": (
        Sentence("%(n)s week longer", many="%(n)s weeks longer"),
        Sentence("%(n)s week shorter", many="%(n)s weeks shorter"),
    ),
    "months": (
        Sentence("%(n)s month longer", many="%(n)s months longer"),
        Sentence("%(n)s month shorter", many="%(n)s months shorter"),
    ),
    "years": (
        Sentence("%(n)s year longer", many="%(n)s years longer"),
        Sentence("%(n)s year shorter", many="%(n)s years shorter"),
    ),
}
_MORE = {
    "points": (
        Sentence("%(n)s more point", many="%(n)s more points"),
        Sentence("%(n)s fewer point", many="%(n)s fewer points"),
    ),
    "CEFR levels": (
        Sentence("%(n)s more CEFR level", many="%(n)s more CEFR levels"),
        Sentence("%(n)s fewer CEFR level", many="%(n)s fewer CEFR levels"),
    ),
    "euros": (
        Sentence("%(n)s more euro", many="%(n)s more euros"),
        Sentence("%(n)s fewer euro", many="%(n)s fewer euros"),
    ),
    "consultations": (
        Sentence("%(n)s more consultation", many="%(n)s more consultations"),
        Sentence("%(n)s fewer consultation", many="%(n)s fewer consultations"),
    ),
}
"""Whole sentences for the units of the indicators' catalogue; other units are the reader's own."""
_OF = {
    "days": Sentence("%(n)s day", many="%(n)s days"),
    "weeks": Sentence("%(n)s week", many="%(n)s weeks"),
    "months": Sentence("%(n)s month", many="%(n)s months"),
    "years": Sentence("%(n)s year", many="%(n)s years"),
    "points": Sentence("%(n)s point", many="%(n)s points"),
    "CEFR levels": Sentence("%(n)s CEFR level", many="%(n)s CEFR levels"),
    "euros": Sentence("%(n)s euro", many="%(n)s euros"),
    "consultations": Sentence("%(n)s consultation", many="%(n)s consultations"),
}
_DURATION = (
    Sentence("%(n)s %(unit)s longer", many="%(n)s %(unit)s longer"),
    Sentence("%(n)s %(unit)s shorter", many="%(n)s %(unit)s shorter"),
)
_MEASURED = (
    Sentence("%(n)s more %(unit)s", many="%(n)s more %(unit)s"),
    Sentence("%(n)s fewer %(unit)s", many="%(n)s fewer %(unit)s"),
)
_PLAIN = (Sentence("%(n)s more"), Sentence("%(n)s less"))
_PER_CENT = (
    Sentence("about %(n)s per cent more", many="about %(n)s per cent more"),
    Sentence("about %(n)s per cent less", many="about %(n)s per cent less"),
)
FORMS = {
    less.text: more
    for more, less in (
        *_PEOPLE.values(),
        *_LONGER.values(),
        *_MORE.values(),
        _DURATION,
        _MEASURED,
        _PLAIN,
        _PER_CENT,
    )
}
"""By the text of each amount that is less, how as much more is said: so is nothing."""
_ABOUT = Sentence("about %(n)s per cent", many="about %(n)s per cent")


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
    value, unit = _shown(outcome, value), outcome.measured_in or ""
    if outcome.kind == "binary":
        said = _PEOPLE[unit_is]
    elif outcome.in_logs:
        said = _PER_CENT
    elif outcome.kind == "duration":
        unit = unit or "days"
        said = _LONGER.get(unit, _DURATION)
    else:
        said = _MORE.get(unit, _MEASURED if unit else _PLAIN)
    size = number(abs(value), digits)
    one = said[0] if value >= 0 or not float(size) else said[1]
    return replace(one, values=_slots(one, size, unit))


def _slots(said: Sentence, size: str, unit: str) -> dict[str, str]:
    """Return the number, and the unit where the sentence does not name it by itself."""
    return {"n": size, "unit": unit} if "%(unit)s" in said.text else {"n": size}


def amount(outcome: Outcome, value: float, digits: int) -> Sentence:
    """Say the size of a change without its direction (``0.4 CEFR levels``).

    Of logarithms the sign counts none the less: half as much again is 50 per cent, and back
    from there is 33.
    """
    size = number(abs(_shown(outcome, value)), digits)
    if outcome.kind == "binary":
        return Sentence("%(n)s in 100", {"n": size})
    if outcome.in_logs:
        return replace(_ABOUT, values={"n": size})
    unit = outcome.measured_in or ""
    said = _OF.get(unit) or Sentence("%(n)s %(unit)s" if unit else "%(n)s")
    return replace(said, values=_slots(said, size, unit))


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
