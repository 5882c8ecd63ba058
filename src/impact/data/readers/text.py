"""The bytes of a file as text, whatever program wrote them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from impact.data.readers.encodings import WINDOWS, as_utf8, not_known, older_as_utf8, said_as_utf8
from impact.data.table import refuse

__all__ = ["Text", "text_of"]

OTHER_FILES = {
    b"PK\x03\x04": "a workbook or a zip archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"$FL2": "an SPSS file",
    b"$FL3": "an SPSS file",
    b"<stata_dta>": "a Stata file",
    b"SQLite format 3": "a database",
}
RESAVE = "save it as CSV UTF-8"
# A first line in which Excel names the separator.
NAMED = re.compile(rb'^"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True)
class Text:
    """The bytes of a table, in UTF-8 and ending in a line end.

    Parameters
    ----------
    raw : bytes
        Header and rows.
    encoding : str
        What it was written in; empty for UTF-8.
    separator : str
        As the file itself names it; empty where it does not.
    row : int or None
        The row of the first letter that was not UTF-8.
    """

    raw: bytes
    encoding: str = ""
    separator: str = ""
    row: int | None = None


def text_of(raw: bytes, where: str, said: str | None = None) -> Text:
    """Return the text as UTF-8, or say why it is none; ``said`` is its encoding, if known."""
    for magic, kind in OTHER_FILES.items():
        if raw.startswith(magic):
            advice = "name it by what it is, or " + RESAVE
            refuse("binary", where, f"this is {kind}", "a table of text is expected", advice)
    text, encoding = as_utf8(raw, where) if said is None else said_as_utf8(raw, said, where)
    named = NAMED.match(text)
    text = text[named.end() if named else 0 :].lstrip(b"\r\n")
    if not text.strip():
        refuse("empty-file", where, "the file is empty", "a header and rows are expected")
    row = _not_utf8(text)
    if row is not None:
        # Where nothing but the last letter is amiss, the rest of it was cut off.
        older = None if text[:-3].isascii() and not text.endswith(b"\n") else older_as_utf8(text)
        if older is None:
            not_known(where, row)
        text, encoding = older, WINDOWS
    whole = text if text.endswith((b"\n", b"\r")) else text + b"\n"
    return Text(whole, encoding, named[1].decode() if named else "", row)


def _not_utf8(text: bytes) -> int | None:
    """Return the row of the first byte that is not UTF-8."""
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        return text.count(b"\n", 0, error.start) + 1
    return None
