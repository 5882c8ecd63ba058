"""The difference of four means, reached by four means."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError


def four_means(frame, start, weight=None):
    rows = frame.assign(after=frame["wave"] >= start, w=1.0 if weight is None else frame[weight])
    cells = rows.groupby(["pilot", "after"])[["y", "w"]].apply(
        lambda cell: np.average(cell["y"], weights=cell["w"])
    )
    return cells[1, True] - cells[1, False] - cells[0, True] + cells[0, False]


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("share", [1.0, 0.7])
def test_did_equals_the_difference_of_four_means(frame, panel, thin, share, weight):
    rows = thin(frame, share)
    effect = did.did(panel(rows, weight=weight))
    assert effect.estimate == pytest.approx(four_means(rows, 2, weight), abs=1e-12)


def test_did_of_repeated_cross_sections_equals_the_difference_of_four_means(frame, panel, thin):
    rows = thin(frame).drop(columns="id")
    effect = did.did(panel(rows, unit=None, sample="cross_sections", cluster="town"))
    assert effect.estimate == pytest.approx(four_means(rows, 2), abs=1e-12)
    assert effect.n_units == effect.n_obs == len(rows)
    assert effect.n_clusters == 12


def test_did_with_covariates_and_weights_is_the_interaction_of_the_regression(frame, panel):
    effect = did.did(panel(frame, covariates=["age", "hours"], weight="w"), inference="hc1")
    rows = frame.assign(after=frame["wave"] >= 2)
    theirs = smf.wls("y ~ pilot * after + (age + hours) * after", rows, weights=rows["w"])
    theirs = theirs.fit(cov_type="HC1")
    assert effect.estimate == pytest.approx(theirs.params["pilot:after[T.True]"], rel=1e-10)
    assert effect.std_error == pytest.approx(theirs.bse["pilot:after[T.True]"], rel=1e-9)


def test_balanced_did_regresses_each_units_change_on_its_group(frame, panel, thin):
    rows = thin(frame, 0.5)
    halves = rows.assign(after=rows["wave"] >= 2).groupby(["id", "after"])["y"].mean().unstack()
    change = (halves[True] - halves[False]).dropna()
    pilot = rows.groupby("id")["pilot"].first()[change.index]
    effect = did.did(panel(rows), balanced=True, inference="hc2")
    arms = [change[pilot == group] for group in (0, 1)]
    assert effect.estimate == pytest.approx(arms[1].mean() - arms[0].mean(), abs=1e-12)
    spread = sum(arm.var() / len(arm) for arm in arms)
    assert effect.std_error == pytest.approx(np.sqrt(spread), rel=1e-10)
    assert effect.n_units == len(change)
    assert effect.base == min(map(len, arms))


def test_periods_of_anticipation_are_left_out(frame, panel):
    effect = did.did(panel(frame, anticipation=1))
    assert effect.estimate == pytest.approx(four_means(frame[frame["wave"] != 1], 2), abs=1e-12)
    assert any("anticipated" in str(note) for note in effect.notes)


def test_rows_without_the_outcome_are_left_out_and_counted(frame, panel):
    rows = frame.assign(y=frame["y"].where(frame.index % 9 > 0))
    effect = did.did(panel(rows))
    lost = int(rows["y"].isna().sum())
    assert effect.n_obs == len(rows) - lost
    assert any(note.counts == {"n": lost} for note in effect.notes)
    assert effect.estimate == pytest.approx(four_means(rows.dropna(), 2), abs=1e-12)


def test_the_base_is_the_smallest_group_behind_a_mean(frame, panel):
    rows = frame[(frame["pilot"] == 0) | (frame["wave"] >= 2) | (frame["id"] < 3)]
    assert did.did(panel(rows)).base == rows[(rows.wave < 2) & (rows.pilot == 1)].id.nunique()


def test_a_covariate_that_says_nothing_new_is_left_out_by_name(frame, panel):
    effect = did.did(panel(frame.assign(again=2 * frame["age"]), covariates=["age", "again"]))
    assert any("again" in str(note) for note in effect.notes)


def test_a_permutation_over_towns_takes_the_four_means_again(make, panel):
    rows = make(clusters=7).assign(pilot=lambda rows: (rows["town"] == 3).astype(int))
    effect = did.did(panel(rows, cluster="town"), inference="permutation")
    every = [
        four_means(rows.assign(pilot=(rows["town"] == town).astype(int)), 2) for town in range(7)
    ]
    assert effect.estimate == pytest.approx(every[3], abs=1e-12)
    assert effect.p_value == pytest.approx(np.mean(np.abs(every) >= abs(every[3]) - 1e-12))
    assert effect.details["smallest_p"] == pytest.approx(1 / 7)


def test_a_permutation_with_covariates_estimates_what_the_regression_does(frame, panel):
    given = panel(frame, cluster="town", covariates=["hours"])
    tested = did.did(given, inference="permutation")
    assert tested.estimate == pytest.approx(did.did(given, inference="cr1").estimate, rel=1e-10)


def test_a_permutation_of_partly_treated_clusters_is_refused(frame, panel):
    mixed = panel(frame.assign(half=frame["id"] % 5), place="half")
    with pytest.raises(DesignError, match="wholly treated"):
        did.did(mixed, inference="permutation", cluster="place")


@pytest.mark.parametrize("kind", ["classical", "hc1", "hc2", "hc3", "cr1", "cr2"])
def test_every_error_structure_gives_an_interval_around_the_estimate(frame, panel, kind):
    effect = did.did(panel(frame, cluster="town"), inference=kind, level=0.9)
    assert effect.inference == kind
    assert effect.conf_low < effect.estimate < effect.conf_high
    assert effect.level == 0.9
    assert effect.n_clusters == (12 if kind.startswith("cr") else len(frame))


def test_without_inference_the_difference_stands_alone(frame, panel):
    row = did.did(panel(frame), inference="none").to_frame().iloc[0]
    assert row[["std_error", "statistic", "p_value", "conf_low", "conf_high"]].isna().all()
    assert row["inference"] == "none"


@pytest.mark.parametrize(
    ("kind", "names"),
    [("multiplier", "cr2"), ("nonsense", "wild_bootstrap")],
)
def test_an_inference_that_does_not_exist_is_refused_with_those_that_do(frame, panel, kind, names):
    with pytest.raises(DesignError, match=names):
        did.did(panel(frame), inference=kind)


def test_several_starts_are_sent_to_callaway_santanna(cohorts):
    given = Panel.from_frame(
        cohorts, unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    with pytest.raises(DesignError, match="callaway_santanna"):
        did.did(given)


def test_one_group_is_sent_to_before_after(frame):
    rows = frame[frame["pilot"] == 1]
    given = Panel.from_frame(
        rows, unit="id", period="wave", outcomes=["y"], kind="before_after", starts=2
    )
    with pytest.raises(DesignError, match="before_after"):
        did.did(given)


def test_the_panel_is_left_as_it_was(frame, panel):
    given = panel(frame, covariates=["age"])
    before = given.values.copy()
    did.did(given, balanced=True)
    did.did(given, inference="permutation")
    pd.testing.assert_frame_equal(given.values, before)
