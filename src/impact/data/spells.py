"""A register of stays: one row a unit and period, with what the stays say of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from impact.data.columns import Coded, coded
from impact.data.days import Days, days_of, order_of
from impact.data.faults import located, rows_of
from impact.data.table import Table, refuse
from impact.errors import DataError, Fault
from impact.locale import N_
from impact.results.text import Sentence
from impact.spec.models import Spells
from impact.spec.spans import Span, spans

__all__ = ["to_periods"]

MADE = "made: a row for each unit and period"
FOLDED = "folded: stays, into units and periods"
SERIAL = N_("The days in '%(column)s' are numbers, read as Excel counts days.")
MERGED = N_("Stays that overlapped or touched another of the same unit, merged: %(stays)s.")
OPEN = N_("Stays without a last day, read as going on: %(stays)s.")
OUTSIDE = N_(
    "Stays that began after the last period or ended before the first, so that they count "
    "nowhere: %(stays)s. Look for mistyped years."
)
MOST_ROWS = 50_000_000
GOES_ON = np.iinfo(np.int64).max


def to_periods(table: Table, spells: Spells, *, unit: str, period: str) -> Table:
    """Make a row a unit and period of a row a stay.

    Parameters
    ----------
    table : Table, n rows
        With unit, first and last day; a unit without a stay has a row without days.
    spells : Spells
        Which columns, which periods, and what to count.
    unit, period : str
        Names of the columns of units and of periods.

    Returns
    -------
    Table
        A row for every unit and every period from first to last. Both days of a stay are
        inside it; stays that overlap count once. Other columns stay as they are in the
        unit.

    Raises
    ------
    DataError
        A day is none or is ambiguous, a stay ends before it begins, a unit is not named,
        or a column changes within a unit.
    """
    who = coded(table.frame[unit])
    stays, faults, notes = _stays(table, spells, who)
    others = [name for name in table.frame if name not in (unit, spells.entry, spells.exit)]
    first = _first_rows(who)
    settled = {}
    for name in (str(other) for other in others):
        settled[name], varies = _settled(coded(table.frame[name]), who)
        if varies.any():
            found = f"{len(np.unique(who.codes[varies]))} units have several values here"
            advice = "in a register of stays a column says one thing of a unit"
            where = f"{table.where}, column '{name}'"
            faults.append(Fault("varies-within-unit", where, found, "", advice, rows_of(varies)))
    if faults:
        raise DataError([*table.faults, *located(faults, table)])
    every = spans(spells.every, spells.first, spells.last)
    if len(first) * len(every) > MOST_ROWS:
        found = f"{len(first)} units in {len(every)} periods are over {MOST_ROWS} rows"
        refuse("too-many-rows", table.where, found, "", "take longer periods: data.spells.every")
    columns = {name: table.frame[name].iloc[at].to_numpy() for name, at in settled.items()}
    columns = {unit: table.frame[unit].iloc[first].to_numpy(), **columns}
    n, t = len(first), len(every)
    frame = pd.DataFrame({name: np.repeat(held, t) for name, held in columns.items()})
    frame[period] = np.tile(np.array([span.label for span in every], dtype=object), n)
    frame[spells.column] = _measured(stays, every, n, spells.measure)
    return replace(
        table,
        frame=frame,
        header=tuple(dict.fromkeys([*table.header, period, spells.column])),
        notes=(*table.notes, *notes, *_outside(stays, every)),
        lost={**table.lost, FOLDED: len(table.frame)},
        made={**table.made, MADE: n * t},
        origin=table.behind().taken(np.repeat(first, t)),
    )


@dataclass(frozen=True, eq=False)
class _Stays:
    """Stays that do not overlap: unit, first and last day, one entry a stay."""

    unit: np.ndarray
    entry: np.ndarray
    exit: np.ndarray


def _stays(table: Table, spells: Spells, who: Coded) -> tuple[_Stays, list[Fault], list[Sentence]]:
    """Read the stays and merge those of a unit that overlap or touch."""
    ends = {name: coded(table.frame[name]) for name in (spells.entry, spells.exit)}
    first = order_of(ends.values())
    at = {name: f"{table.where}, column '{name}'" for name in ends}
    entry = days_of(ends[spells.entry], at[spells.entry], first=first)
    left = days_of(ends[spells.exit], at[spells.exit], first=first)
    order_faults = _out_of_order(entry, left, ends[spells.entry], ends[spells.exit])
    faults = [*entry.faults, *left.faults]
    faults += [replace(fault, where=at[spells.exit]) for fault in order_faults]
    if (who.codes < 0).any():
        hit = who.codes < 0
        found = f"{int(hit.sum())} of {len(hit)} rows are empty (or NA)"
        advice = "fill them in, or take these rows out"
        where = table.where
        faults.append(Fault("unit-missing", where, found, "", advice, rows_of(hit)))
    open_ended = entry.known & (ends[spells.exit].codes < 0)
    last = np.where(left.known, left.days, GOES_ON)
    rows = np.flatnonzero(entry.known & (who.codes >= 0))
    order = rows[np.lexsort((last[rows], entry.days[rows], who.codes[rows]))]
    merged = _merged(who.codes[order], entry.days[order], last[order])
    notes = [
        Sentence(SERIAL, {"column": name})
        for name, read in ((spells.entry, entry), (spells.exit, left))
        if read.serial
    ]
    counts = {OPEN: int(open_ended.sum()), MERGED: len(order) - len(merged.unit)}
    notes += [Sentence(said, {}, {"stays": n}) for said, n in counts.items() if n]
    return merged, faults, notes


def _out_of_order(entry: Days, left: Days, begun: Coded, ended: Coded) -> Iterator[Fault]:
    """Tell stays that end before they begin, or never begin; at no column yet."""
    late = entry.known & left.known & (left.days < entry.days)
    if late.any():
        found = f"{int(late.sum())} stays end before they begin"
        yield Fault("exit-before-entry", "", found, "", "mend one of both days", rows_of(late))
    alone = (ended.codes >= 0) & (begun.codes < 0)
    if alone.any():
        found = f"{int(alone.sum())} stays have a last day and no first"
        advice = "fill it in, or empty both for a unit without a stay"
        yield Fault("entry-missing", "", found, "", advice, rows_of(alone))


def _merged(unit: np.ndarray, entry: np.ndarray, last: np.ndarray) -> _Stays:
    """Merge stays that overlap or touch; they come by unit, then by first day."""
    if not len(unit):
        return _Stays(unit, entry, last)
    # The latest last day so far, within the unit: a running maximum that never looks back.
    reach = pd.Series(last).groupby(unit).cummax().to_numpy()
    before = np.concatenate([[entry[0]], np.minimum(reach[:-1], GOES_ON - 1)])
    new = np.concatenate([[True], unit[1:] != unit[:-1]]) | (entry > before + 1)
    start = np.flatnonzero(new)
    end = np.concatenate([start[1:], [len(unit)]]) - 1
    return _Stays(unit[start], entry[start], reach[end])


def _measured(stays: _Stays, every: tuple[Span, ...], n: int, measure: str) -> np.ndarray:
    """Return what the stays say of each unit and period, shape (n * T,)."""
    held = np.zeros((n, len(every)))
    for at, span in enumerate(every):
        first, last = span.first.toordinal(), span.last.toordinal()
        if measure == "at_end":
            first = last
        days = np.minimum(stays.exit, last) - np.maximum(stays.entry, first) + 1
        held[:, at] = np.bincount(stays.unit, np.maximum(days, 0), minlength=n)
    measured = held if measure == "days" else (held > 0).astype(float)
    return measured.reshape(-1)


def _outside(stays: _Stays, every: tuple[Span, ...]) -> Iterator[Sentence]:
    """Tell how many stays lie in none of the periods."""
    late = stays.entry > every[-1].last.toordinal()
    early = stays.exit < every[0].first.toordinal()
    if (late | early).any():
        yield Sentence(OUTSIDE, {}, {"stays": int((late | early).sum())})


def _first_rows(who: Coded) -> np.ndarray:
    """Return the first row of each unit, in the order of their labels."""
    at = np.flatnonzero(who.codes >= 0)
    first = np.zeros(len(who.labels), dtype=np.int64)
    first[who.codes[at[::-1]]] = at[::-1]
    return first


def _settled(column: Coded, who: Coded) -> tuple[np.ndarray, np.ndarray]:
    """Return the row that says a unit's value, and the rows of units with several values."""
    there = np.flatnonzero((column.codes >= 0) & (who.codes >= 0))
    source = _first_rows(who)
    source[who.codes[there[::-1]]] = there[::-1]
    differs = np.zeros(len(who.codes), dtype=bool)
    differs[there] = column.codes[there] != column.codes[source[who.codes[there]]]
    mixed = np.zeros(len(who.labels) + 1, dtype=bool)
    mixed[who.codes[differs]] = True
    return source, mixed[who.codes]
