"""Rows, pre-tests and bands of event times hold their level with few places in a cohort."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.callaway_santanna import callaway_santanna
from impact.did.choose import choose
from impact.did.courses import group_time_courses, imputed_courses, lead_courses, stacked_courses
from impact.did.event_study import event_study
from impact.did.imputation import imputation
from impact.did.imputed import impute
from impact.did.leads import leads
from impact.did.read_adoption import read_adoption
from impact.did.ruled import as_ruled
from impact.did.stacked import stacked
from impact.did.stacks import shown_times, stack_means, stacks_of
from impact.did.two_stage import two_stage

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"
DRAWS = 300


def slack(share, draws):
    """Return three and a half standard errors of a simulated share."""
    return 3.5 * np.sqrt(share * (1 - share) / draws)


@pytest.fixture
def times(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    import calibration.event_times

    return calibration.event_times


def made(starts, periods, y):
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"u{at:04d}" for at in range(len(starts))], periods),
            "period": np.tile(np.arange(1, periods + 1), len(starts)),
            "first": np.repeat(starts, periods),
            "y": np.asarray(y).ravel(),
        }
    )
    return Panel.from_frame(
        frame, unit="unit", period="period", outcomes=["y"], first_treated="first"
    )


@pytest.mark.parametrize("name", ["3+3+6", "4+3+3+10", "5×2+10, 8 periods", "5+5+2, all reached"])
def test_pre_test_rows_and_bands_hold_their_level_without_an_effect(times, name):
    starts, periods = times.STARTS[name]
    found = times.read_off_times(starts, periods)
    held = times.held(
        found, times.errors((DRAWS, len(starts), periods), serial=0.0, seed=3), bands=80
    )
    assert held.pre_test < 0.06 + slack(0.06, DRAWS)
    # The worst of about a dozen rows.
    assert held.worst < 0.06 + slack(0.06, DRAWS)
    assert held.covered > 0.93 - slack(0.93, 80)


def test_what_the_simulation_adds_up_is_what_the_package_gives(times):
    starts, periods = times.STARTS["4+3+3+10"]
    found = times.read_off_times(starts, periods)
    y = times.errors((1, len(starts), periods), serial=0.5, seed=9)
    effect = callaway_santanna(made(starts, periods, y), errors="cr2")
    rows = effect.rows.set_index("term").loc[list(found.names)]
    m = len(found.names)
    flat = y.ravel()
    influence = np.tensordot(flat, found.influence.reshape(len(found.short), flat.size, -1), (0, 1))
    vcov, dof = found.few[0].errors(influence[:m])
    np.testing.assert_allclose(rows["estimate"], found.estimate[:m].reshape(m, -1) @ flat)
    np.testing.assert_allclose(rows["std_error"], np.sqrt(np.diag(vcov)), rtol=1e-9)
    assert dof[found.names.index("group")] == pytest.approx(effect.details["dof"])
    leads = times.held(found, y, bands=0).pre_test
    assert (effect.details["pre_test"]["p_value_small_sample"] <= 0.05) == (leads == 1.0)


def test_courses_apart_before_the_start_are_found(times):
    starts, periods = times.STARTS["4×3+12, 8 periods"]
    y = times.errors((1, len(starts), periods), serial=0.0, seed=2)[0]
    bent = y + 2.5 * (np.asarray(starts) > 0)[:, None] * np.arange(periods)
    test = callaway_santanna(made(starts, periods, bent), errors="cr2").details["pre_test"]
    assert test["p_value_small_sample"] < 0.01
    assert test["leads"] == ["-2", "-1"]


def test_the_published_joint_test_stays_beside_it(times):
    starts, periods = times.STARTS["3+3+6"]
    y = times.errors((1, len(starts), periods), serial=0.0, seed=2)
    effect = callaway_santanna(made(starts, periods, y))
    before = [("ATT(3,2)", "ATT(4,2)", "ATT(4,3)").count(term) > 0 for term in effect.rows["term"]]
    pick = np.flatnonzero(before)
    value = effect.rows["estimate"].to_numpy()[pick]
    wald = value @ np.linalg.solve(effect.vcov[np.ix_(pick, pick)], value)
    assert effect.details["pre_test"]["statistic"] == pytest.approx(wald)
    assert effect.details["pre_test"]["dof"] == 3


def test_rows_that_rest_on_two_places_are_not_tested_and_named(times):
    starts, periods = times.STARTS["5×2+10, 8 periods"]
    y = times.errors((1, len(starts), periods), serial=0.0, seed=2)
    effect = callaway_santanna(made(starts, periods, y), errors="cr2")
    rows = effect.rows.set_index("term")
    alone = ["group:3", "calendar:3", "5", "-5"]
    assert rows.loc[alone, ["p_value", "conf_low", "conf_high"]].isna().all(axis=None)
    assert rows.loc[["ATT", "0", "-1"], "p_value"].notna().all()
    said = " ".join(str(note) for note in effect.notes)
    assert "fewer than three clusters" in said
    assert "group:3" in said


def test_where_most_cells_compare_with_two_places_the_headline_is_not_tested(times):
    starts, periods = times.STARTS["5+5+2, all reached"]
    y = times.errors((1, len(starts), periods), serial=0.0, seed=2)
    assert np.isnan(callaway_santanna(made(starts, periods, y), errors="cr2").p_value)


def test_courses_are_how_estimates_are_made_of_the_cohorts_means(times):
    starts, periods = times.STARTS["4+3+3+10"]
    panel = made(starts, periods, times.errors((1, len(starts), periods), serial=0.0, seed=5))
    data = read_adoption(panel, "y", ())
    cohort = np.unique(data.start, return_inverse=True)[1]
    means = np.array([data.outcome[:, cohort == c].mean(axis=1) for c in range(4)])
    found = impute(panel, data, 0)
    ahead = leads(found)
    since = shown_times(data, (-2, 1), 0)
    stacks, _ = stacks_of(data, since, 0)
    for courses, estimate in (
        (imputed_courses(found), found.plan.contrasts @ found.estimate),
        (lead_courses(found, ahead.since), ahead.estimate),
        (stacked_courses(data, stacks, 1), stack_means(data, stacks, 1).estimate),
    ):
        np.testing.assert_allclose((courses * means).sum(axis=(1, 2)), estimate, atol=1e-12)


@pytest.mark.parametrize("base_period", ["varying", "universal"])
@pytest.mark.parametrize("control_group", ["not_yet_treated", "never_treated"])
def test_so_are_group_time_effects(times, base_period, control_group):
    from impact.did.cells import Comparison
    from impact.did.group_time import group_time_effects

    starts, periods = times.STARTS["4+3+3+10"]
    panel = made(starts, periods, times.errors((1, len(starts), periods), serial=0.0, seed=5))
    data = read_adoption(panel, "y", (), anticipation=1)
    how = Comparison(control_group, "doubly_robust", 1, base_period)
    effects = group_time_effects(data, how)
    cohort = np.unique(data.start, return_inverse=True)[1]
    means = np.array([data.outcome[:, cohort == c].mean(axis=1) for c in range(4)])
    courses = group_time_courses(data, effects, how, np.eye(len(effects.cohort)))
    np.testing.assert_allclose((courses * means).sum(axis=(1, 2)), effects.estimate, atol=1e-12)


@pytest.mark.parametrize("method", [imputation, two_stage, stacked])
def test_with_few_places_other_methods_have_the_inference_of_the_rule(times, method):
    """One place of two starts alone; the published errors reject a true null up to 33 times."""
    starts, periods, draws = (4, 4, 5) + (0,) * 12, 6, 120
    y = times.errors((draws, len(starts), periods), serial=0.0, seed=4)
    found = [method(made(starts, periods, one)) for one in y]
    assert {effect.inference for effect in found} == {"cr2"}
    rejected = np.mean([effect.p_value < 0.05 for effect in found])
    assert rejected < 0.06 + slack(0.06, draws)
    tests = [effect.details["pre_test"] for effect in found if effect.details["pre_test"]]
    chances = np.array([test["p_value_small_sample"] for test in tests])
    if method is not stacked:
        assert np.isfinite(chances).all()
    assert (chances < 0.05).mean() < 0.06 + slack(0.06, draws)


@pytest.mark.parametrize("method", [imputation, stacked])
def test_one_start_of_equal_places_is_two_means(times, method):
    """With two periods each place's change is one number; the error is that of two samples."""
    y = times.errors((1, 13, 2), serial=0.0, seed=6)[0]
    effect = method(made((2,) * 5 + (0,) * 8, 2, y), inference="cr2")
    change = y[:, 1] - y[:, 0]
    parts = change[:5].var(ddof=1) / 5, change[5:].var(ddof=1) / 8
    assert effect.std_error == pytest.approx(np.sqrt(sum(parts)), rel=1e-9)


def test_an_event_studys_pre_test_holds_its_level_with_few_places(times):
    starts, periods, draws = (6,) * 5 + (0,) * 5, 8, 150
    y = times.errors((draws, len(starts), periods), serial=0.5, seed=4)
    found = [event_study(made(starts, periods, one)).details["pre_test"] for one in y]
    assert np.mean([test["p_value"] < 0.05 for test in found]) < 0.06 + slack(0.06, draws)


@pytest.mark.parametrize("method", ["imputation", "two_stage", "stacked"])
def test_the_reason_of_a_named_method_is_what_was_run(times, method):
    from calibration.draws import SPEC

    starts, periods = times.STARTS["4+3+3+10"]
    y = times.errors((1, len(starts), periods), serial=0.0, seed=2)
    analysis = SPEC.analysis.model_copy(update={"methods": (method,)})
    panel = replace(made(starts, periods, y), spec=SPEC.model_copy(update={"analysis": analysis}))
    choice = choose(panel, "y")
    assert (choice.method, choice.inference) == (method, "cr2")
    assert "within cohorts" in str(choice.reasons[-1])
    assert as_ruled(panel, "y", choice).inference == "cr2"
