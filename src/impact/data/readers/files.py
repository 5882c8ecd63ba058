"""Which reader reads which file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from impact.data.readers.delimited import read_csv
from impact.data.readers.excel import read_excel
from impact.data.readers.labelled import read_labelled
from impact.data.readers.parquet import read_parquet
from impact.data.table import Table, refuse

__all__ = ["READERS", "known", "read_file"]

Reader = Callable[..., Table]

WITH_SHEETS = (".xlsx", ".xlsm")
OF_TEXT = (".csv", ".tsv", ".txt")
ADVICE = {
    ".xls": "open it and save it as an Excel workbook (.xlsx)",
    ".xlsb": "open it and save it as an Excel workbook (.xlsx)",
    ".ods": "open it and save it as an Excel workbook (.xlsx)",
    ".por": "open it in SPSS and save it as .sav",
    ".zip": "unpack it and name the file that was in it",
    ".gz": "unpack it and name the file that was in it",
}


def read_file(
    path: Path,
    wanted: Collection[str],
    where: str,
    *,
    sheet: str | None = None,
    encoding: str | None = None,
) -> Table:
    """Read the wanted columns of a file by the reader of its suffix.

    Parameters
    ----------
    path : Path
        The file.
    wanted : collection of str
        Columns to keep; those the file does not have are left out.
    where : str
        The file as faults name it.
    sheet : str, optional
        The sheet of a workbook; needed where it has several.
    encoding : str, optional
        How the letters of a text file are written; found out unless said.

    Raises
    ------
    DataError
        The file is missing, unreadable, empty, too large for the memory that is allowed,
        or not the table its suffix says.
    """
    if path.is_dir():
        refuse("folder", where, "this is a folder", "a file is expected", "name the file in it")
    suffix = path.suffix.lower()
    known(suffix, where)
    if not path.exists():
        refuse("file-missing", where, "there is no such file", advice=_near(path))
    if sheet is not None and suffix not in WITH_SHEETS:
        found = f"a sheet is named, and a file ending in '{suffix}' has none"
        refuse("no-sheets", where, found, advice="take data.sheet out")
    if encoding is not None and suffix not in OF_TEXT:
        found = f"an encoding is named, and a file ending in '{suffix}' is no text"
        refuse("no-encoding", where, found, advice="take data.encoding out")
    named = {"sheet": sheet} if suffix in WITH_SHEETS else {}
    named |= {"encoding": encoding} if suffix in OF_TEXT else {}
    try:
        return READERS[suffix](path, wanted, where, **named)
    except OSError:
        advice = "check who may read it, and whether another program holds it"
        refuse("unreadable", where, "the file cannot be opened", advice=advice)


def known(suffix: str, where: str) -> None:
    """Refuse files whose ending no reader knows.

    Parameters
    ----------
    suffix : str
        With its dot, in small letters.
    where : str
        The file as faults name it.

    Raises
    ------
    DataError
        There is no such reader.
    """
    if suffix not in READERS:
        found = f"files ending in '{suffix}' cannot be read" if suffix else "the name has no ending"
        expected = f"one of {' '.join(READERS)} is expected"
        advice = ADVICE.get(suffix, "save the data as CSV UTF-8")
        refuse("unknown-suffix", where, found, expected, advice)


def _near(path: Path) -> str:
    there = sorted(p.name for p in path.parent.iterdir()) if path.parent.is_dir() else []
    near = difflib.get_close_matches(path.name, there, 1)
    return f"did you mean '{near[0]}'?" if near else "check data.path"


READERS: Mapping[str, Reader] = MappingProxyType(
    {
        ".csv": read_csv,
        ".tsv": read_csv,
        ".txt": read_csv,
        ".parquet": read_parquet,
        ".pq": read_parquet,
        ".xlsx": read_excel,
        ".xlsm": read_excel,
        ".dta": read_labelled,
        ".sav": read_labelled,
        ".zsav": read_labelled,
    }
)
