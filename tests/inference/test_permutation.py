"""Permutation tests against every assignment written out."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from impact.inference.permutation import assignments, permute_means


def brute(values, k, shift=0.0, treated=None):
    """Look at every assignment in a loop; take a supposed effect out first."""
    n = len(values)
    y = values - shift * np.isin(np.arange(n), treated)
    observed = y[list(treated)].mean() - np.delete(y, list(treated)).mean()
    found = []
    for chosen in combinations(range(n), k):
        found.append(y[list(chosen)].mean() - np.delete(y, list(chosen)).mean())
    return float(np.mean(np.abs(found) >= abs(observed) - 1e-12))


def test_p_is_the_share_of_all_assignments():
    values = np.random.default_rng(1).normal(size=9)
    treated = (1, 4, 5)
    test = permute_means(
        values[:, None], np.ones((9, 1)), np.ones(1), np.isin(np.arange(9), treated)
    )
    assert test.enumerated
    assert test.possible == 84
    assert test.p_value == pytest.approx(brute(values, 3, treated=treated), abs=1e-12)


def test_the_interval_holds_the_effects_that_are_not_rejected():
    values = np.random.default_rng(2).normal(size=8)
    values[[0, 3, 6]] += 2
    treated = (0, 3, 6)
    test = permute_means(
        values[:, None], np.ones((8, 1)), np.ones(1), np.isin(np.arange(8), treated), level=0.9
    )
    for end, inward in ((test.conf_low, 1e-6), (test.conf_high, -1e-6)):
        assert brute(values, 3, end + inward, treated) > 0.1
        assert brute(values, 3, end - inward, treated) <= 0.1


def test_two_equal_groups_reach_only_twice_the_smallest_share():
    values = np.arange(6.0)
    test = permute_means(values[:, None], np.ones((6, 1)), np.ones(1), np.arange(6) > 2)
    assert test.smallest == pytest.approx(2 / 20)
    assert test.p_value == pytest.approx(2 / 20)


def test_one_treated_of_few_says_that_it_can_reject_nothing():
    values = np.array([9.0, 0, 1, -1, 0.5])
    test = permute_means(values[:, None], np.ones((5, 1)), np.ones(1), np.arange(5) == 0)
    assert test.p_value == test.smallest == 0.2
    assert test.conf_low == -np.inf
    assert test.conf_high == np.inf


def test_four_means_over_unequal_places_are_recomputed_for_every_assignment():
    rng = np.random.default_rng(3)
    counts = rng.integers(3, 30, size=(7, 2)).astype(float)
    sums = counts * rng.normal(size=(7, 2))
    treated = np.arange(7) == 2

    def four(chosen):
        inside, outside = sums[chosen].sum(0), sums[~chosen].sum(0)
        means = inside / counts[chosen].sum(0) - outside / counts[~chosen].sum(0)
        return means[1] - means[0]

    every = [four(np.arange(7) == place) for place in range(7)]
    test = permute_means(sums, counts, np.array([-1.0, 1.0]), treated)
    assert test.statistic == pytest.approx(every[2])
    assert test.p_value == pytest.approx(np.mean(np.abs(every) >= abs(every[2]) - 1e-12))


def test_a_sample_of_assignments_is_near_scipys_and_the_same_twice():
    rng = np.random.default_rng(4)
    values = rng.normal(size=40)
    treated = np.arange(40) < 15
    values[treated] += 0.6
    tests = [
        permute_means(
            values[:, None],
            np.ones((40, 1)),
            np.ones(1),
            treated,
            replications=4_999,
            seed=7,
        )
        for _ in range(2)
    ]
    assert tests[0] == tests[1]
    assert not tests[0].enumerated
    theirs = stats.permutation_test(
        (values[treated], values[~treated]),
        lambda x, y: x.mean() - y.mean(),
        n_resamples=4_999,
        rng=np.random.default_rng(1),
        vectorized=False,
    )
    assert tests[0].p_value == pytest.approx(theirs.pvalue, abs=0.02)
    assert tests[0].p_value * 5_000 == pytest.approx(round(tests[0].p_value * 5_000))


def test_the_observed_assignment_comes_first_and_none_is_listed_twice():
    treated = np.array([False, True, False, True, False])
    drawn, enumerated = assignments(treated)
    assert enumerated
    assert (drawn[0] == treated).all()
    assert len(np.unique(drawn, axis=0)) == len(drawn) == 10
