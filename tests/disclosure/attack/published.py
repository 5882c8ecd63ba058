"""What an outsider reads: every table, sentence and alternative text of a page, and the files."""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

import pandas as pd

from attack.press import Issue

__all__ = ["Cell", "Span", "Table", "Text", "estimates_of", "number", "read", "spans"]

VOID = frozenset({"br", "img", "meta", "link", "input", "hr", "col", "rect"})
UNREAD = frozenset({"style", "script", "svg", "head"})
SAID = frozenset({"p", "li", "dd", "dt", "figcaption", "h1", "h2", "h3", "summary"})
NUMBER = re.compile(r"[−-]?\d[\d,]*(?:\.\d+)?")


@dataclass(frozen=True)
class Span:
    """A number as it is told: the least and the most that is written like that."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The number as it is written."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class Cell:
    """One box of a table with everything that stands over it and before it."""

    section: str
    caption: str
    body: str
    row: str
    column: tuple[str, ...]
    text: str

    @property
    def hidden(self) -> bool:
        """Whether the box says that its number is withheld."""
        return self.text in ("", "not shown", "not available")


@dataclass
class Table:
    """A table as it is read: its caption, its columns' headers and its rows."""

    section: str
    caption: str = ""
    heads: list[list[tuple[str, int, int]]] = field(default_factory=list)
    rows: list[tuple[str, str, list[str]]] = field(default_factory=list)

    @property
    def columns(self) -> list[tuple[str, ...]]:
        """Return the headers over each column but the first."""
        taken: dict[tuple[int, int], str] = {}
        for down, line in enumerate(self.heads):
            at = 0
            for text, across, deep in line:
                while (down, at) in taken:
                    at += 1
                for i in range(deep):
                    for j in range(across):
                        taken[down + i, at + j] = text
                at += across
        wide = 1 + max((at for _, at in taken), default=0)
        return [
            tuple(dict.fromkeys(taken.get((i, at), "") for i in range(len(self.heads))))
            for at in range(1, wide)
        ]

    def cells(self) -> Iterator[Cell]:
        """Yield every box."""
        columns = self.columns
        for body, row, texts in self.rows:
            for column, text in zip(columns, texts, strict=False):
                yield Cell(self.section, self.caption, body, row, column, text)


@dataclass(frozen=True)
class Text:
    """A sentence with the section that it stands in.

    ``alt`` for an alternative text, ``caption`` for a table's, after which notes are its own.
    """

    section: str
    kind: str
    said: str


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.texts: list[Text] = []
        self.section = ""
        self.unread = 0
        self.aside = 0
        self.buffer: list[str] = []
        self.span = (1, 1)
        self.body = ""
        self.row: list[str] = []
        self.header = ""
        self.head = False
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in UNREAD:
            self.unread += 1
        if tag == "section" and "id" in given:
            self.section = given["id"]
        if tag == "img":
            self.texts.append(Text(self.section, "alt", given.get("alt", "")))
        if tag == "span" and given.get("aria-hidden") == "true":
            self.aside += 1
        if tag not in VOID:
            self.open.append("aside" if given.get("aria-hidden") == "true" else tag)
        if tag == "table":
            self.tables.append(Table(self.section))
        elif tag == "thead":
            self.head = True
        elif tag in ("tbody", "tfoot"):
            self.head, self.body = False, ""
        elif tag == "tr":
            self.row, self.header = [], ""
            if self.head and self.tables:
                self.tables[-1].heads.append([])
        if tag in SAID or tag in ("caption", "th", "td"):
            self.buffer = []
            self.span = (int(given.get("colspan", 1)), int(given.get("rowspan", 1)))
            self.scope = given.get("scope", "")
        if tag == "br":
            self.buffer.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        opened = self.open.pop() if self.open else ""
        if tag == "span" and opened == "aside":
            self.aside -= 1
        if tag in UNREAD:
            self.unread -= 1
        said = " ".join("".join(self.buffer).split())
        if tag in SAID and said:
            self.texts.append(Text(self.section, tag, said))
        if tag in SAID:
            self.buffer = []
        if not self.tables:
            return
        table = self.tables[-1]
        if tag == "caption":
            table.caption = said
            self.texts.append(Text(self.section, tag, said))
        elif tag in ("th", "td") and self.head:
            table.heads[-1].append((said, *self.span))
        elif tag == "th" and self.scope == "rowgroup":
            self.body = said
        elif tag == "th":
            self.header = said
        elif tag == "td":
            self.row.append(said)
        elif tag == "tr" and not self.head and self.header:
            table.rows.append((self.body, self.header, self.row))

    def handle_data(self, data: str) -> None:
        if not self.unread and not self.aside:
            self.buffer.append(data)


def read(page: str) -> tuple[list[Table], list[Text]]:
    """Return the tables and the texts of a page, in reading order."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.tables, reader.texts


def number(text: str, *, near: int = 0) -> Span | None:
    """Return what a written number may have been before it was rounded.

    Zeros at the end of a whole number may be rounded ones; ``near`` is the step to which
    the page says that numbers of people are rounded (zero: they are told exactly).
    ``fewer than 10`` is nobody to 9.
    """
    found = NUMBER.search(text)
    if not found:
        return None
    digits = found.group().replace(",", "").replace("−", "-")
    value = float(digits)
    if text.startswith("fewer"):
        return Span(0.0, value - 1)
    if near:
        rounded = value % near == 0
        return Span(*_nearest(value, near)) if rounded else Span(value, value)
    after = len(digits.partition(".")[2])
    zeros = len(digits) - len(digits.rstrip("0")) if not after and value else 0
    half = 0.5 * 10.0 ** (zeros - after)
    return Span(value - half * (1 + 1e-9), value + half * (1 + 1e-9))


def _nearest(value: float, near: int) -> tuple[float, float]:
    """Return the least and the most whole number that is rounded to a multiple; half goes up.

    What is fewer than the step is not shown at all: 10 is nobody's 5 to 9.
    """
    return max(math.ceil(value - near / 2), near), math.ceil(value + near / 2) - 1


def spans(text: str) -> list[Span]:
    """Return all numbers of a cell, such as ``12.3 (4.5)``, each as wide as its rounding."""
    if text.startswith("fewer"):
        return []
    found = [number(one.group()) for one in NUMBER.finditer(text)]
    return [span for span in found if span]


def estimates_of(issue: Issue) -> pd.DataFrame:
    """Return the file of estimates as an outsider opens it."""
    text = issue.estimates.strip()
    return pd.read_csv(io.StringIO(text)) if text else pd.DataFrame()


def significant(value: float, digits: int = 4) -> Span:
    """Return what a number of so many significant digits may have been."""
    if not value or not math.isfinite(value):
        return Span(value - 1e-9, value + 1e-9)
    own = len(f"{abs(value):.10g}".replace(".", "").strip("0")) if digits < 0 else digits
    half = 0.5 * 10.0 ** (math.floor(math.log10(abs(value))) - own + 1) * (1 + 1e-9)
    return Span(value - half, value + half)
