"""Two-way fixed effects against dummies written out."""

import numpy as np
import pytest
import statsmodels.formula.api as smf

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError


def under(frame, start=2):
    return frame.assign(D=frame["pilot"] * (frame["wave"] >= start))


@pytest.mark.parametrize("weight", [None, "w"])
def test_twfe_is_statsmodels_with_dummies_on_unbalanced_data(frame, panel, thin, weight):
    rows = under(thin(frame))
    effect = did.twfe(panel(rows, weight=weight, covariates=["hours"]), inference="cr1")
    theirs = smf.wls(
        "y ~ D + hours + C(id) + C(wave)", rows, weights=rows["w"] if weight else 1.0
    ).fit()
    # Issue 2 asks for 1e-8; nothing but rounding is left of it.
    assert effect.estimate == pytest.approx(theirs.params["D"], rel=1e-10)


def test_twfe_equals_did_on_a_balanced_panel_of_two_waves(two_waves, panel):
    given = panel(two_waves, starts=1)
    assert did.twfe(given).estimate == pytest.approx(did.did(given).estimate, abs=1e-12)


def test_covariates_constant_within_units_are_absorbed_and_named(frame, panel):
    effect = did.twfe(panel(frame, covariates=["age", "hours"]))
    alone = did.twfe(panel(frame, covariates=["hours"]))
    assert any("age" in str(note) and "hours" not in str(note) for note in effect.notes)
    assert effect.estimate == pytest.approx(alone.estimate, abs=1e-12)


def test_cross_sections_have_effects_of_towns_wholly_treated(frame, panel, thin):
    rows = under(thin(frame)).drop(columns="id")
    effect = did.twfe(
        panel(rows, unit=None, sample="cross_sections", cluster="town"), inference="cr1"
    )
    theirs = smf.ols("y ~ D + C(town) + C(wave)", rows).fit()
    assert effect.estimate == pytest.approx(theirs.params["D"], rel=1e-10)


def test_cross_sections_of_people_have_effects_of_the_group(frame, panel, thin):
    rows = under(thin(frame)).drop(columns="id")
    effect = did.twfe(panel(rows, unit=None, sample="cross_sections"), inference="cr1")
    theirs = smf.ols("y ~ D + pilot + C(wave)", rows).fit()
    assert effect.estimate == pytest.approx(theirs.params["D"], rel=1e-10)


def test_a_permutation_estimates_twfe_again_for_every_town(make, panel, thin):
    rows = thin(make(clusters=6)).assign(pilot=lambda rows: (rows["town"] == 2).astype(int))
    effect = did.twfe(
        panel(rows, cluster="town", covariates=["hours"], weight="w"), inference="permutation"
    )
    every = []
    for town in range(6):
        placebo = under(rows.assign(pilot=(rows["town"] == town).astype(int)))
        fitted = smf.wls("y ~ D + hours + C(id) + C(wave)", placebo, weights=placebo["w"]).fit()
        every.append(fitted.params["D"])
    assert effect.estimate == pytest.approx(every[2], rel=1e-9)
    assert effect.p_value == pytest.approx(np.mean(np.abs(every) >= abs(every[2]) - 1e-9))


def test_with_several_starts_the_caveat_is_said(cohorts):
    given = Panel.from_frame(
        cohorts, unit="id", period="wave", outcomes=["y"], first_treated="first"
    )
    assert any("only beside the headline" in str(note) for note in did.twfe(given).notes)
    with pytest.raises(DesignError, match="one start"):
        did.twfe(given, inference="permutation", cluster="assignment")


def test_all_starting_together_are_sent_to_before_after(frame):
    rows = frame[frame["pilot"] == 1]
    given = Panel.from_frame(
        rows, unit="id", period="wave", outcomes=["y"], kind="before_after", starts=2
    )
    with pytest.raises(DesignError, match="before_after"):
        did.twfe(given, inference="cr1")
