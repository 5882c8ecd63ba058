"""A survey tool's export goes in as it is, and gives the panel of the tidy file."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.data.read import read_panel
from impact.errors import DataError
from impact.spec.models import PilotSpec

_SPEC = importlib.util.spec_from_file_location("survey", Path(__file__).with_name("survey.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
survey = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(survey)


def panel_of(project: Path, **data: Any) -> Panel:
    stated = survey.SPEC | {"data": survey.SPEC["data"] | data}
    return read_panel(PilotSpec.model_validate(stated))


def write(project: Path, name: str, frame: pd.DataFrame) -> str:
    path = project / "data" / name
    if path.suffix == ".xlsx":
        frame.to_excel(path, index=False)
    else:
        frame.to_csv(path, index=False, sep=";")
    return f"data/{name}"


def exported(project: Path, suffix: str = ".csv", **kind: bool) -> dict[str, Any]:
    """Write both waves and return what the params file says of them."""
    frame = survey.tidy()
    waves = {
        wave: write(project, f"wave{wave}{suffix}", survey.export(frame, wave, **kind))
        for wave in (1, 2)
    }
    return {**survey.KOBO, "waves": waves}


def told(panel: Panel) -> list[str]:
    return [str(note) for note in panel.notes]


@pytest.fixture
def tidy(project: Path) -> Panel:
    survey.tidy().to_csv(project / "data" / "tidy.csv", index=False)
    return panel_of(project)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@pytest.mark.parametrize(
    "kind", [{}, {"dummies": False}, {"joined": False}], ids=["both", "joined", "dummies"]
)
def test_an_export_in_two_waves_gives_the_panel_of_the_tidy_file(
    project: Path, tidy: Panel, suffix: str, kind: dict[str, bool]
) -> None:
    panel = panel_of(project, **exported(project, suffix, **kind))
    pd.testing.assert_frame_equal(panel.values[tidy.values.columns], tidy.values)
    assert panel.units.tolist() == tidy.units.tolist()
    assert panel.places.tolist() == tidy.places.tolist()
    assert panel.periods.tolist() == tidy.periods.tolist()
    for name in ("unit", "period", "place", "treated", "start", "weight"):
        np.testing.assert_array_equal(getattr(panel, name), getattr(tidy, name))
    for name, answers in tidy.answers.items():
        assert panel.answers[name].tolist() == answers.tolist(), name
    assert panel.lost_because is not None
    assert tidy.lost_because is not None
    assert panel.lost_because.tolist() == pytest.approx(tidy.lost_because.tolist(), nan_ok=True)
    assert panel.rows["read"] == tidy.rows["read"] == panel.rows["used"] == 110


def test_the_match_of_the_waves_is_told(project: Path, tidy: Panel) -> None:
    panel = panel_of(project, **exported(project))
    assert panel.matched == {
        "units": 60,
        "in every wave": 50,
        "in 1": 60,
        "only in 1": 10,
        "twice in 1": 0,
        "in 2": 50,
        "only in 2": 0,
        "twice in 2": 0,
    }
    said = told(panel)
    assert "Units in all: 60; in every wave: 50." in said
    assert "Units in wave 1 alone: 10." in said
    carried = next(note for note in said if "carried" in note)
    assert {"age", "gender", "in_pilot", "town", "weight"} == set(
        carried.rstrip(".").partition(": ")[2].split(", ")
    )


def test_what_tells_who_a_person_is_is_not_loaded_and_counted_by_kind(
    project: Path, tidy: Panel
) -> None:
    panel = panel_of(project, **exported(project))
    said = " ".join(told(panel))
    for due in (
        "places on the map: 3",
        "devices: 1",
        "e-mail addresses and telephones: 2",
        "names and addresses: 1",
        "free text: 1",
    ):
        assert due in said
    for value in ("51.56", "example.org", "Interviewer", "uuid-", "neighbour", "NL-0", "+31"):
        assert value not in said
        assert value not in str(panel.described)


def test_versions_of_a_form_are_put_together_and_that_is_told(project: Path) -> None:
    panel = panel_of(project, **exported(project))
    said = "In wave 1: 'volunteering' was asked in 2 places of the form and is put together."
    assert said in told(panel)


def test_one_person_who_answered_two_versions_is_a_fault_with_its_row(project: Path) -> None:
    data = exported(project)
    frame = survey.export(survey.tidy(), 2)
    both = frame.index[7]
    frame.loc[both, ["life/volunteering", "participation/volunteering"]] = ["Yes", "No"]
    write(project, "wave2.csv", frame)
    with pytest.raises(DataError) as caught:
        panel_of(project, **data)
    (fault,) = caught.value.faults
    assert fault.code == "asked-twice"
    assert fault.where == "data/wave2.csv, column 'volunteering'"
    assert fault.rows == (9,)


def test_a_column_may_be_named_by_its_whole_header(project: Path) -> None:
    frame = survey.export(survey.tidy(), 1)
    frame["family/age"] = "3"
    path = write(project, "once.csv", frame)
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {"path": path, "unit": "person_id"},
        "design": {"kind": "randomised", "treated": "in_pilot"},
        "outcomes": [{"column": "intro/age"}, {"column": "services/housing"}],
    }
    panel = read_panel(PilotSpec.model_validate(stated))
    assert panel.values["intro/age"].max() > 3
    stated["outcomes"] = [{"column": "age"}]
    with pytest.raises(DataError, match="2 columns end in 'age'"):
        read_panel(PilotSpec.model_validate(stated))


def test_a_question_with_several_answers_as_covariate_is_a_column_a_choice(project: Path) -> None:
    path = write(project, "once.csv", survey.export(survey.tidy(), 1))
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {"path": path, "unit": "person_id"},
        "design": {"kind": "randomised", "treated": "in_pilot"},
        "outcomes": [{"column": "home", "kind": "ordinal"}],
        "covariates": ["services", "age"],
    }
    panel = read_panel(PilotSpec.model_validate(stated))
    assert panel.covariates == (*(f"services/{s}" for s in survey.SERVICES), "age")
    # Without columns of the choices, the words that occur are the choices.
    write(project, "once.csv", survey.export(survey.tidy(), 1, dummies=False))
    stated["data"]["select_multiple"] = ["services"]
    other = read_panel(PilotSpec.model_validate(stated))
    names = [f"services/{s}" for s in survey.SERVICES]
    pd.testing.assert_frame_equal(other.values[names], panel.values[names])


def test_forms_of_several_answers_that_contradict_each_other_are_a_fault(project: Path) -> None:
    data = exported(project)
    frame = survey.export(survey.tidy(), 1)
    frame.loc[3, ["use/services", "use/services/health"]] = ["housing", "1"]
    write(project, "wave1.csv", frame)
    with pytest.raises(DataError) as caught:
        panel_of(project, **data)
    (fault,) = caught.value.faults
    assert (fault.code, fault.rows) == ("choices-disagree", (5,))


def test_a_submission_that_stands_twice_is_read_once_and_counted(
    project: Path, tidy: Panel
) -> None:
    data = exported(project)
    frame = survey.export(survey.tidy(), 1)
    write(project, "wave1.csv", pd.concat([frame.iloc[[4]], frame, frame.iloc[[9]]]))
    panel = panel_of(project, **data)
    assert panel.rows == {"read": 112, "used": 110, "dropped: sent twice": 2}
    pd.testing.assert_frame_equal(panel.values[tidy.values.columns], tidy.values)


def test_two_submissions_of_one_id_that_differ_are_a_fault(project: Path) -> None:
    data = exported(project)
    frame = survey.export(survey.tidy(), 1)
    other = frame.iloc[[4]].assign(**{"intro/person_id": "NL-999"})
    write(project, "wave1.csv", pd.concat([frame, other]))
    with pytest.raises(DataError) as caught:
        panel_of(project, **data)
    codes = {fault.code: fault.rows for fault in caught.value.faults}
    assert codes == {"sent-twice": (6, 62)}


def test_a_word_without_a_code_is_a_fault_that_does_not_show_it(project: Path) -> None:
    data = exported(project) | {"codes": {"volunteering": {"Yes": 1}}}
    with pytest.raises(DataError) as caught:
        panel_of(project, **data)
    assert {fault.code for fault in caught.value.faults} == {"word-without-code"}
    assert {fault.where.partition(",")[0] for fault in caught.value.faults} == {
        "data/wave1.csv",
        "data/wave2.csv",
    }
    assert "No" not in str(caught.value).replace("Not", "")


def test_a_choice_that_nobody_made_is_told_and_not_read_as_a_no(project: Path) -> None:
    data = exported(project, dummies=False)
    stated = survey.SPEC | {"data": survey.SPEC["data"] | data}
    stated["covariates"] = ["age", "services/helth"]
    with pytest.raises(DataError) as caught:
        read_panel(PilotSpec.model_validate(stated))
    assert [str(fault) for fault in caught.value.faults] == [
        "data/wave1.csv and data/wave2.csv, column 'services/helth': nobody gave this answer to "
        "'services'; write the choice as the form writes it, or take it out"
    ]


def test_choices_whose_labels_hold_blanks_are_read_from_their_own_columns(project: Path) -> None:
    asked = "Which services did you use?"
    frame = pd.DataFrame(
        {
            "id": [*"abcdef"],
            "pilot": ["1", "0"] * 3,
            asked: ["Health care Housing", "Housing", "", "Health care", "Health care", "Housing"],
            f"{asked}/Health care": ["1", "0", "", "1", "1", "0"],
            f"{asked}/Housing": ["1", "1", "", "0", "0", "1"],
            "_uuid": [*"uvwxyz"],
        }
    )
    path = write(project, "labels.csv", frame)
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {"path": path, "unit": "id"},
        "design": {"kind": "randomised", "treated": "pilot"},
        "outcomes": [{"column": f"{asked}/Health care", "kind": "binary"}],
    }
    panel = read_panel(PilotSpec.model_validate(stated))
    due = [1, 0, np.nan, 1, 1, 0]
    np.testing.assert_array_equal(panel.values[f"{asked}/Health care"], due)


def test_a_place_on_the_map_has_no_role(project: Path) -> None:
    data = exported(project)
    stated = survey.SPEC | {"data": survey.SPEC["data"] | data, "covariates": ["_geolocation"]}
    with pytest.raises(DataError, match="is a place on the map or a device"):
        read_panel(PilotSpec.model_validate(stated))


@pytest.mark.parametrize(
    ("starts", "due"),
    [
        ("2021-04-01", ["2021-03-07", "2021-04-01"]),
        ("2021-04", ["2021-03", "2021-04"]),
        ("2021-Q2", ["2021Q1", "2021Q2"]),
    ],
)
def test_the_time_of_submission_may_be_the_period(
    project: Path, starts: str, due: list[str]
) -> None:
    frame = survey.export(survey.tidy(), 1)
    frame["_submission_time"] = ["2021-03-07T23:30:00.000+01:00", "2021-04-01T08:00:00"] * 30
    path = write(project, "once.csv", frame)
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {"path": path, "period": "_submission_time"},
        "design": {
            "kind": "before_after",
            "starts": starts,
            "sample": "cross_sections",
        },
        "outcomes": [{"column": "age", "kind": "count"}],
    }
    panel = read_panel(PilotSpec.model_validate(stated))
    assert panel.periods.tolist() == due


def test_an_export_of_odk_names_groups_with_a_dash(project: Path) -> None:
    frame = survey.export(survey.tidy(), 1, dummies=False)
    frame.columns = [name.replace("/", "-") for name in frame]
    frame = frame.rename(columns={"_uuid": "KEY", "_submission_time": "SubmissionDate"})
    path = write(project, "once.csv", pd.concat([frame, frame.iloc[[5]]]))
    stated: dict[str, Any] = {
        "pilot": "toy",
        "data": {"path": path, "unit": "person_id", "select_multiple": ["services"]},
        "design": {"kind": "randomised", "treated": "in_pilot"},
        "outcomes": [{"column": "services/health", "kind": "binary"}],
        "covariates": ["age"],
    }
    panel = read_panel(PilotSpec.model_validate(stated))
    due = survey.tidy().query("wave == '1'").sort_values("person_id")["services/health"]
    assert panel.values["services/health"].sum() == (due == "1").sum()
    assert panel.rows == {"read": 61, "used": 60, "dropped: sent twice": 1}
