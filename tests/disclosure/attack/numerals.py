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
COARSE = tuple(by * 10.0**power for power in range(3, -3, -1) for by in (5, 2, 1))


def kind_of(cell: Cell) -> str:
    return KINDS.get(cell.caption, "")


def outcome_of(found: Reading, label: str) -> str:
    return found.named(label.partition(", ")[0])


def say_count(found: Reading, cell: Cell, names: Sequence[Hashable]) -> None:
    """Say what a number of people is, or between which numbers it lies."""
    span = people_in(found, cell.text)
    if span is None:
        return
    if span.low == span.high and len(names) == 1:
        found.told.add(names[0])
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


def say_portion(found: Reading, part: Expression, whole: Expression, span: Span) -> None:
    """Say that a part is such a share of a whole."""
    found.system.say(joined(part, whole, -span.low), low=0.0)
    found.system.say(joined(part, whole, -span.high), high=0.0)
    found.portions.append((dict(part), dict(whole), span))


def widened(found: Reading, span: Span) -> Span:
    """Widen a number of a guarded page to three digits, and to the step that it may have."""
    if not found.guarded:
        return span
    three = significant(span.middle, 3)
    coarse = COARSE if found.says("steps as large as their standard error") else STEPS
    step = next((one for one in coarse if multiple(span.middle, one)), 0.0)
    half = 1.1 * max(span.high - span.middle, three.high - three.low, step / 2)
    return Span(span.middle - half, span.middle + half)


def spread_of(found: Reading, span: Span) -> Span:
    """Return what a standard deviation of whole numbers may have been."""
    return stated(found, span, "Standard deviations of whole numbers")


def stated(found: Reading, span: Span, what: str) -> Span:
    """Widen a number to the step to which the page says that its sort is rounded."""
    own, step = widened(found, span), found.stated_step(what)
    half = max(own.high - own.middle, step / 2 + 1e-9)
    return Span(own.middle - half, own.middle + half)


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
        _mean(found, parts, size, numbers, spread="SD" in what)


def _mean(
    found: Reading,
    parts: Mapping[int, Expression],
    size: Expression,
    numbers: Sequence[Span],
    *,
    spread: bool,
) -> None:
    mean = widened(found, numbers[0])
    say_portion(found, weighed(parts, lambda code: float(code)), size, mean)
    if spread and len(numbers) > 1:
        sd, half = spread_of(found, numbers[1]), (mean.high - mean.low) / 2
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
    value = span.middle
    if value != round(value):
        return
    below = weighed(parts, lambda code: float(code < value))
    up_to = weighed(parts, lambda code: float(code <= value))
    found.system.say(joined(below, size, -at), high=1 - at)
    found.system.say(joined(up_to, size, -at), low=-at)
