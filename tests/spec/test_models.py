"""The models: defaults, what follows from other keys, nothing changed afterwards."""

from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import pytest
from pydantic import ValidationError

from impact.spec import Outcome, PilotSpec

BARE: dict[str, Any] = {
    "pilot": "small",
    "data": {"path": "data/small.csv"},
    "design": {"kind": "did"},
    "outcomes": [{"column": "volunteering"}],
}


def _spec(**changes: Any) -> PilotSpec:
    return PilotSpec.model_validate(BARE | changes)


def _outcome(**said: Any) -> Outcome:
    return Outcome.model_validate({"column": "y"} | said)


def test_what_is_left_out_takes_the_default_of_the_contract() -> None:
    spec = _spec()
    assert spec.analysis.model_dump() == {
        "methods": "auto",
        "inference": "auto",
        "cluster": None,
        "control_group": "not_yet_treated",
        "estimation": "doubly_robust",
        "level": 0.95,
        "multiplicity": "holm",
        "replications": 999,
        "seed": 20210301,
    }
    assert spec.report.model_dump() == {"language": "en", "minimum_cell": 10}
    assert (spec.data.unit_is, spec.design.sample, spec.design.anticipation) == (
        "person",
        "panel",
        0,
    )
    assert (spec.covariates, spec.subgroups, spec.published) == ((), (), ())
    assert not spec.about.simulated
    assert spec.source is None


def test_the_first_outcome_is_primary_and_further_ones_secondary_unless_said() -> None:
    columns = [{"column": "a"}, {"column": "b"}, {"column": "c", "role": "primary"}]
    roles = [outcome.role for outcome in _spec(outcomes=columns).outcomes]
    assert roles == ["primary", "secondary", "primary"]


def test_a_role_that_is_null_is_a_role_that_is_not_said() -> None:
    columns = [{"column": "a", "role": None}, {"column": "b", "role": None}]
    assert [o.role for o in _spec(outcomes=columns).outcomes] == ["primary", "secondary"]


def test_the_label_falls_back_on_the_column() -> None:
    assert _outcome().label == "y"


def test_an_indicator_fills_in_what_is_not_said() -> None:
    outcome = _outcome(indicator="discrimination")
    assert outcome.label == "Felt discriminated against in the last 12 months"
    assert (outcome.kind, outcome.direction, outcome.scale) == ("binary", "lower", (0, 1))
    assert "awareness" in str(outcome.caveat)


def test_what_is_said_wins_over_the_indicator() -> None:
    outcome = _outcome(indicator="loneliness", label="Alone", scale=[0, 6], direction="neutral")
    assert (outcome.label, outcome.scale, outcome.direction) == ("Alone", (0, 6), "neutral")
    assert outcome.kind == "ordinal"


def test_another_kind_than_the_indicators_leaves_its_scale_and_unit_aside() -> None:
    outcome = _outcome(indicator="cefr_level", kind="binary")
    assert (outcome.scale, outcome.measured_in, outcome.direction) == (None, None, "higher")


@pytest.mark.parametrize("key", ["volunteerin", "says_activity_helped"])
def test_an_unknown_indicator_and_one_asked_only_afterwards_are_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        _outcome(indicator=key)


def test_a_randomised_design_is_randomised_unless_it_says_otherwise() -> None:
    assert _spec(design={"kind": "randomised"}).design.randomised
    assert not _spec(design={"kind": "did"}).design.randomised


@pytest.mark.parametrize(
    "part",
    [
        {"design": {"kind": "did", "starts": True}},
        {"analysis": {"seed": True}},
        {"analysis": {"level": True}},
        {"outcomes": [{"column": "y", "scale": [False, True]}]},
        {"data": {"path": "x", "missing": {"refused": [False]}}},
        {"about": {"starts": 20210301}},
        {"about": {"starts": "1614556800"}},
        {"about": {"starts": dt.datetime(2021, 3, 1)}},
        {"covariates": ["a", " "]},
    ],
)
def test_no_value_is_taken_for_another_kind_of_value(part: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _spec(**part)


def test_a_date_is_taken_as_text_and_as_a_date() -> None:
    day = dt.date(2021, 3, 1)
    assert _spec(about={"starts": "2021-03-01"}).about.starts == day
    assert _spec(about={"starts": day}).about.starts == day


def test_01_and_1_stay_two_codes() -> None:
    missing = _spec(data={"path": "x", "missing": {"refused": ["01", 1, 1.5]}}).data.missing
    assert missing.refused == ("01", 1, 1.5)
    assert [type(code) for code in missing.refused] == [str, int, float]


def test_a_pilot_cannot_be_changed() -> None:
    spec = _spec()
    with pytest.raises(ValidationError):
        spec.pilot = "another"


def test_a_mapping_is_left_as_it_was() -> None:
    given = {**BARE, "outcomes": [{"column": "a", "label": None}]}
    PilotSpec.model_validate(given)
    assert given["outcomes"] == [{"column": "a", "label": None}]


def test_a_pilot_survives_the_way_to_another_process() -> None:
    spec = _spec()
    assert pickle.loads(pickle.dumps(spec)) == spec


def test_what_a_pilot_dumps_makes_the_same_pilot() -> None:
    spec = _spec(outcomes=[{"column": "a", "indicator": "loneliness"}, {"column": "b"}])
    assert PilotSpec.model_validate(spec.model_dump()) == spec
    assert PilotSpec.model_validate_json(spec.model_dump_json()) == spec
