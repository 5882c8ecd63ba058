"""The attack: which hidden counts of few people follow from what is published."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from attack.model import reading
from attack.numerals import joined
from attack.pilots import Pilot
from attack.press import Issue
from attack.reading import Reading
from attack.system import Expression, total
from attack.truth import STATES, truth_of

__all__ = ["Recovery", "read_issue", "recoveries"]

ZERO = 0.0
LOOKS = 4
EXPLAINED = 12
WHOLES = ("fn", "fk", "sk", "A", "k", "lk", "same")
"""Not sought by themselves: they are large, or of answers of more than two."""


@dataclass(frozen=True)
class Recovery:
    """A count of few people that nobody was to learn, and what it is found to be."""

    what: str
    low: int
    high: int
    true: int
    because: tuple[str, ...] = ()
    many: bool = False
    """Whether it is of the minimum or more, and withheld for others' sake."""

    def __str__(self) -> str:
        return f"{self.what}: {self.low} to {self.high} (truly {self.true})"


def read_issue(pilot: Pilot, issue: Issue, *, only: int = 0) -> Reading:
    """Read an issue as somebody who knows the questionnaire and how pages are made."""
    names = {f"Outcome {name}": name for name in pilot.kinds}
    title = pilot.keys.get("about", {}).get("title", pilot.keys["pilot"])
    known = {"scales": pilot.scales, "names": names, "indicators": pilot.indicators}
    return reading(issue, **known, title=title, only=only)


def recoveries(
    pilot: Pilot,
    found: Reading,
    *,
    most: int = 1_000,
    zeros: bool = True,
    shown: bool = False,
    levels: bool = False,
) -> list[Recovery]:
    """Return the hidden counts whose range of whole numbers is narrower than the minimum.

    Hidden are all counts of fewer people than the minimum, nobody among them, whether the page
    has a place for them or not, and those of more people of which it says that it does not show
    them. What it tells, exactly or rounded, is not hidden.

    Parameters
    ----------
    pilot : Pilot
        Its records say which counts are small: only those are sought.
    found : Reading
    most : int
        Stop after so many.
    zeros : bool
        Whether to seek out counts of nobody as well, which the rule guards, too.
    shown : bool
        Whether those count that stand on the page as they are.
    levels : bool
        Whether to seek who gave which answer of more than two, and nothing else.
    """
    truth = truth_of(pilot)
    minimum = pilot.minimum
    hits: list[Recovery] = []
    sought = []
    for what, terms in _levels(found) if levels else _sought(found):
        true = round(sum(by * truth.get(name, ZERO) for name, by in terms.items()))
        told = len(terms) == 1 and next(iter(terms)) in found.told
        if (0 if zeros else 1) <= true < minimum and (shown or not told):
            sought.append((what, terms, true))
    sought += _withheld(found, truth, minimum) if not levels else []
    _look_around(found, [terms for _, terms, _ in sought])
    for what, terms, true in sought:
        ends = _range(found, terms, minimum)
        if ends and ends[1] - ends[0] + 1 < minimum and ends[0] <= true <= ends[1]:
            if true >= minimum and _told_elsewhere(found, terms):
                continue
            because = found.system.because(terms) if true or len(hits) < EXPLAINED else ()
            hits.append(Recovery(what, *ends, true, tuple(because), many=true >= minimum))
            if len(hits) >= most:
                return hits
    return hits if levels else hits + _sums_of_few(found, truth, minimum)


def _withheld(
    found: Reading, truth: Mapping[Hashable, float], minimum: int
) -> list[tuple[str, Expression, int]]:
    """Return the counts of many people of which the page says that it does not show them.

    They are hidden counts as well, mostly beside one of few people that they would give away.
    """
    hidden = []
    for names in found.withheld:
        true = round(sum(truth.get(name, ZERO) for name in names))
        known = all(name in found.system.places for name in names)
        if known and true >= minimum and not found.told.issuperset(names):
            hidden.append((f"withheld: {' and '.join(map(_called, names))}", total(names), true))
    return hidden


def _told_elsewhere(found: Reading, terms: Expression) -> bool:
    """Whether another count that is told is the same one, so that it is not hidden at all.

    With one period, who was there then is who was ever there.
    """
    for names in found.rounded:
        apart = joined(terms, total(names), -1.0)
        apart = {name: by for name, by in apart.items() if by}
        if not apart or (len(names) == len(terms) and found.system.range_of(apart) == (0, 0)):
            return True
    return False


def _sums_of_few(found: Reading, truth: Mapping[Hashable, float], minimum: int) -> list[Recovery]:
    """Return the sums over few people that follow exactly, from two means of nearly the same."""
    hits = []
    for what, parts in _apart(found):
        people = {name: by for name, by, _ in parts}
        few = round(sum(by * truth.get(name, ZERO) for name, by in people.items()))
        if not 1 <= few < minimum:
            continue
        terms = {name: by * code for name, by, code in parts if code}
        true = round(sum(by * truth.get(name, ZERO) for name, by in terms.items()))
        if found.system.seen_range(terms) > 0.5:
            continue
        ends = found.system.range_of(terms)
        if ends and ends[0] == ends[1] == true:
            hits.append(Recovery(what, *ends, true, tuple(found.system.because(terms))))
    return hits


