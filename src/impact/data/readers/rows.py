"""What must not stand among the rows of any text or sheet."""

from __future__ import annotations

import numpy as np

from impact.data.table import Table
from impact.errors import DataError, Fault

__all__ = ["BROKEN", "sound"]

# What a spreadsheet shows of a formula that failed; #N/A is read as not there.
BROKEN = frozenset(
    ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#BLOCKED!")
)
MOST_ROWS = 1000
NUMBERS = "biufmM"


def sound(table: Table) -> Table:
    """Return the table, or refuse second headers and failed formulas among its rows.

    Raises
    ------
    DataError
        With the rows.
    """
    faults = [*_second_header(table), *_broken(table)]
    if faults:
        raise DataError(faults)
    return table


def _second_header(table: Table) -> list[Fault]:
    """Files pasted below one another carry their headers along."""
    frame = table.frame
    if frame.empty or any(frame[name].dtype.kind in NUMBERS for name in frame.columns):
        return []
    again = np.ones(len(frame), dtype=bool)
    for name in frame.columns:
        again &= (frame[name] == name).fillna(False).to_numpy(dtype=bool)
    if not again.any():
        return []
    found = f"{int(again.sum())} rows below the header repeat the header"
    advice = "remove them: they stand where files were pasted together"
    return [Fault("header-repeated", table.where, found, "", advice, _rows(again))]


def _broken(table: Table) -> list[Fault]:
    faults = []
    for name in table.frame.columns:
        column = table.frame[name]
        if column.dtype.kind in NUMBERS:
            continue
        hit = column.isin(list(BROKEN)).to_numpy(dtype=bool)
        if hit.any():
            seen = ", ".join(sorted(set(column[hit])))
            found = f"{int(hit.sum())} cells hold a formula that failed ({seen})"
            advice = "mend the formula where the file was made, or empty the cells"
            where = f"{table.where}, column '{name}'"
            faults.append(Fault("formula-error", where, found, "", advice, _rows(hit)))
    return faults


def _rows(hit: np.ndarray) -> tuple[int, ...]:
    return tuple(int(at) + 2 for at in np.flatnonzero(hit)[:MOST_ROWS])
