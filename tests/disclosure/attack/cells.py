"""Each box of a page as inequalities, by the table that it stands in."""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Sequence

from attack.averages import say_answers
from attack.followed import level_of, say_leaver, say_lost
from attack.numerals import (
    kind_of,
    outcome_of,
    say_count,
    say_portion,
    share_of,
    widened,
)
from attack.published import Cell, spans
from attack.reading import MOST, Reading
from attack.reliable import say_items, say_reliability
from attack.system import total
from attack.truth import STATES
from attack.truth_twice import LEVELLED
from attack.twice import say_change

__all__ = ["say_cell"]

STATE = dict(zip(("no answer given", "refused", "did not know", "not asked"), STATES, strict=True))
LEVELS = re.compile(r"^(-?\d+)(?:(?: or | to |–)(-?\d+))?")


def _group(column: tuple[str, ...]) -> str:
    known = {"Pilot group": "t", "Comparison group": "c", "All": "a"}
    return known.get(column[0], "")


def say_cell(found: Reading, cell: Cell) -> None:
    group, kind = _group(cell.column), kind_of(cell)
    if kind == "lost":
        say_leaver(found, cell)
    elif kind == "reliability":
        say_reliability(found, cell)
    if not group:
        return
    if kind == "participants" or (kind == "start" and found.start in found.waves):
        wave = cell.column[1] if len(cell.column) > 1 else found.waves[0]
        _participants(found, cell, group, found.start if kind == "start" else wave)
    elif kind == "comparison" and cell.row == "People":
        if group == "a" and len(found.groups) < 2:
            return  # of two groups, one of which nothing else is shown
        say_count(found, cell, [("U", one) for one in found.spread(group)])
    elif kind == "flow":
        _flow(found, cell, group)
    elif kind in ("trends", "levels"):
        _trends(found, cell, group)
    elif kind == "changes":
        say_change(found, cell, group)
    elif kind == "subgroups":
        _subgroups(found, cell, group)
    elif kind == "data":
        _overall(found, cell, group)
        say_items(found, cell, group)
    elif kind == "balance":
        name = outcome_of(found, cell.body or cell.row.rpartition(", ")[0])
        if name and found.baseline:
            say_answers(found, cell, group, name, found.baseline, "k", "n")
        elif found.baseline:
            _covariate(found, cell, group, found.baseline)


def _participants(found: Reading, cell: Cell, group: str, wave: str) -> None:
    over = [(one, wave) for one in found.spread(group)]
    if cell.row == "People":
        say_count(found, cell, [("N", *one) for one in over])
        return
    name = outcome_of(found, cell.body) or outcome_of(found, cell.row)
    if not name:
        _covariate(found, cell, group, wave)
        return
    what = cell.row.rpartition(", ")[2]
    if what == "answered":
        say_count(found, cell, [("n", name, *one) for one in over])
    elif what in STATE:
        say_count(found, cell, [(STATE[what], name, *one) for one in over])
    else:
        say_answers(found, cell, group, name, wave, "k", "n")


def _covariate(found: Reading, cell: Cell, group: str, wave: str) -> None:
    """Read a share of a covariate's level, of the people of a group in a period."""
    column, level, what = level_of(cell)
    over = found.spread(group)
    if column not in LEVELLED:
        return
    if what == "answered":
        say_count(found, cell, [("N", one, wave) for one in over])
    span = share_of(found, cell)
    if span is None or found.weighted or what != "share":
        return
    for one in over:
        found.system.within(("c", column, level, one, wave), ("N", one, wave))
    names = [("c", column, level, one, wave) for one in over]
    say_portion(found, total(names), total(("N", one, wave) for one in over), span)


def _flow(found: Reading, cell: Cell, group: str) -> None:
    over, at = found.spread(group), found.baseline
    if not at:
        return
    rows: dict[str, list[Hashable]] = {
        f"At the baseline ({at})": [("N", one, at) for one in over],
        f"At the end ({found.waves[-1]})": [("end", one) for one in over],
        "At both": [("both", one, at) for one in over],
        "number lost": [("lost", one, at) for one in over],
        "Lost in between": [("lost", one, at) for one in over],
    }
    names = rows.get(cell.row)
    if cell.row == "In the analysis" and len(found.names) and cell.body == "":
        names = [("A", next(iter(found.names.values())), one) for one in over]
    if names:
        say_count(found, cell, names)
        return
    if cell.body == "Lost in between" and cell.row == "share":
        span = share_of(found, cell)
        if span:
            whole = total(("N", one, at) for one in over)
            say_portion(found, total(("lost", one, at) for one in over), whole, span)
    if cell.body == "Lost in between":
        say_lost(found, cell, group)
    about = re.match(r"No answer at the end: (.+), share", cell.row)
    if about and found.named(about.group(1)):
        _lost_on(found, cell, over, found.named(about.group(1)))
    if cell.row == "used" and found.all_waves and not found.step:
        names = [("N", one, wave) for one in found.groups for wave in found.waves]
        say_count(found, cell, names)


