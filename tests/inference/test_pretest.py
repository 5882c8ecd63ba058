"""Pre-tests against the published tables of pretrends, and against simulation."""

import numpy as np
import pytest
from scipy import stats

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates
from impact.inference.normal_box import inside_box
from impact.inference.passing import TESTS
from impact.inference.pretest import after_passing, detectable_slope, pretest_power, straight_line

SLOPE = 0.0494932155202119


def test_the_slope_found_half_the_time_is_pretrends(study):
    """Stata pretrends prints .0494932; the covariance is known to six digits."""
    assert detectable_slope(study("he_wang"), 0.5) == pytest.approx(SLOPE, rel=2e-5)


def test_the_power_against_a_parabola_is_pretrends(study):
    estimates = study("he_wang")
    parabola = 0.024 * np.array([9.0, 4, 1, 1, 4, 9, 16])
    found = pretest_power(estimates, parabola)
    assert found == pytest.approx(0.7026124047271576, abs=3e-5)
    # The ratio of those who pass under the parabola and under parallel trends.
    passing = 1 - pretest_power(estimates, np.zeros(3))
    assert (1 - found) / passing == pytest.approx(0.3384376031301103, abs=5e-5)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [([1, 0, 0, 0], 0.0617067), ([0, 1, 0, 0], 0.1148959), ([0, 0, 0, 1], 0.2134771)],
)
def test_the_mean_after_passing_is_pretrends(weights, expected, study):
    he_wang = study("he_wang")
    estimates = EventEstimates(he_wang.estimate, he_wang.vcov, 3, np.array(weights))
    found = after_passing(estimates, straight_line(estimates, SLOPE))
    assert found.bias == pytest.approx(expected, abs=2e-5)
    assert found.bias_always == pytest.approx(SLOPE * [1, 2, 3, 4][int(np.argmax(weights))])
    assert found.passing == pytest.approx(0.5, abs=2e-5)


@pytest.fixture
def estimates():
    rng = np.random.default_rng(2)
    root = rng.normal(size=(5, 5))
    vcov = root @ root.T / 5 + 0.2 * np.eye(5)
    return EventEstimates(np.zeros(5), vcov, 3, np.array([0.5, 0.5]))


def passes(drawn, estimates, test):
    before = drawn[:, :3]
    inner = estimates.vcov[:3, :3]
    if test == "individual":
        return (np.abs(before) <= stats.norm.ppf(0.975) * np.sqrt(np.diag(inner))).all(axis=1)
    wald = np.einsum("ij,jk,ik->i", before, np.linalg.inv(inner), before)
    return wald <= stats.chi2.ppf(0.95, 3)


@pytest.mark.parametrize("test", ["individual", "joint"])
@pytest.mark.parametrize("slope", [0.0, 0.3, 0.8])
def test_power_bias_and_coverage_are_those_of_simulated_estimates(estimates, test, slope):
    truth = straight_line(estimates, slope)
    runs = 100_000
    drawn = np.random.default_rng(1).multivariate_normal(truth, estimates.vcov, runs)
    passed = passes(drawn, estimates, test)
    value = drawn[passed] @ [0, 0, 0, 0.5, 0.5]
    covered = np.abs(value) <= stats.norm.ppf(0.975) * estimates.std_error
    found = after_passing(estimates, truth, test=test)
    errors = np.sqrt(0.25 / runs), value.std() / np.sqrt(len(value)), 0.5 / np.sqrt(len(value))
    assert abs(found.passing - passed.mean()) < 4 * errors[0]
    assert abs(found.bias - value.mean()) < 4 * errors[1]
    assert abs(found.coverage - covered.mean()) < 4 * errors[2]
    assert found.passing == pytest.approx(1 - pretest_power(estimates, truth, test=test), abs=1e-9)


@pytest.mark.parametrize("test", ["individual", "joint"])
@pytest.mark.parametrize("power", [0.5, 0.8])
def test_the_detectable_slope_is_found_with_that_power(estimates, test, power):
    slope = detectable_slope(estimates, power, test=test)
    line = straight_line(estimates, slope)
    assert pretest_power(estimates, line, test=test) == pytest.approx(power, abs=1e-7)


def test_one_period_before_is_the_two_sided_z_test():
    estimates = EventEstimates(np.zeros(2), np.diag([4.0, 1.0]), 1)
    for test in TESTS:
        found = pretest_power(estimates, np.array([3.0]), test=test)
        z = stats.norm.ppf(0.975)
        expected = stats.norm.sf(z - 1.5) + stats.norm.cdf(-z - 1.5)
        assert found == pytest.approx(expected, abs=1e-7)


def test_a_later_estimate_apart_from_the_earlier_is_left_alone_by_the_joint_test():
    estimates = EventEstimates(np.zeros(3), np.eye(3), 2)
    found = after_passing(estimates, np.array([0.5, 0.2, 1.0]), test="joint")
    assert found.bias == found.bias_always == 1.0
    assert found.coverage == found.coverage_always
    assert found.coverage == pytest.approx(stats.norm.cdf(0.959964) - stats.norm.cdf(-2.959964))


def test_the_size_of_many_single_tests_is_over_the_level():
    estimates = EventEstimates(np.zeros(6), np.eye(6), 5)
    assert pretest_power(estimates, np.zeros(5)) == pytest.approx(1 - 0.95**5, abs=1e-6)
    assert pretest_power(estimates, np.zeros(5), test="joint") == pytest.approx(0.05, abs=1e-12)
    assert detectable_slope(estimates, 0.2) == 0.0


def test_a_box_is_scipys_where_scipy_integrates_too():
    mean, low, high = np.array([0.3, -0.2]), np.array([-1.0, -np.inf]), np.array([0.5, 0.7])
    vcov = np.array([[1.0, 0.6], [0.6, 2.0]])
    law = stats.multivariate_normal(mean, vcov)
    expected = law.cdf([0.5, 0.7]) - law.cdf([-1.0, 0.7])
    assert inside_box(mean, vcov, low, high)[0] == pytest.approx(expected, abs=2e-6)


def test_a_box_of_independent_sides_is_their_product():
    rng = np.random.default_rng(1)
    for size in (1, 3, 8):
        mean, spread = rng.normal(size=size), rng.uniform(0.5, 2, size)
        chance, centre = inside_box(mean, np.diag(spread**2), -np.ones(size), np.ones(size))
        sides = [stats.norm(m, s) for m, s in zip(mean, spread, strict=True)]
        assert chance == pytest.approx(np.prod([x.cdf(1) - x.cdf(-1) for x in sides]), rel=1e-6)
        inside = stats.truncnorm((-1 - mean) / spread, (1 - mean) / spread, mean, spread)
        np.testing.assert_allclose(centre, inside.mean(), atol=2e-3)


def test_an_unknown_test_is_refused(estimates):
    with pytest.raises(DesignError, match="individual and joint"):
        pretest_power(estimates, np.zeros(3), test="both")
    with pytest.raises(DesignError, match="between 0 and 1"):
        detectable_slope(estimates, 1.0)
