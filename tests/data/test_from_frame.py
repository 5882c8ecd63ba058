"""A frame in hand takes the path of a file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.errors import DataError, DesignError
from impact.spec.models import Design, Outcome

FRAME = pd.DataFrame(
    {
        "who": ["a", "a", "b", "b", "c", "c"],
        "when": [1, 2] * 3,
        "reached": [1, 1, 0, 0, 0, 0],
        "first": [2.0, 2.0, np.nan, np.nan, 0.0, 0.0],
        "town": ["x", "x", "y", "y", "z", "z"],
        "score": [1.0, 5.0, 2.0, 3.0, 2.0, np.nan],
    }
)


def panel_of(frame: pd.DataFrame = FRAME, **said: object) -> Panel:
    keys: dict[str, object] = {"unit": "who", "period": "when", "outcomes": ["score"]}
    keys |= (
        said
        if {"treated", "first_treated", "kind", "design"} & said.keys()
        else {
            "treated": "reached",
            "starts": 2,
            **said,
        }
    )
    return Panel.from_frame(frame, **keys)  # type: ignore[arg-type]


def test_a_frame_is_left_as_it_was() -> None:
    before = FRAME.copy(deep=True)
    panel_of(cluster="town", covariates=["town"], missing={"refused": [9]}, weight="when")
    pd.testing.assert_frame_equal(FRAME, before)


def test_the_kind_of_design_follows_from_what_is_given() -> None:
    assert panel_of().design.kind == "did"
    assert panel_of(first_treated="first").design.kind == "staggered"
    assert panel_of(kind="before_after", starts=2).treated.all()
    assert panel_of(kind="randomised", treated="reached").design.randomised


def test_a_cohort_column_and_a_group_with_a_start_make_the_same_panel() -> None:
    group, cohort = panel_of(), panel_of(first_treated="first")
    np.testing.assert_array_equal(group.start, cohort.start)
    np.testing.assert_array_equal(group.treated, cohort.treated)


def test_a_whole_design_may_be_given_but_not_said_twice() -> None:
    design = Design(kind="did", treated="reached", starts=2, assignment="town")
    panel = panel_of(design=design)
    assert panel.design is design
    assert list(panel.clusters) == ["x", "y", "z"]
    with pytest.raises(DesignError, match="not both"):
        panel_of(design=design, treated="reached")


def test_outcomes_may_be_names_or_records() -> None:
    outcome = Outcome(column="score", label="Score", role="secondary", scale=(0, 10))
    assert panel_of(outcomes=outcome).outcomes == (outcome,)
    assert panel_of(outcomes="score").primary.label == "score"


@pytest.mark.parametrize(
    "frame",
    [
        FRAME.astype({"who": "category", "reached": bool, "when": "int8"}),
        FRAME.astype({"reached": "Int64", "score": "Float64", "when": float}),
        FRAME.astype({"who": object, "reached": object, "score": object, "when": object}),
        FRAME.astype({"score": "str", "when": "str", "reached": "str"}),
        FRAME.astype({"score": "category", "when": "category"}),
        FRAME.set_index(pd.Index([7] * 6)),
    ],
    ids=["category", "nullable", "object", "text", "categories-of-numbers", "repeated-index"],
)
def test_the_kind_of_a_column_changes_nothing(frame: pd.DataFrame) -> None:
    one, other = panel_of(), panel_of(frame)
    pd.testing.assert_frame_equal(one.values, other.values, check_exact=True)
    np.testing.assert_array_equal(one.start, other.start)
    assert list(one.units) == list(other.units)
    assert list(one.periods) == list(other.periods)


def test_dates_and_periods_of_pandas_are_periods() -> None:
    months = pd.PeriodIndex(["2021-01", "2021-02"] * 3, freq="M")
    panel = panel_of(FRAME.assign(when=months), treated="reached", starts=pd.Period("2021-02"))
    assert list(panel.periods) == ["2021-01", "2021-02"]
    assert panel.start[0] == 1
    days = pd.to_datetime(["2021-01-01", "2021-02-01"] * 3)
    panel = panel_of(FRAME.assign(when=days), treated="reached", starts=pd.Timestamp("2021-02-01"))
    assert list(panel.periods) == ["2021-01-01", "2021-02-01"]
    assert panel.start[0] == 1


def test_a_start_of_numpy_is_a_start() -> None:
    assert panel_of(treated="reached", starts=np.int64(2)).start[0] == 2


def test_faults_of_a_frame_are_told_as_those_of_a_file() -> None:
    with pytest.raises(DataError) as caught:
        panel_of(FRAME.assign(score="much", reached=3))
    assert {fault.code for fault in caught.value.faults} == {"text-in-number", "not-zero-one"}
    assert str(caught.value).startswith("the frame, column")


@pytest.mark.parametrize(
    ("said", "due"),
    [
        ({"kind": "regression"}, "kind"),
        ({"treated": "reached", "starts": 2, "colour": "red"}, "no 'colour'"),
        ({"treated": "reached"}, r"needs design\.starts"),
        ({"outcomes": []}, "there is no outcome"),
        ({"unit": None}, r"needs data\.unit"),
    ],
)
def test_a_design_that_is_not_one_is_refused(said: dict[str, object], due: str) -> None:
    with pytest.raises(DesignError, match=due):
        panel_of(**said)


@pytest.mark.parametrize("frame", [[1, 2], FRAME.iloc[:0], {"score": [1]}])
def test_what_is_no_frame_or_has_no_rows_is_refused(frame: object) -> None:
    with pytest.raises(DataError, match=r"DataFrame is expected|no rows"):
        panel_of(frame)  # type: ignore[arg-type]


def test_the_first_category_of_words_has_no_column_and_a_name():
    frame = pd.DataFrame({"id": [1, 2, 3, 4], "t": [1, 0, 1, 0], "y": [1.0, 2.0, 3.0, 5.0]})
    frame = frame.assign(nation=["Mali", "Iran", "Iran", "Syria"])
    panel = Panel.from_frame(
        frame, unit="id", outcomes=["y"], treated="t", kind="randomised", covariates=["nation"]
    )
    assert panel.covariates == ("nation=Mali", "nation=Syria")
    assert dict(panel.references) == {"nation": "Iran"}
