"""t, p, interval and joint tests against scipy's distributions."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from impact.inference.wald import joint_test, read


@pytest.mark.parametrize("dof", [1.0, 3.7, 40.0, np.inf])
def test_reading_is_students_t(dof):
    estimate, error = np.array([0.3, -8.0, 0.0]), np.array([0.2, 0.1, 1.0])
    seen = read(estimate, error, dof, level=0.9)
    t = stats.t(dof)
    np.testing.assert_allclose(seen.p_value, 2 * t.sf(np.abs(estimate / error)), rtol=1e-10)
    np.testing.assert_allclose(seen.conf_high, estimate + t.ppf(0.95) * error, rtol=1e-10)
    np.testing.assert_allclose(seen.conf_low, estimate - t.ppf(0.95) * error, rtol=1e-10)


def test_a_tiny_p_value_keeps_its_digits():
    assert read(np.array([60.0]), np.array([1.0]), 50).p_value[0] == pytest.approx(
        2 * stats.t(50).sf(60), rel=1e-9
    )


def test_without_a_standard_error_nothing_is_read():
    seen = read(np.array([1.0, 1.0]), np.array([0.0, np.nan]), 5)
    assert np.isnan(seen.p_value).all()
    assert np.isnan(seen.conf_low).all()


def test_the_joint_test_is_statsmodels_f_test():
    rng = np.random.default_rng(6)
    X = rng.normal(size=(60, 4))
    model = sm.OLS(rng.normal(size=60), X).fit()
    theirs = model.f_test(np.eye(4)[:3])
    ours = joint_test(model.params[:3], model.cov_params()[:3, :3], model.df_resid)
    assert ours.statistic == pytest.approx(float(theirs.fvalue), rel=1e-10)
    assert ours.p_value == pytest.approx(float(theirs.pvalue), rel=1e-9)
    chi = joint_test(model.params[:3], model.cov_params()[:3, :3], np.inf)
    assert chi.p_value == pytest.approx(stats.chi2(3).sf(chi.statistic), rel=1e-10)


def test_a_term_said_twice_is_tested_once():
    vcov = np.array([[2.0, 2.0], [2.0, 2.0]])
    twice = joint_test(np.array([3.0, 3.0]), vcov, np.inf)
    assert twice.restrictions == 1
    assert twice.statistic == pytest.approx(9 / 2)
