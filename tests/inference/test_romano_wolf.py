"""Step-down p-values against the definition, and against Holm where outcomes are strangers."""

import numpy as np
import pytest
from scipy import stats

from impact.inference.multiplicity import holm
from impact.inference.romano_wolf import multiplier_statistics, romano_wolf


def by_definition(t, draws):
    """Step down, one outcome at a time, each against the largest of those that are left."""
    left, floor, out = list(range(len(t))), 0.0, np.empty(len(t))
    while left:
        at = max(left, key=lambda m: abs(t[m]))
        beyond = sum(max(abs(draw[m]) for m in left) >= abs(t[at]) for draw in draws)
        floor = out[at] = max(floor, (1 + beyond) / (1 + len(draws)))
        left.remove(at)
    return out


@pytest.mark.parametrize("seed", range(6))
def test_adjusted_p_values_are_the_definitions(seed):
    rng = np.random.default_rng(seed)
    draws = rng.normal(size=(199, 5)) @ rng.normal(size=(5, 5))
    t = rng.normal(size=5) * 3
    np.testing.assert_allclose(romano_wolf(t, draws), by_definition(t, draws), rtol=1e-12)


def test_outcomes_that_are_strangers_cost_as_much_as_under_sidak_step_down():
    t = np.array([2.6, -2.2, 1.0, 0.3])
    draws = np.random.default_rng(1).normal(size=(200_000, 4))
    p = 2 * stats.norm.sf(np.abs(t))
    sidak = np.maximum.accumulate(1 - (1 - p) ** np.arange(4, 0, -1))
    # Three simulation errors of a share near a half.
    np.testing.assert_allclose(romano_wolf(t, draws), sidak, atol=3 * np.sqrt(0.25 / 200_000))
    assert (romano_wolf(t, draws) <= holm(p) + 0.004).all()


def test_copies_of_one_outcome_cost_nothing():
    draw = np.random.default_rng(2).normal(size=(9_999, 1))
    adjusted = romano_wolf(np.full(4, 2.2), np.repeat(draw, 4, axis=1))
    np.testing.assert_allclose(adjusted, (1 + (np.abs(draw) >= 2.2).sum()) / 10_000)


def test_an_outcome_that_is_not_tested_is_not_counted():
    draws = np.random.default_rng(3).normal(size=(999, 3))
    draws[:, 1] = 50
    found = romano_wolf(np.array([2.5, np.nan, 1.0]), draws)
    np.testing.assert_array_equal(found[[0, 2]], romano_wolf(np.array([2.5, 1]), draws[:, [0, 2]]))
    assert np.isnan(found[1])
    assert np.isnan(romano_wolf(np.array([np.nan]), draws[:, :1])).all()


def test_draws_that_are_not_numbers_are_refused():
    with pytest.raises(ValueError, match="not finite"):
        romano_wolf(np.array([1.0]), np.array([[np.nan]]))


def test_multiplier_draws_have_the_estimates_correlation():
    rng = np.random.default_rng(4)
    influence = rng.normal(size=(3, 200)) * [[1], [5], [0.1]]
    influence[2] += influence[0] * 0.1
    drawn = multiplier_statistics(influence, replications=40_000, seed=1)
    scaled = influence / np.sqrt((influence**2).sum(axis=1))[:, None]
    # A correlation of 40,000 draws is known to about 0.005.
    np.testing.assert_allclose(drawn.T @ drawn / 40_000, scaled @ scaled.T, atol=0.02)
    assert (drawn == multiplier_statistics(influence, replications=40_000, seed=1)).all()


def test_false_rejections_of_any_outcome_stay_at_the_level():
    """Six outcomes, all alike to 0.7, none with an effect, forty clusters."""
    rng = np.random.default_rng(6)
    false = 0
    for run in range(400):
        y = 0.7**0.5 * rng.normal(size=(1, 40)) + 0.3**0.5 * rng.normal(size=(6, 40))
        influence = (y - y.mean(axis=1, keepdims=True)) / np.sqrt(40 * 39)
        t = y.mean(axis=1) / np.sqrt((influence**2).sum(axis=1))
        drawn = multiplier_statistics(influence, replications=499, seed=run)
        false += romano_wolf(t, drawn).min() <= 0.05
    # 5 %, a little more for errors of forty clusters, and three simulation errors.
    assert 0.02 < false / 400 < 0.06 + 3 * np.sqrt(0.06 * 0.94 / 400)
