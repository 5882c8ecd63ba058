"""A register of stays becomes unit by period, and its days are what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact.data.columns import coded
from impact.data.days import days_of
from impact.data.panel import Panel
from impact.data.spells import to_periods
from impact.data.table import Table
from impact.errors import DataError
from impact.spec.models import Spells
from impact.spec.spans import span_of, spans

Read = Callable[..., Panel]
REGISTER = pd.DataFrame(
    {
        "id": ["a", "a", "b", "c", "d"],
        "pilot": [1, 1, 0, 1, 0],
        "entered": ["2021-01-10", "2021-03-31", "2021-02-28", "", "2021-01-01"],
        "left": ["2021-02-01", "2021-04-02", "", "", "2021-01-15"],
    }
)


def spelt(**keys: Any) -> dict[str, Any]:
    spells = {"entry": "entered", "exit": "left", "first": "2021-01", "last": "2021-04"}
    return {
        "data": {"period": None, "spells": {**spells, "column": "housed", **keys}},
        "design": {"starts": "2021-03"},
        "outcomes": [{"column": "housed"}],
    }


@pytest.mark.parametrize(
    ("measure", "due"),
    [
        ("any", [[1, 1, 1, 1], [0, 1, 1, 1], [0, 0, 0, 0], [1, 0, 0, 0]]),
        ("days", [[22, 1, 1, 2], [0, 1, 31, 30], [0, 0, 0, 0], [15, 0, 0, 0]]),
        ("at_end", [[1, 0, 1, 0], [0, 1, 1, 1], [0, 0, 0, 0], [0, 0, 0, 0]]),
    ],
)
def test_stays_become_periods(read: Read, measure: str, due: list[list[int]]) -> None:
    panel = read(REGISTER, **spelt(measure=measure))
    assert panel.periods.tolist() == ["2021-01", "2021-02", "2021-03", "2021-04"]
    assert panel.units.tolist() == ["a", "b", "c", "d"]
    np.testing.assert_array_equal(panel.grid("housed"), due)
    assert panel.treated.tolist() == [True] * 4 + [False] * 4 + [True] * 4 + [False] * 4


def test_the_rows_add_up_and_open_stays_are_told(read: Read) -> None:
    panel = read(REGISTER, **spelt())
    assert panel.rows == {
        "read": 5,
        "made: a row for each unit and period": 16,
        "used": 16,
        "folded: stays, into units and periods": 5,
    }
    assert [str(note) for note in panel.notes] == ["Stays without a last day, read as going on: 1."]


DAYS = st.dates(dt.date(2020, 12, 1), dt.date(2021, 6, 30))


@settings(max_examples=60, deadline=None)
@given(
    stays=st.lists(st.tuples(st.sampled_from("abc"), DAYS, st.one_of(st.none(), DAYS)), min_size=1),
    every=st.sampled_from(["day", "month", "quarter", "year"]),
)
def test_days_inside_are_counted_one_by_one(
    stays: list[tuple[str, dt.date, dt.date | None]], every: str
) -> None:
    whole = [(who, min(a, b) if b else a, max(a, b) if b else None) for who, a, b in stays]
    frame = pd.DataFrame(
        {
            "id": [who for who, _, _ in whole],
            "in": [first.isoformat() for _, first, _ in whole],
            "out": [last.isoformat() if last else "" for _, _, last in whole],
        }
    ).astype(str)
    table = Table(frame, tuple(frame.columns), (), "data/x.csv")
    keys = {"entry": "in", "exit": "out", "every": every, "measure": "days", "column": "n"}
    spells = Spells.model_validate(keys | {"first": "2021-01-15", "last": "2021-05"})
    made = to_periods(table, spells, unit="id", period="when").frame
    inside: dict[str, set[dt.date]] = {}
    for who, first, last in whole:
        end = last or dt.date(2021, 12, 31)
        days = {first + dt.timedelta(k) for k in range((end - first).days + 1)}
        inside.setdefault(who, set()).update(days)
    for row in made.itertuples():
        span = span_of(row.when)
        assert span is not None
        due = sum(span.first <= day <= span.last for day in inside[str(row.id)])
        assert row.n == due


def test_stays_that_overlap_count_once_and_that_is_told(read: Read) -> None:
    frame = pd.DataFrame(
        {
            "id": ["a", "a", "a", "b"],
            "pilot": [1, 1, 1, 0],
            "entered": ["2021-01-01", "2021-01-05", "2021-01-21", "2021-03-05"],
            "left": ["2021-01-20", "2021-01-08", "2021-01-25", "2021-03-06"],
        }
    )
    panel = read(frame, **spelt(measure="days"))
    assert panel.grid("housed")[0].tolist() == [25, 0, 0, 0]
    assert "same unit, merged: 2" in str(panel.notes[0])


@pytest.mark.parametrize(
    ("change", "code", "rows"),
    [
        ({"left": ["2021-02-01", "2021-03-30", "", "", ""]}, "exit-before-entry", (3,)),
        ({"left": ["", "", "", "2021-01-01", ""]}, "entry-missing", (5,)),
        ({"entered": ["2021-02-30", "soon", "", "", ""], "left": ""}, "not-a-date", (2, 3)),
        ({"entered": ["3/4/2021", "5/6/2021", "", "", ""], "left": ""}, "date-order", (2, 3)),
        ({"entered": ["13/4/2021", "5/26/2021", "", "", ""], "left": ""}, "date-order", (2, 3)),
        ({"id": ["a", "", "b", "c", "d"]}, "unit-missing", (3,)),
        ({"pilot": [1, 0, 0, 1, 0]}, "varies-within-unit", (2, 3)),
    ],
)
def test_what_is_wrong_in_a_register_is_told_with_its_rows(
    read: Read, change: dict[str, Any], code: str, rows: tuple[int, ...]
) -> None:
    with pytest.raises(DataError) as caught:
        read(REGISTER.assign(**change), **spelt())
    assert [(fault.code, fault.rows) for fault in caught.value.faults] == [(code, rows)]
    assert "2021-0" not in str(caught.value).replace("2021-03-01", "")


@pytest.mark.parametrize(
    "written",
    [
        ["2021-04-03", "2021-04-13"],
        ["2021-04-03 00:00:00", "2021-04-13T10:00:00"],
        ["03.04.2021", "13.4.2021"],
        ["3/4/2021", "13/4/2021"],
        ["4-3-2021", "4-13-2021"],
        ["44289", "44299.0"],
        pd.to_datetime(["2021-04-03", "2021-04-13"]),
    ],
)
def test_days_are_read_however_they_are_written(written: Any) -> None:
    read = days_of(coded(pd.Series(written)), "x")
    due = [dt.date(2021, 4, 3).toordinal(), dt.date(2021, 4, 13).toordinal()]
    assert read.faults == ()
    assert read.days.tolist() == due


def test_periods_of_the_calendar_leave_no_day_out() -> None:
    for every in ("day", "month", "quarter", "year"):
        found = spans(every, "2019-11-30", "2021-Q1")
        assert all(
            after.first - before.last == dt.timedelta(1) for before, after in pairwise(found)
        )
        assert found[0].first <= dt.date(2019, 11, 30) <= found[0].last
        assert found[-1].first <= dt.date(2021, 3, 31) <= found[-1].last


def test_stays_outside_all_periods_are_counted_in_a_note(read: Read) -> None:
    later = REGISTER.assign(entered=REGISTER["entered"].replace("2021-02-28", "2201-02-28"))
    earlier = REGISTER.assign(left=REGISTER["left"].replace("2021-01-15", "2020-01-15"))
    earlier["entered"] = earlier["entered"].replace("2021-01-01", "2020-01-01")
    for register in (later, earlier):
        panel = read(register, **spelt())
        (note,) = [one for one in panel.notes if "count nowhere" in str(one)]
        assert note.counts == {"stays": 1}
    assert not any("count nowhere" in str(one) for one in read(REGISTER, **spelt()).notes)
