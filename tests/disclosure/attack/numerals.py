"""Counts, shares, means with their spread and quartiles as inequalities."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence

from attack.published import Cell, Span, number, significant
from attack.reading import STEPS, Reading
from attack.system import Expression, total

__all__ = [
    "joined",
    "kind_of",
    "multiple",
    "nice",
    "outcome_of",
    "people_in",
    "say_count",
    "say_portion",
    "share_of",
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
    "Cronbach's alpha of each score, and its items": "reliability",
}
"""What each table tells of, by its caption: in which section it stands changes."""
COARSE = tuple(by * 10.0**power for power in range(3, -7, -1) for by in (5, 2, 1))


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
        half = max(half, found.share_step(about, cell.caption) / 200)
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


def stated(found: Reading, span: Span, what: str) -> Span:
    """Widen a number to the step to which the page says that its sort is rounded."""
    own, step = widened(found, span), found.stated_step(what)
    half = max(own.high - own.middle, step / 2 + 1e-9)
    return Span(own.middle - half, own.middle + half)


def multiple(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def joined(first: Expression, second: Expression, by: float) -> dict[Hashable, float]:
    """Return one sum and so many times another."""
    sums = dict(first)
    for name, own in second.items():
        sums[name] = sums.get(name, 0.0) + by * own
    return sums
