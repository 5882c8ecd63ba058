"""A file as it was read: raw columns, and what stood in its header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NoReturn

import pandas as pd

from impact.errors import DataError, Fault

__all__ = ["SIMULATED", "Table", "doubled", "is_mark", "kept", "refuse"]

SIMULATED = "_simulated"


@dataclass(frozen=True, eq=False)
class Table:
    """Raw columns of a file, before any of them has a role.

    Parameters
    ----------
    frame : pandas.DataFrame
        The columns that were asked for and are there, as text or as the file stores them.
    header : tuple of str
        All names in the file's header.
    doubled : tuple of str
        Names that stand more than once in the header; they are not in ``frame``.
    where : str
        The file as faults name it.
    """

    frame: pd.DataFrame
    header: tuple[str, ...]
    doubled: tuple[str, ...]
    where: str


def is_mark(name: str) -> bool:
    """Say whether a column is the mark of simulated data, however its name is spelled."""
    return name.strip().casefold() == SIMULATED


def doubled(header: Sequence[str]) -> tuple[str, ...]:
    """Return the names that stand more than once in a header."""
    return tuple(name for name, n in Counter(header).items() if n > 1 and name)


def kept(header: Sequence[str], wanted: Collection[str]) -> list[int]:
    """Return where the wanted columns stand that are there once, the mark's other spellings too."""
    twice = doubled(header)
    marked = SIMULATED in wanted
    return [
        at
        for at, name in enumerate(header)
        if name not in twice and (name in wanted or (marked and is_mark(name)))
    ]


def refuse(code: str, where: str, found: str, expected: str = "", advice: str = "") -> NoReturn:
    """Raise a `DataError` of one fault; what caused it stays out of the text."""
    raise DataError(Fault(code, where, found, expected, advice)) from None
