"""Waves side by side in a row become a row a unit and period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.errors import DataError

Read = Callable[..., Panel]
WIDE = {
    "period": None,
    "wide": {"y": {1: "y_t1", 2: "y_t2"}, "hours": {1: "h_t1", 2: "h_t2"}},
    "missing": {"refused": [98]},
}
FRAME = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d"],
        "pilot": [1, 0, 1, 0],
        "y_t1": ["1", "2", "3", "98"],
        "y_t2": ["4", "3", "", "5"],
        "h_t1": ["10", "11", "12", ""],
        "h_t2": ["13", "", "", "15"],
    }
)


def test_a_row_a_unit_becomes_a_row_a_unit_and_period(read: Read) -> None:
    panel = read(FRAME, data=WIDE, covariates=["hours"])
    assert panel.periods.tolist() == [1, 2]
    assert panel.units.tolist() == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(panel.grid("y"), [[1, 4], [2, 3], [3, np.nan], [np.nan, 5]])
    assert panel.answers["y"].tolist()[-2:] == ["refused", "given"]
    # One person has no answer in the second wave: not seen, which is not the same as refused.
    assert panel.rows == {
        "read": 4,
        "made: a row for each further period of a unit": 4,
        "used": 7,
        "dropped: not seen in the period": 1,
    }


def test_it_is_the_panel_of_the_long_file(read: Read) -> None:
    long = pd.DataFrame(
        {
            "id": ["a", "a", "b", "b", "c", "d", "d"],
            "wave": [1, 2, 1, 2, 1, 1, 2],
            "pilot": [1, 1, 0, 0, 1, 0, 0],
            "y": ["1", "4", "2", "3", "3", "98", "5"],
            "hours": ["10", "13", "11", "", "12", "", "15"],
        }
    )
    keys: dict[str, Any] = {"covariates": ["hours"]}
    one = read(FRAME, data=WIDE, **keys)
    other = read(long, data={"missing": {"refused": [98]}}, **keys)
    pd.testing.assert_frame_equal(one.values, other.values)
    np.testing.assert_array_equal(one.treated, other.treated)


def test_faults_name_the_row_of_the_file(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read(FRAME.assign(y_t2=["4", "x", "", "5"]), data=WIDE)
    (fault,) = caught.value.faults
    assert (fault.code, fault.rows) == ("text-in-number", (3,))


def test_columns_that_are_not_there_are_told_at_once(read: Read) -> None:
    with pytest.raises(DataError) as caught:
        read(FRAME.drop(columns=["y_t2", "h_t1"]), data=WIDE)
    assert [fault.found for fault in caught.value.faults] == [
        "no column 'y_t2', which data.wide.y names",
        "no column 'h_t1', which data.wide.hours names",
    ]


def test_words_have_codes_under_the_name_of_the_variable(read: Read) -> None:
    frame = FRAME.assign(y_t1=["low", "high", "LOW", "98"], y_t2=["high", "low", "", "2"])
    panel = read(frame, data=WIDE | {"codes": {"y": {"low": 0, "high": 1}}})
    np.testing.assert_array_equal(panel.grid("y"), [[0, 1], [1, 0], [0, np.nan], [np.nan, 2]])
