"""Least squares against statsmodels, and columns that say the same."""

import tracemalloc

import numpy as np
import pytest
import statsmodels.api as sm

from impact.errors import DesignError
from impact.inference.linear import fit


@pytest.fixture
def rows():
    rng = np.random.default_rng(8)
    unit, period = np.repeat(np.arange(30), 5), np.tile(np.arange(5), 30)
    keep = rng.random(150) < 0.8
    X = rng.normal(size=(150, 2))
    y = X @ [1.0, -2.0] + unit * 0.1 + period + rng.normal(size=150)
    return {
        "y": y[keep],
        "X": X[keep],
        "unit": unit[keep],
        "period": period[keep],
        "weights": rng.uniform(0.5, 2, 150)[keep],
    }


def test_absorbing_gives_the_coefficients_of_statsmodels_with_dummies(rows):
    ours = fit(rows["y"], rows["X"], weights=rows["weights"], absorb=(rows["unit"], rows["period"]))
    parts = [rows["X"], rows["unit"][:, None] == np.arange(30)]
    parts.append(rows["period"][:, None] == np.arange(1, 5))
    theirs = sm.WLS(rows["y"], np.column_stack(parts).astype(float), weights=rows["weights"]).fit()
    np.testing.assert_allclose(ours.beta, theirs.params[:2], rtol=1e-11)
    np.testing.assert_allclose(ours.residuals, theirs.resid, atol=1e-11)
    np.testing.assert_allclose(ours.bread, theirs.normalized_cov_params[:2, :2], rtol=1e-9)
    assert ours.dof == theirs.df_resid


def test_of_two_columns_that_say_the_same_the_second_is_dropped_and_named(rows):
    X = np.column_stack([rows["X"], 3 * rows["X"][:, 0] - 1, rows["unit"]])
    found = fit(rows["y"], X, absorb=(rows["unit"],), names=("a", "b", "again", "place"))
    assert found.names == ("a", "b")
    assert found.dropped == ("again", "place")
    alone = fit(rows["y"], rows["X"], absorb=(rows["unit"],))
    np.testing.assert_allclose(found.beta, alone.beta, rtol=1e-12)


def test_no_column_is_left_where_effects_say_all(rows):
    found = fit(rows["y"], rows["unit"][:, None], absorb=(rows["unit"],), names=("place",))
    assert found.names == ()
    assert found.beta.shape == (0,)


def test_a_covariate_far_from_zero_and_a_large_one_stay(rows):
    year = 2003.0 + rows["period"] / 1e3
    X = np.column_stack([np.ones(len(year)), year, rows["X"][:, 0] * 1e9])
    assert fit(rows["y"], X).rank == 3


def test_badly_scaled_columns_are_solved_as_statsmodels_solves_scaled_ones(rows):
    scale = np.array([1e7, 1e-6])
    ours = fit(rows["y"], rows["X"] * scale, absorb=(rows["unit"],))
    theirs = fit(rows["y"], rows["X"], absorb=(rows["unit"],))
    np.testing.assert_allclose(ours.beta * scale, theirs.beta, rtol=1e-10)


def test_a_hundred_thousand_units_fit_in_well_under_a_gigabyte():
    units, periods = 100_000, 10
    rng = np.random.default_rng(1)
    unit, period = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    keep = rng.random(units * periods) < 0.9
    unit, period = unit[keep], period[keep]
    y, X = rng.normal(size=len(unit)), rng.normal(size=(len(unit), 3))
    tracemalloc.start()
    try:
        fit(y, X, absorb=(unit, period))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 700e6


@pytest.mark.parametrize("absorb", [(), (np.array([0, 0, 1, 1]),)])
def test_a_regression_without_a_column_is_refused_in_words(absorb):
    with pytest.raises(DesignError, match="no column to read a coefficient of"):
        fit(np.arange(4.0), np.empty((4, 0)), absorb=absorb)
