"""Any columns, written in any format, are the same labels and the same numbers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impact.data.columns import coded, numbers
from impact.data.readers import read_file
from impact.spec.models import Missing

SIGNS = "abzéßñΩжč AZ09.,;:'\"|\n-_/()&<>%€"
WORDS = st.none() | st.text(SIGNS, max_size=12)
NUMBERS = st.none() | st.floats(-1e6, 1e6).map(lambda value: round(value, 3))
DAYS = st.dates(pd.Timestamp("1960-01-01").date(), pd.Timestamp("2050-01-01").date())
ROWS = st.lists(st.tuples(WORDS, NUMBERS, DAYS), min_size=1, max_size=8)


def _excel(frame: pd.DataFrame, path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [list(frame), *frame.to_numpy().tolist()]:
        book.active.append([None if value is None or value != value else value for value in row])
    book.save(path)


def _frame(rows: list[tuple[object, object, object]]) -> pd.DataFrame:
    columns = ["word", "number", "day"]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    frame["number"] = frame["number"].astype(float)
    return frame.assign(row=[f"r{at}" for at in range(len(frame))])


def _assert_same(
    rows: list[tuple[object, object, object]],
    path: Path,
    write: Callable[[pd.DataFrame, Path], object],
) -> None:
    frame = _frame(rows)
    write(frame, path)
    read = read_file(path, list(frame), path.name).frame
    words = pd.Series(["" if word is None else word for word in frame["word"]], dtype=str)
    expected = {
        "word": coded(words),
        "day": coded(frame["day"].map(str)),
        "row": coded(frame["row"]),
    }
    for name, column in expected.items():
        found = coded(read[name])
        assert found.labels == column.labels
        np.testing.assert_array_equal(found.codes, column.codes)
    found_numbers = numbers(read["number"], Missing())
    np.testing.assert_array_equal(found_numbers.values, frame["number"].to_numpy())
    assert not found_numbers.bad.any()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_text_parquet_and_workbooks_hold_the_same(
    rows: list[tuple[object, object, object]], tmp_path_factory: object
) -> None:
    folder = tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    _assert_same(rows, folder / "any.csv", lambda f, path: f.to_csv(path, index=False))
    utf16 = {"index": False, "sep": "\t", "encoding": "utf-16"}
    _assert_same(rows, folder / "any.tsv", lambda f, path: f.to_csv(path, **utf16))
    _assert_same(rows, folder / "any.parquet", lambda f, path: f.to_parquet(path, index=False))
    _assert_same(rows, folder / "any.xlsx", _excel)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=ROWS)
def test_stata_and_spss_files_hold_the_same(
    rows: list[tuple[object, object, object]], tmp_path_factory: object
) -> None:
    folder = tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    rows = [("" if word is None else word, number, day) for word, number, day in rows]
    _assert_same(rows, folder / "any.dta", pyreadstat.write_dta)
    _assert_same(rows, folder / "any.sav", pyreadstat.write_sav)
