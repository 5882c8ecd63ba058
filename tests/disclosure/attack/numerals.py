"""Counts, shares, means with their spread and quartiles as inequalities."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping, Sequence

from attack.published import Cell, Span, number, significant, spans
from attack.reading import STEPS, Reading
from attack.system import total

__all__ = [
    "kind_of",
    "outcome_of",
    "say_answers",
    "say_count",
    "say_portion",
    "share_of",
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
}
"""What each table tells of, by its caption: in which section it stands changes."""
COARSE = tuple(by * 10.0**power for power in range(3, -3, -1) for by in (5, 2, 1))


def kind_of(cell: Cell) -> str:
    return KINDS.get(cell.caption, "")


def outcome_of(found: Reading, label: str) -> str:
    return found.names.get(label.partition(", ")[0], "")


def say_count(found: Reading, cell: Cell, names: Sequence[Hashable]) -> None:
    span = number(cell.text, near=found.step)
    if span is None:
        return
    if span.low == span.high or not found.guarded:
        span = Span(span.middle, span.middle)
        if len(names) == 1:
            found.told.add(names[0])
    value = float(re.sub(r"[^\d.]", "", cell.text) or "nan")
    if math.isfinite(value) and not (found.step and span.low != span.high):
        span = Span(value, value)
    found.system.say(total(names), span.low, span.high)


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
    found: Reading,
    part: Mapping[Hashable, float],
    whole: Mapping[Hashable, float],
    span: Span,
) -> None:
    """Say that a part is such a share of a whole."""
    found.system.say({**part, **{k: -span.low * v for k, v in whole.items()}}, low=0.0)
    found.system.say({**part, **{k: -span.high * v for k, v in whole.items()}}, high=0.0)


def widened(found: Reading, span: Span) -> Span:
    """Widen a number of a guarded page to three digits, and to the step that it may have."""
    if not found.guarded:
        return span
    three = significant(span.middle, 3)
    coarse = COARSE if found.says("steps as large as their standard error") else STEPS
    step = next((one for one in coarse if _multiple(span.middle, one)), 0.0)
    half = 1.1 * max(span.high - span.middle, three.high - three.low, step / 2)
    return Span(span.middle - half, span.middle + half)


def _multiple(value: float, step: float) -> bool:
    return abs(value / step - round(value / step)) < 1e-6


def say_answers(
    found: Reading, cell: Cell, group: str, name: str, wave: str, kind: str, whole: str
) -> None:
    """Read a share, or a mean with its spread, or a median with its quartiles."""
    if found.weighted:
        return
    over = found.spread(group)
    size = total((whole, name, one, wave) for one in over)
    codes = found.codes(name)
    share = share_of(found, cell)
    if share is not None:
        if codes == (0, 1):
            say_portion(found, total((kind, name, one, wave, 1) for one in over), size, share)
        return
    numbers = spans(cell.text)
    if not codes or not numbers:
        return
    what = cell.row if kind_of(cell) != "trends" else cell.body
    if "median" in what:
        for at, span in zip((0.5, 0.25, 0.75), numbers, strict=False):
            _quantile(found, over, name, wave, kind, whole, at, span)
        return
    if "mean" not in what or found.scales[name] == (0, 1):
        return
    mean = widened(found, numbers[0])
    sums = {(kind, name, one, wave, code): float(code) for one in over for code in codes}
    say_portion(found, sums, size, mean)
    if "SD" in what and len(numbers) > 1:
        spread, half = widened(found, numbers[1]), (mean.high - mean.low) / 2
        squares = {k: (k[-1] - mean.middle) ** 2 for k in sums}
        low, high = max(spread.low, 0.0) ** 2, spread.high**2
        found.system.say({**squares, **dict.fromkeys(size, -(high + half**2))}, high=-high)
        found.system.say({**squares, **dict.fromkeys(size, -low)}, low=-low)


def _quantile(
    found: Reading,
    over: Sequence[str],
    name: str,
    wave: str,
    kind: str,
    whole: str,
    at: float,
    span: Span,
) -> None:
    value = span.middle
    if value != round(value) or found.guarded:
        return
    size = total((whole, name, one, wave) for one in over)
    cells = [(kind, name, one, wave, code) for one in over for code in found.codes(name)]
    below = total(one for one in cells if one[-1] < value)
    up_to = total(one for one in cells if one[-1] <= value)
    found.system.say({**below, **dict.fromkeys(size, -at)}, high=1 - at)
    found.system.say({**up_to, **dict.fromkeys(size, -at)}, low=-at)
