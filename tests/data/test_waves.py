"""Files of one wave each: joined on the unit, each fault with its file and row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.data.read import read_panel
from impact.errors import DataError
from impact.spec.models import PilotSpec

BASELINE = """id,pilot,age,y
a,1,30,1
b,0,40,2
c,1,50,3
d,0,60,98
"""
ENDLINE = """id;y;score
b;2;7
a;4;8
e;5;9
d;99;6
"""


def joined(project: Path, first: str, second: str, **keys: Any) -> Panel:
    (project / "data" / "first.csv").write_text(first)
    (project / "data" / "second.csv").write_text(second)
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {
            "waves": {1: "data/first.csv", 2: "data/second.csv"},
            "unit": "id",
            "missing": {"refused": [98], "not_known": [99]},
        },
        "design": {"kind": "did", "treated": "pilot", "starts": 2},
        "outcomes": [{"column": "y"}],
        "covariates": ["age"],
    }
    for key, value in keys.items():
        stated[key] = stated.get(key, {}) | value if isinstance(value, dict) else value
    return read_panel(PilotSpec.model_validate(stated))


def faults(project: Path, first: str, second: str, **keys: Any) -> dict[str, tuple[str, Any]]:
    with pytest.raises(DataError) as caught:
        joined(project, first, second, **keys)
    return {fault.code: (fault.where, fault.rows) for fault in caught.value.faults}


def test_two_files_are_one_panel_with_what_the_baseline_alone_asked(project: Path) -> None:
    panel = joined(project, BASELINE, ENDLINE)
    # The person whom only the endline has belongs to no group, and is dropped by that name.
    assert panel.rows == {"read": 8, "used": 7, "dropped: group not known": 1}
    assert panel.units.tolist() == ["a", "b", "c", "d"]
    assert panel.grid("y").tolist()[:2] == [[1.0, 4.0], [2.0, 2.0]]
    assert panel.values["age"].tolist() == [30, 30, 40, 40, 50, 60, 60]
    assert panel.answers["y"].tolist()[-2:] == ["refused", "not_known"]
    assert panel.matched["units"] == 5
    assert panel.matched["only in 2"] == 1
    assert [str(note) for note in panel.notes if "carried" in str(note)] == [
        "Asked in some waves and carried to the others of the same unit: pilot, age."
    ]


def test_an_outcome_that_one_wave_did_not_ask_is_not_asked_there(project: Path) -> None:
    outcomes = [{"column": "y"}, {"column": "score", "role": "secondary"}]
    first = "id,wave,pilot,age,y,score\na,1,1,30,1,3\nb,1,0,40,2,4\nc,1,0,50,2,4\n"
    second = "id,pilot,age,y\na,1,31,1\nb,0,41,2\nc,0,51,2\n"
    third = "id,pilot,age,y,score\na,1,32,5,6\nb,0,42,6,\nc,0,52,6,7\n"
    (project / "data" / "third.csv").write_text(third)
    waves = {"1": "data/first.csv", "2": "data/second.csv", "3": "data/third.csv"}
    panel = joined(project, first, second, data={"waves": waves}, outcomes=outcomes)
    by_wave = panel.answers["score"].astype(str).to_numpy().reshape(3, 3).tolist()
    assert by_wave[:2] == [["given", "not_asked", "given"], ["given", "not_asked", "missing"]]
    # A covariate that every wave asked is not carried: it is each wave's own.
    assert panel.values["age"].tolist() == [30, 31, 32, 40, 41, 42, 50, 51, 52]


def test_each_fault_names_its_file_and_its_row(project: Path) -> None:
    first = BASELINE.replace("c,1,50,3", "c,1,50,three")
    second = ENDLINE.replace("e;5;9", "a;5;9")
    told = faults(project, first, second)
    assert told["text-in-number"] == ("data/first.csv, column 'y'", (4,))
    assert told["repeated-pairs"] == ("data/second.csv, column 'id'", (3, 4))


def test_a_unit_that_changes_group_is_told_in_both_files(project: Path) -> None:
    second = "id,pilot,y\na,1,4\nb,1,2\nc,1,3\nd,0,4\n"
    with pytest.raises(DataError) as caught:
        joined(project, BASELINE, second)
    told = [(fault.code, fault.where, fault.rows) for fault in caught.value.faults]
    assert told == [
        ("treatment-varies", "data/first.csv, column 'pilot'", (3,)),
        ("treatment-varies", "data/second.csv, column 'pilot'", (3,)),
    ]
    assert "of these rows, in this file: 1" in caught.value.faults[0].found


def test_broken_files_are_told_together(project: Path) -> None:
    told = faults(project, "id,pilot,y\na,1\n", "")
    assert {where for where, _ in told.values()} == {"data/first.csv", "data/second.csv"}


def test_a_file_of_another_wave_is_refused(project: Path) -> None:
    first = "id,when,pilot,age,y\na,1,1,30,1\nb,2,0,40,2\n"
    told = faults(project, first, ENDLINE, data={"period": "when"})
    assert told == {"other-period": ("data/first.csv, column 'when'", (3,))}


def test_a_file_without_the_unit_is_named(project: Path) -> None:
    told = faults(project, BASELINE, ENDLINE.replace("id;", "person;"))
    assert told == {"column-missing": ("data/second.csv", ())}


def test_other_people_each_time_need_no_unit_and_nothing_is_carried(project: Path) -> None:
    second = "pilot,age,y\n1,33,4\n0,44,5\n1,23,1\n"
    panel = joined(
        project, BASELINE, second, data={"unit": None}, design={"sample": "cross_sections"}
    )
    assert panel.rows == {"read": 7, "used": 7}
    assert panel.matched == {}


def test_ids_are_the_same_whether_text_or_number(project: Path) -> None:
    pd.DataFrame({"id": [1, 2], "pilot": [1, 0], "y": [1.5, 2.5]}).to_parquet(
        project / "data" / "one.parquet"
    )
    waves = {"1": "data/one.parquet", "2": "data/second.csv"}
    panel = joined(project, "", "id,y\n2,3\n1,4\n", data={"waves": waves}, covariates=[])
    assert panel.grid("y").tolist() == [[1.5, 4.0], [2.5, 3.0]]
