"""The XML of one sheet of a workbook, read cell by cell; only wanted columns are kept."""

from __future__ import annotations

import zipfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.parsers import expat

__all__ = ["Book", "Sheet", "read_sheet"]

SPACES = (
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)
TAGS = {f"{space} {tag}": tag for space in SPACES for tag in ("row", "c", "f", "v", "t", "rPh")}
TAGS |= {f"{space} mergeCell": "mergeCell" for space in SPACES}
MOST_ROWS, MOST_COLUMNS = 1 << 20, 1 << 14
PIECE = 1 << 20
TRUE = ("1", "true")


@dataclass(frozen=True)
class Book:
    """What the cells of a workbook refer to.

    Parameters
    ----------
    strings : sequence of str
        Texts that cells share.
    days, spans : collection of int
        Styles of dates, and of durations.
    epoch : datetime.datetime
        The day from which dates are counted.
    """

    strings: Sequence[str]
    days: Collection[int]
    spans: Collection[int]
    epoch: Any


@dataclass
class Sheet:
    """What was read of a sheet.

    Parameters
    ----------
    columns : mapping of int to list
        Values by column, from 0; all of one length, None where nothing stands.
    length : int
        Rows down to the last one that holds something in any column.
    merged : list of (int, int, int, int)
        First column, first row, last column and last row of merged cells, from 0.
    hidden : bool
        Whether some rows are not shown.
    not_counted : list of (int, int)
        Row and column, from 0, of formulas whose result the file does not hold.
    """

    columns: dict[int, list[Any]] = field(default_factory=dict)
    length: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden: bool = False
    not_counted: list[tuple[int, int]] = field(default_factory=list)


def read_sheet(
    path: Path,
    part: str,
    book: Book,
    *,
    wanted: Collection[int] | None = None,
    most: int = MOST_ROWS,
) -> Sheet:
    """Read wanted columns of a sheet, or all columns of its first rows.

    Parameters
    ----------
    path : Path
        The workbook.
    part : str
        Name of the sheet in the archive.
    book : Book
        What its cells refer to.
    wanted : collection of int, optional
        Columns, from 0; all unless given.
    most : int
        Rows to read from the top.

    Raises
    ------
    ValueError, KeyError, IndexError, zipfile.BadZipFile, expat.ExpatError
        It is not the XML of a sheet.
    """
    reading = _Reading(book, wanted, most)
    with zipfile.ZipFile(path) as archive, archive.open(part) as source:
        while not reading.done and (piece := source.read(PIECE)):
            reading.parser.Parse(piece, False)
        if not reading.done:
            reading.parser.Parse(b"", True)
    return reading.finished()


class _Reading:
    """A sheet while it is read: the parser calls, cells and rows are noted."""

    def __init__(self, book: Book, wanted: Collection[int] | None, most: int) -> None:
        self.book, self.wanted, self.most = book, wanted, most
        self.sheet, self.done = Sheet(columns={at: [] for at in wanted or ()}), False
        self.row, self.column, self.kind, self.style = -1, -1, "", ""
        self.text: list[str] = []
        self.formula = self.inside = self.aloud = False
        self.places: dict[str, int] = {}
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.say
        self.parser.StartDoctypeDeclHandler = self.refuse

    def refuse(self, *_: Any) -> None:
        """Sheets have no document type; those that have are made to blow up."""
        raise ValueError

    def start(self, name: str, said: Mapping[str, str]) -> None:
        tag = TAGS.get(name)
        if tag == "c":
            self.cell(said)
        elif tag == "v" or (tag == "t" and not self.aloud):
            self.inside = True
        elif tag == "f":
            self.formula = True
        elif tag == "row":
            self.new_row(said)
        elif tag == "rPh":
            self.aloud = True
        elif tag == "mergeCell":
            self.merge(said["ref"])

    def end(self, name: str) -> None:
        tag = TAGS.get(name)
        if tag == "c":
            self.close()
        elif tag in ("v", "t"):
            self.inside = False
        elif tag == "rPh":
            self.aloud = False

    def say(self, text: str) -> None:
        if self.inside:
            self.text.append(text)

    def new_row(self, said: Mapping[str, str]) -> None:
        row = int(said["r"]) - 1 if "r" in said else self.row + 1
        if not self.row < row < MOST_ROWS:
            raise ValueError
        self.row, self.column = row, -1
        self.done = self.done or row >= self.most
        self.sheet.hidden |= said.get("hidden") in TRUE

    def cell(self, said: Mapping[str, str]) -> None:
        place = said.get("r")
        self.column = self.column + 1 if place is None else self.place(place)
        self.kind, self.style = said.get("t", "n"), said.get("s", "")
        self.text, self.formula = [], False

    def place(self, name: str) -> int:
        letters = name.rstrip("0123456789")
        if letters not in self.places:
            self.places[letters] = _column(letters)
        return self.places[letters]

    def close(self) -> None:
        if self.done:
            return
        text = "".join(self.text)
        if not text:
            # A formula may rightly have an empty text for its result.
            if self.formula and self.kind != "str":
                self.sheet.not_counted.append((self.row, self.column))
            return
        self.sheet.length = self.row + 1
        if self.wanted is None or self.column in self.sheet.columns:
            column = self.sheet.columns.setdefault(self.column, [])
            column.extend([None] * (self.row - len(column)))
            if len(column) != self.row:
                raise ValueError
            column.append(self.value(text))

    def value(self, text: str) -> Any:
        if self.kind == "s":
            return self.book.strings[int(text)]
        if self.kind == "b":
            return text in TRUE
        if self.kind != "n":
            return text
        number = float(text) if "." in text or "e" in text.lower() else int(text)
        style = int(self.style or 0)
        if style in self.book.days or style in self.book.spans:
            return _day(number, self.book, span=style in self.book.spans)
        return number

    def merge(self, box: str) -> None:
        first, _, last = box.partition(":")
        (a, b), (c, d) = _corner(first), _corner(last or first)
        self.sheet.merged.append((a, b, c, d))

    def finished(self) -> Sheet:
        for column in self.sheet.columns.values():
            column.extend([None] * (self.sheet.length - len(column)))
        return self.sheet


def _day(number: float, book: Book, *, span: bool) -> Any:
    from openpyxl.utils.datetime import from_excel

    try:
        return from_excel(number, book.epoch, timedelta=span)
    except (OverflowError, ValueError):
        # As Excel shows a day that is none.
        return "#VALUE!"


def _column(letters: str) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + ord(letter) - 64
    if not 0 < at <= MOST_COLUMNS:
        raise ValueError
    return at - 1


def _corner(name: str) -> tuple[int, int]:
    letters = name.rstrip("0123456789")
    return _column(letters), int(name[len(letters) :]) - 1
