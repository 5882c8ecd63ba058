"""Relative magnitudes against R's HonestDiD, linear programs, and simulated coverage."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates
from impact.inference.inequalities import inequalities, moves
from impact.inference.relative_magnitudes import relative_magnitudes

TABLE = pd.read_csv(Path(__file__).parents[1] / "reference" / "honest_did.csv")
PUBLISHED = TABLE[TABLE["restriction"] == "relative_magnitudes"].to_dict("records")


def name(case):
    return f"{case['study']} {case['weights']} {case['limit']}"


@pytest.mark.parametrize("case", PUBLISHED, ids=name)
def test_the_interval_is_r_honestdids(case, study):
    estimates = study(case["study"], case["weights"])
    found = relative_magnitudes(estimates, case["limit"])
    # R gives the first and last accepted of a thousand points over ± 20 standard errors, and
    # draws the first stage's critical value a thousand times; Stata prints three digits.
    step = 40 * estimates.std_error / 999 * 1.3 + (0.0005 if "Stata" in case["oracle"] else 0)
    assert found.conf_low == pytest.approx(case["conf_low"], abs=step)
    if np.isfinite(case["conf_high"]):
        assert found.conf_high == pytest.approx(case["conf_high"], abs=step)


def test_the_known_point_of_the_medicaid_expansion(study):
    found = relative_magnitudes(study("medicaid"), 1.0)
    assert (round(found.conf_low, 3), round(found.conf_high, 3)) == (0.017, 0.072)


def random_course(seed, before, later, weights):
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(before + later, before + later))
    vcov = root @ root.T / (before + later) + 0.1 * np.eye(before + later)
    return EventEstimates(rng.normal(size=before + later), vcov, before, np.array(weights))


def as_written(estimates, limit, largest, effect):
    """Return the test with the other later effects as nuisance, nothing worked out."""
    step = moves(estimates)
    bound = largest[1] * step[largest[0]]
    after = step[estimates.n_pre :]
    rows = np.vstack([after - limit * bound, -after - limit * bound])
    free = np.linalg.svd(estimates.toward[None, :])[2][1:].T
    later = np.zeros(len(estimates.estimate))
    along = estimates.toward / (estimates.toward @ estimates.toward)
    later[estimates.n_pre :] = effect * along
    y = rows @ (estimates.estimate - later)
    X = rows[:, estimates.n_pre :] @ free
    vcov = rows @ estimates.vcov @ rows.T
    return y, X, vcov


@pytest.mark.parametrize("weights", [[1, 0], [0, 1], [0.5, 0.5], [1, -1, 0.5], [0, 0, 0, 1]])
@pytest.mark.parametrize("limit", [0.0, 0.6, 2.0])
@pytest.mark.parametrize("effect", [-3.0, 0.2, 4.0])
def test_the_largest_moment_is_a_linear_programs(weights, limit, effect):
    """Least η with y − X τ ≤ η σ: the other effects are chosen as well as can be."""
    estimates = random_course(1, 2, len(weights), weights)
    for at, test in enumerate(inequalities(estimates, limit)):
        y, X, vcov = as_written(estimates, limit, (at // 2, (1.0, -1.0)[at % 2]), effect)
        spread = np.sqrt(np.diag(vcov))
        found = optimize.linprog(
            np.append(1.0, np.zeros(X.shape[1])),
            A_ub=-np.column_stack([spread, X]),
            b_ub=-y,
            bounds=(None, None),
        )
        largest = (test.rows @ estimates.estimate - test.pull * effect).max()
        assert largest == pytest.approx(found.fun, abs=1e-9)


@pytest.mark.parametrize(("before", "weights"), [(1, [1]), (3, [1]), (2, [0.5, 0.5]), (2, [1, 0])])
def test_the_least_favourable_value_is_a_quantile_of_draws(before, weights):
    estimates = random_course(2, before, len(weights), weights)
    for test in inequalities(estimates, 1.0):
        draws = np.random.default_rng(1).normal(size=(200_000, len(estimates.estimate)))
        root = np.linalg.cholesky(estimates.vcov)
        beyond = ((draws @ root.T) @ test.rows.T).max(axis=1) > test.critical
        # Half a per cent, give or take four simulation errors.
        assert abs(beyond.mean() - 0.005) < 4 * np.sqrt(0.005 / 200_000)


def test_a_moment_far_out_is_judged_by_its_truncated_normal():
    """Three moments by hand: the conditional p-value from scipy's truncated normal."""
    estimates = random_course(3, 2, 2, [1, 0])
    test = next(inequalities(estimates, 1.0))
    spread = np.sqrt(np.diag(test.vcov))
    for effect in np.linspace(-3, 3, 61):
        moments = test.rows @ estimates.estimate - test.pull * effect
        at = int(moments.argmax())
        if moments[at] > test.critical:
            assert not test.accepts(estimates.estimate, np.array([effect]))[0]
            continue
        slope = test.vcov[:, at] / test.vcov[at, at]
        low, high = -np.inf, test.critical
        for other in range(len(moments)):
            if abs(slope[other] - 1) > 1e-12:
                end = (moments[other] - slope[other] * moments[at]) / (1 - slope[other])
                low, high = (max(low, end), high) if slope[other] < 1 else (low, min(high, end))
        cut = stats.truncnorm.ppf(1 - test.size, low / spread[at], high / spread[at])
        rejected = moments[at] / spread[at] > max(cut, 0.0)
        assert test.accepts(estimates.estimate, np.array([effect]))[0] != rejected


