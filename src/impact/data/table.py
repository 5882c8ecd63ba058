"""A file as it was read: raw columns, and what stood in its header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import pandas as pd

from impact.errors import DataError, Fault

__all__ = ["Table", "refuse"]


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


def refuse(code: str, where: str, found: str, expected: str = "", advice: str = "") -> NoReturn:
    """Raise a `DataError` of one fault; what caused it stays out of the text."""
    raise DataError(Fault(code, where, found, expected, advice)) from None
