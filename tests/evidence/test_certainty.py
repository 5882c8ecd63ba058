"""Certainty follows from facts: each row of the rule, each step down."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact import Panel, PilotSpec, did
from impact.evidence.certainty import LEVELS, certainty
from impact.evidence.facts import Facts, facts

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


@pytest.mark.parametrize("plan", ["never", "late"])
def test_a_plan_frozen_late_or_never_is_said_and_is_no_step(plan: str) -> None:
    level, reasons = certainty(PLACES)
    same, more = certainty(replace(PLACES, plan=plan))
    assert same == level
    assert len(more) == len(reasons) + 1
    assert "nobody can check that the outcomes were chosen" in " ".join(map(str, more))


def planned(**plan: object) -> tuple[bool, str]:
    """Return what is recorded of a plan: chosen late, and when it was frozen."""
    outcomes = [{"column": name, "label": name} for name in ("y", "z")]
    spec = PilotSpec.model_validate(
        {
            "pilot": "planned",
            "data": {"path": "data/planned.csv", "unit": "id", "period": "wave"},
            "design": {"kind": "did", "treated": "pilot", "starts": 2},
            "outcomes": outcomes,
            "plan": plan,
        }
    )
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(40), 2),
            "wave": np.tile([1, 2], 40),
            "pilot": np.repeat(np.arange(40) % 2, 2),
            "y": rng.normal(size=80),
            "z": rng.normal(size=80),
        }
    )
    panel = Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y", "z"], treated="pilot", starts=2
    )
    panel = replace(panel, spec=spec)
    effects = did.estimate(panel)
    known = facts(panel, effects.headline("z"), effects)
    return known.chosen_late, known.plan


LATE = {
    "date": "2022-02-01",
    "what": "z was added",
    "why": "it was at hand",
    "after_seeing_data": True,
    "outcome": "z",
}


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ({}, (False, "never")),
        ({"frozen": "2021-01-01", "endline": "2022-01-01"}, (False, "before")),
        ({"frozen": "2022-01-02", "endline": "2022-01-01"}, (False, "late")),
        ({"deviations": [LATE]}, (True, "never")),
        ({"deviations": [{**LATE, "outcome": "y"}]}, (False, "never")),
        ({"deviations": [{**LATE, "after_seeing_data": False}]}, (False, "never")),
    ],
)
def test_an_outcome_is_late_only_where_the_record_says_so(
    plan: dict[str, object], expected: tuple[bool, str]
) -> None:
    assert planned(**plan) == expected