@pytest.mark.parametrize("limit", [0.0, 0.5, 1.0, 3.0])
def test_the_ends_of_the_interval_are_where_acceptance_ends(study, limit):
    estimates = study("benzarti_carloni", "mean")
    found = relative_magnitudes(estimates, limit)
    tests = list(inequalities(estimates, limit))

    def held(effect):
        return any(test.accepts(estimates.estimate, np.array([effect]))[0] for test in tests)

    step = 1e-6 * estimates.std_error
    assert held(found.conf_low)
    assert held(found.conf_high)
    assert not held(found.conf_low - step)
    assert not held(found.conf_high + step)


def test_mirrored_estimates_give_the_mirrored_interval(study):
    estimates = study("medicaid", "mean")
    mirrored = EventEstimates(-estimates.estimate, estimates.vcov, 5, estimates.toward)
    plain, other = (relative_magnitudes(one, 1.0) for one in (estimates, mirrored))
    assert (other.conf_low, other.conf_high) == pytest.approx((-plain.conf_high, -plain.conf_low))


def test_other_units_give_the_interval_in_those_units(study):
    estimates = study("medicaid")
    scaled = EventEstimates(100 * estimates.estimate, 1e4 * estimates.vcov, 5)
    plain, other = (relative_magnitudes(one, 1.0) for one in (estimates, scaled))
    assert (other.conf_low, other.conf_high) == pytest.approx(
        (100 * plain.conf_low, 100 * plain.conf_high), rel=1e-7
    )


def course(before, later, limit, size):
    """Return trends at the boundary: one large move before, moves of M̄ times it after."""
    steps = np.zeros(before + later)
    steps[before - 1] = size
    steps[before:] = limit * size
    path = np.insert(np.cumsum(steps), 0, 0.0)
    return np.delete(path - path[before], before)


def differences(before, later, rho):
    """Covariance of estimates against a reference period, errors with serial correlation."""
    periods = np.arange(before + later + 1)
    errors = rho ** np.abs(np.subtract.outer(periods, periods))
    against = np.delete(np.eye(len(periods)), before, axis=0)
    against[:, before] -= 1
    return against @ errors @ against.T


@pytest.mark.parametrize("before", [1, 2, 5])
@pytest.mark.parametrize("later", [1, 3])
@pytest.mark.parametrize("size", [1.0, 10.0])
def test_the_interval_covers_at_the_boundary_of_the_restriction(before, later, size):
    limit, runs = 1.0, 1_000
    vcov = differences(before, later, 0.5)
    weights = np.full(later, 1 / later)
    truth = course(before, later, limit, size)
    tests = list(inequalities(EventEstimates(truth, vcov, before, weights), limit))
    drawn = np.random.default_rng(before).multivariate_normal(truth, vcov, runs)
    covered = [any(test.accepts(one, np.zeros(1))[0] for test in tests) for one in drawn]
    # 95 % less three simulation errors; the naive interval covers about 80 %.
    assert np.mean(covered) > 0.95 - 3 * np.sqrt(0.05 * 0.95 / runs)


def test_what_cannot_be_asked_is_said(study):
    with pytest.raises(DesignError, match="a number from 0 on"):
        relative_magnitudes(study("medicaid"), -1.0)
    nothing = EventEstimates(np.zeros(3), np.eye(3), 1, np.zeros(2))
    with pytest.raises(DesignError, match="are all 0"):
        relative_magnitudes(nothing, 1.0)


def test_the_table_of_coverage_keeps_the_promise():
    """Every case of make_honest_coverage.py: 95 %, less three simulation errors of 5,000."""
    table = pd.read_csv(Path(__file__).parents[1] / "reference" / "honest_coverage.csv")
    assert len(table) == 360
    assert table["coverage"].min() > 0.94
    assert sorted(table["before"].unique()) == [1, 2, 5]
