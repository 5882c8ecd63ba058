"""The usual error structures side by side, each by its own road."""

from __future__ import annotations

import numpy as np
import pytest

from impact import did
from impact.data.panel import Panel
from impact.results import EffectResult, Statement


def beside(given: Panel) -> EffectResult:
    found = did.other_errors(given, did.estimate(given))
    assert isinstance(found, EffectResult)
    return found


def test_each_row_is_the_estimator_with_that_error_structure(make, panel):
    given = panel(make(periods=2, start=1, clusters=16), cluster="town", starts=1)
    rows = beside(given).rows.set_index("inference")
    assert list(rows.index) == ["cr2", "cr1", "wild_bootstrap", "permutation"]
    for kind in ("cr1", "wild_bootstrap", "permutation"):
        alone = did.did(given, inference=kind)
        row = rows.loc[kind]
        assert row["estimate"] == pytest.approx(alone.estimate, rel=1e-12)
        assert row["p_value"] == alone.p_value
    assert np.ptp(rows["estimate"]) < 1e-12


def test_the_quoted_one_is_first_and_named(make, panel):
    given = panel(make(periods=2, start=1, clusters=16), cluster="town", starts=1)
    effects = did.estimate(given)
    found = did.other_errors(given, effects)
    assert found.rows["term"].iloc[0] == "clustered (CR2), quoted"
    assert found.rows["p_value"].iloc[0] == effects.headline("y").p_value
    said = " ".join(map(str, found.notes))
    assert "For comparison" in said
    assert "clustered (CR2)" in said


def test_beside_one_treated_place_no_clustered_error_brings_a_p_value(make, panel):
    rows = make(periods=2, start=1, clusters=24, units=120)
    rows = rows.assign(pilot=(rows["town"] == 0).astype(int))
    found = beside(panel(rows, cluster="town", starts=1)).rows.set_index("inference")
    assert np.isfinite(found.loc["permutation", "p_value"])
    others = found.drop(index="permutation")
    assert {"cr1", "wild_bootstrap"} <= set(others.index)
    assert others[["p_value", "conf_low", "conf_high"]].isna().all(axis=None)


def test_of_those_seen_twice_all_errors_are_of_their_changes(make, panel, thin):
    given = panel(thin(make(periods=2, start=1, clusters=16)), cluster="town", starts=1)
    rows = beside(given).rows
    assert did.choose(given).balanced
    assert np.ptp(rows["estimate"]) < 1e-12
    expected = did.did(given, inference="cr1", balanced=True).std_error
    assert rows.set_index("inference").loc["cr1", "std_error"] == pytest.approx(expected)


def test_staggered_starts_show_both_readings_of_the_influences(cohorts):
    given = Panel.from_frame(
        cohorts, unit="id", period="wave", outcomes=["y"], first_treated="first", cluster="town"
    )
    rows = beside(given).rows.set_index("inference")
    assert set(rows.index) == {"cr2", "analytic"}
    alone = did.callaway_santanna(given, errors="analytic")
    assert rows.loc["analytic", "std_error"] == pytest.approx(alone.std_error)


def test_without_a_comparison_there_is_nothing_to_set_side_by_side(make):
    rows = make(periods=2, start=1).assign(pilot=1)
    given = Panel.from_frame(
        rows, unit="id", period="wave", outcomes=["y"], starts=1, kind="before_after"
    )
    assert isinstance(did.other_errors(given, did.estimate(given)), Statement)
