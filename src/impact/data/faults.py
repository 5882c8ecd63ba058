"""What faults of data have in common: rows as a spreadsheet counts them, columns there are."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

import numpy as np

from impact.data.roles import Roles
from impact.data.table import Table
from impact.errors import Fault

__all__ = ["column_faults", "rows_of"]

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
    named = roles.named()
    there = sum(name in table.header for name in named)
    if not there:
        found = f"none of the {len(named)} columns that are named stands in the first row"
        yield Fault("no-known-column", table.where, found, "", RIGHT_FILE)
        return
    shown = [name for name in table.header if name] if 2 * there > len(named) else []
    for name, key in named.items():
        if name in roles.drop:
            found = f"column '{name}' is named by {key} and by data.drop"
            yield Fault("dropped-column", table.where, found, "", "take it out of one of them")
        elif name in table.doubled:
            found = f"column '{name}' stands {table.header.count(name)} times in the header"
            yield Fault("duplicate-column", table.where, found, "", "rename or remove the others")
        elif name not in table.header:
            yield _absent(table.where, name, key, shown)


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
