"""Workbooks: sheets, headers, formulas, dates, and XML that was tampered with."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from .base import ANY, GOOD, RIGHT, Broken, good, put, workbook

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
NO_BOOK = ("not-a-workbook",)


def _as_excel_writes(raw: bytes) -> bytes:
    """Return a workbook with its texts in a part of their own, as Excel writes them."""
    texts: list[bytes] = []

    def shared(found: re.Match[bytes]) -> bytes:
        texts.append(found[1])
        return b't="s"><v>%d</v>' % (len(texts) - 1)

    sheet = re.sub(rb't="inlineStr"><is><t>([^<]*)</t></is>', shared, _part(SHEET, raw))
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    listed = b"".join(b"<si><t>" + text + b"</t></si>" for text in texts)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    types = _part("[Content_Types].xml", raw).decode()
    part = f'<Override PartName="/{STRINGS}" ContentType="{kind}" /></Types>'
    parts: dict[str, bytes | None] = {
        SHEET: sheet,
        STRINGS: f'<sst xmlns="{main}">'.encode() + listed + b"</sst>",
        "[Content_Types].xml": types.replace("</Types>", part).encode(),
    }
    return _with(parts, raw=raw)


def _part(name: str, raw: bytes | None = None) -> bytes:
    with zipfile.ZipFile(io.BytesIO(RAW if raw is None else raw)) as archive:
        return archive.read(name)


def _with(parts: dict[str, bytes | None], level: int = 6, raw: bytes | None = None) -> bytes:
    """Return the good workbook with some parts others, or without them."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(RAW if raw is None else raw)) as before,
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive,
    ):
        for name in before.namelist():
            if name not in parts:
                archive.writestr(name, before.read(name))
        for name, part in parts.items():
            if part is not None:
                archive.writestr(name, part)
    return held.getvalue()


RAW = _as_excel_writes(GOOD[".xlsx"])


Change = Callable[[openpyxl.Workbook, Any], None]
LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
    + b"]>"
)


def of_excel() -> Iterator[Broken]:
    """Give every case."""
    yield from _sheets()
    for name, (change, due) in {**_headers(), **_cells()}.items():
        yield Broken(f"xlsx-{name}", ".xlsx", _changed(change), due)
    for name, raw, due in (*_parts(), *_xml()):
        yield Broken(f"xlsx-{name}", ".xlsx", put(raw), due)
    yield Broken("xlsx-called.xlsm", ".xlsm", put(RAW), (RIGHT,))


def _changed(change: Change) -> Callable[[Path], None]:
    def make(path: Path) -> None:
        book = workbook(good())
        change(book, book.active)
        book.save(path)

    return make


def _sheets() -> Iterator[Broken]:
    def two(book: openpyxl.Workbook, page: Any) -> None:
        book.create_sheet("Codebook").append(["column", "label"])

    def bare(book: openpyxl.Workbook, page: Any) -> None:
        book.create_sheet("Sheet2")
        book.create_sheet("Sheet3", 0)

    def empty(book: openpyxl.Workbook, page: Any) -> None:
        page.delete_rows(1, 100)

    def hidden(book: openpyxl.Workbook, page: Any) -> None:
        two(book, page)
        page.sheet_state = "hidden"

    named = {"sheet": "Survey"}
    two_sheets = _changed(two)
    yield Broken("xlsx-two-sheets", ".xlsx", two_sheets, ("several-sheets",))
    yield Broken("xlsx-two-sheets-one-named", ".xlsx", two_sheets, (RIGHT,), named)
    yield Broken(
        "xlsx-other-sheet-named", ".xlsx", two_sheets, ("no-known-column",), {"sheet": "Codebook"}
    )
    yield Broken(
        "xlsx-sheet-misspelt", ".xlsx", two_sheets, ("sheet-missing",), {"sheet": "Surveys"}
    )
    yield Broken(
        "xlsx-sheet-unlike-any", ".xlsx", two_sheets, ("sheet-missing",), {"sheet": "Wxyz"}
    )
    yield Broken("xlsx-empty-sheets-beside", ".xlsx", _changed(bare), (RIGHT,))
    yield Broken("xlsx-empty-sheet", ".xlsx", _changed(empty), ("empty-sheet",))
    yield Broken("xlsx-empty-sheet-named", ".xlsx", _changed(empty), ("empty-sheet",), named)
    yield Broken("xlsx-sheet-hidden", ".xlsx", _changed(hidden), (RIGHT,), named)


