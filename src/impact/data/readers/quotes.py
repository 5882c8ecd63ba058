"""Whether the quotation marks of a table of text pair up."""

from __future__ import annotations

import numpy as np

from impact.errors import DataError, Fault

__all__ = ["quotes_pair"]

PIECE = 1 << 22


def quotes_pair(raw: bytes, separator: str, where: str) -> None:
    """Refuse stray quotation marks: two of them would swallow the rows between."""
    stray = _stray_quote(raw, separator) if b'"' in raw else None
    if stray is not None:
        row = raw.count(b"\n", 0, stray) + 1
        found = "a quotation mark is opened and not closed, or stands inside a value"
        advice = 'look for a single " and remove it'
        raise DataError(Fault("stray-quote", where, found, "", advice, (row,)))


def _stray_quote(raw: bytes, separator: str) -> int | None:
    """Return where the first quotation mark stands that neither opens nor closes a value.

    Marks open and close in turn. One that opens stands behind a separator, one that
    closes before one; or they touch, which is how a mark inside a value is written.
    """
    text = np.frombuffer(raw, dtype=np.uint8)
    edge = np.zeros(256, dtype=bool)
    edge[list(f'{separator}\r\n"'.encode())] = True
    seen = 0
    for begin in range(0, len(text), PIECE):
        at = np.flatnonzero(text[begin : begin + PIECE] == ord('"')) + begin
        opening = (np.arange(len(at)) + seen) % 2 == 0
        beside = np.where(opening, at - 1, np.minimum(at + 1, len(text) - 1))
        stray = ~edge[text[beside]]
        stray[: int(begin == 0 and len(at) and at[0] == 0)] = False
        if stray.any():
            return int(at[stray][0])
        seen += len(at)
    return raw.rfind(b'"') if seen % 2 else None
