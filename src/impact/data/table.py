"""A file as it was read: raw columns, and what stood in its header."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

import numpy as np
import pandas as pd

from impact.errors import DataError, Fault
from impact.results.text import Sentence

__all__ = ["SIMULATED", "Described", "Origin", "Table", "doubled", "is_mark", "kept", "refuse"]

SIMULATED = "_simulated"


@dataclass(frozen=True)
class Described:
    """What a file, or a codebook, says of a column.

    Parameters
    ----------
    label : str
        The question or name in words; empty where the file has none.
    values : mapping of str to str
        Per code, spelled as text, what it stands for.
    missing : mapping of str to str
        Per code of an answer not given, as text: ``refused``, ``not_known``, ``not_asked``
        or ``missing``.
    """

    label: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Origin:
    """Where rows stand in their files.

    Parameters
    ----------
    files : tuple of str
        The files as faults name them.
    file : numpy.ndarray of int, shape (n,)
        Which of them.
    row : numpy.ndarray of int, shape (n,)
        Its row as a spreadsheet counts it, the header being row 1.
    """

    files: tuple[str, ...]
    file: np.ndarray
    row: np.ndarray

    def taken(self, at: np.ndarray) -> Origin:
        """Return the origin of the rows at these positions."""
        return Origin(self.files, self.file[at], self.row[at])


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
    described : mapping of str to Described
        Per column, what the file itself says of it (labels of Stata and SPSS).
    notes : tuple of Sentence
        What was found out or done on the way in: encoding, separator, columns dropped
        on load, how waves matched. No value of a person.
    lost : mapping of str to int
        Rows of the file that are not in ``frame``, by reason (``dropped: …``, and
        ``folded: …`` for rows that became others).
    numbered : bool
        Whether row i of ``frame`` is row i + 2 of the file; else faults name no rows.
    made : mapping of str to int
        Rows of ``frame`` that are no rows of a file (``made: …``).
    origin : Origin or None
        The file and row behind each row of ``frame``, where they are not row i + 2 of
        the one file.
    choices : mapping of str to tuple of str
        Per question with several answers, the 0/1 columns of its choices.
    matched : mapping of str to int
        How the units of several waves match.
    faults : tuple of Fault
        What is wrong with values that have been taken out of ``frame``.
    broken : frozenset of str
        The columns that these faults are about.
    sent : float
        When the middle one of the file's forms was sent, in seconds since 1970, where a
        survey tool wrote that; else not a number.
    """

    frame: pd.DataFrame
    header: tuple[str, ...]
    doubled: tuple[str, ...]
    where: str
    described: Mapping[str, Described] = field(default_factory=dict)
    notes: tuple[Sentence, ...] = ()
    lost: Mapping[str, int] = field(default_factory=dict)
    numbered: bool = True
    made: Mapping[str, int] = field(default_factory=dict)
    origin: Origin | None = None
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    matched: Mapping[str, int] = field(default_factory=dict)
    faults: tuple[Fault, ...] = ()
    broken: frozenset[str] = frozenset()
    sent: float = math.nan

    @property
    def read(self) -> int:
        """How many rows the files have."""
        return len(self.frame) + sum(self.lost.values()) - sum(self.made.values())

    def behind(self) -> Origin:
        """Return the file and row behind each row of the frame."""
        if self.origin is not None:
            return self.origin
        n = len(self.frame)
        return Origin((self.where,), np.zeros(n, dtype=np.int64), np.arange(2, n + 2))


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
