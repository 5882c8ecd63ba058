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
from attack.sought import called, levels_of, sought_in
from attack.system import Expression, total
from attack.truth import truth_of

__all__ = ["Recovery", "read_issue", "recoveries"]

ZERO = 0.0
LOOKS = 4
EXPLAINED = 12


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
    asked = {"scales": pilot.scales, "parts": pilot.parts, "names": names}
    return reading(issue, **asked, indicators=pilot.indicators, title=title, only=only)


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
    for what, terms in levels_of(found) if levels else sought_in(found):
        true = round(sum(by * truth.get(name, ZERO) for name, by in terms.items()))
        # A sum of what is told is told; a difference is what the attack is about.
        told = found.told.issuperset(terms) and min(terms.values()) > 0
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
            hidden.append((f"withheld: {' and '.join(map(called, names))}", total(names), true))
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


def issues_fit(pilot: Pilot, found: Reading) -> list[str]:
    """Return which sentence of the attacker's reading is not true of the records."""
    return found.system.fits(truth_of(pilot))
