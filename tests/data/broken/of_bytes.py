"""Files cut off, flipped or blanked, and content of one kind under the name of another."""

from __future__ import annotations

import gzip
import io
import sqlite3
import zipfile
from collections.abc import Iterator

import numpy as np

from .base import ANY, FORMATS, GOOD, NOT_THIS, RIGHT, SECRET, Broken, held, put


def of_bytes() -> Iterator[Broken]:
    """Cut off, flipped and blanked: every format."""
    rng = np.random.default_rng(7)
    for suffix, raw in GOOD.items():
        points = 6 if suffix in (".dta", ".sav") else 16
        for at in range(points):
            end = len(raw) * at // points
            name = f"{suffix}-cut-off-after-{at}-of-{points}"
            due = ("empty-file",) if not end else held(suffix)
            yield Broken(name, suffix, put(raw[:end]), due)
        name = f"{suffix}-cut-off-by-one-byte"
        due = (RIGHT,) if suffix in (".csv", ".dta") else held(suffix)
        yield Broken(name, suffix, put(raw[:-1]), due)
        for at in range(points):
            flipped = bytearray(raw)
            flipped[int(rng.integers(len(raw)))] ^= 1 << int(rng.integers(8))
            yield Broken(f"{suffix}-bit-flip-{at}", suffix, put(bytes(flipped)), (ANY,))
        for at in (1, 4, 7):
            begin = len(raw) * at // 8
            blank = raw[:begin] + b"\0" * 64 + raw[begin + 64 :]
            due = ("nul-bytes",) if suffix == ".csv" else (ANY,)
            yield Broken(f"{suffix}-blanked-at-{at}-of-8", suffix, put(blank), due)
        yield Broken(f"{suffix}-all-zeros", suffix, put(b"\0" * len(raw)), NOT_THIS[suffix])
        yield Broken(f"{suffix}-noise", suffix, put(rng.bytes(4000)), NOT_THIS[suffix])
        doubled = (RIGHT, ANY) if suffix in (".xlsx", ".dta", ".sav", ".parquet") else ()
        due = doubled or ("header-repeated",)
        yield Broken(f"{suffix}-file-twice", suffix, put(raw + raw), due)


def _foreign() -> dict[str, bytes]:
    base = sqlite3.connect(":memory:")
    base.execute("create table answers (person text)")
    return {
        **{f"content{suffix}": raw for suffix, raw in GOOD.items()},
        "old-workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2000,
        "pdf": b"%PDF-1.7\n1 0 obj\n" + SECRET.encode(),
        "picture": b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\1" * 300,
        "gzip": gzip.compress(GOOD[".csv"]),
        "web-page": b"<!DOCTYPE html><html><body><table><tr><td>" + SECRET.encode() + b"</td>\n",
        "database": base.serialize(),
        "zip": _zipped({"answers.csv": GOOD[".csv"]}),
        "text-document": _zipped({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<T/>"}),
        "open-document": _zipped({"mimetype": b"application/vnd.oasis", "content.xml": b"<o/>"}),
        "binary-workbook": _zipped({"xl/workbook.bin": b"\1", "[Content_Types].xml": b"<T/>"}),
    }


def _zipped(parts: dict[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in parts.items():
            archive.writestr(name, raw)
    return held.getvalue()


def of_names() -> Iterator[Broken]:
    """Content of one kind under the name of another."""
    for kind, raw in _foreign().items():
        for suffix in FORMATS:
            if kind != f"content{suffix}":
                yield Broken(f"{kind}-called{suffix}", suffix, put(raw), NOT_THIS[suffix])
