"""A CSV file as text: encoding, separator and decimal comma found out, and said.

Nothing is guessed about types: ``01`` and ``1`` are two texts here and stay two.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import pandas as pd

from impact.data.readers.decimals import with_points
from impact.data.readers.encodings import WINDOWS, is_western, not_known
from impact.data.readers.limit import fits
from impact.data.readers.quotes import quotes_pair
from impact.data.readers.rows import sound
from impact.data.readers.text import Text, text_of
from impact.data.table import Table, doubled, kept, refuse
from impact.errors import DataError, Fault
from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["Text", "header_of", "read_csv"]

SEPARATORS = (",", ";", "\t", "|")
PARTED = {
    ";": N_("In %(file)s, semicolons part the values."),
    "\t": N_("In %(file)s, tabs part the values."),
    "|": N_("In %(file)s, vertical bars part the values."),
}


def read_csv(
    path: Path, wanted: Collection[str], where: str, *, encoding: str | None = None
) -> Table:
    """Read the wanted columns of a CSV file as text.

    Parameters
    ----------
    path : Path
        The file; commas, semicolons, tabs or bars between the values; UTF-8, UTF-16 with
        its mark, or Windows-1252.
    wanted : collection of str
        Columns to keep; those the file does not have are left out.
    where : str
        The file as faults name it.
    encoding : str, optional
        How its letters are written; found out unless said.

    Returns
    -------
    Table
        Columns of text, an empty value as empty text. Numbers with a decimal comma have
        a point where commas do not separate. ``notes`` say what was found out.

    Raises
    ------
    DataError
        The file is no table of text, its letters or numbers may mean two things, or
        reading it would need more than 2 GiB.
    """
    # The bytes themselves, a copy in UTF-8, and the quotation marks among them.
    fits(3 * path.stat().st_size, where)
    text = text_of(path.read_bytes(), where, encoding)
    separator, header = header_of(text)
    quotes_pair(text.raw, separator, where)
    columns = kept(header, wanted)
    names = [header[at] for at in columns]
    # Without a known column the first row is no header, and its fault is told first.
    if not columns:
        return Table(pd.DataFrame(), tuple(header), doubled(header), where)
    _fits_apart(text.raw, len(columns) / len(header), len(columns), where)
    read = dict(zip(names, _body(text.raw, header, separator, columns, where), strict=True))
    foreign = _foreign(read, text, where)
    changed: tuple[str, ...] = ()
    if separator != ",":
        read, changed, faults = with_points(read, where)
        if faults:
            raise DataError(faults)
    notes = tuple(_notes(text, separator, foreign=foreign, changed=changed, where=where))
    frame = _frame(read)
    numbered = not text.separator
    return sound(
        Table(frame, tuple(header), doubled(header), where, notes=notes, numbered=numbered)
    )


def header_of(text: Text) -> tuple[str, list[str]]:
    """Return the separator and the names in the first row."""
    head = text.raw[: 1 << 20].decode("utf-8", "ignore")
    bare = re.sub(r'"[^"]*"', "", head).splitlines()[0] if head else ""
    separator = text.separator or max(SEPARATORS, key=bare.count)
    first = next(csv.reader(io.StringIO(head, newline=""), delimiter=separator))
    return separator, [name.strip() for name in first]


def _fits_apart(raw: bytes, share: float, columns: int, where: str) -> None:
    """Refuse rows whose wanted values, each with its place, do not fit beside the text."""
    rows = raw.count(b"\n") or raw.count(b"\r")
    fits(len(raw) * (2 + share) + 16 * rows * columns, where)


def _foreign(read: dict[str, Any], text: Text, where: str) -> bool:
    """Say whether a wanted column has letters beyond ASCII; refuse those of other alphabets."""
    from pyarrow import compute

    if text.encoding != WINDOWS:
        return False
    beyond = [name for name in read if not name.isascii()]
    for column in read.values():
        plain = compute.string_is_ascii(column)
        beyond += compute.unique(column.filter(compute.invert(plain))).to_pylist()
    if not is_western(beyond):
        not_known(where, text.row)
    return bool(beyond)


def _notes(
    text: Text, separator: str, *, foreign: bool, changed: tuple[str, ...], where: str
) -> list[Sentence]:
    notes = []
    if foreign or (text.encoding and text.encoding != WINDOWS):
        said = N_("%(file)s is not written in UTF-8; it is read as %(encoding)s.")
        notes.append(Sentence(said, {"file": where, "encoding": text.encoding}))
    elif text.encoding:
        said = N_("%(file)s is not written in UTF-8; no column that is read depends on it.")
        notes.append(Sentence(said, {"file": where}))
    if separator in PARTED:
        notes.append(Sentence(PARTED[separator], {"file": where}))
    if changed:
        said = N_("In %(file)s, numbers with a decimal comma are read as such: %(columns)s.")
        notes.append(Sentence(said, {"file": where, "columns": ", ".join(changed)}))
    return notes


def _body(raw: bytes, header: list[str], separator: str, kept: list[int], where: str) -> list[Any]:
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
    return list(table.columns)


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    import pyarrow as pa

    names = [str(at) for at in range(len(columns))]
    frame: pd.DataFrame = pa.table(list(columns.values()), names).to_pandas()
    return frame.set_axis(list(columns), axis=1)


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
