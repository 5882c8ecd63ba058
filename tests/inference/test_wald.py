"""t, p, interval and joint tests against scipy's distributions."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from impact.inference.wald import few_clusters_test, hotelling_dof, joint_test, read


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


def test_one_sample_has_hotellings_degrees_of_freedom():
    """T² of a sample of n is F(q, n − q) after its factor, whatever the covariance."""
    rng = np.random.default_rng(0)
    sample = rng.normal(size=(9, 3)) @ rng.normal(size=(3, 3))
    vcov = np.cov(sample.T) / 9
    dof = hotelling_dof(np.array([np.eye(3) + 0.4]), np.array([8.0]))
    assert dof == pytest.approx(8)
    mean = sample.mean(axis=0)
    hotelling = mean @ np.linalg.solve(vcov, mean)
    exact = stats.f(3, 6).sf(hotelling * 6 / (8 * 3))
    assert few_clusters_test(mean, vcov, dof).p_value == pytest.approx(exact, rel=1e-9)


def test_of_one_estimate_they_are_satterthwaites():
    parts, free = np.array([2.0, 0.5]), np.array([3.0, 11.0])
    satterthwaite = parts.sum() ** 2 / (parts**2 / free).sum()
    assert hotelling_dof(parts[:, None, None], free) == pytest.approx(satterthwaite)


def test_they_do_not_depend_on_what_the_estimates_are_measured_in():
    rng = np.random.default_rng(1)
    roots = rng.normal(size=(2, 3, 3))
    parts, turn = roots @ roots.transpose(0, 2, 1), rng.normal(size=(3, 3))
    free = np.array([4.0, 9.0])
    turned = hotelling_dof(turn @ parts @ turn.T, free)
    assert turned == pytest.approx(hotelling_dof(parts, free), rel=1e-9)


def test_two_samples_tested_together_reject_a_true_null_at_their_level():
    rng, draws = np.random.default_rng(5), 1_500
    sizes, rejected = (5, 12), 0
    parts = np.array([np.eye(2) / n for n in sizes])
    dof = hotelling_dof(parts, np.array(sizes) - 1.0)
    for _ in range(draws):
        one, other = (rng.normal(size=(n, 2)) for n in sizes)
        vcov = np.cov(one.T) / sizes[0] + np.cov(other.T) / sizes[1]
        apart = one.mean(axis=0) - other.mean(axis=0)
        rejected += few_clusters_test(apart, vcov, dof).p_value < 0.05
    assert rejected / draws == pytest.approx(0.05, abs=3.5 * np.sqrt(0.05 * 0.95 / draws))
