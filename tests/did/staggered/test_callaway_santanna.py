"""Callaway and Sant'Anna: second roads, invariants, and panels that lack something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.callaway_santanna import callaway_santanna
from impact.errors import DesignError
from impact.inference.bootstrap import multiplier_bootstrap

Build = Callable[..., Panel]
Simulate = Callable[..., pd.DataFrame]
NAMES = {"unit": "unit", "period": "period", "outcome": "y"}


@pytest.fixture(scope="module")
def panel(build: Build, simulate: Simulate) -> Panel:
    return build(simulate(), covariates=("x",), **NAMES)


def _terms(panel: Panel, **asked: object) -> pd.DataFrame:
    return callaway_santanna(panel, **asked).rows.set_index("term")


def _numbers(panel: Panel, **asked: object) -> np.ndarray:
    rows = callaway_santanna(panel, **asked).rows
    return rows[["estimate", "std_error", "p_value", "conf_low"]].to_numpy(dtype=float)


def test_a_cell_is_a_difference_of_four_means(build: Build, simulate: Simulate) -> None:
    frame = simulate()
    found = _terms(build(frame, **NAMES), control_group="never_treated")
    mean = frame.groupby(["start", "period"])["y"].mean()
    by_hand = (mean[4, 5] - mean[4, 3]) - (mean[0, 5] - mean[0, 3])
    assert found.loc["ATT(4,5)", "estimate"] == pytest.approx(by_hand, rel=1e-12)


def test_not_yet_treated_units_join_the_comparison(build: Build, simulate: Simulate) -> None:
    frame = simulate()
    found = _terms(build(frame, **NAMES))
    change = frame.pivot(index="unit", columns="period", values="y")
    change = change[4] - change[2]
    start = frame.groupby("unit")["start"].first()
    by_hand = change[start == 3].mean() - change[start.isin([0, 5])].mean()
    assert found.loc["ATT(3,4)", "estimate"] == pytest.approx(by_hand, rel=1e-12)


def test_the_overall_effect_is_the_cohorts_mean_weighted_by_their_size(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate(starts=(3, 4, 4, 4, 0, 0))
    found = _terms(build(frame, **NAMES))
    cells = found["estimate"]
    cohort = {g: np.mean([cells[f"ATT({g},{t})"] for t in range(g, 7)]) for g in (3, 4)}
    assert cells["ATT"] == pytest.approx((cohort[3] + 3 * cohort[4]) / 4, rel=1e-12)
    assert cells["ATT"] == cells["group"]
    assert found.index[0] == "ATT"


@pytest.mark.parametrize("aggregation", ["simple", "event", "calendar"])
def test_the_headline_is_the_aggregation_that_was_asked_for(panel: Panel, aggregation: str) -> None:
    found = _terms(panel, aggregation=aggregation)
    assert found.loc["ATT", "estimate"] == found.loc[aggregation, "estimate"]
    assert found.loc["ATT", "std_error"] == found.loc[aggregation, "std_error"]


def test_known_effects_are_found_on_average(build: Build, simulate: Simulate) -> None:
    found = [_terms(build(simulate(seed=seed), **NAMES))["estimate"] for seed in range(40)]
    for e in (0, 1, 2):
        drawn = np.array([cells[str(e)] for cells in found])
        error = drawn.std(ddof=1) / np.sqrt(len(drawn))
        assert abs(drawn.mean() - (1 + e)) < 4 * error


def test_the_analytic_error_is_the_spread_of_the_estimate(build: Build, simulate: Simulate) -> None:
    found = [_terms(build(simulate(units=200, seed=s), **NAMES)).loc["ATT"] for s in range(120)]
    spread = np.std([row["estimate"] for row in found], ddof=1)
    # The standard deviation of 120 draws is itself known to about 6.5 %.
    assert np.mean([row["std_error"] for row in found]) == pytest.approx(spread, rel=0.2)


def test_without_covariates_the_three_methods_are_one(panel: Panel) -> None:
    one, two, three = (
        _numbers(panel, covariates=(), estimation=kind)
        for kind in ("doubly_robust", "regression", "weighting")
    )
    np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(one, three)


def test_anticipation_never_enters_the_overall_effect(build: Build, simulate: Simulate) -> None:
    frame = simulate(starts=(4, 5, 0))
    ahead = frame["start"].gt(0) & frame["period"].eq(frame["start"] - 1)
    jumped = frame.assign(y=frame["y"] + 100 * ahead)
    calm = _terms(build(frame, **NAMES), anticipation=1, control_group="never_treated")
    wild = _terms(build(jumped, **NAMES), anticipation=1, control_group="never_treated")
    for term in ("ATT", "simple", "event", "calendar", "0", "1"):
        assert wild.loc[term, "estimate"] == pytest.approx(calm.loc[term, "estimate"], rel=1e-9)
    assert wild.loc["-1", "estimate"] == pytest.approx(calm.loc["-1", "estimate"] + 100, rel=1e-9)


def test_a_universal_base_accumulates_what_a_varying_base_differences(panel: Panel) -> None:
    varying = _terms(panel, covariates=(), control_group="never_treated")["estimate"]
    universal = _terms(
        panel, covariates=(), control_group="never_treated", base_period="universal"
    )["estimate"]
    assert universal["ATT(5,4)"] == 0
    assert universal["ATT(5,3)"] == pytest.approx(-varying["ATT(5,4)"], rel=1e-9)
    assert universal["ATT(5,2)"] == pytest.approx(
        -varying["ATT(5,4)"] - varying["ATT(5,3)"], rel=1e-9
    )


def test_a_balanced_window_keeps_cohorts_that_are_seen_long_enough(panel: Panel) -> None:
    found = _terms(panel, covariates=(), balanced=2)
    kept = [term for term in found.index if term.lstrip("-").isdigit()]
    # Cohorts 3 and 4 are seen two periods after their start; cohort 5 is not.
    assert kept == ["-2", "-1", "0", "1", "2"]
    assert found.loc["0", "n_treated"] == 30
    mean = found.loc[["ATT(3,3)", "ATT(4,4)"], "estimate"].mean()
    assert found.loc["0", "estimate"] == pytest.approx(mean, rel=1e-12)


def test_a_window_limits_the_event_times(panel: Panel) -> None:
    found = _terms(panel, window=(-1, 1))
    assert [term for term in found.index if term.lstrip("-").isdigit()] == ["-1", "0", "1"]


def test_a_unit_copied_within_its_cluster_changes_nothing(build: Build, simulate: Simulate) -> None:
    frame = simulate().assign(cluster=lambda f: f["unit"])
    twice = pd.concat([frame, frame.assign(unit=frame["unit"] + 1000)])
    one, two = (_numbers(build(f, cluster="cluster", **NAMES)) for f in (frame, twice))
    np.testing.assert_allclose(one, two, rtol=1e-9)


def test_a_weight_of_two_is_a_unit_copied_within_its_cluster(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate().assign(cluster=lambda f: f["unit"], w=lambda f: 1 + f["unit"] % 2)
    copies = pd.concat([frame, frame[frame["w"] == 2].assign(unit=lambda f: f["unit"] + 1000)])
    shared = {"cluster": "cluster", "covariates": ("x",), **NAMES}
    weighted = _numbers(build(frame, weight="w", **shared))
    copied = _numbers(build(copies, **shared))
    np.testing.assert_allclose(weighted, copied, rtol=1e-8)


def test_a_weight_of_zero_is_a_unit_that_is_not_there(build: Build, simulate: Simulate) -> None:
    frame = simulate().assign(w=lambda f: np.where(f["unit"] % 7 == 3, 0.0, 1.0))
    weighted = callaway_santanna(build(frame, weight="w", **NAMES))
    gone = _numbers(build(frame[frame["w"] > 0], **NAMES))
    shown = weighted.rows[["estimate", "std_error", "p_value", "conf_low"]].to_numpy(dtype=float)
    np.testing.assert_allclose(shown, gone, rtol=1e-12)
    assert any("weight zero" in str(note) for note in weighted.notes)


def test_a_balanced_panel_read_as_linked_rows_gives_the_same_means(
    panel: Panel, build: Build, simulate: Simulate
) -> None:
    frame = simulate()
    late = pd.DataFrame({"unit": [999], "period": [1], "start": [0], "x": [0.0], "y": [np.nan]})
    # A unit seen once, without an outcome, changes nothing; the panel stays balanced.
    longer = build(pd.concat([frame, late]), **NAMES)
    np.testing.assert_allclose(_numbers(longer), _numbers(panel, covariates=()), rtol=1e-12)


def test_the_panel_stays_as_it_was(panel: Panel) -> None:
    before = panel.values.copy()
    callaway_santanna(panel)
    pd.testing.assert_frame_equal(panel.values, before)


def test_a_row_of_nans_leaves_the_other_rows_of_the_unit_in(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate()
    frame.loc[[3, 40], "y"] = np.nan
    found = callaway_santanna(build(frame, **NAMES))
    mean = frame.groupby(["start", "period"])["y"].mean()
    by_hand = (mean[3, 4] - mean[3, 2]) - (
        frame.query("start in (0, 5) and period == 4")["y"].mean()
        - frame.query("start in (0, 5) and period == 2")["y"].mean()
    )
    cells = found.rows.set_index("term")["estimate"]
    assert cells["ATT(3,4)"] == pytest.approx(by_hand, rel=1e-12)
    assert found.rows["n_obs"].iloc[0] == 358
    assert [note.counts for note in found.notes] == [{"n": 2}]


def test_the_bootstrap_error_agrees_with_the_analytic_one(panel: Panel) -> None:
    analytic = _terms(panel)["std_error"]
    for multiplier in ("mammen", "rademacher"):
        drawn = callaway_santanna(
            panel, errors="bootstrap", multiplier=multiplier, replications=4000, seed=3
        ).rows
        ratio = drawn["std_error"].to_numpy() / analytic.to_numpy()
        # An interquartile range of 4000 draws is known to about 2 %; multipliers are skewed.
        assert np.nanmax(np.abs(ratio - 1)) < 0.15
        assert set(drawn["inference"]) == {"multiplier_bootstrap"}


def test_the_same_seed_gives_the_same_band_and_another_seed_another(panel: Panel) -> None:
    one, two, other = (
        callaway_santanna(panel, bands=True, seed=seed).details["bands"] for seed in (5, 5, 6)
    )
    assert one == two
    assert one["critical"] != other["critical"]


def test_a_uniform_band_is_wider_than_the_pointwise_interval(panel: Panel) -> None:
    bands = callaway_santanna(panel, bands=True, seed=5).details["bands"]
    assert bands["critical"] > 1.96
    assert bands["term"] == ["-3", "-2", "-1", "0", "1", "2", "3"]


def test_a_uniform_band_covers_all_terms_at_its_level() -> None:
    generator = np.random.default_rng(8)
    influence = generator.normal(size=(6, 500)) / 500
    critical = multiplier_bootstrap(influence, replications=4000, seed=1).critical
    # Six independent normals: the 95 % point of the largest is 2.63.
    assert critical == pytest.approx(2.63, abs=0.1)


def test_units_reached_in_the_first_period_are_dropped_by_name(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate(starts=(1, 3, 4, 0))
    found = callaway_santanna(build(frame, **NAMES))
    kept = callaway_santanna(build(frame[frame["start"] != 1], **NAMES))
    assert found.notes[0].counts == {"n": 15}
    assert "first period (1)" in str(found.notes[0])
    pd.testing.assert_frame_equal(found.rows, kept.rows)


def test_a_cohort_reached_after_the_end_is_never_reached(build: Build, simulate: Simulate) -> None:
    frame = simulate(starts=(3, 4, 9, 0))
    late = _numbers(build(frame, **NAMES))
    never = _numbers(build(frame.replace({"start": {9: 0}}), **NAMES))
    np.testing.assert_array_equal(late, never)


def test_where_everybody_is_reached_the_last_cohort_only_compares(
    build: Build, simulate: Simulate
) -> None:
    found = callaway_santanna(build(simulate(starts=(3, 4, 5)), **NAMES))
    assert not any(term.startswith("ATT(5") for term in found.rows["term"])
    notes = " ".join(str(note) for note in found.notes)
    assert "the last cohort (5) is comparison only" in notes
    assert "ATT(3,5)" in notes


def test_without_never_treated_units_the_error_names_the_other_comparison(
    build: Build, simulate: Simulate
) -> None:
    panel = build(simulate(starts=(3, 4, 5)), **NAMES)
    with pytest.raises(DesignError, match="control_group='not_yet_treated'"):
        callaway_santanna(panel, control_group="never_treated")


@pytest.mark.parametrize(
    ("starts", "message"),
    [((3,), "'before_after'"), ((1,), "'before_after'"), ((0,), "'before_after'")],
)
def test_a_panel_without_a_comparison_or_a_treated_unit_names_another_method(
    build: Build, simulate: Simulate, starts: tuple[int, ...], message: str
) -> None:
    with pytest.raises(DesignError, match=message):
        callaway_santanna(build(simulate(starts=starts), **NAMES))


def test_one_period_is_too_few(build: Build, simulate: Simulate) -> None:
    with pytest.raises(DesignError, match="compared"):
        callaway_santanna(build(simulate(periods=1, starts=(3, 0)), **NAMES))


def test_collinear_covariates_are_named(build: Build, simulate: Simulate) -> None:
    frame = simulate().assign(twice=lambda f: 2 * f["x"])
    with pytest.raises(DesignError, match="covariates"):
        callaway_santanna(build(frame, covariates=("x", "twice"), **NAMES))


def test_a_covariate_that_tells_the_cohort_leaves_its_effects_out_by_name(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate().assign(sure=lambda f: (f["start"] == 3) + 0.1 * f["x"])
    found = callaway_santanna(build(frame, covariates=("sure",), **NAMES))
    assert any("ATT(3,3)" in str(note) and "nobody like them" in str(note) for note in found.notes)
    assert not any(term.startswith("ATT(3") for term in found.rows["term"])
    assert found.rows["estimate"].notna().all()


def test_a_cohort_of_one_unit_is_shown_without_a_test(build: Build, simulate: Simulate) -> None:
    frame = simulate(units=21, starts=(3, 0, 0))
    frame.loc[(frame["start"] == 3) & (frame["unit"] > 0), "start"] = 0
    found = callaway_santanna(build(frame, **NAMES))
    assert found.rows["p_value"].isna().all()
    assert found.rows["conf_low"].isna().all()
    assert found.rows["estimate"].notna().all()
    assert found.base == 1
    notes = " ".join(str(note) for note in found.notes)
    assert "Nothing is tested for ATT" in notes
    assert "small: 1 unit" in notes


def test_a_cohort_in_one_cluster_is_not_tested_but_the_others_are(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate(units=240).assign(
        place=lambda f: np.where(f["start"] == 3, 1000, f["unit"] // 4)
    )
    rows = callaway_santanna(build(frame, cluster="place", **NAMES)).rows.set_index("term")
    assert np.isnan(rows.loc["group:3", "p_value"])
    assert np.isfinite(rows.loc["group:4", "p_value"])
    assert rows.loc["ATT", "n_clusters"] == 61


def test_units_that_move_between_clusters_are_refused(build: Build, simulate: Simulate) -> None:
    frame = simulate().assign(place=lambda f: f["unit"] // 4 + f["period"] % 2)
    with pytest.raises(DesignError, match="change their cluster"):
        callaway_santanna(build(frame, cluster="place", **NAMES))


def test_an_unknown_covariate_is_named(panel: Panel) -> None:
    with pytest.raises(DesignError, match="no column agee"):
        callaway_santanna(panel, covariates=("agee",))


def test_the_result_travels_and_comes_back(panel: Panel) -> None:
    found = callaway_santanna(panel, bands=True)
    back = type(found).of_payload(found.to_payload())
    pd.testing.assert_frame_equal(back.rows, found.rows)
    np.testing.assert_array_equal(back.vcov, found.vcov)


def test_the_covariance_has_the_squared_errors_on_its_diagonal(panel: Panel) -> None:
    found = callaway_santanna(panel)
    np.testing.assert_allclose(np.sqrt(np.diag(found.vcov)), found.rows["std_error"], rtol=1e-12)
    assert np.linalg.eigvalsh(found.vcov).min() > -1e-12


def test_a_gap_in_time_compares_with_the_last_period_that_there_is(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate().query("period != 3")
    found = _terms(build(frame, **NAMES), control_group="never_treated")
    mean = frame.groupby(["start", "period"])["y"].mean()
    by_hand = (mean[4, 4] - mean[4, 2]) - (mean[0, 4] - mean[0, 2])
    assert found.loc["ATT(4,4)", "estimate"] == pytest.approx(by_hand, rel=1e-12)


def test_repeated_cross_sections_compare_means_of_rows(build: Build, simulate: Simulate) -> None:
    frame = simulate()
    panel = build(frame, sample="cross_sections", **NAMES)
    linked = replace(panel, design=panel.design.model_copy(update={"sample": "panel"}))
    alone, as_panel = _terms(panel), _terms(linked)
    np.testing.assert_allclose(alone["std_error"], as_panel["std_error"], rtol=1e-12)
    mean = frame.groupby(["start", "period"])["y"].mean()
    by_hand = (mean[5, 6] - mean[5, 4]) - (mean[0, 6] - mean[0, 4])
    assert alone.loc["ATT(5,6)", "estimate"] == pytest.approx(by_hand, rel=1e-12)
