"""Files as evaluators hold them, written so that the same records give the same bytes.

A workbook and an SPSS file say when they were written. Here they say the day on which the
recipe was made.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd
import pyreadstat
from source.table import FETCHED

MADE = dt.datetime.fromisoformat(FETCHED)
# Where an SPSS file states day and time of its making: behind kind, product and counts.
SPSS_DAY, SPSS_TIME = slice(92, 101), slice(101, 109)


@dataclass(frozen=True)
class Codebook:
    """What an SPSS file says of its columns.

    Parameters
    ----------
    title : str
        Of the file.
    questions : mapping of str to str
        Label of each column.
    labels : mapping of str to mapping of int to str
        Label of each code.
    missing : mapping of str to list of int
        Codes that the file itself calls missing.
    formats : mapping of str to str
        Where a column has another than the usual one.
    """

    title: str
    questions: Mapping[str, str]
    labels: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    missing: Mapping[str, Sequence[int]] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)


def as_sav(frame: pd.DataFrame, book: Codebook) -> bytes:
    """Return an SPSS file with labels and user-missing codes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.sav"
        pyreadstat.write_sav(
            frame,
            path,
            file_label=book.title,
            column_labels=dict(book.questions),
            variable_value_labels={name: dict(codes) for name, codes in book.labels.items()},
            missing_ranges={name: list(codes) for name, codes in book.missing.items()},
            variable_format=dict(book.formats),
        )
        content = bytearray(path.read_bytes())
    content[SPSS_DAY] = f"{MADE:%d %b %y}".encode()
    content[SPSS_TIME] = f"{MADE:%H:%M:%S}".encode()
    return bytes(content)


def as_workbook(frame: pd.DataFrame, sheet: str, notes: Sequence[str]) -> bytes:
    """Return a workbook of one sheet of records and a second one with notes."""
    book = openpyxl.Workbook()
    records = book.active
    records.title = sheet
    records.append(list(frame))
    for row in frame.astype(object).itertuples(index=False):
        records.append([None if pd.isna(value) else value for value in row])
    for column in records.iter_cols(min_row=2):
        for cell in column:
            if isinstance(cell.value, dt.date):
                cell.number_format = "dd/mm/yyyy"
    said = book.create_sheet("Notes")
    for note in notes:
        said.append([note])
    stream = io.BytesIO()
    book.save(stream)
    return _undated(stream.getvalue())


def _undated(workbook: bytes) -> bytes:
    """Return the workbook with one day in place of the moment in which it was written.

    Its parts are stored as they are: how well they are packed depends on the machine.
    """
    stream, when = io.BytesIO(), MADE.timetuple()[:6]
    moment = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, when)
            part.create_system = 0
            day = rb"\g<1>" + f"{MADE:%Y-%m-%dT%H:%M:%SZ}".encode()
            new.writestr(part, moment.sub(day, old.read(name)))
    return stream.getvalue()
