"""The attack: which hidden counts of few people follow from what is published."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from attack.model import Reading, reading
from attack.pilots import Pilot
from attack.press import Issue
from attack.system import Expression, total
from attack.truth import STATES, truth_of

__all__ = ["Recovery", "read_issue", "recoveries"]

ZERO = 0.0


@dataclass(frozen=True)
class Recovery:
    """A count of few people that nobody was to learn, and what it is found to be."""

    what: str
    low: int
    high: int
    true: int
    because: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.what}: {self.low} to {self.high} (truly {self.true})"


def read_issue(pilot: Pilot, issue: Issue, *, only: int = 0) -> Reading:
    """Read an issue as somebody who knows the questionnaire and how pages are made."""
    names = {f"Outcome {name}": name for name in pilot.kinds}
    return reading(issue, scales=pilot.scales, names=names, only=only)


def recoveries(
    pilot: Pilot, found: Reading, *, most: int = 1_000, zeros: bool = True
) -> list[Recovery]:
    """Return the small counts whose range of whole numbers is narrower than the minimum.

    Parameters
    ----------
    pilot : Pilot
        Its records say which counts are small: only those are sought.
    found : Reading
    most : int
        Stop after so many.
    zeros : bool
        Whether to seek out counts of nobody as well, which the rule guards, too.
    """
    truth = truth_of(pilot)
    minimum = pilot.minimum
    hits: list[Recovery] = []
    for what, terms in _sought(found):
        true = round(sum(by * truth.get(name, ZERO) for name, by in terms.items()))
        if not (0 if zeros else 1) <= true < minimum:
            continue
        if len(terms) == 1 and next(iter(terms)) in found.told:
            continue
        ends = _range(found, terms, minimum)
        if ends and ends[1] - ends[0] + 1 < minimum and ends[0] <= true <= ends[1]:
            hits.append(Recovery(what, *ends, true, tuple(found.system.because(terms))))
            if len(hits) >= most:
                break
    return hits


def _range(found: Reading, terms: Expression, minimum: int) -> tuple[int, int] | None:
    """Return the range of a count, or a wide one as soon as it is seen to be wide."""
    floor = 0 if all(by > 0 for by in terms.values()) else None
    high = found.system.at_most(terms)
    if high is None:
        return None
    if floor == 0 and high >= 4 * minimum:
        low = found.system.at_least(terms)
        if low is None or high - low >= minimum:
            return None
    return found.system.range_of(terms, narrow=minimum)


def _sought(found: Reading) -> Iterator[tuple[str, Expression]]:
    """Yield what an attacker wants to know: single counts, their sums, differences of groups."""
    known = found.system.places
    for name in list(known):
        if isinstance(name, tuple) and name[0] not in ("fn", "fk", "sk", "A", "k"):
            yield _called(name), {name: 1.0}
        if isinstance(name, tuple) and name[0] in ("k", "fk", "sk") and _of_two(found, name):
            yield _called(name), {name: 1.0}
    yield from _sums(found, known)
    yield from _differences(found, known)


def _of_two(found: Reading, name: tuple[Hashable, ...]) -> bool:
    return found.codes(str(name[1])) == (0, 1)


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
        for wave in found.waves:
            for group in groups:
                names = [(state, outcome, group, wave) for state in STATES]
                if all(name in known for name in names):
                    yield f"no answer {outcome} {group} {wave}", total(names)


def _differences(found: Reading, known: Mapping[Hashable, int]) -> Iterator[tuple[str, Expression]]:
    for group in found.groups:
        for outcome in found.names.values():
            analysed = ("A", outcome, group)
            if analysed in known and ("U", group) in known:
                terms = {("U", group): 1.0, analysed: -1.0}
                yield f"not in the analysis of {outcome}, {group}", terms
            for wave in found.waves:
                whole, part = ("n", outcome, group, wave), ("fn", outcome, group, wave)
                if whole in known and part in known:
                    yield f"answered {outcome} at {wave} on one side only, {group}", {
                        whole: 1.0,
                        part: -1.0,
                    }
    if len(found.groups) > 1:
        for outcome in found.names.values():
            names = [("A", outcome, one) for one in found.groups]
            if all(name in known for name in names):
                people = total(("U", one) for one in found.groups)
                yield f"not in the analysis of {outcome}", {**people, **total(names, -1.0)}


def issues_fit(pilot: Pilot, found: Reading) -> list[str]:
    """Return which sentence of the attacker's reading is not true of the records."""
    return found.system.fits(truth_of(pilot))
