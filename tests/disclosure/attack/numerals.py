"""Counts, shares, means with their spread and quartiles as inequalities."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Hashable, Mapping, Sequence

from attack.published import Cell, Span, number, significant, spans
from attack.reading import STEPS, Reading
from attack.system import Expression, total

__all__ = [
    "joined",
    "kind_of",
    "multiple",
    "nice",
    "outcome_of",
    "people_in",
    "say_answers",
    "say_average",
    "say_count",
    "say_portion",
    "share_of",
    "spread_of",
    "stated",
    "widened",
]

KINDS = {
    "Numbers, averages and shares by group and period": "participants",
    "The groups at the start": "start",
    "Size of the groups": "comparison",
    "Numbers at the start and at the end, by group": "flow",
    "Averages by group and period": "trends",
    "Averages of the other outcomes by group and period": "trends",
    "Levels by group and period": "levels",
    "From the start to the end, of those seen both times": "changes",
    "Averages by subgroup, group and period": "subgroups",
    "Answers given and not given, by group and period": "data",
    "Averages of the groups at the start": "balance",
    "Averages at the start, of those who stayed and those who were lost": "lost",
}
"""What each table tells of, by its caption: in which section it stands changes."""
ALMOST = ("participants", "start", "balance")
NEARLY = "here they are rounded to steps as large as their standard error"
COARSE = tuple(by * 10.0**power for power in range(3, -3, -1) for by in (5, 2, 1))


def kind_of(cell: Cell) -> str:
    return KINDS.get(cell.caption, "")


def outcome_of(found: Reading, label: str) -> str:
    return found.named(label.partition(", ")[0])


def say_count(found: Reading, cell: Cell, names: Sequence[Hashable]) -> None:
    """Say what a number of people is, or between which numbers it lies."""
    span = people_in(found, cell.text)
    if span is None:
        found.withheld[tuple(names)] = None
        return
    if span.low == span.high and len(names) == 1:
        found.told.add(names[0])
    found.rounded[tuple(names)] = None
    found.system.say(total(names), span.low, span.high)


def people_in(found: Reading, text: str) -> Span | None:
    """Return how many people a text may mean, by the step that the page rounds to."""
    if text.startswith("fewer") or (found.guarded and found.step):
        return number(text, near=found.step)
    value = float(re.sub(r"[^\d.]", "", text) or "nan")
    return Span(value, value) if math.isfinite(value) else None


def share_of(found: Reading, cell: Cell) -> Span | None:
    """Return what a share may have been; on a guarded page, by the steps that all of it has."""
    at = re.search(r"([\d.]+)%", cell.text)
    if not at:
        return None
    value = float(at.group(1)) / 100
    half = 0.5 * 10.0 ** (-2 - len(at.group(1).partition(".")[2]))
    if found.guarded:
        about = cell.body or cell.row.rpartition(", ")[0]
        half = max(half, found.share_step(about) / 200)
    return Span(value - half - 1e-9, value + half + 1e-9)


def say_portion(
    found: Reading, part: Expression, whole: Expression, span: Span, *, people: bool = True
) -> None:
    """Say that a part is such a share of a whole.

    A guarded page shows no average of fewer people than the minimum, and no share of as few, or of
    all but as few: who knows that knows the least of each.

    Parameters
    ----------
    found : Reading
    part, whole : mapping
    span : Span
        The share.
    people : bool
        Whether the part is people, and no sum of their answers.
    """
    if found.guarded:
        found.system.say(whole, low=found.minimum)
        for few in (part, joined(whole, part, -1.0)) if people else ():
            found.system.say(few, low=found.minimum)
    found.system.say(joined(part, whole, -span.low), low=0.0)
    found.system.say(joined(part, whole, -span.high), high=0.0)
    found.portions.append((dict(part), dict(whole), span))


def widened(found: Reading, span: Span, *, most: float = 0.0) -> Span:
    """Widen a number of a guarded page to three digits, and to the step that it may have.

    Parameters
    ----------
    found : Reading
    span : Span
        As it is written.
    most : float
        The largest step that it may have, beside those of shares.
    """
    if not found.guarded:
        return span
    three = significant(span.middle, 3)
    coarse = [one for one in COARSE if one <= most * (1 + 1e-9)] + list(STEPS.values())
    step = next((one for one in coarse if multiple(span.middle, one)), 0.0)
    half = 1.1 * max(span.high - span.middle, three.high - three.low, step / 2)
    return Span(span.middle - half, span.middle + half)


def nice(size: float) -> float:
    """Return the smallest of 1, 2, 5, 10 … times a power of ten that reaches a size."""
    if size <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(size))
    return next(by * power for by in (1, 2, 5, 10) if by * power >= size * (1 - 1e-9))


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


def stated(found: Reading, span: Span, what: str) -> Span:
    """Widen a number to the step to which the page says that its sort is rounded."""
    own, step = widened(found, span), found.stated_step(what)
    half = max(own.high - own.middle, step / 2 + 1e-9)
    return Span(own.middle - half, own.middle + half)


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


def multiple(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def say_answers(
    found: Reading, cell: Cell, group: str, name: str, wave: str, kind: str, whole: str
) -> None:
    """Read a share, or a mean with its spread, or a median with its quartiles."""
    over, codes = found.spread(group), found.codes(name)
    parts = {code: total((kind, name, one, wave, code) for one in over) for code in codes}
    size = total((whole, name, one, wave) for one in over)
    say_average(found, cell, name, parts, size)


def say_average(
    found: Reading, cell: Cell, name: str, parts: Mapping[int, Expression], size: Expression
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
        _mean(found, parts, size, numbers, (most, "SD" in what))


def _mean(
    found: Reading,
    parts: Mapping[int, Expression],
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


def weighed(parts: Mapping[int, Expression], by: Callable[[int], float]) -> dict[Hashable, float]:
    """Return the sum over people of a number that their answer has."""
    sums: dict[Hashable, float] = {}
    for code, people in parts.items():
        sums = joined(sums, people, by(code))
    return sums


def joined(first: Expression, second: Expression, by: float) -> dict[Hashable, float]:
    """Return one sum and so many times another."""
    sums = dict(first)
    for name, own in second.items():
        sums[name] = sums.get(name, 0.0) + by * own
    return sums


def _quantile(
    found: Reading,
    parts: Mapping[int, Expression],
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
