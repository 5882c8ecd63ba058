"""Times of submission contradict the waves, or do not; and they go no further."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from impact.data.read import read_panel
from impact.data.submissions import sent_in, with_times_read, without_order
from impact.data.table import Table
from impact.errors import DataError
from impact.spec.models import PilotSpec

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2021-03-01 09:00")


def table_of(n: int = 30) -> Table:
    frame = pd.DataFrame({"id": np.repeat(range(n), 2), "wave": np.tile([1, 2], n)})
    return Table(frame, ("id", "wave", "_submission_time"), (), "a.csv")


def sent(n: int = 30, *, exchanged: int = 0) -> pd.Series:
    rng = np.random.default_rng(4)
    minutes = pd.to_timedelta(rng.integers(0, 60_000, 2 * n), unit="min")
    later = np.tile([0, 180], n)
    later[: 2 * exchanged] = 180 - later[: 2 * exchanged]
    return pd.Series((START + minutes + later * DAY).astype(str))


def read(times: pd.Series) -> Table:
    return read_by(times, unit="id", period="wave")


def read_by(times: pd.Series, **roles: str | None) -> Table:
    table = table_of(len(times) // 2)
    table = replace(table, frame=table.frame.assign(_submission_time=times))
    given: dict[str, str | None] = {"unit": None, "period": None, **roles}
    found = with_times_read(
        table, "_submission_time", {}, unit=given["unit"], period=given["period"]
    )
    assert "_submission_time" not in found.frame
    return found


def test_waves_sent_in_their_order_are_told_nothing_of() -> None:
    found = read(sent())
    assert (found.faults, found.notes) == ((), ())


def test_a_few_units_sent_in_another_order_are_a_doubt_with_their_number() -> None:
    (note,) = read(sent(exchanged=4)).notes
    assert note.counts == {"doubtful": 4, "others": 26}


def test_where_most_sent_the_later_wave_first_it_is_a_fault_with_its_rows() -> None:
    (fault,) = read(sent(exchanged=20)).faults
    assert fault.code == "waves-out-of-order"
    assert "20 of 30 units" in fault.found
    assert fault.rows[:2] == (3, 5)
    assert "2021" not in str(fault)


@pytest.mark.parametrize(("seconds", "told"), [(300, True), (0, False)])
def test_submissions_every_five_minutes_are_told(seconds: int, told: bool) -> None:
    rng = np.random.default_rng(8)
    gaps = np.where(np.arange(60) % 3 > 0, seconds or 1, rng.integers(400, 90_000, 60))
    if not told:
        gaps = rng.integers(40, 9_000, 60)
    times = pd.Series((START + pd.to_timedelta(np.cumsum(gaps), unit="s")).astype(str))
    found = read_by(times)
    assert [note.counts["doubtful"] for note in found.notes] == ([40] if told else [])


def test_days_without_an_hour_are_not_regular() -> None:
    times = pd.Series((pd.Timestamp("2021-03-01") + np.arange(60) * DAY).astype(str))
    assert read_by(times).notes == ()


def test_what_is_no_time_is_left_out() -> None:
    times = sent().astype(object)
    times[:10] = ["", "yesterday", None, "31/31/2021", "x", "NA", "-", "?", "0", "later"]
    found = read(times)
    assert (found.faults, found.notes) == ((), ())


def test_files_of_waves_in_the_wrong_order_are_a_fault() -> None:
    early, late = sent(), pd.Series((pd.to_datetime(sent()) + 400 * DAY).astype(str))
    early, late, untold = read_by(early), read_by(late), table_of()
    assert [*without_order([early, late], ["1", "2"])] == []
    assert [*without_order([late, early], ["2", "1"])] == []
    assert [*without_order([late, early], ["summer", "autumn"])] == []
    (fault,) = without_order([late, early], ["1", "2"])
    assert fault.code == "waves-out-of-order"
    assert "'1' were sent after" in fault.found
    assert [*without_order([late, untold], ["1", "2"])] == []


def test_a_time_that_plays_a_role_stays() -> None:
    table = table_of()
    table = replace(table, frame=table.frame.assign(_submission_time=sent()))
    columns = {"_submission_time": ("_submission_time",)}
    found = with_times_read(table, "_submission_time", columns, unit=None, period=None)
    assert "_submission_time" in found.frame
    assert with_times_read(table_of(), None, {}, unit=None, period=None).frame.shape == (60, 2)


def test_exchanged_files_are_refused_and_the_right_ones_read(project: Path) -> None:
    n = 24
    for wave, day in (("early", START), ("late", START + 200 * DAY)):
        frame = pd.DataFrame({"id": range(n), "pilot": np.arange(n) % 2})
        frame["y"] = np.arange(n) * 1.5 + (wave == "late")
        frame["_uuid"] = [f"{wave}-{at}" for at in range(n)]
        frame["_submission_time"] = (day + pd.to_timedelta(np.arange(n) ** 2, unit="h")).astype(str)
        frame.to_csv(project / "data" / f"{wave}.csv", index=False)
    right = {"1": "data/early.csv", "2": "data/late.csv"}
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {"waves": right, "unit": "id"},
        "design": {"kind": "did", "treated": "pilot", "starts": 2},
        "outcomes": [{"column": "y"}],
    }
    panel = read_panel(PilotSpec.model_validate(stated))
    assert list(map(str, panel.values)) == ["y"]
    stated["data"]["waves"] = {"1": right["2"], "2": right["1"]}
    with pytest.raises(DataError) as caught:
        read_panel(PilotSpec.model_validate(stated))
    assert [fault.code for fault in caught.value.faults] == ["waves-out-of-order"]


def test_the_column_is_found_unless_it_is_never_to_be_read() -> None:
    header = ("id", "_submission_time")
    assert sent_in(header, ()) == "_submission_time"
    assert sent_in(header, ("_submission_time",)) is None
    assert sent_in(("id", "SubmissionDate", "_submission_time"), ()) is None