def _headers() -> dict[str, tuple[Change, tuple[str, ...]]]:
    def title(book: Any, page: Any) -> None:
        page.insert_rows(1, 2)
        page["A1"] = "Survey of the city"

    def title_beside_a_name(book: Any, page: Any) -> None:
        page.insert_rows(1)
        page["A1"] = "person"

    def over(book: Any, page: Any) -> None:
        page.merge_cells("E1:F1")

    def over_rows(book: Any, page: Any) -> None:
        page.merge_cells("A1:A2")

    return {
        "title-above": (title, ("header-not-first",)),
        "one-name-above": (title_beside_a_name, ("header-not-first",)),
        "blank-rows-above": (lambda book, page: page.insert_rows(1, 3), (RIGHT,)),
        "blank-columns-before": (lambda book, page: page.insert_cols(1, 2), (RIGHT,)),
        "header-merged": (over, ("merged-header",)),
        "header-over-two-rows": (over_rows, ("merged-header",)),
        "header-missing": (lambda book, page: page.delete_rows(1), ("no-known-column",)),
        "header-alone": (lambda book, page: page.delete_rows(2, 100), ("no-rows",)),
        "name-twice": (_cell("F1", "trust"), ("duplicate-column",)),
        "name-blank": (_cell("F1", None), (RIGHT,)),
        "wanted-name-blank": (_cell("D1", None), ("column-missing",)),
        "name-a-number": (_cell("F1", 2021), (RIGHT,)),
        "name-padded": (_cell("D1", "  trust "), (RIGHT,)),
    }


def _cell(place: str, value: object) -> Change:
    def change(book: Any, page: Any) -> None:
        page[place] = value

    return change


def _cells() -> dict[str, tuple[Change, tuple[str, ...]]]:
    def days(book: Any, page: Any) -> None:
        for row in range(2, page.max_row + 1):
            wave = page.cell(row, 2)
            wave.value = dt.datetime(2021, 3, wave.value)

    def of_1904(book: Any, page: Any) -> None:
        book.epoch = CALENDAR_MAC_1904
        days(book, page)

    def no_days(book: Any, page: Any) -> None:
        for row in range(2, page.max_row + 1):
            page.cell(row, 2).value = -5000000
            page.cell(row, 2).number_format = "yyyy-mm-dd"

    def long_ids(book: Any, page: Any) -> None:
        for row in range(2, page.max_row + 1):
            page.cell(row, 1).value = 10**16 + row // 2

    def truth(book: Any, page: Any) -> None:
        for row in range(2, page.max_row + 1):
            page.cell(row, 3).value = bool(page.cell(row, 3).value)

    def hidden(book: Any, page: Any) -> None:
        page.row_dimensions[5].hidden = True

    def far(book: Any, page: Any) -> None:
        page["XFD1"] = "far"
        page.cell(60, 40).number_format = "0.00"

    return {
        "formula-never-counted": (_cell("D5", "=1+1"), ("formula-not-counted",)),
        "formula-unread": (_cell("F5", "=1+1"), (RIGHT,)),
        "formula-of-another-file": (_cell("D5", "='[1]Other'!A1"), ("formula-not-counted",)),
        "cells-merged": (lambda book, page: page.merge_cells("E2:E3"), ("merged-cells",)),
        "unread-cells-merged": (lambda book, page: page.merge_cells("F2:F9"), (RIGHT,)),
        "failed-reference": (_cell("D5", "#REF!"), ("formula-error",)),
        "failed-lookup": (_cell("D5", "#N/A"), (ANY,)),
        "spilt": (_cell("E5", "#SPILL!"), ("formula-error",)),
        "days": (days, ("start-form",)),
        "days-of-1904": (of_1904, ("start-form",)),
        "days-that-are-none": (no_days, ("formula-error",)),
        "number-of-17-digits": (long_ids, ("digits-lost",)),
        "true-and-false": (truth, (RIGHT,)),
        "rows-hidden": (hidden, (RIGHT,)),
        "a-cell-far-out": (far, (RIGHT,)),
        "blank-row-between": (lambda book, page: page.insert_rows(9), ("unit-missing",)),
        "text-in-outcome": (_cell("D5", "much"), ("text-in-number",)),
        "day-in-outcome": (_cell("D5", dt.datetime(2021, 3, 1)), ("text-in-number",)),
        "hours-in-outcome": (_cell("D5", dt.time(14, 30)), ("text-in-number",)),
        "span-in-outcome": (_cell("D5", dt.timedelta(hours=30)), ("text-in-number",)),
        "truth-in-outcome": (_cell("D5", True), ("text-in-number",)),
        "blanks-in-outcome": (_cell("D5", "   "), (ANY,)),
        "text-of-32767-letters": (_cell("F5", "x" * 32767), (RIGHT,)),
        "comma-in-text-number": (_cell("D5", "3,5"), ("text-in-number",)),
    }


