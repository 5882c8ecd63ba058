"""What every reader knows of such tables: which numbers add up, and which hold others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from impact.disclosure.beside import LOST_ON
from impact.disclosure.ever import add_ever_answered, add_in_all
from impact.disclosure.knowledge import Knowledge
from impact.disclosure.levels import add_levels, add_subgroups

__all__ = ["Counted", "add_structure"]

KINDS = ("missing", "refused", "not_known", "not_asked")


class Counted(NamedTuple):
    """A count of a page: the first cell that shows it, and its key."""

    section: str
    variable: str
    category: str
    group: str
    period: str
    statistic: str
    key: tuple[str, ...]


def add_structure(made: Knowledge, counted: Sequence[Counted], cells: pd.DataFrame) -> None:
    """Note what holds between the counts of a page whatever they are.

    A fact that does not hold (weights, units that enter late) is left out by `Knowledge.know`.
    """
    _groups(made)
    _answers(made)
    _categories(made, counted)
    _rows(made)
    _flow(made)
    _matched(made)
    _twice(made)
    add_ever_answered(made)
    add_in_all(made)
    add_subgroups(made)
    add_levels(made, cells)


def _equal(made: Knowledge, total: int | None, parts: Iterable[int | None]) -> None:
    """Note that parts add up to a total, where the page counts them all."""
    several = list(parts)
    if total is None or not several or None in several or several == [total]:
        return
    terms = [(total, -1.0), *((at, 1.0) for at in several if at is not None)]
    made.know(terms, 0.0, 0.0)


def _groups(made: Knowledge) -> None:
    for key, at in list(made.places.items()):
        if len(key) == 5 and key[3] == "all":
            parts = [made.find(*key[:3], group, key[4]) for group in ("treated", "comparison")]
            _equal(made, at, parts)


def _answers(made: Knowledge) -> None:
    """Answers given and not given are those of all who were there."""
    listed: dict[tuple[object, ...], list[int]] = {}
    for key, at in made.places.items():
        if len(key) == 5 and key[0] in KINDS:
            listed.setdefault(key[1:], []).append(at)
    for key, at in list(made.places.items()):
        if len(key) != 5 or key[0] not in ("n", "all n"):
            continue
        _, variable, category, group, period = key
        if key[0] == "all n":
            periods = [k for k in made.places if len(k) == 5 and k[:2] == ("n", variable)]
            own = [made.places[k] for k in periods if k[2] == category and k[3] == group]
            _equal(made, at, own)
            rest = [made.find(f"all {kind}", variable, category, group, "") for kind in KINDS]
            if group == "all":
                used = made.find("rows", "used")
                _equal(made, used, [at, *(one for one in rest if one is not None)])
            continue
        there = made.find("units", "", "", group, period)
        kinds = listed.get((variable, category, group, period), [])
        kinds = kinds or listed.get((variable, "", group, period), [])
        if there is None:
            made.nest(at, made.find("ever", "", "", group, ""))
            continue
        made.nest(at, there)
        # Categories are answered by the same people, or are parts of them.
        whole = not category or made.find("n", variable, "", group, period) is None
        if kinds and whole:
            _equal(made, there, [at, *kinds])
    for key, parts in listed.items():
        there = made.find("units", "", "", key[2], key[3])
        if there is not None:
            made.know([(there, 1.0), *((at, -1.0) for at in parts)], 0.0)


def _categories(made: Knowledge, counted: Sequence[Counted]) -> None:
    """Note that categories are everybody who answered, and all were answered by the same."""
    several: dict[tuple[str, ...], dict[str, int]] = {}
    same: dict[tuple[str, ...], list[int]] = {}
    for one in counted:
        at, line = made.find(*one.key), (one.variable, one.group, one.period)
        if at is None or not one.category:
            continue
        if str(one.key[0]).startswith("yes"):
            several.setdefault((one.section, *line), {})[one.category] = at
        elif one.key[0] == "n":
            same.setdefault(line, []).append(at)
    for (section, *where), parts in several.items():
        name = "changes n" if section == "changes" else "n"
        base = made.find(name, where[0], "", *where[1:])
        if base is None:
            base = made.find(name, where[0], next(iter(parts)), *where[1:])
        _equal(made, base, parts.values())
    for own, parts_ in same.items():
        if len({made.values[at] for at in parts_}) > 1:
            _equal(made, made.find("n", own[0], "", *own[1:]), parts_)
            continue
        for first, second in pairwise(parts_):
            _equal(made, first, [second])


def _rows(made: Knowledge) -> None:
    rows = {str(key[1]): at for key, at in made.places.items() if key[0] == "rows"}
    read = rows.get("read")
    if read is not None:
        signs = [(at, 1.0 if name.startswith("made: ") else -1.0) for name, at in rows.items()]
        made.know([(read, 1.0), *(pair for pair in signs if pair[0] != read)], 0.0, 0.0)
    _equal(made, rows.get("used"), _periods(made, "all"))


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
        _equal(made, step["baseline"], [step["both"], lost])
        made.nest(step["both"], step["endline"])
        reasons = _all(made, "flow lost", "lost", group)
        _equal(made, lost, [at for name, at in reasons if name])
        there = _periods(made, group)
        for at in there:
            made.nest(at, ever)
        if there:
            # The first period shown is the baseline, the last the end, where numbers agree.
            for at in there[:-1]:
                _equal(made, step["baseline"], [at])
            made.nest(step["endline"], there[-1])
        if len(there) == 2 and ever is not None and step["both"] is not None:
            terms = [(there[0], 1.0), (there[1], 1.0), (step["both"], -1.0), (ever, -1.0)]
            made.know(terms, 0.0)
        for name, at in _all(made, "flow units", "analysed", group):
            made.nest(at, ever)
            _answered_both(made, at, name, group, ever)
        _lost_on(made, group, step["baseline"], lost, there)
        parts = [made.find("leavers units", "", "", f"{group}_{x}", "") for x in ("stayed", "lost")]
        _equal(made, step["baseline"], parts)
        made.nest(lost, parts[1])


def _all(made: Knowledge, name: str, variable: str, group: str) -> list[tuple[str, int]]:
    return [
        (str(key[2]), at)
        for key, at in made.places.items()
        if len(key) == 5 and key[:2] == (name, variable) and key[3] == group
    ]


def _periods(made: Knowledge, group: str) -> list[int]:
    return [
        at
        for key, at in made.places.items()
        if len(key) == 5 and key[:3] == ("units", "", "") and key[3] == group
    ]


def _answered(made: Knowledge, variable: str, group: str) -> list[int]:
    return [
        at
        for key, at in made.places.items()
        if len(key) == 5 and key[:3] == ("n", variable, "") and key[3] == group
    ]


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
    _equal(made, everybody, parts.values())
    ever, there = made.find("ever", "", "", "all", ""), _periods(made, "all")
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
