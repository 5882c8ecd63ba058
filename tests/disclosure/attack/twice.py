"""Those who were asked twice: which way they went, and how far on average."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from scipy.stats import t as student

from attack.digits import spans_of
from attack.estimates import Row
from attack.numerals import COARSE, joined, multiple, outcome_of, say_count, say_portion, share_of
from attack.published import Cell, Span, spans
from attack.reading import Reading
from attack.spreads import BY_UNIT
from attack.system import Expression, total

__all__ = ["moves", "say_change", "say_shifts"]

MOST_ANSWERS = 7
WAYS = {
    "from no to yes": ("up",),
    "from yes to no": ("down",),
    "unchanged": ("same",),
    "from yes to no, or unchanged": ("down", "same"),
    "unchanged, or from no to yes": ("same", "up"),
    "rose": ("up",),
    "fell": ("down",),
    "stayed the same": ("same",),
    "fell or stayed the same": ("down", "same"),
    "stayed the same or rose": ("same", "up"),
}


def say_change(found: Reading, cell: Cell, group: str) -> None:
    """Read how many answered twice, which way how many of them went, and how far on average."""
    row = cell.row if cell.body else cell.row.rpartition(", ")[2]
    name = outcome_of(found, cell.body or cell.row)
    if not name or not found.baseline:
        return
    twice = ("n2", name, group, found.baseline)
    if row == "answered":
        say_count(found, cell, [twice])
        return
    if found.weighted:
        return
    ways, share = WAYS.get(row.removesuffix(", share")), share_of(found, cell)
    if ways and share is not None:
        moves(found, name, group)
        say_portion(found, total((way, name, group) for way in ways), {twice: 1.0}, share)
    elif row.startswith("change") and len(found.codes(name)) > 2:
        _mean(found, cell, name, group)


def say_shifts(found: Reading, rows: Sequence[Row]) -> None:
    """Read an effect as the mean change of those who answered twice, less that of the others.

    How many answered is not told, so a difference of two averages is not linear in the counts.
    But where a table tells one of the two, the effect tells the other one.
    """
    if found.weighted or not _only_two(found) or not found.baseline:
        return
    for row in rows:
        name = str(row["outcome"])
        if len(found.codes(name)) < 3 or row["method"] == "difference_in_means":
            continue
        found.system.source = str(row["source"])
        span = spans_of(found, row)["estimate"]
        told = {group: _told(found, name, group) for group in found.groups}
        for group in found.groups:
            other = next((one for one in found.groups if one != group), "")
            beside = told[other] if other else Span(0.0, 0.0)
            if beside is None:
                continue
            sign = 1.0 if group == "t" else -1.0
            low, high = sorted((sign * span.low, sign * span.high))
            own, twice = _went(found, name, group)
            found.system.say(joined(own, twice, -(low + beside.low)), low=0.0)
            found.system.say(joined(own, twice, -(high + beside.high)), high=0.0)


def _told(found: Reading, name: str, group: str) -> Span | None:
    """Return the mean change of a group that a table tells."""
    own, twice = _went(found, name, group)
    return next((s for part, whole, s in found.portions if (part, whole) == (own, twice)), None)


def _mean(found: Reading, cell: Cell, name: str, group: str) -> None:
    numbers = spans(cell.text)
    if not numbers:
        return
    step = _step([one.middle for one in numbers]) if found.guarded else 0.0
    eased = [_eased(one, step) for one in numbers]
    own, twice = _went(found, name, group)
    say_portion(found, own, twice, eased[0], people=False)
    if len(eased) == 3 and found.says(BY_UNIT):
        _squares(found, own, twice, eased)


def _squares(found: Reading, own: Expression, twice: Expression, told: Sequence[Span]) -> None:
    """Read the sum of squared changes from half the interval: Student's threshold times the error.

    The squared error times n (n - 1) is their sum around the mean, whose n is between two numbers.
    """
    low, high = found.system.at_least(twice), found.system.at_most(twice)
    half = Span((told[2].low - told[1].high) / 2, (told[2].high - told[1].low) / 2)
    if low is None or high is None or half.high <= 0:
        return
    size = np.arange(max(round(low), 2), round(high) + 1)
    if not len(size):
        return
    by = size * (size - 1) / student.ppf(0.975, size - 1) ** 2
    mean, off = told[0].middle, (told[0].high - told[0].low) / 2
    squares = {name: (far - mean) ** 2 for name, far in own.items()}
    found.system.say(squares, low=float((max(half.low, 0.0) ** 2 * by).min()) - 1e-6)
    found.system.say(
        joined(squares, twice, -(off**2)), high=float((half.high**2 * by).max()) + 1e-6
    )


def _step(values: Sequence[float]) -> float:
    """Return the largest step of a change and its interval, which is about four of its errors.

    A step is no smaller than the error, so the interval is told as one step wide at least.
    """
    wide = max(values) - min(values)
    fits = (by for by in COARSE if by <= wide * (1 + 1e-9))
    return next((by for by in fits if all(multiple(value, by) for value in values)), 0.0)


def _eased(span: Span, step: float) -> Span:
    half = max((span.high - span.low) / 2, step / 2) * (1 + 1e-9)
    return Span(span.middle - half, span.middle + half)


def _went(found: Reading, name: str, group: str) -> tuple[dict[Hashable, float], Expression]:
    """Return the sum of the changes of all who answered twice, and how many they were.

    Unknown is how many went from which answer to which: each is part of those who gave it then.
    Of many answers it is how many went how far.
    """
    system, codes = found.system, found.codes(name)
    twice = {("n2", name, group, found.baseline): 1.0}
    if len(codes) > MOST_ANSWERS:
        parts = max(found.parts.get(name, 1), 1)
        reach = range(1 - len(codes), len(codes))
        every = {("d", name, group, steps): steps / parts for steps in reach}
    else:
        every = {("m", name, group, a, b): float(b - a) for a in codes for b in codes}
    if next(iter(every)) in system.places:
        return every, twice
    moves(found, name, group)
    before, system.source = system.source, "who answered twice gave one answer each time"
    for way, sign in (("up", 1), ("same", 0), ("down", -1)):
        own = total(key for key, far in every.items() if np.sign(far) == sign)
        system.equal({**own, (way, name, group): -1.0})
    if len(codes) > MOST_ANSWERS:
        _sums(found, name, group, every)
    else:
        _answers(found, name, group, every, twice)
    system.source = before
    return every, twice


def _answers(found: Reading, name: str, group: str, every: Expression, twice: Expression) -> None:
    """Say of every answer that those who answered twice are some of those who gave it."""
    system = found.system
    for wave, place in ((found.baseline, 3), (found.waves[-1], 4)):
        answered = {("n", name, group, wave): 1.0}
        for code in found.codes(name):
            gave = {("k", name, group, wave, code): 1.0}
            kept = total(key for key in every if key[place] == code)
            system.say(joined(kept, gave, -1.0), high=0.0)
            rest = joined(joined(gave, kept, -1.0), joined(answered, twice, -1.0), -1.0)
            system.say(rest, high=0.0)
            if _only_two(found):
                system.equal(joined(kept, {("fk", name, group, wave, code): 1.0}, -1.0))


def _sums(found: Reading, name: str, group: str, every: Expression) -> None:
    """Say that what all changed by together is the sum at the end less that at the start."""
    ends = [
        {("fk", name, group, wave, code): float(code) for code in found.codes(name)}
        for wave in (found.baseline, found.waves[-1])
    ]
    if _only_two(found):
        found.system.equal(joined(joined(every, ends[1], -1.0), ends[0], 1.0))


def _only_two(found: Reading) -> bool:
    """Whether those who answered on both sides of the start are those who answered twice."""
    return len(found.waves) == 2 and found.followed and found.two_sided


def moves(found: Reading, name: str, group: str) -> None:
    """Say what holds of those who went up, went down and stayed as they were."""
    system, at, last = found.system, found.baseline, found.waves[-1]
    up, down, same = ((way, name, group) for way in ("up", "down", "same"))
    if up in system.places:
        return
    twice = ("n2", name, group, at)
    before = system.source
    system.source = "who answered twice went up, went down, or stayed"
    system.equal({up: 1.0, down: 1.0, same: 1.0, twice: -1.0})
    if found.codes(name) == (0, 1):
        start = ("yes", name, group)
        end = {start: 1.0, up: 1.0, down: -1.0}
        answers = {wave: [("k", name, group, wave, code) for code in (0, 1)] for wave in (at, last)}
        system.within(down, start)
        system.say({**end, up: 0.0}, low=0.0)
        system.say({start: 1.0, up: 1.0, twice: -1.0}, high=0.0)
        system.within(start, answers[at][1])
        system.say({twice: 1.0, start: -1.0, answers[at][0]: -1.0}, high=0.0)
        system.say({**end, answers[last][1]: -1.0}, high=0.0)
        system.say({**joined({twice: 1.0}, end, -1.0), answers[last][0]: -1.0}, high=0.0)
    system.source = before
