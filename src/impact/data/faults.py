"""What faults of data have in common: rows as a spreadsheet counts them, columns there are."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

import numpy as np

from impact.data.roles import Roles
from impact.data.table import Table
from impact.errors import Fault

__all__ = ["column_faults", "located", "rows_of", "source_faults"]

MOST_ROWS = 1000
MOST_NAMES = 30
RIGHT_FILE = "is this the right file, and is its first row the header?"


def rows_of(hit: np.ndarray, rows: np.ndarray | None = None) -> tuple[int, ...]:
    """Return the rows of the file where a mask holds, the header being row 1; at most 1000.

    Parameters
    ----------
    hit : numpy.ndarray of bool, shape (N,)
        Which rows.
    rows : numpy.ndarray of int, shape (N,), optional
        The row of the file behind each; in the file's order unless given.
    """
    at = np.flatnonzero(hit)
    found = at + 2 if rows is None else np.sort(rows[at])
    return tuple(found[:MOST_ROWS].tolist())


def column_faults(table: Table, roles: Roles) -> Iterator[Fault]:
    """Say which named columns the table does not have, or has twice.

    Parameters
    ----------
    table : Table
        As it was read.
    roles : Roles
        Names the columns.

    Yields
    ------
    Fault
        One a column. Unless most named columns are there, the first row is perhaps a
        person's and not a header, so its content is not shown.
    """
    yield from source_faults(table, roles.named(), roles.drop)


def source_faults(
    table: Table, named: Mapping[str, str], drop: Collection[str] = ()
) -> Iterator[Fault]:
    """Say which of some columns, each with the key that names it, the table does not have."""
    there = sum(name in table.header for name in named)
    if not there:
        found = f"none of the {len(named)} columns that are named stands in the first row"
        yield Fault("no-known-column", table.where, found, "", RIGHT_FILE)
        return
    shown = [name for name in table.header if name] if 2 * there > len(named) else []
    for name, key in named.items():
        if name in drop:
            found = f"column '{name}' is named by {key} and by data.drop"
            yield Fault("dropped-column", table.where, found, "", "take it out of one of them")
        elif name in table.doubled:
            found = f"column '{name}' stands {table.header.count(name)} times in the header"
            yield Fault("duplicate-column", table.where, found, "", "rename or remove the others")
        elif name not in table.header:
            yield _absent(table.where, name, key, shown)


def located(faults: Iterable[Fault], table: Table) -> Iterator[Fault]:
    """Name the file and its rows in faults of a table that is not one file as it stands.

    Parameters
    ----------
    faults : iterable of Fault
        Their rows are positions in ``table.frame``, plus 2.
    table : Table
        Says where its rows come from.

    Yields
    ------
    Fault
        With rows of the file; where rows of several files are meant, one for each.
    """
    for fault in faults:
        if table.origin is None or not fault.rows:
            yield fault if table.numbered else replace(fault, rows=())
            continue
        origin = table.origin.taken(np.array(fault.rows) - 2)
        for at in np.unique(origin.file):
            here = origin.file == at
            rows = tuple(np.unique(origin.row[here]).tolist())
            found = fault.found
            if not here.all():
                found = f"{found}; of these rows, in this file: {int(here.sum())}"
            where = fault.where.replace(table.where, origin.files[at], 1)
            yield replace(fault, where=where, found=found, rows=rows if table.numbered else ())


def _absent(where: str, name: str, key: str, names: list[str]) -> Fault:
    found = f"no column '{name}', which {key} names"
    if not names:
        return Fault("column-missing", where, found, "", RIGHT_FILE)
    listed = ", ".join(names[:MOST_NAMES])
    if len(names) > MOST_NAMES:
        listed += f" and {len(names) - MOST_NAMES} more"
    near = _nearest(name, names)
    advice = f"did you mean '{near}'?" if near else ""
    return Fault("column-missing", where, found, f"it has {listed}", advice)


def _nearest(name: str, names: Collection[str]) -> str:
    folded = {column.casefold(): column for column in reversed(list(names))}
    near = difflib.get_close_matches(name.casefold(), folded, 1)
    return folded[near[0]] if near else ""
