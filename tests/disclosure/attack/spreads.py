"""How many stand behind a mean, from its interval and the spread beside it."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from scipy.stats import t as student

from attack.averages import spread_of
from attack.numerals import COARSE, kind_of, multiple, outcome_of, widened
from attack.published import Cell, Span, spans
from attack.reading import MOST, Reading

__all__ = ["say_intervals"]

GROUPS = {"Pilot group": "t", "Comparison group": "c"}
BY_UNIT = "with errors clustered by the unit of assignment"
PERCENT = re.compile(r"([\d.]+)%")


def say_intervals(found: Reading, cells: Sequence[Cell]) -> None:
    """Say how many people fit the interval of each average and the spread of the answers.

    Half an interval is Student's threshold times the spread over the root of the people.
    """
    if found.weighted or not found.says(BY_UNIT):
        return
    known = _spreads(found, cells)
    twice = found.says("of those seen both before and after the start")
    kind = "fn" if twice else "n"
    for cell in cells:
        group, name = GROUPS.get(cell.column[0], ""), outcome_of(found, cell.body)
        if kind_of(cell) != "trends" or not group or not name or cell.row not in found.waves:
            continue
        spread, half = known.get((name, group, cell.row)), _half(found, cell, name)
        own = _of_share(found, cell)
        spread = own or (spread if not twice else None)
        if spread is None or half is None or half.low <= 0:
            continue
        size = np.arange(2.0, MOST)
        reach = student.ppf(0.975, size - 1) / np.sqrt(size)
        # The spread may be over the people, or over the people less one.
        fits = (reach * spread.low <= half.high) & (
            reach * spread.high * np.sqrt(size / (size - 1)) >= half.low
        )
        where: Hashable = (kind, name, group, cell.row)
        source = f"interval of {cell.section} / {cell.body} / {cell.row} = {cell.text}"
        found.sets.append(({where: 1.0}, frozenset(int(n) for n in size[fits]), source))


def _spreads(found: Reading, cells: Sequence[Cell]) -> Mapping[tuple[str, str, str], Span]:
    """Return the spread of every outcome, group and period that a table tells."""
    told = {}
    for cell in cells:
        name, numbers = outcome_of(found, cell.body or cell.row), spans(cell.text)
        group = GROUPS.get(cell.column[0], "")
        if kind_of(cell) == "participants" and name and group and "SD" in cell.row:
            wave = cell.column[1] if len(cell.column) > 1 else found.waves[0]
            if len(numbers) > 1:
                told[name, group, wave] = spread_of(found, cell, numbers[1])
    return told


def _of_share(found: Reading, cell: Cell) -> Span | None:
    """Return the spread of a share."""
    at = PERCENT.match(cell.text)
    if not at:
        return None
    half, value = _ease(found, cell), float(at.group(1)) / 100
    ends = [min(max(one, 0.0), 1.0) for one in (value - half, value + half)]
    spread = [math.sqrt(p * (1 - p)) for p in ends]
    most = 0.5 if ends[0] <= 0.5 <= ends[1] else max(spread)
    return Span(min(spread), most)


def _ease(found: Reading, cell: Cell) -> float:
    step = found.share_step(cell.body, cell.caption) if found.guarded else 0.0
    return max(0.005, step / 200) + 1e-9


def _half(found: Reading, cell: Cell, name: str) -> Span | None:
    """Return half the width of an interval that is not cut at the ends of the scale."""
    shares = [float(one) / 100 for one in PERCENT.findall(cell.text)]
    if len(shares) == 3:
        ease = max(_ease(found, cell), _step(found, shares[1:]) / 2)
        ends = [Span(one - ease, one + ease) for one in shares[1:]]
    else:
        numbers = spans(cell.text)
        if len(numbers) != 3:
            return None
        ease = _step(found, [one.middle for one in numbers[1:]]) / 2
        ends = [_eased(widened(found, one), ease) for one in numbers[1:]]
    scale = found.scales.get(name)
    if scale and (ends[0].low <= scale[0] or ends[1].high >= scale[1]):
        return None
    return Span((ends[1].low - ends[0].high) / 2, (ends[1].high - ends[0].low) / 2)


def _step(found: Reading, ends: Sequence[float]) -> float:
    """Return the largest step of both ends, where the page says that they are rounded by some."""
    if not found.says("The ends of intervals are rounded"):
        return 0.0
    return next((by for by in COARSE if all(multiple(end, by) for end in ends)), 0.0)


def _eased(span: Span, ease: float) -> Span:
    half = max((span.high - span.low) / 2, ease)
    return Span(span.middle - half, span.middle + half)
