"""What a workbook is made of, looked at before any cell is read."""

from __future__ import annotations

import zipfile
from pathlib import Path

from impact.data.readers.limit import fits
from impact.data.table import refuse

__all__ = ["WORKBOOK", "parts_of"]

# A byte of a sheet's XML becomes so many in memory: tags of some 15 bytes become values.
GROWTH = 6
OLD = b"\xd0\xcf\x11\xe0"
PROTECTED = "EncryptedPackage".encode("utf-16-le")
OTHER_PARTS = {
    "xl/workbook.bin": "a binary workbook (.xlsb)",
    "word/document.xml": "a text document (.docx)",
    "ppt/presentation.xml": "a presentation",
    "content.xml": "an OpenDocument file",
}
WORKBOOK = "it cannot be read as an Excel workbook (.xlsx)"


def parts_of(path: Path, where: str) -> None:
    """Refuse what is no workbook, is protected, or grows beyond the memory that is allowed.

    Parameters
    ----------
    path : Path
        The file.
    where : str
        The file as faults name it.

    Raises
    ------
    DataError
        Nothing was unpacked: a zip archive says how large its parts will be.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        refuse("empty-file", where, "the file is empty", "a sheet with rows is expected")
    if head.startswith(OLD):
        _old(path, where)
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError):
        advice = "it may be cut off or of another format: save it again as .xlsx"
        refuse("not-a-workbook", where, WORKBOOK, advice=advice)
    if any(part.flag_bits & 1 for part in parts):
        _protected(where)
    names = {part.filename for part in parts}
    for part, kind in OTHER_PARTS.items():
        if part in names:
            advice = "save it as an Excel workbook (.xlsx)"
            refuse("not-a-workbook", where, f"this is {kind}", advice=advice)
    size = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    fits(GROWTH * size, where, queried=False)


def _old(path: Path, where: str) -> None:
    if PROTECTED in path.read_bytes():
        _protected(where)
    advice = "open it and save it as an Excel workbook (.xlsx)"
    refuse("old-workbook", where, "this is a workbook of Excel 2003 or older (.xls)", advice=advice)


def _protected(where: str) -> None:
    found = "the workbook is protected by a password"
    refuse("password", where, found, advice="open it and save it without one")
