"""Decimal commas are read where nothing else can be meant, and said."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.data.readers import read_file
from impact.data.table import Table
from impact.errors import DataError


def table(folder: Path, columns: dict[str, list[str]]) -> Table:
    path = folder / "numbers.csv"
    frame = pd.DataFrame(columns)
    frame.assign(person=range(len(frame))).to_csv(path, sep=";", index=False)
    return read_file(path, list(columns), "data/numbers.csv")


@settings(max_examples=60, deadline=None)
@given(values=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_numbers_with_a_comma_are_those_with_a_point(
    values: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    written = [f"{value:.2f}".replace(".", ",") for value in values]
    read = table(tmp_path_factory.getbasetemp(), {"y": written})
    assert [float(text) for text in read.frame["y"]] == [float(f"{v:.2f}") for v in values]


def test_what_was_read_so_is_said(tmp_path: Path) -> None:
    words = ["a,b", "c", "1,5"]
    read = table(tmp_path, {"y": ["3,5", "2", "NA"], "z": ["1.5", "2.25", ""], "w": words})
    assert read.frame["y"].tolist() == ["3.5", "2", "NA"]
    assert read.frame["z"].fillna("").tolist() == ["1.5", "2.25", ""]
    assert read.frame["w"].tolist() == words
    said = "In data/numbers.csv, numbers with a decimal comma are read as such: y."
    assert said in [str(note) for note in read.notes]


def test_thousands_are_read_where_a_number_shows_both_signs(tmp_path: Path) -> None:
    read = table(tmp_path, {"y": ["1.234,5", "1.234", "12,25", "-2.000.000,0", "7"]})
    assert read.frame["y"].tolist() == ["1234.5", "1234", "12.25", "-2000000.0", "7"]


def test_thousands_in_groups_cannot_be_decimals(tmp_path: Path) -> None:
    read = table(tmp_path, {"y": ["1.234.567", "1.234", "7"]})
    assert read.frame["y"].tolist() == ["1234567", "1234", "7"]


@pytest.mark.parametrize(
    "columns",
    [
        {"y": ["1,234", "2,500"]},
        {"y": ["3,5", "1.234"]},
        {"y": ["3,5", "2.5"]},
        {"y": ["1.234", "2.500"], "z": ["3,5", "4,25"]},
    ],
    ids=["only-thousands", "one-thousand", "both-signs", "another-column-has-commas"],
)
def test_what_may_mean_two_things_is_refused(columns: dict[str, list[str]], tmp_path: Path) -> None:
    with pytest.raises(DataError, match="whether thousands or decimals are meant") as caught:
        table(tmp_path, columns)
    assert {fault.code for fault in caught.value.faults} == {"decimals-unclear"}


def test_another_column_shows_what_a_comma_means(tmp_path: Path) -> None:
    read = table(tmp_path, {"y": ["1,234", "2,500"], "z": ["0,5", "3,25"]})
    assert read.frame["y"].tolist() == ["1.234", "2.500"]