def _apart(found: Reading) -> Iterator[tuple[str, list[tuple[Hashable, float, int]]]]:
    """Yield answers of those who are in one mean and not in another."""
    for name in found.names.values():
        for group in found.groups:
            for wave in found.waves:
                parts = [
                    (key, by, code)
                    for code in found.codes(name)
                    for key, by in (
                        (("k", name, group, wave, code), 1.0),
                        (("fk", name, group, wave, code), -1.0),
                    )
                ]
                if parts and all(key in found.system.places for key, _, _ in parts):
                    yield f"sum of {name} at {wave}, {group}, answered on one side only", parts


def _look_around(found: Reading, sought: Sequence[Expression]) -> None:
    """Meet solutions far apart: what varies among them needs no bounds of its own."""
    rng = np.random.default_rng(0)
    for _ in range(LOOKS):
        mixed: dict[Hashable, float] = {}
        for terms, by in zip(sought, rng.uniform(0.2, 1.0, len(sought)), strict=True):
            for name, own in terms.items():
                mixed[name] = mixed.get(name, 0.0) + by * own
        if mixed:
            found.system.at_most(mixed)
            found.system.at_least(mixed)


def _range(found: Reading, terms: Expression, minimum: int) -> tuple[int, int] | None:
    """Return the range of a count; None where solutions that were met show that it is wide."""
    if found.system.seen_range(terms) > minimum + 2:
        return None
    return found.system.range_of(terms, narrow=minimum)


def _sought(found: Reading) -> Iterator[tuple[str, Expression]]:
    """Yield what an attacker wants to know: single counts, their sums, differences of groups."""
    known = found.system.places
    for name in list(known):
        if isinstance(name, tuple) and name[0] not in WHOLES:
            yield _called(name), {name: 1.0}
        if isinstance(name, tuple) and name[0] in ("k", "fk", "sk", "lk") and _of_two(found, name):
            yield _called(name), {name: 1.0}
    yield from _sums(found, known)
    yield from _differences(found, known)


def _levels(found: Reading) -> Iterator[tuple[str, Expression]]:
    """Yield how many gave each answer, where there are more than two."""
    for name in list(found.system.places):
        if isinstance(name, tuple) and name[0] in ("k", "lk"):
            outcome = str(name[2] if name[0] == "lk" else name[1])
            if len(found.codes(outcome)) > 2:
                yield _called(name), {name: 1.0}


def _of_two(found: Reading, name: tuple[Hashable, ...]) -> bool:
    return found.codes(str(name[2] if name[0] == "lk" else name[1])) == (0, 1)


def _called(name: Hashable) -> str:
    return " ".join(str(one) for one in name) if isinstance(name, tuple) else str(name)


def _sums(found: Reading, known: Mapping[Hashable, int]) -> Iterator[tuple[str, Expression]]:
    at = found.baseline
    groups = found.groups
    if len(groups) > 1 and at:
        for kind in ("lost", "both"):
            names = [(kind, one, at) for one in groups]
            if all(name in known for name in names):
                yield f"{kind} in all", total(names)
    for outcome in found.names.values():
        for state in STATES:
            for wave in found.waves:
                names = [(state, outcome, one, wave) for one in groups]
                if len(groups) > 1 and all(name in known for name in names):
                    yield f"{state} {outcome} at {wave} in all", total(names)
        names = [(s, outcome, one, wave) for s in STATES for one in groups for wave in found.waves]
        if found.all_waves and all(name in known for name in names):
            yield f"no answer {outcome} at all", total(names)
        for wave in found.waves:
            for group in groups:
                names = [(state, outcome, group, wave) for state in STATES]
                if all(name in known for name in names):
                    yield f"no answer {outcome} {group} {wave}", total(names)


def _differences(found: Reading, known: Mapping[Hashable, int]) -> Iterator[tuple[str, Expression]]:
    for group in found.groups:
        for wave in found.waves if found.followed and len(found.waves) > 1 else ():
            if ("N", group, wave) in known and ("U", group) in known:
                yield f"not there at {wave}, {group}", {("U", group): 1.0, ("N", group, wave): -1.0}
        for outcome in found.names.values():
            analysed = ("A", outcome, group)
            if analysed in known and ("U", group) in known:
                terms = {("U", group): 1.0, analysed: -1.0}
                yield f"not in the analysis of {outcome}, {group}", terms
            ever = ("E", outcome, group)
            for inner, outer, said in (
                (analysed, ever, f"answered {outcome} on one side of the start only, {group}"),
                (ever, ("U", group), f"never answered {outcome}, {group}"),
            ):
                if inner in known and outer in known:
                    yield said, {outer: 1.0, inner: -1.0}
            for wave in found.waves:
                whole, part = ("n", outcome, group, wave), ("fn", outcome, group, wave)
                if whole in known and part in known:
                    yield (
                        f"answered {outcome} at {wave} on one side only, {group}",
                        {
                            whole: 1.0,
                            part: -1.0,
                        },
                    )
    if len(found.groups) > 1:
        for outcome in found.names.values():
            names = [("A", outcome, one) for one in found.groups]
            for kind, said in (("U", "not in the analysis"), ("E", "left out of the analysis")):
                over = [(kind, *name[1:]) if kind == "E" else (kind, name[2]) for name in names]
                if all(name in known for name in (*names, *over)):
                    yield f"{said} of {outcome}", {**total(over), **total(names, -1.0)}


def issues_fit(pilot: Pilot, found: Reading) -> list[str]:
    """Return which sentence of the attacker's reading is not true of the records."""
    return found.system.fits(truth_of(pilot))
