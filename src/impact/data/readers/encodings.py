"""Which letters the bytes of a text stand for: UTF-8, what a mark says, or Windows-1252.

A text of an older program does not say in which of the one-byte encodings it is written.
Windows-1252 (and ISO-8859-1, its part) is read where nothing speaks against it; the
letters of Greek, Romanian, Slovene or Latvian files, read so, stand where no Western
language has them. Such a file is refused: a wrong letter would part one place in two.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from typing import NoReturn

from impact.data.table import refuse
from impact.errors import DataError, Fault

__all__ = ["WINDOWS", "as_utf8", "is_western", "not_known", "older_as_utf8", "said_as_utf8"]

WINDOWS = "Windows-1252"
PIECE = 1 << 22
# One character a byte; what Windows-1252 leaves open is shown as such.
LETTERS = "".join(bytes([at]).decode("cp1252", "replace") for at in range(256))
CONTROL = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f]")
PAIRS = re.compile(
    rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
)
UNICODE = (
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
# Each is a sign that the text is not Western: how its letters look when read as if it were.
ELSEWHERE = re.compile(
    "|".join(
        (
            "\ufffd",
            # Greek and Cyrillic: whole words of letters that are accented in the West.
            r"[À-ÖØ-öø-ÿ]{3}|\b[À-ÖØ-öø-ÿ]{2}\b",
            # Signs inside words: ł, ą, ş, ľ of central Europe; whole alphabets of DOS.
            "[A-Za-zÀ-ÿ][‚ƒ„…†‡ˆ‰‹‘“”•˜™›¡-©«¬®-¶¸-¿×÷](?=[A-Za-zÀ-ÿ])",
            "[A-Za-zÀ-ÿ][¹¾µ]",
            "[A-MO-Za-mo-zÀ-ÿ][ºª]|[A-Za-z][Nn]º",
            "[¹²³¾ºªµ¼][a-zà-ÿ]",
            # A capital behind a small letter.
            "[a-zà-ÿ][À-ÖØ-ÞŠŒŽŸ]",
            # Letters that Western Europe without Iceland does not write: ţ, ž, š, đ.
            "[ðþÐÞ]",
            # ă: only Portuguese has ã, before o and e.
            "[ãÃ](?![oeOE])",
            # č before a vowel, behind e or at the head of a word; ē before a consonant.
            "[èÈ][aeiouAEIOU]|eè",
            r"\b[èÈ][b-df-hj-np-tv-z]{2}|\b[ùÙìÌï]\w|\b[òÒ][aeiou]",
            r"[çÇ](?![aeiouãõAEIOUs]|\b)|\b[Çç](?![aAuU])",
            # ļ behind a consonant; ā, ī, ū at the end of a word, before j, or twice in it.
            "[b-df-hj-np-tv-z]ï",
            r"[âîûÂÎÛ]\b|[âîû][jzgbkv]|[âçîû]\w?\w?[âçîû]",
        )
    )
)


def as_utf8(raw: bytes, where: str) -> tuple[bytes, str]:
    """Return a text as UTF-8 without its mark, and the name of its encoding if another one.

    Parameters
    ----------
    raw : bytes
        The whole file.
    where : str
        The file as faults name it.

    Returns
    -------
    tuple of bytes and str
        The name is empty for UTF-8, and for text that is not: `older_as_utf8` reads that.

    Raises
    ------
    DataError
        A mark says UTF-16 and the bytes are not, or NUL bytes stand in the text.
    """
    for mark, codec, name in UNICODE:
        if raw.startswith(mark):
            try:
                return raw.decode(codec).encode(), name
            except UnicodeError:
                found = f"the text begins as {name} and does not go on so"
                refuse("cut-off", where, found, advice="it is cut off, it seems: save it again")
    zeros = raw.count(b"\0")
    if zeros:
        found, expected = f"{zeros} NUL bytes stand in the text", "a table of text is expected"
        refuse("nul-bytes", where, found, expected, "save it as CSV UTF-8")
    return raw.removeprefix(codecs.BOM_UTF8), ""


def said_as_utf8(raw: bytes, encoding: str, where: str) -> tuple[bytes, str]:
    """Return a text as UTF-8 whose encoding the params file says, and that encoding's name.

    Parameters
    ----------
    raw : bytes
        The whole file.
    encoding : str
        A name that Python knows.
    where : str
        The file as faults name it.

    Returns
    -------
    tuple of bytes and str
        The name is empty where the text is plain or UTF-8.

    Raises
    ------
    DataError
        The bytes are no such text, or are UTF-8 or UTF-16 and another encoding is said.
    """
    codec = codecs.lookup(encoding.strip())
    marked = next((name for mark, _, name in UNICODE if raw.startswith(mark)), "")
    is_utf8 = not marked and _is_utf8(raw)
    if codec.name in ("utf-8", "utf-8-sig") or (is_utf8 and raw.isascii() and b"\0" not in raw):
        if is_utf8:
            return as_utf8(raw, where)
        found = "the text is not written in UTF-8, as data.encoding says"
        refuse("other-encoding", where, found, advice="mend data.encoding, or take it out")
    if marked:
        if codec.name.startswith(marked.lower()):
            return as_utf8(raw, where)
        found = f"the text begins as {marked}, and data.encoding says '{encoding}'"
        refuse("other-encoding", where, found, advice="take data.encoding out")
    if is_utf8 and not raw.isascii():
        found = f"the text is written in UTF-8, and data.encoding says '{encoding}'"
        refuse("other-encoding", where, found, advice="take data.encoding out")
    return as_utf8(_decoded(raw, codec.name, where), where)[0], encoding.strip()


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(raw: bytes, name: str, where: str) -> bytes:
    decoder = codecs.getincrementaldecoder(name)("strict")
    pieces: list[bytes] = []
    try:
        for at in range(0, len(raw), PIECE):
            part = raw[at : at + PIECE]
            pieces.append(decoder.decode(part, at + PIECE >= len(raw)).encode())
    except UnicodeError:
        row = sum(piece.count(b"\n") for piece in pieces) + 1
        found = f"the text holds bytes that are no letters of {name}"
        advice = "mend data.encoding, or take it out; or save the file as CSV UTF-8"
        expected = f"look from row {row} on"
        raise DataError(Fault("other-encoding", where, found, expected, advice)) from None
    return b"".join(pieces)


def older_as_utf8(raw: bytes) -> bytes | None:
    """Return text of a one-byte encoding, read as Windows-1252; None if it is none.

    Control characters, and letters written in UTF-8 among others, are in no such text.
    """
    if CONTROL.search(raw) or PAIRS.search(raw):
        return None
    pieces = (raw[at : at + PIECE] for at in range(0, len(raw), PIECE))
    return b"".join(codecs.charmap_decode(part, "strict", LETTERS)[0].encode() for part in pieces)


def is_western(texts: Iterable[str]) -> bool:
    """Say whether texts that were read as Windows-1252 can be what they say.

    Examples
    --------
    >>> is_western(["Orléans", "Nº 3", "col·laboració", "perché", "coördinatie"])
    True
    >>> is_western(["ÁèÞíá"]), is_western(["Bucureºti"]), is_western(["Èrnomelj"])
    (False, False, False)
    """
    return not any(ELSEWHERE.search(text) for text in texts)


def not_known(where: str, row: int | None = None) -> NoReturn:
    """Refuse a text of which one cannot know its letters."""
    found = "the text is not UTF-8, and its letters fit no Western encoding"
    expected = "it may be Greek, Romanian, Slovene or Latvian of an older program, or cut off"
    advice = "open it where it was made and save it as CSV UTF-8"
    fault = Fault("not-utf-8", where, found, expected, advice, () if row is None else (row,))
    raise DataError(fault) from None
