"""Rules of the files: which they are, inside the project, and what fits their kind."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

from impact.spec.draft import Breach, Draft
from impact.spec.nodes import said_of
from impact.spec.place import Key
from impact.spec.project import is_url
from impact.spec.records import NO_TEXT
from impact.spec.words import shown

__all__ = ["breaches"]

NO_WORKBOOK = frozenset({".csv", ".tsv", ".txt", ".parquet", ".pq", ".dta", ".sav"})
NO_QUERY = frozenset({".xlsx", ".xlsm", ".xls", ".dta", ".sav"})
# Python's names for what turns bytes into text and is no way in which tables are written.
NO_LETTERS = frozenset(
    {"idna", "mbcs", "oem", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"}
)
PATH, SHEET, QUERY = ("data", "path"), ("data", "sheet"), ("data", "query")
ENCODING = ("data", "encoding")


def breaches(draft: Draft) -> Iterator[Breach]:
    """Yield what is wrong with the names of the files, their sheets and the query."""
    one, several = draft.gives(*PATH), draft.gives("data", "waves")
    if not one and not several and draft.gives("data"):
        wanted = f"expected text: {said_of(PATH)}"
        yield Breach(PATH, "missing-key", "the key 'data.path' is missing or empty", wanted)
    if one and several:
        found = "both 'path' and 'waves' say where the records are"
        yield Breach(("data", "waves"), "contradiction", found, "", "keep one of them")
    yield from _file(PATH, draft.text(*PATH) or "", SHEET, draft.text(*SHEET))
    for period, file in (draft.data.waves if draft.data else {}).items():
        key: Key = ("data", "waves", period)
        yield from _file((*key, "path"), file.path, (*key, "sheet"), file.sheet)
        yield from _encoding((*key, "encoding"), file.encoding, file.path)
    yield from _encoding(ENCODING, draft.text(*ENCODING), draft.text(*PATH) or "")
    if several and not one and draft.gives(*SHEET):
        advice = "write it in the wave: {path: …, sheet: …}"
        yield Breach(SHEET, "key-without-use", "each wave names its own sheet", "", advice)
    yield from _query(draft)


def _file(key: Key, path: str, sheet_key: Key, sheet: str | None) -> Iterator[Breach]:
    path = path.strip()
    if is_url(path):
        return
    if not path.isprintable():
        yield Breach(key, "wrong-value", "the path holds a character that no file name has")
    absolute = PurePosixPath(path).is_absolute() or PureWindowsPath(path).is_absolute()
    if path.startswith("~") or (not absolute and _leaves(path)):
        yield Breach(
            key,
            "path-leaves-project",
            f"{shown(path)} leaves the project",
            "expected a file inside the project, an absolute path or a URL",
            "put the file in data/, or write its absolute path",
        )
    if sheet and PurePosixPath(path.lower()).suffix in NO_WORKBOOK:
        found = f"a sheet is named, but {shown(path)} is no workbook"
        yield Breach(sheet_key, "sheet-without-workbook", found, "", "leave 'sheet' out")


def _encoding(key: Key, encoding: str | None, path: str) -> Iterator[Breach]:
    if encoding is None:
        return
    if not _has_letters(encoding):
        wanted = "expected such as cp1253, windows-1257 or iso-8859-2"
        yield Breach(key, "wrong-value", f"{shown(encoding)} is no known encoding", wanted)
    if PurePosixPath(path.strip().lower()).suffix in NO_TEXT:
        found = f"an encoding is named, but {shown(path)} is no file of text"
        yield Breach(key, "key-without-use", found, "", "leave 'encoding' out")


def _has_letters(encoding: str) -> bool:
    """Whether tables of text can be written so."""
    try:
        codec = codecs.lookup(encoding.strip())
        "".encode(codec.name)
    except (LookupError, ValueError, UnicodeError):
        return False
    return codec.name.replace("-", "_") not in NO_LETTERS


def _leaves(path: str) -> bool:
    windows = PureWindowsPath(path)
    if windows.root and not windows.drive:
        return True
    depth = 0
    for part in windows.parts:
        depth += -1 if part == ".." else 1
        if depth < 0:
            return True
    return False


def _query(draft: Draft) -> Iterator[Breach]:
    if not draft.text(*QUERY):
        return
    path = (draft.text(*PATH) or "").strip()
    if draft.gives("data", "waves") and not draft.gives(*PATH):
        found, advice = "a query asks one source, not waves", "join the waves in the query"
    elif draft.gives(*ENCODING):
        found, advice = "a query reads UTF-8 alone", "save the file as CSV UTF-8"
    elif draft.gives(*SHEET) or PurePosixPath(path.lower()).suffix in NO_QUERY:
        found = f"{shown(path)} takes no query"
        advice = "a database, a CSV or a Parquet file does; leave 'query' out for others"
    else:
        return
    yield Breach(QUERY, "key-without-use", found, "", advice)
