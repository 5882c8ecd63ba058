"""The course of outcomes, by hand and by statsmodels."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impact.describe import trends
from impact.errors import DesignError
from impact.spec.models import Design, Outcome


def course(table, group, statistic="mean"):
    cells = table.cells[(table.cells["group"] == group) & (table.cells["statistic"] == statistic)]
    return dict(zip(cells["period"], cells["value"], strict=True))


def test_treated_less_expected_is_the_difference_of_four_means(make, records, score, did):
    table = trends(make(records.drop(columns="weight"), design=did, outcomes=[score]))
    side, after = np.isfinite(records["start"]), records["period"] >= 3
    means = records.groupby([side, after])["score"].mean()
    four = (means[True, True] - means[True, False]) - (means[False, True] - means[False, False])
    gap = course(table, "treated")["3"] - course(table, "expected")["3"]
    assert gap == pytest.approx(four, rel=1e-12)


def test_with_one_period_before_the_expected_course_leaves_the_pilot_groups(
    make, records, score, did
):
    late = records[records["period"] >= 2]
    table = trends(make(late, design=did, outcomes=[score]))
    assert list(course(table, "expected")) == ["2", "3"]
    assert course(table, "expected")["2"] == pytest.approx(course(table, "treated")["2"])


def test_an_interval_is_that_of_a_clustered_regression_on_a_constant(make, records, score, did):
    table = trends(make(records, design=did, outcomes=[score]))
    at = records[(records["period"] == 3) & ~np.isfinite(records["start"])]
    fit = sm.WLS(at["score"], np.ones(len(at)), weights=at["weight"]).fit(
        cov_type="cluster", cov_kwds={"groups": at["cluster"]}, use_t=True
    )
    low, high = fit.conf_int().to_numpy()[0]
    assert course(table, "comparison", "low")["3"] == pytest.approx(low, rel=1e-10)
    assert course(table, "comparison", "high")["3"] == pytest.approx(high, rel=1e-10)


def test_one_cluster_or_no_spread_has_no_interval(make, records, score, did):
    one = trends(make(records.assign(cluster=records["start"]), design=did, outcomes=[score]))
    assert set(one.cells["statistic"]) == {"mean"}
    flat = trends(make(records.assign(score=7.1), design=did, outcomes=[score]))
    assert set(flat.cells["statistic"]) == {"mean"}


def test_an_interval_stays_on_the_scale(make, records, works, did):
    frame = records.assign(works=(records["unit"] == 0).astype(float))
    table = trends(make(frame, design=did, outcomes=[works]))
    assert min(course(table, "treated", "low").values()) == 0.0
    assert course(table, "treated", "share")["1"] > 0


def test_the_interval_of_a_count_does_not_go_below_nothing(make, records, did):
    times = Outcome(column="times", label="Times", kind="count")
    frame = records.assign(times=9.0 * (records["cluster"] == 0))
    table = trends(make(frame, design=did, outcomes=[times]))
    assert set(course(table, "treated", "low").values()) == {0.0}
    assert min(course(table, "treated", "high").values()) > 9


def test_all_outcomes_are_shown_unless_one_is_asked_for(make, records, score, works, did):
    panel = make(records, design=did, outcomes=[score, works])
    assert set(trends(panel).cells["variable"]) == {"score", "works"}
    assert set(trends(panel, outcome="works").cells["variable"]) == {"works"}
    with pytest.raises(DesignError, match="no outcome of that name"):
        trends(panel, outcome="absent")


def test_an_outcome_in_logarithms_has_a_label_that_says_so(make, records, score, works, did):
    logs = score.model_copy(update={"measured_in": "Log points", "scale": None})
    panel = make(records, design=did, outcomes=[logs, works])
    assert trends(panel).labels["unit:score"] == "logarithm"
    assert not [key for key in trends(panel, outcome="works").labels if key.startswith("unit:")]
    plain = trends(make(records, design=did, outcomes=[score, works]))
    assert not [key for key in plain.labels if key.startswith("unit:")]


def test_before_and_after_alone_has_no_expected_course(make, records, score):
    panel = make(
        records.assign(start=3.0), design=Design(kind="before_after", starts=3), outcomes=[score]
    )
    assert set(trends(panel).cells["group"]) == {"treated"}


def staggered(starts, periods=range(1, 7)):
    frame = pd.MultiIndex.from_product([range(len(starts)), periods], names=["unit", "period"])
    frame = frame.to_frame(index=False)
    frame["start"] = np.array(starts, dtype=float)[frame["unit"]]
    frame["score"] = frame["unit"] + frame["period"] * 2.0 + 5 * (frame["period"] >= frame["start"])
    return frame


STAGGERED = Design(kind="staggered", first_treated="cohort")


def test_where_all_are_reached_the_last_to_start_are_the_comparison_while_they_wait(make, score):
    table = trends(make(staggered([3, 3, 4, 6, 6]), design=STAGGERED, outcomes=[score]))
    assert list(course(table, "comparison")) == ["1", "2", "3", "4", "5"]
    assert list(course(table, "expected")) == ["2", "3", "4", "5"]
    assert course(table, "treated")["5"] == pytest.approx((0 + 1 + 2) / 3 + 10 + 5)
    assert course(table, "expected")["5"] == pytest.approx(1 + 10)
    assert any("in 6" in str(note) for note in table.notes)


def test_units_reached_from_the_first_period_on_are_left_out_and_counted(make, score):
    table = trends(make(staggered([1, 3, 4, np.inf, np.inf]), design=STAGGERED, outcomes=[score]))
    assert course(table, "treated")["1"] == pytest.approx((1 + 2) / 2 + 2)
    left_out = next(note for note in table.notes if note.counts)
    assert dict(left_out.counts) == {"units": 1}
    assert list(course(table, "expected")) == ["2", "3", "4", "5", "6"]


# `make` keeps no state, so that every example may use the same one.
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    values=st.lists(st.floats(-1e6, 1e6), min_size=24, max_size=24),
    shift=st.floats(-1e3, 1e3),
)
def test_adding_a_constant_moves_every_course_by_it(make, score, values, shift):
    frame = staggered([3, 3, np.inf, np.inf], range(1, 7)).assign(score=values)
    one = trends(make(frame, design=STAGGERED, outcomes=[score]))
    moved = frame.assign(score=frame["score"] + shift)
    two = trends(make(moved, design=STAGGERED, outcomes=[score]))
    # Sums of values up to 1e6 keep about ten digits.
    for group in ("treated", "comparison", "expected"):
        first, second = course(one, group), course(two, group)
        assert list(first) == list(second)
        for period, mean in first.items():
            assert second[period] == pytest.approx(mean + shift, abs=1e-7)
