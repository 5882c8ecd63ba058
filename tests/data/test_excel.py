"""What a workbook holds besides values, and how its values are spelled."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from impact.data.readers import read_file
from impact.data.table import Table
from impact.errors import DataError

DAYS = [dt.datetime(2021, 3, 1), dt.datetime(1999, 12, 31), dt.datetime(2021, 3, 1, 14, 30)]


def table(folder: Path, rows: list[list[Any]], change: Any = None, **how: Any) -> Table:
    book = openpyxl.Workbook()
    page = book.active
    if change is not None:
        change(book, page)
    for row in rows:
        page.append(row)
    book.save(folder / "book.xlsx")
    wanted = [str(name).strip() for name in rows[0]]
    return read_file(folder / "book.xlsx", wanted, "data/book.xlsx", **how)


@pytest.mark.parametrize("of_1904", [False, True])
def test_days_are_spelled_as_in_a_csv_file_by_either_calendar(
    of_1904: bool, tmp_path: Path
) -> None:
    def calendar(book: Any, page: Any) -> None:
        book.epoch = CALENDAR_MAC_1904 if of_1904 else book.epoch

    read = table(tmp_path, [["day"], *([day] for day in DAYS)], calendar)
    assert read.frame["day"].tolist() == ["2021-03-01", "1999-12-31", "2021-03-01 14:30:00"]


def test_a_column_is_of_numbers_where_it_holds_nothing_else(tmp_path: Path) -> None:
    rows = [["a", "b", "c", "d"], [1, 1, 1.5, True], [None, "x", 2, False], [3, 2.0, None, None]]
    read = table(tmp_path, rows)
    assert read.frame["a"].astype(object).where(read.frame["a"].notna(), None).tolist() == [
        1,
        None,
        3,
    ]
    assert read.frame["b"].tolist() == ["1", "x", "2"]
    assert read.frame["c"].fillna(-1).tolist() == [1.5, 2.0, -1.0]
    assert read.frame["d"].fillna("").tolist() == ["True", "False", ""]


def test_empty_rows_below_and_above_are_no_rows(tmp_path: Path) -> None:
    def space(book: Any, page: Any) -> None:
        page.append([])
        page.append([])

    read = table(tmp_path, [["a", "b"], [1, None], [None, 2], [None, None], [None, None]], space)
    assert read.frame.fillna(-1).to_numpy().tolist() == [[1, -1], [-1, 2]]
    assert not read.numbered


def test_rows_that_are_not_shown_are_read_and_said(tmp_path: Path) -> None:
    def hide(book: Any, page: Any) -> None:
        page.row_dimensions[2].hidden = True

    read = table(tmp_path, [["a"], [1], [2]], hide)
    assert read.frame["a"].tolist() == [1, 2]
    assert "rows that are not shown" in str(read.notes[0])


def test_several_sheets_are_listed_and_the_nearest_is_named(tmp_path: Path) -> None:
    def more(book: Any, page: Any) -> None:
        page.title = "Baseline 2021"
        book.create_sheet("Endline 2022").append(["a"])

    with pytest.raises(DataError, match=r"'Baseline 2021', 'Endline 2022'; name one of them"):
        table(tmp_path, [["a"], [1]], more)
    with pytest.raises(DataError, match=r"did you mean 'Endline 2022'\?"):
        table(tmp_path, [["a"], [1]], more, sheet="endline 2022")
    assert table(tmp_path, [["a"], [1]], more, sheet="Baseline 2021").frame["a"].tolist() == [1]


def test_the_rows_of_a_failed_formula_are_those_of_the_sheet(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        table(tmp_path, [["a"], [1], ["#REF!"], [2], ["#DIV/0!"]])
    (fault,) = caught.value.faults
    assert fault.rows == (3, 5)
    assert "2 cells hold a formula that failed (#DIV/0!, #REF!)" in fault.found


def test_formulas_without_a_result_are_counted_with_their_rows(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="2 cells hold a formula without its result") as caught:
        table(tmp_path, [["a", "b"], [1, "=A2"], [2, "=A3"]])
    assert caught.value.faults[0].rows == (2, 3)