def _lost_on(found: Reading, cell: Cell, over: Sequence[str], name: str) -> None:
    span, at = share_of(found, cell), found.baseline
    if span is None:
        return
    whole = total(("N", one, at) for one in over)
    if not found.guarded:
        say_portion(found, total(("loston", name, one, at) for one in over), whole, span)
    elif span.low > 0:
        # Told is the ratio of two numbers of people that are both rounded.
        near = found.minimum
        fits = frozenset(
            size
            for size in range(1, MOST)
            if (people := math.floor(size / near + 0.5))
            and any(span.low <= j / people <= span.high for j in range(1, people + 1))
        )
        found.sets.append((dict(whole), fits, found.system.source))


def _trends(found: Reading, cell: Cell, group: str) -> None:
    if kind_of(cell) == "trends":
        name = outcome_of(found, cell.body)
        if not name or cell.row not in found.waves:
            return
        twice = found.says("of those seen both before and after the start")
        kind, whole = ("fk", "fn") if twice else ("k", "n")
        say_answers(found, cell, group, name, cell.row, kind, whole)
    else:
        _level(found, cell, group)


def _level(found: Reading, cell: Cell, group: str) -> None:
    name, span = outcome_of(found, cell.body), share_of(found, cell)
    level, _, wave = cell.row.rpartition(", ")
    if len(cell.column) > 1:
        wave = cell.column[1]
    at = LEVELS.match(level)
    if not name or span is None or at is None or found.weighted or wave not in found.waves:
        return
    low = int(at.group(1))
    high = int(at.group(2) or low)
    if not set(range(low, high + 1)) <= set(found.codes(name)):
        return
    if found.says("of those seen both before and after the start"):
        return  # of an outcome that all are followed on it is of them, of others it is not
    kind, whole = "k", "n"
    part = {(kind, name, group, wave, code): 1.0 for code in range(low, high + 1)}
    say_portion(found, part, {(whole, name, group, wave): 1.0}, span)


def _subgroups(found: Reading, cell: Cell, group: str) -> None:
    at = re.match(r"^(.+), by (\w+)(?:, .+)?$", cell.body)
    if not at or not found.named(at.group(1)) or found.weighted:
        return
    name, column = found.named(at.group(1)), at.group(2).lower()
    row = cell.row.removesuffix(", answered")
    level, _, wave = row.rpartition(", ")
    if wave not in found.waves:
        return
    own = ("sn", name, group, wave, column, level)
    if own not in found.system.places:
        found.system.within(own, ("n", name, group, wave))
        for code in found.codes(name):
            part = ("sk", name, group, wave, column, level, code)
            found.system.within(part, ("k", name, group, wave, code))
        if found.codes(name):
            parts = total(("sk", name, group, wave, column, level, c) for c in found.codes(name))
            found.system.equal({**parts, own: -1.0})
    if cell.row.endswith(", answered"):
        say_count(found, cell, [own])
        return
    share = share_of(found, cell)
    if share is not None and found.codes(name) == (0, 1):
        part = {("sk", name, group, wave, column, level, 1): 1.0}
        say_portion(found, part, {own: 1.0}, share)
        return
    numbers = spans(cell.text)
    if numbers and found.codes(name) and "mean" in cell.body:
        sums = {
            ("sk", name, group, wave, column, level, code): float(code)
            for code in found.codes(name)
        }
        say_portion(found, sums, {own: 1.0}, widened(found, numbers[0]), people=False)


def _overall(found: Reading, cell: Cell, group: str) -> None:
    if not found.all_waves:
        return
    name = outcome_of(found, cell.body)
    kind = {"answered": "n", **STATE}.get(cell.row, "")
    if name and kind:
        over = [(one, wave) for one in found.spread(group) for wave in found.waves]
        say_count(found, cell, [(kind, name, *one) for one in over])
