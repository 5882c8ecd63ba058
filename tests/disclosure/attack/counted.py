"""Numbers of people beside the estimates, in the file and in the table of the page."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from attack.published import number
from attack.reading import Reading
from attack.system import total

__all__ = ["kind_of_people", "people", "say_counts"]

EVERY_ROW = ("ATT all rows",)
ROWS_OF_ALL = ("twfe", "event_study")
WHOLE = ("ATT", "ATT balanced", "ITT", "change", "simple", "group", "event", "calendar")


def say_counts(found: Reading, rows: pd.DataFrame) -> None:
    """Read units, units in the pilot and records of each estimate."""
    if rows.empty:
        return
    beside = set(rows.loc[rows["term"].isin(EVERY_ROW), "outcome"])
    for row in rows.to_dict("records"):
        name, term = str(row["outcome"]), str(row["term"])
        if name not in found.names.values():
            continue
        kind = kind_of_people(found, str(row["method"]), term)
        found.system.source = f"estimates.csv {row['method']} {term} on {name}"
        if row["method"] == "callaway_santanna" and found.followed:
            _some(found, row, name)
        if kind is None:
            continue
        each = {group: people(found, kind, name, group) for group in found.groups}
        whole = {one: 1.0 for one in each.values()}
        if term in (*WHOLE, *EVERY_ROW) or row["method"] in ROWS_OF_ALL:
            _say(found, row, "n_units", whole)
            _say(found, row, "n_treated", {each["t"]: 1.0})
        if kind in ("n", "n2"):
            _say(found, row, "n_obs", whole)
        elif found.all_waves and (kind == "E" or (name not in beside and term == "ATT")):
            answers = total(("n", name, g, wave) for g in found.groups for wave in found.waves)
            _say(found, row, "n_obs", answers)


def _some(found: Reading, row: Mapping[str, Any], name: str) -> None:
    """Read the units of the comparisons by cohort: some of those who ever answered, or all."""
    ever = total(("E", name, group) for group in found.groups)
    told = row.get("n_units")
    if str(row["term"]) in EVERY_ROW:
        _say(found, row, "n_units", ever)
        if found.all_waves:
            waves = [(g, wave) for g in found.groups for wave in found.waves]
            _say(found, row, "n_obs", total(("n", name, *one) for one in waves))
    elif told is not None and not pd.isna(told):
        span = number(f"{float(told):.0f}", near=found.minimum if found.guarded else 0)
        if span is not None:
            found.system.say(ever, low=span.low if found.guarded else float(told))


def kind_of_people(found: Reading, method: str, term: str) -> str | None:
    """Return whom an estimate is of: who ever answered, on both sides, twice, or at the end."""
    if method in ROWS_OF_ALL or (term in EVERY_ROW and method == "did"):
        return "E"
    if method == "difference_in_means":
        return "n"
    if method == "ancova":
        return "n2" if found.baseline and found.followed else "n"
    if method in ("did", "before_after"):
        return "A" if found.followed else "E"
    return None


def people(found: Reading, kind: str, name: str, group: str) -> Hashable:
    """Return the unknown that those people of a group are."""
    if kind == "n":
        return ("n", name, group, found.waves[-1])
    if kind == "n2":
        return ("n2", name, group, found.baseline)
    return (kind, name, group)


def _say(
    found: Reading, row: Mapping[str, Any], column: str, terms: Mapping[Hashable, float]
) -> None:
    told = row.get(column)
    if told is None or pd.isna(told):
        return
    span = number(f"{float(told):.0f}", near=found.minimum if found.guarded else 0)
    if found.guarded and span is not None:
        found.system.say(terms, span.low, span.high)
    elif not found.guarded:
        found.system.say(terms, float(told), float(told))
