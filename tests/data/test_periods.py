"""Periods in their order in time, whatever they are written as."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from impact.data.columns import coded
from impact.data.periods import Timeline, timeline
from impact.errors import Fault


def line_of(labels: list[object]) -> tuple[Timeline, list[int]]:
    found = timeline(coded(pd.Series(labels)), "x")
    assert not isinstance(found, Fault), found
    return found[0], found[1].tolist()


@pytest.mark.parametrize(
    ("written", "ordered", "codes"),
    [
        (["10", "9", "2"], [2, 9, 10], [2, 1, 0]),
        (["1", "01", "1.0", "2"], [1, 2], [0, 0, 0, 1]),
        ([1990.5, 1990.25], [1990.25, 1990.5], [1, 0]),
        (["-1", "0", "1"], [-1, 0, 1], [0, 1, 2]),
        (["2021-12", "2022-01", "2021-3"], ["2021-03", "2021-12", "2022-01"], [1, 2, 0]),
        (["2021-Q4", "2021 q1", "2020Q4"], ["2020Q4", "2021Q1", "2021Q4"], [2, 1, 0]),
        (["2021-03-02", "2021-03-01T00:00:00"], ["2021-03-01", "2021-03-02"], [1, 0]),
        (["wave 10", "wave 9", "Wave 2"], ["Wave 2", "wave 9", "wave 10"], [2, 1, 0]),
        (["T2", "T1"], ["T1", "T2"], [1, 0]),
        (["post", "pre"], ["pre", "post"], [1, 0]),
        (["after", "before"], ["before", "after"], [1, 0]),
        (["Endline", "Baseline", "Midline"], ["Baseline", "Midline", "Endline"], [2, 0, 1]),
        (["b", ""], None, None),
    ],
)
def test_periods_stand_in_the_order_of_time(
    written: list[object], ordered: list[object] | None, codes: list[int] | None
) -> None:
    if ordered is None:
        assert isinstance(timeline(coded(pd.Series(written)), "x"), Fault)
        return
    line, got = line_of(written)
    assert list(line.labels) == ordered
    assert got == codes


def test_dates_of_a_frame_and_dates_as_text_are_the_same_periods() -> None:
    text = ["2021-03-01", "2020-12-31"]
    for native in (pd.to_datetime(text), pd.to_datetime(text).tz_localize("UTC"), pd.array(text)):
        assert list(line_of(list(native))[0].labels) == sorted(text)


@pytest.mark.parametrize(
    ("labels", "code"),
    [
        (["2021", "2021-03"], "mixed-periods"),
        (["2021-03", "2021-03-01"], "mixed-periods"),
        (["2021-13", "2021-12"], "impossible-date"),
        (["2021-02-30", "2021-02-01"], "impossible-date"),
        (["2021-02-30", "2021-02-31"], "impossible-date"),
        (["0201-03-01", "2021-03-01"], "impossible-date"),
        (["2210-03", "2021-03"], "impossible-date"),
        (["1", "inf"], "mixed-periods"),
        (["01/03/2021", "02/03/2021"], "date-format"),
        (["1.3.2021", "2.3.2021"], "date-format"),
        (["12.2020", "01.2021"], "date-format"),
        (["2021-03-01 10:00", "2021-03-01 11:00"], "date-format"),
        (["autumn", "spring"], "period-order"),
        (["pre", "before"], "period-order"),
        (["wave 1", "round 2"], "period-order"),
        (["", "NA"], "period-missing"),
    ],
)
def test_periods_without_a_certain_order_are_refused(labels: list[str], code: str) -> None:
    found = timeline(coded(pd.Series(labels)), "x")
    assert isinstance(found, Fault)
    assert found.code == code


@pytest.mark.parametrize(
    ("labels", "start", "time"),
    [
        ([1, 2, 3], 2, 2),
        ([1, 2, 3], "2", 2),
        (["1", "2"], 2, 2),
        ([2000, 2010], 2005, 2005),
        (["2021-01", "2021-03"], "2021-03", 1),
        (["2021-01", "2021-03"], "2021-02", 1),
        (["2021-01", "2021-03"], "2022-01", 2),
        (["2021Q1", "2021Q2"], "2021-Q2", 1),
        (["pre", "post"], "post", 1),
        (["pre", "post"], "endline", None),
        (["2021-01", "2021-03"], 2021, None),
        ([1, 2], "2021-03", None),
        (["2021-01-01", "2021-02-01"], "2021-02", None),
    ],
)
def test_a_start_is_read_on_the_scale_of_the_periods(
    labels: list[object], start: object, time: float | None
) -> None:
    assert line_of(labels)[0].time_of(start) == time


@pytest.mark.parametrize("word", ["0", "0.0", "never", "Inf"])
def test_zero_and_never_are_never(word: str) -> None:
    assert line_of([1, 2, 3])[0].start_of(word) == np.inf
    assert line_of(["2021-01", "2021-02"])[0].start_of(word) == np.inf
