"""The catalogue holds the indicators of the field, and nothing that misleads."""

from __future__ import annotations

from typing import get_args

import pytest

from impact.spec import Outcome, catalogue
from impact.spec.fields import Direction, Kind, Theme

# Themes, and the sign that the field gives each indicator: + higher is better, - lower, 0 neither.
FIELD = {
    "education": {
        "cefr_level": "+",
        "cefr_gain": "+",
        "self_rated_language": "+",
        "course_completion": "+",
        "attendance_share": "+",
        "early_leaver": "-",
        "neet": "-",
        "recognition_applied": "+",
        "school_enrolment": "+",
    },
    "services": {
        "unmet_medical_need": "-",
        "registered_gp": "+",
        "navigational_ability": "+",
        "days_to_first_service": "-",
        "knows_where_to_turn": "+",
        "satisfaction": "+",
        "mediated_consultations": "0",
    },
    "participation": {
        "ipl12": "+",
        "conversations_nationals": "+",
        "shared_meals": "+",
        "belonging": "+",
        "trust_municipality": "+",
        "volunteering": "+",
        "discrimination": "-",
        "loneliness": "-",
        "says_activity_helped": "+",
    },
    "housing": {
        "stable_tenancy": "+",
        "overcrowding": "-",
        "cost_overburden": "-",
        "days_to_home": "-",
        "homeless_or_insecure": "-",
        "home_ownership": "0",
    },
    "employment": {
        "employed": "+",
        "unemployed": "-",
        "active": "+",
        "over_qualified": "-",
        "net_income": "+",
        "poverty_risk": "-",
        "self_employed": "0",
        "temporary_contract": "0",
        "part_time": "0",
    },
}
SIGNS = {"higher": "+", "lower": "-", "neutral": "0"}


def test_every_indicator_of_the_field_is_there_with_its_theme_and_direction() -> None:
    found: dict[str, dict[str, str]] = {}
    for indicator in catalogue().values():
        found.setdefault(indicator.theme, {})[indicator.key] = SIGNS[indicator.direction]
    assert found == FIELD


def test_every_indicator_but_the_one_asked_only_afterwards_makes_an_outcome() -> None:
    refused = [key for key, found in catalogue().items() if found.asked_only_afterwards]
    assert refused == ["says_activity_helped"]
    for key in catalogue().keys() - refused:
        outcome = Outcome.model_validate({"column": "y", "indicator": key})
        assert outcome.label == catalogue()[key].label
        assert outcome.direction == catalogue()[key].direction
        assert outcome.scale == catalogue()[key].scale


def test_every_entry_uses_the_words_of_the_params_file() -> None:
    for indicator in catalogue().values():
        assert indicator.theme in get_args(Theme)
        assert indicator.kind in get_args(Kind)
        assert indicator.direction in get_args(Direction)
        assert indicator.source


def test_a_binary_indicator_runs_from_0_to_1_and_every_scale_upwards() -> None:
    for indicator in catalogue().values():
        if indicator.kind == "binary":
            assert indicator.scale == (0, 1)
        if indicator.scale is not None:
            assert indicator.scale[0] < indicator.scale[1]


def test_an_outcome_in_points_has_a_scale_that_the_page_can_name() -> None:
    in_points = [one for one in catalogue().values() if "points" in (one.measured_in or "")]
    assert in_points
    assert all(one.measured_in == "points" and one.scale for one in in_points)


def test_felt_discrimination_says_that_awareness_may_raise_it() -> None:
    assert "awareness" in str(catalogue()["discrimination"].caveat)


def test_the_catalogue_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        catalogue()["new"] = catalogue()["neet"]
    with pytest.raises(AttributeError):
        catalogue()["neet"].label = "another"
