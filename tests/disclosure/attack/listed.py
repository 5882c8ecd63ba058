"""Numbers of units and records beside estimates in the tables of a page, and within subgroups."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence

import pandas as pd

from attack.counted import kind_of_people, people
from attack.numerals import people_in
from attack.published import Cell, Span
from attack.reading import Reading
from attack.system import total

__all__ = ["say_listed"]

TABLE = re.compile(
    r"^(?P<label>[^:]+): (?P<what>by other methods|with other standard errors and tests"
    r"|the difference within subgroups)$"
)
LABELS = {
    "Difference of differences": ("did", "ATT"),
    "Difference of differences, all rows": ("did", "ATT all rows"),
    "Event study": ("event_study", "ATT"),
    "Two-way fixed effects": ("twfe", "ATT"),
    "Difference of means": ("difference_in_means", "ITT"),
    "Difference at the end, given the start": ("ancova", "ITT"),
    "Before and after": ("before_after", "change"),
}
OF_ALL = ("Imputation", "Sun and Abraham", "Callaway and Sant'Anna, all rows")
SOME = ("Callaway and Sant'Anna", "Stacked cohorts")
"""Methods that leave out whoever no comparison needs: no more than ever answered."""
LEVEL = re.compile(r"^(?P<column>\w+): (?P<level>[^:]+)$")
LEVELS = {"female": ("no", "yes")}


def say_listed(found: Reading, cells: Sequence[Cell], rows: pd.DataFrame) -> None:
    """Read units, units in the pilot and records, which are the same as those of the file.

    Parameters
    ----------
    found : Reading
    cells : sequence of Cell
        Of the page.
    rows : pandas.DataFrame
        The file of estimates: it tells the method of each outcome's first one.
    """
    if rows.empty:
        return
    main = rows.groupby("outcome", sort=False).first().to_dict("index")
    for cell in cells:
        at = TABLE.match(cell.caption)
        name = found.named(at["label"]) if at else ""
        what = cell.column[0]
        if not at or cell.hidden or what not in ("Units", "Units in the pilot", "Records"):
            continue
        if not name or name not in main:
            continue
        found.system.source = f"{cell.caption} / {cell.row} / {what} = {cell.text}"
        first = (str(main[name]["method"]), str(main[name]["term"]))
        span = people_in(found, cell.text)
        if span is None:
            continue
        if at["what"] == "by other methods":
            _method(found, name, cell.row, what, span)
        elif at["what"] == "the difference within subgroups":
            _subgroup(found, name, cell.row, what, span, first)
        else:
            _units(found, name, kind_of_people(found, *first), what, span)


def _method(found: Reading, name: str, row: str, what: str, span: Span) -> None:
    label = row.removesuffix(", without covariates").removesuffix(" (main estimate)")
    if label in LABELS:
        _units(found, name, kind_of_people(found, *LABELS[label]), what, span)
    elif not found.followed:
        return  # where different people are asked each time, every record is a unit
    elif label in OF_ALL and what != "Units in the pilot":
        _units(found, name, "E", what, span)
    elif label in SOME and what == "Units":
        found.system.say(total(("E", name, group) for group in found.groups), low=span.low)


def _units(found: Reading, name: str, kind: str | None, what: str, span: Span) -> None:
    if kind is None:
        return
    each = {group: people(found, kind, name, group) for group in found.groups}
    if what == "Units":
        found.system.say(total(each.values()), span.low, span.high)
    elif what == "Units in the pilot":
        found.system.say({each["t"]: 1.0}, span.low, span.high)
    elif kind == "E" and found.all_waves:
        answers = total(("n", name, g, wave) for g in found.groups for wave in found.waves)
        found.system.say(answers, span.low, span.high)


def _subgroup(
    found: Reading, name: str, row: str, what: str, span: Span, first: tuple[str, str]
) -> None:
    """Read the units of one subgroup: with the others they are those of the whole."""
    kind, at = kind_of_people(found, *first), LEVEL.match(row)
    if kind is None or what == "Records":
        return
    if not at:
        if row == "All":
            _units(found, name, kind, what, span)
        return
    column, level = at["column"].lower(), at["level"]
    each = _parts(found, kind, name, column, level)
    if each:
        over = each if what == "Units" else {"t": each["t"]}
        found.system.say(total(over.values()), span.low, span.high)


def _parts(found: Reading, kind: str, name: str, column: str, level: str) -> Mapping[str, Hashable]:
    """Return the unknown numbers of a subgroup's units by group, within those of the whole."""
    levels = LEVELS.get(column, (level,))
    if level not in levels:
        return {}
    found_before = found.system.source
    found.system.source = "the units of two subgroups are those of the whole"
    for group in found.groups:
        whole = people(found, kind, name, group)
        own = [("se", kind, name, column, one, group) for one in levels]
        if own[0] in found.system.places and len(levels) > 1:
            continue
        parts = {**total(own), whole: -1.0}
        found.system.say(parts, 0.0 if len(levels) > 1 else -float(found.system.most), 0.0)
        if kind == "n":
            for one, part in zip(levels, own, strict=True):
                same = ("sn", name, group, found.waves[-1], column, one)
                if same in found.system.places:
                    found.system.equal({same: 1.0, part: -1.0})
    found.system.source = found_before
    return {group: ("se", kind, name, column, level, group) for group in found.groups}
