"""What every reader knows of such tables: which numbers add up, and which hold others."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import pandas as pd

from impact.disclosure.ever import add_ever_answered, add_in_all
from impact.disclosure.followed import add_followed, equal, periods
from impact.disclosure.knowledge import Knowledge
from impact.disclosure.levels import add_levels, add_subgroups, add_totals
from impact.results.summary import ABSENT

__all__ = ["Counted", "add_structure"]


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
    add_totals(made)
    _groups(made)
    _answers(made)
    _categories(made, counted)
    _rows(made)
    add_followed(made)
    add_ever_answered(made)
    add_in_all(made)
    add_subgroups(made)
    add_levels(made, cells)
    _items(made)


def _groups(made: Knowledge) -> None:
    for key, at in list(made.places.items()):
        if len(key) == 5 and key[3] == "all":
            parts = [made.find(*key[:3], group, key[4]) for group in ("treated", "comparison")]
            equal(made, at, parts)


def _answers(made: Knowledge) -> None:
    """Answers given and not given are those of all who were there."""
    listed: dict[tuple[object, ...], list[int]] = {}
    for key, at in made.places.items():
        if len(key) == 5 and key[0] in ABSENT:
            listed.setdefault(key[1:], []).append(at)
    for key, at in list(made.places.items()):
        if len(key) != 5 or key[0] not in ("n", "all n"):
            continue
        _, variable, category, group, period = key
        if key[0] == "all n":
            periods = [k for k in made.places if len(k) == 5 and k[:2] == ("n", variable)]
            own = [made.places[k] for k in periods if k[2] == category and k[3] == group]
            equal(made, at, own)
            rest = [made.find(f"all {kind}", variable, category, group, "") for kind in ABSENT]
            if group == "all":
                used = made.find("rows", "used")
                equal(made, used, [at, *(one for one in rest if one is not None)])
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
            equal(made, there, [at, *kinds])
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
        equal(made, base, parts.values())
    for own, parts_ in same.items():
        if len({made.values[at] for at in parts_}) > 1:
            equal(made, made.find("n", own[0], "", *own[1:]), parts_)
            continue
        for first, second in pairwise(parts_):
            equal(made, first, [second])


def _items(made: Knowledge) -> None:
    """Who answered all items of a score has one; of a score of all items nobody else has."""
    for key, at in list(made.places.items()):
        if key[0] != "reliability n" or len(key) != 5:
            continue
        asked = (made.find("n", key[1], "", one, key[4]) for one in ("treated", "comparison"))
        # Of pilots without a comparison nobody is in it, as everybody knows.
        parts = [one for one in asked if one is not None and made.values[one] > 0]
        made.know([(at, 1.0), *((part, -1.0) for part in parts)], high=0.0)
        equal(made, at, parts)


def _rows(made: Knowledge) -> None:
    rows = {str(key[1]): at for key, at in made.places.items() if key[0] == "rows"}
    read = rows.get("read")
    if read is not None:
        signs = [(at, 1.0 if name.startswith("made: ") else -1.0) for name, at in rows.items()]
        made.know([(read, 1.0), *(pair for pair in signs if pair[0] != read)], 0.0, 0.0)
    equal(made, rows.get("used"), periods(made, "all"))
