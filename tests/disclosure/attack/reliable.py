"""Scores of several items: who answered all of them, what they answered, and what alpha tells."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
from scipy.stats import f as fisher

from attack.averages import say_mean, weighed
from attack.numerals import COARSE, joined, multiple, outcome_of, say_count
from attack.published import Cell, Span, spans
from attack.reading import MOST, Reading
from attack.scores import HIGHEST, ITEMS, LOWEST
from attack.system import Expression, total
from attack.truth import STATES

__all__ = ["say_items", "say_reliability"]

STATE = {"answered": "given", "no answer given": STATES[0], "refused": STATES[1]}
STATE |= {"did not know": STATES[2], "not asked": STATES[3]}
CODES = range(LOWEST, HIGHEST + 1)


def say_reliability(found: Reading, cell: Cell) -> None:
    """Read who answered all items of a score, the answers to each, and how far they go together."""
    name, wave = outcome_of(found, cell.body), cell.column[-1]
    if not name or wave not in found.waves:
        return
    full = ("rn", name, wave)
    _frame(found, name, wave)
    numbers = spans(cell.text)
    if cell.row == "answered" and cell.column[0] == "All":
        say_count(found, cell, [full])
    elif cell.row == "all items" and len(numbers) == 3:
        found.sets.append(({full: 1.0}, _fits(found, *numbers), found.system.source))
    elif cell.row.endswith("mean (SD)") and cell.column[0] == "All" and numbers:
        item = cell.row.partition(", ")[0]
        parts: dict[float, Expression] = {
            code: {("rk", name, item, wave, code): 1.0} for code in CODES
        }
        say_mean(found, parts, {full: 1.0}, numbers, (0.0, True))


def _frame(found: Reading, name: str, wave: str) -> None:
    """Say that those who answered all items have a score, and that it is made of the answers."""
    full, system = ("rn", name, wave), found.system
    if full in system.places:
        return
    before, system.source = system.source, "who answered all items has a score"
    scored = total(("n", name, group, wave) for group in found.groups)
    system.say(joined({full: 1.0}, scored, -1.0), high=0.0)
    sums: Expression = {}
    for item in ITEMS:
        given = {code: {("rk", name, item, wave, code): 1.0} for code in CODES}
        system.equal({**weighed(given, lambda _: 1.0), full: -1.0})
        sums = joined(sums, weighed(given, lambda code: code), 1.0)
    parts = found.parts.get(name, 0)
    if parts:
        # Of all items: everybody with a score answered every one of them.
        system.equal(joined({full: 1.0}, scored, -1.0))
        answers = {
            ("k", name, group, wave, code): code * parts
            for group in found.groups
            for code in found.codes(name)
        }
        system.equal(joined(sums, answers, -1.0))
    system.source = before


def _fits(found: Reading, alpha: Span, low: Span, high: Span) -> frozenset[int]:
    """Return how many people fit an alpha and its interval (Feldt)."""
    step = 0.0
    if found.guarded and found.says("The ends of intervals are rounded"):
        ends = (low.middle, high.middle)
        step = next((by for by in COARSE if all(multiple(end, by) for end in ends)), 0.0)
    size = np.arange(3.0, MOST)
    free = (size - 1, (size - 1) * (len(ITEMS) - 1))
    least, most = np.full(len(size), 1 - alpha.high), np.full(len(size), 1 - alpha.low)
    for end, share in ((low, 0.975), (high, 0.025)):
        half = max((end.high - end.low) / 2, step / 2) + 1e-9
        reach = fisher.ppf(share, *free)
        least = np.maximum(least, (1 - end.middle - half) / reach)
        most = np.minimum(most, (1 - end.middle + half) / reach)
    return frozenset(int(one) for one in size[least <= most])


def say_items(found: Reading, cell: Cell, group: str) -> None:
    """Read how many answered an item in all periods together, and how many did not, and why."""
    item, _, what = cell.row.rpartition(", ")
    # Where tables are of one period nobody knows of how many periods these are.
    if item not in ITEMS or what not in STATE or not found.all_waves or len(found.waves) < 2:
        return
    over, system = found.spread(group), found.system
    for one in found.groups:
        every: dict[Hashable, float] = {(kind, item, one): 1.0 for kind in STATE.values()}
        if next(iter(every)) in system.places:
            continue
        there = total(("N", one, wave) for wave in found.waves)
        system.equal(joined(every, there, -1.0))
        for name, parts in found.parts.items():
            if parts:
                scored = total(("n", name, one, wave) for wave in found.waves)
                system.say(joined(scored, {("given", item, one): 1.0}, -1.0), high=0.0)
    say_count(found, cell, [(STATE[what], item, one) for one in over])
