"""Means with their spread, and quartiles, as inequalities."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Mapping, Sequence

from attack.numerals import joined, kind_of, nice, say_portion, share_of, stated, widened
from attack.published import Cell, Span, spans
from attack.reading import Reading
from attack.system import Expression, total

__all__ = ["say_answers", "say_average", "say_mean", "spread_of", "weighed"]

ALMOST = ("participants", "start", "balance")
NEARLY = "here they are rounded to steps as large as their standard error"


def say_answers(
    found: Reading, cell: Cell, group: str, name: str, wave: str, kind: str, whole: str
) -> None:
    """Read a share, or a mean with its spread, or a median with its quartiles."""
    over, codes = found.spread(group), found.codes(name)
    parts = {code: total((kind, name, one, wave, code) for one in over) for code in codes}
    size = total((whole, name, one, wave) for one in over)
    say_average(found, cell, name, parts, size)


def say_average(
    found: Reading, cell: Cell, name: str, parts: Mapping[float, Expression], size: Expression
) -> None:
    """Read an average of some people, told how many of them gave which answer, and how many any.

    Parameters
    ----------
    found : Reading
    cell : Cell
    name : str
        Of the outcome.
    parts : mapping
        By answer the people that gave it.
    size : Expression
        All that answered.
    """
    if found.weighted:
        return
    share = share_of(found, cell)
    if share is not None:
        if tuple(parts) == (0, 1):
            say_portion(found, parts[1], size, share)
        return
    numbers = spans(cell.text)
    if not parts or not numbers:
        return
    what = cell.row if kind_of(cell) != "trends" else cell.body
    if "median" in what:
        for at, span in zip((0.5, 0.25, 0.75), numbers, strict=False):
            _quantile(found, parts, size, at, span)
    elif "mean" in what and found.scales[name] != (0, 1):
        most = most_step(found, cell, name)
        say_mean(found, parts, size, numbers, (most, "SD" in what))


def say_mean(
    found: Reading,
    parts: Mapping[float, Expression],
    size: Expression,
    numbers: Sequence[Span],
    told: tuple[float, bool],
) -> None:
    """Read a mean, told by steps that are at most so large, and whether a spread stands beside."""
    most, spread = told
    mean = widened(found, numbers[0], most=most)
    say_portion(found, weighed(parts, lambda code: float(code)), size, mean, people=False)
    if spread and len(numbers) > 1:
        sd = _spread(found, numbers[1], one_digit(numbers[1]) if most else 0.0)
        half = (mean.high - mean.low) / 2
        squares = weighed(parts, lambda code: (code - mean.middle) ** 2)
        low, high = max(sd.low, 0.0) ** 2, sd.high**2
        found.system.say(joined(squares, size, -(high + half**2)), high=-high)
        found.system.say(joined(squares, size, -low), low=-low)


def weighed(
    parts: Mapping[float, Expression], by: Callable[[float], float]
) -> dict[Hashable, float]:
    """Return the sum over people of a number that their answer has."""
    sums: dict[Hashable, float] = {}
    for code, people in parts.items():
        sums = joined(sums, people, by(code))
    return sums


def _quantile(
    found: Reading,
    parts: Mapping[float, Expression],
    size: Expression,
    at: float,
    span: Span,
) -> None:
    if found.guarded:
        found.system.say(size, low=found.minimum)
    value = span.middle
    if value != round(value):
        return
    below = weighed(parts, lambda code: float(code < value))
    up_to = weighed(parts, lambda code: float(code <= value))
    found.system.say(joined(below, size, -at), high=1 - at)
    found.system.say(joined(up_to, size, -at), low=-at)


def most_step(found: Reading, cell: Cell, name: str) -> float:
    """Return the largest step of an average of which another table tells nearly the same people.

    It is as large as the standard error: of a scale no spread is more than half of it, and no
    average is of fewer than the minimum.
    """
    if not _nearly(found, cell):
        return 0.0
    low, high = found.scales[name]
    return nice(1.06 * (high - low) / 2 / math.sqrt(max(found.minimum, 1)))


def spread_of(found: Reading, cell: Cell, span: Span) -> Span:
    """Return what a spread may have been: told with one digit where its average is coarse."""
    return _spread(found, span, one_digit(span) if _nearly(found, cell) else 0.0)


def _spread(found: Reading, span: Span, most: float) -> Span:
    """Widen a spread to its one digit, or to the step that those of whole numbers have."""
    own = widened(found, span, most=most)
    least = stated(found, span, "Standard deviations of whole numbers")
    return max(own, least, key=lambda one: one.high - one.low)


def _nearly(found: Reading, cell: Cell) -> bool:
    """Whether it is said of a table that another one tells the average of nearly the same people.

    The table of the start is part of the first of the annex, where the note stands.
    """
    sections = {"balance": ["balance"]}.get(kind_of(cell), ["participants", "table1"])
    known = kind_of(cell) in ALMOST
    return known and any(found.says(NEARLY, section=section) for section in sections)


def one_digit(span: Span) -> float:
    """Return the step of a number that has one digit."""
    return 10.0 ** math.floor(math.log10(span.middle)) if span.middle > 0 else 0.0
