"""Permutation of means of units of unequal size."""

from itertools import combinations

import numpy as np
import pytest

from impact.inference.romano_wolf import romano_wolf
from impact.inference.unequal import Cells, permute_jointly, permute_unequal

ONE = np.ones(1)


def cells(mean, size):
    size = np.asarray(size, dtype=float)[:, None]
    return Cells(size * np.asarray(mean)[:, None], size, size, ONE)


def test_units_of_one_size_are_permuted_as_ever():
    rng = np.random.default_rng(0)
    mean, treated = rng.normal(size=12), np.arange(12) < 3
    one = permute_unequal(cells(mean, (7,) * 12), treated)
    every = [
        mean[list(some)].mean() - np.delete(mean, some).mean()
        for some in combinations(range(12), 3)
    ]
    assert one.statistic == pytest.approx(every[0])
    assert one.p_value == pytest.approx(np.mean(np.abs(every) >= abs(every[0]) - 1e-12))


def test_one_small_unit_is_out_of_the_ordinary_no_more_often_than_the_level():
    """The plain permutation finds it in about a fifth of the cases."""
    size, draws = np.array([10, *(100,) * 19]), 1500
    rng = np.random.default_rng(5)
    treated = np.arange(20) == 0
    found = np.empty((draws, 2))
    for at in range(draws):
        mean = rng.normal(size=20) / np.sqrt(size)
        apart = mean - (size @ mean - size * mean) / (size.sum() - size)
        plain = (np.abs(apart) >= abs(apart[0])).mean()
        found[at] = permute_unequal(cells(mean, size), treated).p_value, plain
    share = (found <= 0.05).mean(axis=0)
    # Four standard errors of 1,500 draws at 5 %.
    assert share[0] < 0.05 + 4 * np.sqrt(0.05 * 0.95 / draws)
    assert share[1] > 0.15


@pytest.mark.parametrize("treated", [[0], [3], [0, 1], [5, 9]])
def test_the_interval_holds_the_effects_that_are_not_rejected(treated):
    rng = np.random.default_rng(2)
    size = rng.integers(5, 60, 24)
    mean = rng.normal(size=24)
    chosen = np.isin(np.arange(24), treated)
    found = permute_unequal(cells(mean, size), chosen, level=0.9)

    def p_value(effect):
        return permute_unequal(cells(mean - effect * chosen, size), chosen).p_value

    span = found.conf_high - found.conf_low
    for end, outward in ((found.conf_low, -1), (found.conf_high, 1)):
        assert p_value(end - 0.001 * outward * span) > 0.1
        assert p_value(end + 0.001 * outward * span) <= 0.1


def test_a_unit_that_is_not_seen_in_a_cell_is_left_out_of_its_mean():
    size = np.array([[4.0, 0.0], [6.0, 6.0], [5.0, 5.0], [7.0, 7.0], [8.0, 9.0]])
    given = Cells(size * 2.0, size, size, np.array([-1.0, 1.0]))
    found = permute_unequal(given, np.arange(5) == 1)
    assert found.statistic == 0.0
    # Without the first unit's after there is one assignment less.
    assert found.looked_at == 4


def jointly(values, treated):
    """Step down over every assignment written out, each outcome by its own spread."""
    chosen = [np.isin(np.arange(len(values)), some) for some in combinations(range(12), 3)]
    chosen.sort(key=lambda one: (one != treated).any())
    apart = np.array([values[one].mean(axis=0) - values[~one].mean(axis=0) for one in chosen])
    apart /= np.sqrt((apart**2).mean(axis=0))
    return romano_wolf(apart[0], apart[1:])


def test_several_outcomes_are_permuted_by_the_same_assignments():
    rng = np.random.default_rng(4)
    treated = np.isin(np.arange(12), [1, 5, 6])
    values = rng.normal(size=12)[:, None] + rng.normal(size=(12, 3)) + treated[:, None] * [2, 1, 0]
    given = [cells(column, (4,) * 12) for column in (values * [1, 1000, 0.01]).T]
    found = permute_jointly(given, treated)
    np.testing.assert_allclose(found, jointly(values, treated))
    alone = [permute_unequal(one, treated).p_value for one in given]
    assert (found >= np.array(alone) - 1e-12).all()


def test_one_of_several_true_nulls_is_rejected_no_more_often_than_the_level():
    """Three outcomes that move together, two treated of seven: every 21st assignment."""
    rng, draws = np.random.default_rng(6), 1_000
    treated = np.arange(7) < 2
    low = np.empty(draws)
    for at in range(draws):
        values = 2 * rng.normal(size=7)[:, None] + rng.normal(size=(7, 3))
        low[at] = permute_jointly([cells(one, (4,) * 7) for one in values.T], treated).min()
    assert low.min() >= 1 / 21 - 1e-12
    # The test is exact at multiples of 1/21; four standard errors.
    assert (low <= 1 / 21 + 1e-9).mean() <= 1 / 21 + 4 * np.sqrt(1 / 21 * 20 / 21 / draws)