def _parts() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    for part in (SHEET, STRINGS, "xl/workbook.xml", "[Content_Types].xml"):
        yield f"without-{part}", _with({part: None}), NO_BOOK
        yield f"{part}-empty", _with({part: b""}), NO_BOOK
        yield f"{part}-no-xml", _with({part: b"<<<<"}), NO_BOOK
        yield f"{part}-cut-off", _with({part: _part(part)[: len(_part(part)) // 2]}), NO_BOOK
    yield "without-styles", _with({"xl/styles.xml": None}), (ANY,)
    protected = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
    yield "password", protected + b"\0" * 500, ("password",)
    flagged = bytearray(RAW)
    for found in re.finditer(b"PK\x01\x02", RAW):
        flagged[found.start() + 8] |= 1
    yield "zip-password", bytes(flagged), ("password",)
    yield "zip-bomb", _with({SHEET: b"\0" * (400 << 20)}, level=1), ("too-large",)
    yield "zip-bomb-beside", _with({"xl/media/x.xml": b" " * (400 << 20)}, level=1), ("too-large",)
    yield "texts-shared", RAW, (RIGHT,)
    yield "fake-link", _with({"xl/externalLinks/externalLink1.xml": b"<x/>"}), (RIGHT,)


def _xml() -> Iterator[tuple[str, bytes, tuple[str, ...]]]:
    sheet = _part(SHEET)
    head = sheet.index(b"<worksheet")
    laughs = sheet[:head] + LAUGHS + sheet[head:].replace(b"<v>1</v>", b"<v>&j;</v>", 1)
    yield "billion-laughs", _with({SHEET: laughs}), NO_BOOK
    strings = _part(STRINGS)
    at = strings.index(b"<sst")
    laughs = strings[:at] + LAUGHS + re.sub(b"<t>[^<]*</t>", b"<t>&j;</t>", strings[at:], count=1)
    yield "billion-laughs-in-strings", _with({STRINGS: laughs}), NO_BOOK
    outside = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    entity = sheet[:head] + outside + sheet[head:].replace(b"<v>1</v>", b"<v>&a;</v>", 1)
    yield "entity-of-another-file", _with({SHEET: entity}), NO_BOOK
    for name, old, new, due in (
        ("string-that-is-none", b't="s"><v>0</v>', b't="s"><v>99999</v>', NO_BOOK),
        ("row-beyond-excel", b'<row r="5"', b'<row r="9999999999"', NO_BOOK),
        ("rows-out-of-order", b'<row r="5"', b'<row r="2"', NO_BOOK),
        ("column-beyond-excel", b'r="A5"', b'r="AAAAA5"', NO_BOOK),
        ("column-of-no-letters", b'r="A5"', b'r="55"', NO_BOOK),
        ("column-twice-in-a-row", b'r="B5"', b'r="A5"', NO_BOOK),
        ("number-that-is-none", b'r="B5" t="n"><v>', b'r="B5" t="n"><v>x', NO_BOOK),
        ("style-that-is-none", b'r="B5"', b'r="B5" s="x"', NO_BOOK),
        ("size-misstated", b'<dimension ref="A1:F49"', b'<dimension ref="A1:A1"', (RIGHT,)),
        (
            "size-overstated",
            b'<dimension ref="A1:F49"',
            b'<dimension ref="A1:XFD1048576"',
            (RIGHT,),
        ),
        ("tags-not-closed", b"</row>", b"", NO_BOOK),
    ):
        assert old in sheet
        changed = sheet.replace(old, new, 1)
        yield name, _with({SHEET: changed}), due
    places = re.sub(rb' r="[A-Z]*\d+"', b"", sheet)
    yield "cells-without-places", _with({SHEET: places}), (RIGHT,)
