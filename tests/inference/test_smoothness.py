"""Fixed-length intervals against R's HonestDiD, a general optimiser, and simulation."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates
from impact.inference.lasso_path import lasso_path
from impact.inference.smoothness import fixed_length, folded_normal_quantile, smoothness

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "honest_did.csv")
PUBLISHED = TABLE[TABLE["restriction"] == "smoothness"].to_dict("records")


@pytest.mark.parametrize("case", PUBLISHED, ids=lambda case: f"{case['study']} {case['limit']}")
def test_the_interval_is_r_honestdids(case, study):
    estimates = study(case["study"])
    found = smoothness(estimates, case["limit"])
    # R draws its quantile of the folded normal a million times, and its solver stops within
    # a thousandth of a flat optimum; three digits are printed of most tables.
    assert found.conf_low == pytest.approx(case["conf_low"], abs=0.06 * estimates.std_error)
    assert found.conf_high == pytest.approx(case["conf_high"], abs=0.06 * estimates.std_error)
    half = (case["conf_high"] - case["conf_low"]) / 2
    assert (found.conf_high - found.conf_low) / 2 == pytest.approx(half, rel=0.006)


def test_the_weights_are_those_of_r_honestdid(study):
    best = fixed_length(study("benzarti_carloni"), 0.1)
    np.testing.assert_allclose(best.weights, [0, 0, 0, 1, 1, 0, 0, 0], atol=1e-12)


def test_the_quantile_of_the_folded_normal_is_scipys():
    for mean in (0.0, 0.01, 0.4, 2.0, 30.0):
        for level in (0.5, 0.9, 0.99):
            expected = stats.foldnorm.ppf(level, mean)
            assert folded_normal_quantile(mean, level) == pytest.approx(expected, rel=1e-7)


def largest_bias(weights, before, limit):
    """By linear programming over courses that bend by at most the limit."""
    size = len(weights)
    course = np.insert(np.eye(size), before, 0, axis=0)
    bends = np.diff(course, n=2, axis=0)
    found = optimize.linprog(
        -weights,
        A_ub=np.vstack([bends, -bends]),
        b_ub=np.full(2 * len(bends), limit),
        bounds=(None, None),
    )
    return -found.fun if found.status == 0 else np.inf


def random_course(seed, before, later, weights=None):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(before + later, before + later))
    vcov = root @ root.T / (before + later) + 0.1 * np.eye(before + later)
    return EventEstimates(rng.normal(size=before + later), vcov, before, weights)


SHAPES = [(1, 1, None), (2, 1, None), (3, 2, None), (4, 3, [1, 1, 1]), (5, 3, [0.5, -1, 2])]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("limit", [0.0, 0.05, 0.5, 5.0])
def test_the_largest_bias_is_a_linear_programs(shape, limit):
    before, later, weights = shape
    estimates = random_course(1, before, later, None if weights is None else np.array(weights))
    best = fixed_length(estimates, limit)
    np.testing.assert_allclose(best.weights[before:], estimates.toward)
    assert best.bias == pytest.approx(largest_bias(best.weights, before, limit), abs=1e-8)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("limit", [0.0, 0.05, 0.5, 5.0])
def test_no_other_weights_give_a_shorter_interval(shape, limit):
    """Search among all that see straight lines through, from many starts."""
    before, later, weights = shape
    estimates = random_course(2, before, later, None if weights is None else np.array(weights))
    best = fixed_length(estimates, limit)
    times = np.arange(-before, 0)
    own = np.arange(1, later + 1) @ estimates.toward
    free = np.linalg.svd(times[None, :])[2][1:]

    def length(turn):
        earlier = best.weights[:before] + turn @ free
        assert earlier @ times == pytest.approx(-own)
        whole = np.append(earlier, estimates.toward)
        error = np.sqrt(whole @ estimates.vcov @ whole)
        bias = largest_bias(whole, before, limit) if limit else 0.0
        return error * folded_normal_quantile(bias / error, 0.95)

    if before == 1:
        assert length(np.zeros(0)) == pytest.approx(best.half_length)
        return
    rng = np.random.default_rng(3)
    others = [length(rng.normal(size=before - 1) * 10.0 ** rng.uniform(-3, 0)) for _ in range(60)]
    assert min(others) >= best.half_length * (1 - 1e-7)
    found = optimize.minimize(
        length, np.zeros(before - 1), method="Nelder-Mead", options={"maxfev": 150}
    )
    assert found.fun >= best.half_length * (1 - 1e-6)


@pytest.mark.parametrize("seed", range(30))
def test_every_corner_of_the_path_solves_its_lasso(seed):
    """Stationarity at some price, which falls from corner to corner to nothing."""
    rng = np.random.default_rng(seed)
    size = int(rng.integers(1, 9))
    root = rng.normal(size=(size, size))
    square, linear = root @ root.T + 1e-3 * np.eye(size), rng.normal(size=size)
    prices = []
    for spot in lasso_path(square, linear):
        pull = square @ spot + linear
        price = np.abs(pull).max()
        moved = np.abs(spot) > 1e-10
        np.testing.assert_allclose(pull[moved], -price * np.sign(spot[moved]), atol=1e-8)
        prices.append(price)
    assert (np.diff(prices) <= 1e-9).all()
    assert prices[-1] < 1e-8
    np.testing.assert_allclose(square @ spot, -linear, atol=1e-7)


def test_without_any_limit_on_the_trends_the_interval_never_ends(study):
    lengths = [
        fixed_length(study("benzarti_carloni"), limit).half_length for limit in (0, 0.1, 1, 10)
    ]
    assert (np.diff(lengths) > 0).all()
    assert lengths[-1] > 9


@pytest.mark.parametrize("before", [1, 2, 5])
@pytest.mark.parametrize("limit", [0.0, 0.5, 2.0])
def test_the_interval_covers_at_the_worst_bend(before, limit):
    """At the course with the largest bias: 95 %, give or take three simulation errors."""
    estimates = random_course(7, before, 2)
    best = fixed_length(estimates, limit)
    draws = np.random.default_rng(before).normal(best.bias, best.std_error, 4_000)
    covered = (np.abs(draws) <= best.half_length).mean()
    assert abs(covered - 0.95) < 3 * np.sqrt(0.05 * 0.95 / 4_000)


@pytest.mark.parametrize("limit", [-0.1, np.nan, np.inf])
def test_a_limit_that_is_none_is_refused(limit):
    with pytest.raises(DesignError, match="a number from 0 on"):
        fixed_length(random_course(1, 2, 1), limit)


def _of_few_places(rng, places, periods, reference):
    """Estimates by time of two groups of so many places each, and their covariance."""
    outcome = rng.normal(size=(2, places, periods))
    apart = np.delete(outcome - outcome[..., [reference]], reference, axis=2)
    vcov = sum(np.cov(side.T) for side in apart) / places
    return apart[0].mean(axis=0) - apart[1].mean(axis=0), vcov


def test_with_few_places_weights_that_are_fixed_beforehand_cover():
    """Five places a side, parallel courses: any fixed sum is a t with eight degrees of freedom."""
    rng, places, draws = np.random.default_rng(12), 5, 300
    wider = (stats.t(2 * places - 2).ppf(0.975) / stats.norm.ppf(0.975)) ** 2
    covered = {"fitted": 0, "fixed": 0}
    for _ in range(draws):
        estimate, vcov = _of_few_places(rng, places, 8, reference=4)
        for name, guide in (("fitted", None), ("fixed", np.eye(7) + 1.0)):
            later = EventEstimates(estimate, vcov * wider, 4, np.ones(3) / 3, guide)
            found = smoothness(later, 0.0)
            covered[name] += found.conf_low <= 0 <= found.conf_high
    slack = 3.5 * np.sqrt(0.95 * 0.05 / draws)
    assert covered["fixed"] / draws > 0.95 - slack
    assert covered["fitted"] / draws < 0.9


def test_a_guide_in_proportion_to_the_covariance_changes_nothing():
    rng = np.random.default_rng(2)
    root = rng.normal(size=(6, 6))
    vcov = root @ root.T + np.eye(6)
    plain, guided = (
        smoothness(EventEstimates(np.arange(6.0), vcov, 3, guide=guide), 0.2)
        for guide in (None, 7 * vcov)
    )
    # The line search along the lasso path stops within 1e-9 of a flat optimum.
    assert guided.conf_low == pytest.approx(plain.conf_low, rel=1e-6)
    assert guided.conf_high == pytest.approx(plain.conf_high, rel=1e-6)
