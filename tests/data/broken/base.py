"""Good files of every format, and broken ones made from them by one named defect each.

A case is written by ``make``; ``due`` holds the codes of the faults of which one must be
told. Where it holds `RIGHT`, the panel must be that of the good file; where it holds `ANY`,
the defect may have left the file readable, and whatever is read must be a panel.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat

RIGHT, ANY = "right", "any"
SECRET = "person-5e1f"
PEOPLE = 24
FORMATS = (".csv", ".parquet", ".xlsx", ".dta", ".sav")
NOT_THIS = {
    ".csv": ("binary", "nul-bytes", "no-known-column", "not-utf-8", "empty-file"),
    ".parquet": ("not-parquet", "empty-file", "parquet-values"),
    ".xlsx": ("not-a-workbook", "old-workbook", "empty-file"),
    ".dta": ("not-labelled", "empty-file", "cut-off"),
    ".sav": ("not-labelled", "empty-file", "cut-off"),
}


@dataclass(frozen=True)
class Broken:
    """One broken file: its name, how it is made, and what must be told."""

    name: str
    suffix: str
    make: Callable[[Path], None]
    due: tuple[str, ...]
    data: dict[str, Any] = field(default_factory=dict)


def good() -> pd.DataFrame:
    """Return a sound frame: two waves of people, one text with letters beyond ASCII."""
    rng = np.random.default_rng(3)
    who, when = np.repeat(np.arange(PEOPLE), 2), np.tile([1, 2], PEOPLE)
    return pd.DataFrame(
        {
            "person": [f"{SECRET}{at:03d}" for at in who],
            "wave": when,
            "in_pilot": who % 2,
            "trust": np.round(rng.normal(5, 1, len(who)) + who % 2 * (when == 2), 2),
            "origin": np.array(["Orléans", "Zürich", "Utrecht"])[who % 3],
            "note": "said nothing",
        }
    )


def params(path: str, **data: Any) -> dict[str, Any]:
    """Return the params of a good file."""
    return {
        "pilot": "broken",
        "data": {"path": path, "unit": "person", "period": "wave", **data},
        "design": {"kind": "did", "treated": "in_pilot", "starts": 2},
        "outcomes": [{"column": "trust", "label": "Trust", "kind": "continuous"}],
        "covariates": ["origin"],
    }


def content(suffix: str, frame: pd.DataFrame) -> bytes:
    """Return a frame as the bytes of a file."""
    if suffix == ".csv":
        return frame.to_csv(index=False).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"good{suffix}"
        if suffix == ".parquet":
            frame.to_parquet(path, index=False)
        elif suffix == ".xlsx":
            workbook(frame).save(path)
        elif suffix == ".dta":
            pyreadstat.write_dta(frame, path)
        else:
            pyreadstat.write_sav(frame, path)
        return path.read_bytes()


def workbook(frame: pd.DataFrame) -> openpyxl.Workbook:
    """Return a frame as a workbook of one sheet."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Survey"
    page.append(list(frame.columns))
    for row in frame.astype(object).itertuples(index=False):
        page.append([None if value is None or value != value else value for value in row])
    return book


GOOD = {suffix: content(suffix, good()) for suffix in FORMATS}


def put(raw: bytes) -> Callable[[Path], None]:
    return lambda path: done(path.write_bytes(raw))


def done(_: object) -> None:
    """Leave out what a call returns."""


def of(change: Callable[[pd.DataFrame], pd.DataFrame], suffix: str) -> Callable[[Path], None]:
    return lambda path: done(path.write_bytes(content(suffix, change(good()))))


def held(suffix: str) -> tuple[str, ...]:
    return (ANY,) if suffix == ".csv" else NOT_THIS[suffix]


def set_to(column: str, value: object, rows: Iterable[int] = (5, 6)) -> Any:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        held = frame[column].astype(object)
        held.iloc[list(rows)] = value
        return frame.assign(**{column: held})

    return change
