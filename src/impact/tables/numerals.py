"""Numbers as a person reads them: as many digits as they are sure, no stars."""

from __future__ import annotations

import math

from impact.locale import _, spoken

__all__ = [
    "DASH",
    "at_most",
    "count",
    "decimals",
    "number",
    "own_decimals",
    "p_value",
    "percent",
    "span",
]

DASH = ""
"""What is not available; the grid writes it as a dash that is read out in words."""


def decimals(yardstick: float, digits: int = 3) -> int:
    """Return how many decimals show so many significant digits of the yardstick.

    Parameters
    ----------
    yardstick : float
        A standard error or standard deviation.
    digits : int
        Significant digits of it that are shown.

    Examples
    --------
    >>> decimals(1.306607), decimals(0.01326516), decimals(7456.6462)
    (2, 4, 0)
    """
    if not math.isfinite(yardstick) or yardstick == 0:
        return digits
    rounded = float(f"{abs(yardstick):.{digits - 1}e}")
    return min(max(0, digits - 1 - math.floor(math.log10(rounded))), 12)


def number(value: float, places: int) -> str:
    """Write a number as the language does, with a true minus sign and thousands set apart.

    Examples
    --------
    >>> number(-11863.9033, 0)
    '−11,864'
    """
    return spoken().number(value, places) if math.isfinite(value) else DASH


def own_decimals(value: float) -> int:
    """Return how many decimals a number has of its own, up to ten.

    Examples
    --------
    >>> own_decimals(2.76), own_decimals(1230.0)
    (2, 0)
    """
    text = f"{value:.10f}".rstrip("0") if math.isfinite(value) else ""
    return len(text.partition(".")[2])


def at_most(value: float, places: int) -> str:
    """Write a number without adding zeros to one that was rounded before it came here.

    Examples
    --------
    >>> at_most(12.3456, 2), at_most(12.3, 2), at_most(12.0, 2)
    ('12.35', '12.3', '12.0')
    """
    return number(value, min(places, max(own_decimals(value), 1)))


def count(value: float) -> str:
    """Write a number of people, records or places."""
    return number(value, 0)


def percent(share: float, base: float) -> str:
    """Write a fraction in percent; with a decimal where a thousand or more stand behind it.

    Examples
    --------
    >>> percent(0.4567, 120), percent(0.4567, 5000)
    ('46%', '45.7%')
    """
    return spoken().percent(share, 1 if base >= 1000 else 0) if math.isfinite(share) else DASH


def span(low: str, high: str) -> str:
    """Write the two ends of an interval, or nothing where either is missing."""
    return _("%(low)s to %(high)s") % {"low": low, "high": high} if low and high else DASH


def p_value(value: float) -> str:
    """Write a p-value with up to two significant digits; English leaves out the zero before them.

    Examples
    --------
    >>> p_value(0.03), p_value(0.00002), p_value(0.1849), p_value(1.0)
    ('p = .03', 'p < .001', 'p = .18', 'p > .99')
    """
    if not math.isfinite(value):
        return DASH
    if value < 0.001:
        return f"p < {_fraction('0.001')}"
    places = min(decimals(value, 2), 4) if value < 0.1 else 2
    text = f"{value:.{places}f}".rstrip("0")
    return f"p > {_fraction('0.99')}" if text.startswith("1") else f"p = {_fraction(text)}"


def _fraction(text: str) -> str:
    """Write a number under one with the decimals that it has."""
    told = number(float(text), len(text.partition(".")[2]))
    return told.removeprefix("0") if spoken().code == "en" else told
