"""Those who were lost: boxes of the tables about them, and about those who stayed."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence

from attack.averages import say_average
from attack.numerals import (
    joined,
    outcome_of,
    say_count,
    say_portion,
    share_of,
)
from attack.published import Cell
from attack.reading import Reading
from attack.system import Expression, total
from attack.truth_twice import LEVELLED

__all__ = ["level_of", "say_leaver", "say_lost"]


def level_of(cell: Cell) -> tuple[str, str, str]:
    """Return the covariate that a box is about, the level, and what is told of it."""
    told = cell.row.split(", ")
    if not cell.body:
        return told[0].lower(), told[1] if len(told) == 3 else "yes", told[-1]
    return cell.body.lower(), told[0] if len(told) == 2 else "yes", told[-1]


def say_lost(found: Reading, cell: Cell, group: str) -> None:
    """Read why people were lost, where the flow of participants says it."""
    over, at = found.spread(group), found.baseline
    reason = cell.row.removesuffix(", number lost")
    if not at or reason in ("share", "number lost"):
        return
    for one in over:
        found.system.within(("why", reason, one), ("lost", one, at))
    say_count(found, cell, [("why", reason, one) for one in over])


def say_leaver(found: Reading, cell: Cell) -> None:
    """Read a box of the table of those who stayed and those who were lost."""
    head = re.match(r"(Pilot|Comparison) group, (stayed|lost)", cell.column[0])
    if not head or not found.baseline:
        return
    group, gone = "t" if head.group(1) == "Pilot" else "c", head.group(2) == "lost"
    everybody, lost = {("N", group, found.baseline): 1.0}, {_leavers(found, group): 1.0}
    lost_on = _lost_on(found)

    def side(whole: Expression, part: Expression) -> Expression:
        return part if gone else joined(whole, part, -1.0)

    if cell.row == "People":
        _say_people(found, cell, side(everybody, lost), group)
        return
    about = cell.body or cell.row.rpartition(", ")[0]
    name = outcome_of(found, about)
    if name and "standard deviations" not in cell.row:
        parts = {
            code: side(
                {("k", name, group, found.baseline, code): 1.0},
                {("lk", lost_on, name, group, code): 1.0},
            )
            for code in found.codes(name)
        }
        answered = {("n", name, group, found.baseline): 1.0}
        _frame_leavers(found, name, group)
        say_average(found, cell, name, parts, side(answered, {("ln", lost_on, name, group): 1.0}))
    elif level_of(cell)[0] in LEVELLED and level_of(cell)[2] == "share":
        _of_a_level(found, cell, group, gone=gone)


def _lost_on(found: Reading) -> str:
    """Return the outcome on which people were lost, or that they were lost on any."""
    about = [re.search(r"Lost: .* without an answer on “(.+?)” at", t.said) for t in found.texts]
    names = [one for at in about if at and (one := found.named(at.group(1)))]
    return names[0] if names else "lost"


def _leavers(found: Reading, group: str) -> Hashable:
    name = _lost_on(found)
    if name != "lost":
        return ("loston", name, group, found.baseline)
    return ("lost", group, found.baseline)


def _say_people(found: Reading, cell: Cell, terms: Expression, group: str) -> None:
    if len(terms) == 1:
        say_count(found, cell, list(terms))
        return
    stayed = ("stayed", _lost_on(found), group)
    found.system.equal({**terms, stayed: -1.0})
    say_count(found, cell, [stayed])


def _frame_leavers(found: Reading, name: str, group: str) -> None:
    lost_on = _lost_on(found)
    own, gone = ("ln", lost_on, name, group), _leavers(found, group)
    if own in found.system.places:
        return
    before, found.system.source = found.system.source, "those who were lost are some of all"
    answered = {("n", name, group, found.baseline): 1.0}
    found.system.within(own, gone)
    rest = joined(answered, {own: 1.0, ("N", group, found.baseline): 1.0}, -1.0)
    found.system.say(joined(rest, {gone: 1.0}, 1.0), high=0.0)
    parts: Sequence[Hashable] = [("lk", lost_on, name, group, code) for code in found.codes(name)]
    for code, part in zip(found.codes(name), parts, strict=True):
        found.system.within(part, ("k", name, group, found.baseline, code))
        both = {("n", name, group, found.baseline): -1.0, own: 1.0}
        whole = {("k", name, group, found.baseline, code): 1.0, part: -1.0}
        found.system.say({**whole, **both}, high=0.0)
    if parts:
        found.system.equal({**total(parts), own: -1.0})
    found.system.source = before


def _of_a_level(found: Reading, cell: Cell, group: str, *, gone: bool) -> None:
    """Read which share of those who were lost, or stayed, had a level of a covariate."""
    column, level, _ = level_of(cell)
    span = share_of(found, cell)
    if span is None or found.weighted:
        return
    at = found.baseline
    whole, part = ("c", column, level, group, at), ("lc", _lost_on(found), column, level, group)
    everybody, lost = ("N", group, at), _leavers(found, group)
    found.system.within(part, whole)
    found.system.within(part, lost)
    found.system.within(whole, everybody)
    found.system.say({whole: 1.0, part: -1.0, everybody: -1.0, lost: 1.0}, high=0.0)
    if gone:
        say_portion(found, {part: 1.0}, {lost: 1.0}, span)
    else:
        say_portion(found, {whole: 1.0, part: -1.0}, {everybody: 1.0, lost: -1.0}, span)
