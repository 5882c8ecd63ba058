"""Permutation tests against every assignment written out."""

from itertools import combinations

import numpy as np
import pytest
from scipy import stats

from impact.inference.permutation import assignments
from impact.inference.unequal import Cells, permute_unequal


def permuted(values, treated, **said):
    """Permute units of one size."""
    one = np.ones((len(values), 1))
    return permute_unequal(Cells(values[:, None], one, one, np.ones(1)), treated, **said)


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
    test = permuted(values, np.isin(np.arange(9), treated))
    assert test.enumerated
    assert test.possible == 84
    assert test.p_value == pytest.approx(brute(values, 3, treated=treated), abs=1e-12)


def test_the_interval_holds_the_effects_that_are_not_rejected():
    values = np.random.default_rng(2).normal(size=8)
    values[[0, 3, 6]] += 2
    treated = (0, 3, 6)
    test = permuted(values, np.isin(np.arange(8), treated), level=0.9)
    for end, inward in ((test.conf_low, 1e-6), (test.conf_high, -1e-6)):
        assert brute(values, 3, end + inward, treated) > 0.1
        assert brute(values, 3, end - inward, treated) <= 0.1


def test_two_equal_groups_reach_only_twice_the_smallest_share():
    values = np.arange(6.0)
    test = permuted(values, np.arange(6) > 2)
    assert test.smallest == pytest.approx(2 / 20)
    assert test.p_value == pytest.approx(2 / 20)


def test_one_treated_of_few_says_that_it_can_reject_nothing():
    values = np.array([9.0, 0, 1, -1, 0.5])
    test = permuted(values, np.arange(5) == 0)
    assert test.p_value == test.smallest == 0.2
    assert test.conf_low == -np.inf
    assert test.conf_high == np.inf


def test_four_means_over_unequal_places_are_recomputed_for_every_assignment():
    """Each is measured by its own standard deviation: rows alone, places alone, or half each."""
    rng = np.random.default_rng(3)
    counts = rng.integers(3, 30, size=(7, 2)).astype(float)
    sums = counts * rng.normal(size=(7, 2))
    scale = (counts**2).sum(0) / counts.sum(0)

    def four(place, share):
        inside, outside = sums[place], sums.sum(0) - sums[place]
        own, left = counts[place], counts.sum(0) - counts[place]
        each = share * counts**2 + (1 - share) * scale * counts
        variance = each[place] / own**2 + (each.sum(0) - each[place]) / left**2
        return np.diff(inside / own - outside / left)[0] / np.sqrt(variance.sum())

    every = np.array([[abs(four(place, share)) for place in range(7)] for share in (0, 0.5, 1)])
    p_values = (every >= every[:, [2]] - 1e-12).mean(axis=1)
    given = Cells(sums, counts, counts, np.array([-1.0, 1.0]))
    test = permute_unequal(given, np.arange(7) == 2)
    assert test.p_value == pytest.approx(p_values.max())


def test_a_sample_of_assignments_is_near_scipys_and_the_same_twice():
    rng = np.random.default_rng(4)
    values = rng.normal(size=40)
    treated = np.arange(40) < 15
    values[treated] += 0.6
    tests = [permuted(values, treated, replications=4_999, seed=7) for _ in range(2)]
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
