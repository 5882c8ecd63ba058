"""What every reader knows of people who were followed: who was there, was lost, answered twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from impact.disclosure.beside import LOST_ON
from impact.disclosure.knowledge import FOLLOWED, Knowledge
from impact.results.summary import ABSENT

__all__ = ["add_drawn", "add_followed", "equal", "periods"]


def add_followed(made: Knowledge) -> None:
    """Note how those who were there at the start, at the end and both times hold each other."""
    _flow(made)
    _matched(made)
    _twice(made)


def add_drawn(made: Knowledge, outcomes: Iterable[str]) -> None:
    """Note how many of a lottery answered at the end alone: few, where an estimate is coarse.

    Of the estimates of all, and of those whose answer at the start is known, one is told coarsely
    where they differ by fewer than the minimum, and else both are told in full.
    """
    for name in outcomes:
        terms: list[tuple[int, float]] = []
        for group in ("treated", "comparison"):
            given = _answered(made, name, group)
            twice = [
                at
                for key, at in made.places.items()
                if len(key) == 5 and key[:3] == ("changes n", name, "") and key[3] == group
            ]
            if not given or not twice:
                break
            terms += [(given[-1], 1.0), (twice[0], -1.0)]
        else:
            made.know(terms, 0.0, made.minimum - 1.0)
            made.know(terms, made.minimum)


def equal(made: Knowledge, total: int | None, parts: Iterable[int | None]) -> None:
    """Note that parts add up to a total, where the page counts them all."""
    several = list(parts)
    if total is None or not several or None in several or several == [total]:
        return
    terms = [(total, -1.0), *((at, 1.0) for at in several if at is not None)]
    made.know(terms, 0.0, 0.0)


def _flow(made: Knowledge) -> None:
    for group in ("treated", "comparison", "all"):
        step = {
            name: made.find("flow units", name, "", group, "")
            for name in ("eligible", "enrolled", "baseline", "endline", "both")
        }
        lost, ever = (
            made.find("flow lost", "lost", "", group, ""),
            made.find("ever", "", "", group, ""),
        )
        equal(made, step["baseline"], [step["both"], lost])
        made.nest(step["both"], step["endline"])
        ends = [step["baseline"], step["endline"], step["both"]]
        if ever is not None and None not in ends:
            # Whoever was there at the start or at the end was there at all.
            signs = zip(ends, (-1.0, -1.0, 1.0), strict=True)
            made.know([(ever, 1.0), *((at, by) for at, by in signs if at is not None)], 0.0)
        reasons = _all(made, "flow lost", "lost", group)
        equal(made, lost, [at for name, at in reasons if name])
        there = periods(made, group)
        for at in there:
            made.nest(at, ever)
        if there:
            # The first period shown is the baseline, the last the end, where numbers agree.
            for at in there[:-1]:
                equal(made, step["baseline"], [at])
            made.nest(step["endline"], there[-1])
        if len(there) == 2 and ever is not None and step["both"] is not None:
            terms = [(there[0], 1.0), (there[1], 1.0), (step["both"], -1.0), (ever, -1.0)]
            made.know(terms, 0.0)
        for name, at in _all(made, "flow units", "analysed", group):
            made.nest(at, ever)
            _answered_both(made, at, name, group, ever)
        _lost_on(made, group, step["baseline"], lost, there)
        _answered_at_ends(made, group, step)
        parts = [made.find("leavers units", "", "", f"{group}_{x}", "") for x in ("stayed", "lost")]
        equal(made, step["baseline"], parts)
        if lost is not None and parts[1] is not None:
            # Those of the table are lost on all outcomes, or on one by so many that it says so.
            made.know([(lost, 1.0), (parts[1], -1.0)], 0.0, 0.0)
            made.know([(parts[1], 1.0), (lost, -1.0)], 0.0)


def _all(made: Knowledge, name: str, variable: str, group: str) -> list[tuple[str, int]]:
    return [
        (str(key[2]), at)
        for key, at in made.places.items()
        if len(key) == 5 and key[:2] == (name, variable) and key[3] == group
    ]


def periods(made: Knowledge, group: str) -> list[int]:
    """Return the numbers of people of a group by period."""
    return [
        at
        for key, at in made.places.items()
        if len(key) == 5 and key[:3] == ("units", "", "") and key[3] == group
    ]


def _answered(made: Knowledge, variable: str, group: str) -> list[int]:
    """Return how many answered, by period; of those periods in which people are counted, if any."""
    given = [
        (at, made.find("units", "", "", group, key[4]))
        for key, at in made.places.items()
        if len(key) == 5 and key[:3] == ("n", variable, "") and key[3] == group
    ]
    return [at for at, there in given if there is not None] or [at for at, _ in given]


def _answered_both(made: Knowledge, both: int, variable: str, group: str, ever: int | None) -> None:
    """Who answered twice answered each time; who did not, answered once at most."""
    given = _answered(made, variable, group)
    if len(given) < 2:
        return
    first, last = given[0], given[-1]
    made.nest(both, first)
    made.nest(both, last)
    if ever is not None:
        made.know([(both, 1.0), (ever, 1.0), (first, -1.0), (last, -1.0)], 0.0)


def _answered_at_ends(made: Knowledge, group: str, step: Mapping[str, int | None]) -> None:
    """Note that whoever answered last was there at the end; background is no answer."""
    if (end := step["endline"]) is None:
        return
    asked = (*ABSENT, FOLLOWED, "changes n")
    for variable in {str(key[1]) for key in made.places if len(key) == 5 and key[0] in asked}:
        if given := _answered(made, variable, group):
            made.know([(end, 1.0), (given[-1], -1.0)], 0.0)


def _lost_on(
    made: Knowledge, group: str, start: int | None, lost: int | None, there: list[int]
) -> None:
    for key, at in list(made.places.items()):
        if key[0] != LOST_ON or key[2] != group:
            continue
        made.nest(lost, at)
        made.nest(at, start)
        given = _answered(made, str(key[1]).removeprefix(LOST_ON), group)
        if given and start is not None and lost is not None and there:
            made.know([(at, 1.0), (start, -1.0), (given[-1], 1.0)], 0.0)
            made.know([(lost, 1.0), (there[-1], 1.0), (given[-1], -1.0), (at, -1.0)], 0.0)


def _matched(made: Knowledge) -> None:
    """Whoever is in the file of a wave was there then; the parts are all who are in any."""
    parts = dict(_all(made, "flow units", "matched", "all"))
    everybody = parts.pop("", None)
    equal(made, everybody, parts.values())
    ever, there = made.find("ever", "", "", "all", ""), periods(made, "all")
    made.nest(ever, everybody)
    twice = parts.get("in every wave")
    for at in there:
        made.nest(twice, at)
    if len(there) == 2 and everybody is not None and twice is not None:
        terms = [(there[0], 1.0), (there[1], 1.0), (twice, -1.0), (everybody, -1.0)]
        made.know(terms, 0.0, 0.0)


def _twice(made: Knowledge) -> None:
    for key, at in list(made.places.items()):
        if key[0] == "changes n" and len(key) == 5:
            variable, group = str(key[1]), str(key[3])
            _answered_both(made, at, variable, group, made.find("ever", "", "", group, ""))
            made.nest(at, made.find("flow units", "analysed", variable, group, ""))
            made.nest(at, made.find("flow units", "both", "", group, ""))
            for given in _answered(made, variable, group):
                made.know([(given, 1.0), (at, -1.0)], 0.0)
