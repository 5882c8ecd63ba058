"""Certainty follows from facts: each row of the rule, each step down."""

from __future__ import annotations

from dataclasses import replace

import pytest

from impact.evidence.certainty import LEVELS, certainty
from impact.evidence.facts import Facts

PLACES = Facts(
    design="did",
    randomised=False,
    treated_places=4,
    comparison_places=6,
    same_place=False,
    pre_periods="compatible",
    tested=True,
    balance=0.1,
    attrition=0.05,
    attrition_gap=0.02,
    chosen_late=False,
)
SAME = replace(PLACES, treated_places=1, comparison_places=1, same_place=True)
LOTTERY = replace(SAME, design="randomised", randomised=True)

ROWS = [
    ("before and after only", replace(PLACES, design="before_after"), "no_comparison"),
    ("one place against one", replace(PLACES, treated_places=1, comparison_places=1), "very_low"),
    ("one place against several", replace(PLACES, treated_places=1), "low"),
    ("several places", PLACES, "low"),
    ("ten places", replace(PLACES, treated_places=10), "moderate"),
    ("ten places, no valid interval", replace(PLACES, treated_places=10, tested=False), "low"),
    ("staggered", replace(PLACES, design="staggered", treated_places=12), "moderate"),
    ("same place, alike", SAME, "moderate"),
    ("same place, not alike", replace(SAME, balance=0.4), "low"),
    ("same place, balance unknown", replace(SAME, balance=None), "low"),
    ("lottery", LOTTERY, "moderate"),
    ("places unknown", replace(PLACES, treated_places=None, comparison_places=None), "very_low"),
]


@pytest.mark.parametrize(("facts", "level"), [row[1:] for row in ROWS], ids=[r[0] for r in ROWS])
def test_each_row_of_the_rule(facts: Facts, level: str) -> None:
    assert certainty(facts)[0] == level


def test_a_lottery_is_high_only_where_the_interval_is_decisive_and_people_stayed() -> None:
    assert certainty(LOTTERY, decisive=True)[0] == "high"
    assert certainty(replace(LOTTERY, attrition=None), decisive=True)[0] == "moderate"


STEPS = [
    {"attrition": 0.2},
    {"attrition_gap": -0.1},
    {"pre_periods": "failed"},
    {"pre_periods": "not_examined"},
    {"chosen_late": True},
]


@pytest.mark.parametrize(
    "change", STEPS, ids=[next(iter(step)) + str(i) for i, step in enumerate(STEPS)]
)
def test_each_doubt_is_one_step_down_with_its_reason(change: dict[str, object]) -> None:
    before = replace(PLACES, treated_places=10)
    high, reasons = certainty(before)
    low, more = certainty(replace(before, **change))
    assert LEVELS.index(low) == LEVELS.index(high) - 1
    assert len(more) == len(reasons) + 1


def test_certainty_never_falls_below_very_low() -> None:
    doubts = {"pre_periods": "failed", "attrition": 0.5, "chosen_late": True}
    assert certainty(replace(PLACES, **doubts))[0] == "very_low"


def test_pre_periods_do_not_matter_where_a_lottery_decided() -> None:
    assert certainty(replace(LOTTERY, pre_periods="not_examined"))[0] == "moderate"
