"""A CSV file as text: separator and encoding found out, every value as it stands.

Nothing is guessed about types: ``01`` and ``1`` are two texts here and stay two.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from impact.data.table import Table, doubled, kept, refuse
from impact.errors import DataError, Fault

__all__ = ["read_csv"]

SEPARATORS = (",", ";", "\t")
OTHER_FILES = {
    b"PK\x03\x04": "a workbook or a zip archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
PIECE = 1 << 22
RESAVE = "save it as CSV UTF-8"


def read_csv(path: Path, wanted: Collection[str], where: str) -> Table:
    """Read the wanted columns of a CSV file as text.

    Parameters
    ----------
    path : Path
        The file; comma, semicolon or tab between the values, UTF-8.
    wanted : collection of str
        Columns to keep; those the file does not have are left out.
    where : str
        The file as faults name it.

    Returns
    -------
    Table
        Columns of text, an empty value as empty text.

    Raises
    ------
    DataError
        The file is no table of UTF-8 text.
    """
    raw = _text_bytes(path.read_bytes(), where)
    separator, header = _header(raw)
    _quotes_pair(raw, separator, where)
    columns = kept(header, wanted)
    # Without a known column the first row is no header, and its fault is told first.
    frame = _body(raw, header, separator, columns, where) if columns else pd.DataFrame()
    table = Table(frame, tuple(header), doubled(header), where)
    _no_second_header(table)
    return table


def _text_bytes(raw: bytes, where: str) -> bytes:
    """Return the bytes without a byte order mark, or say why they are no text."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        refuse("utf-16", where, "the text is UTF-16", "UTF-8 is expected", RESAVE)
    for magic, kind in OTHER_FILES.items():
        if raw.startswith(magic):
            advice = "name it by what it is, or " + RESAVE
            refuse("binary", where, f"this is {kind}", "a table of text is expected", advice)
    zeros = raw.count(b"\0")
    if zeros:
        found = f"{zeros} NUL bytes stand in the text"
        refuse("nul-bytes", where, found, "a table of text is expected", RESAVE)
    text = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    if not text.strip():
        refuse("empty-file", where, "the file is empty", "a header and rows are expected")
    _is_utf8(text, where)
    return text if text.endswith((b"\n", b"\r")) else text + b"\n"


def _is_utf8(text: bytes, where: str) -> None:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError as error:
        row = text.count(b"\n", 0, error.start) + 1
        found = "the text is not UTF-8 (saved by an older program as Latin-1, it seems)"
        fault = Fault("not-utf-8", where, found, advice=RESAVE, rows=(row,))
        raise DataError(fault) from None


def _header(raw: bytes) -> tuple[str, list[str]]:
    """Return the separator and the names in the first row."""
    head = raw[: 1 << 20].decode("utf-8", "ignore")
    bare = re.sub(r'"[^"]*"', "", head).splitlines()[0] if head else ""
    separator = max(SEPARATORS, key=bare.count)
    first = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator))
    return separator, [name.strip() for name in first]


def _quotes_pair(raw: bytes, separator: str, where: str) -> None:
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


def _body(
    raw: bytes, header: list[str], separator: str, kept: list[int], where: str
) -> pd.DataFrame:
    """Parse the rows below the header; only the kept columns are made."""
    import pyarrow as pa

    names = [str(at) for at in range(len(header))]
    read = [str(at) for at in kept]
    uneven: list[Any] = []
    try:
        table = _parse(raw, names, separator, read, uneven, threads=True)
        if uneven:
            uneven.clear()
            _parse(raw, names, separator, read, uneven, threads=False)
    except pa.ArrowInvalid:
        found = "the rows cannot be told apart"
        refuse("csv-unreadable", where, found, advice='look for a stray " or line break')
    if uneven:
        found = f"{len(uneven)} rows have more or fewer values than the header has names"
        rows = tuple(sorted(row for row in uneven if row is not None))
        expected = f"{len(header)} values are expected in each"
        advice = "look for an unquoted separator or an unfinished last row"
        raise DataError(Fault("ragged-rows", where, found, expected, advice, rows[:1000]))
    if not table.num_rows:
        refuse("no-rows", where, "the file has a header and no rows", "rows are expected")
    frame: pd.DataFrame = table.to_pandas()
    return frame.set_axis([header[at] for at in kept], axis=1).set_index(
        pd.RangeIndex(table.num_rows)
    )


def _parse(
    raw: bytes,
    names: list[str],
    separator: str,
    read: list[str],
    uneven: list[Any],
    *,
    threads: bool,
) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    def note(row: Any) -> str:
        uneven.append(row.number)
        return "skip"

    return arrow_csv.read_csv(
        pa.BufferReader(raw),
        arrow_csv.ReadOptions(
            use_threads=threads,
            block_size=1 << 23,
            column_names=names,
            skip_rows_after_names=1,
        ),
        arrow_csv.ParseOptions(
            delimiter=separator, newlines_in_values=b'"' in raw, invalid_row_handler=note
        ),
        arrow_csv.ConvertOptions(
            include_columns=read, column_types=dict.fromkeys(read, pa.string())
        ),
    )


def _no_second_header(table: Table) -> None:
    """Files pasted below one another carry their headers along."""
    frame = table.frame
    again = np.ones(len(frame), dtype=bool)
    for name in frame.columns:
        again &= (frame[name] == name).to_numpy(dtype=bool)
    if again.any():
        found = f"{int(again.sum())} rows below the header repeat the header"
        advice = "remove them: they stand where files were pasted together"
        rows = tuple(int(at) + 2 for at in np.flatnonzero(again)[:1000])
        raise DataError(Fault("header-repeated", table.where, found, "", advice, rows))
