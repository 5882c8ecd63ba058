"""Permutation of means of units of unequal size."""

import numpy as np
import pytest

from impact.inference.permutation import permute_means
from impact.inference.unequal import Cells, permute_unequal

ONE = np.ones(1)


def cells(mean, size):
    size = np.asarray(size, dtype=float)[:, None]
    return Cells(size * np.asarray(mean)[:, None], size, size, ONE)


def test_units_of_one_size_are_permuted_as_ever():
    rng = np.random.default_rng(0)
    mean, treated = rng.normal(size=12), np.arange(12) < 3
    one = permute_unequal(cells(mean, (7,) * 12), treated)
    plain = permute_means(7 * mean[:, None], np.full((12, 1), 7.0), ONE, treated)
    assert one == plain


def test_one_small_unit_is_out_of_the_ordinary_no_more_often_than_the_level():
    """The plain permutation finds it in about a fifth of the cases."""
    size, draws = np.array([10, *(100,) * 19]), 1500
    rng = np.random.default_rng(5)
    treated = np.arange(20) == 0
    found = np.empty((draws, 2))
    for at in range(draws):
        mean = rng.normal(size=20) / np.sqrt(size)
        given = cells(mean, size)
        found[at] = (
            permute_unequal(given, treated).p_value,
            permute_means(given.sums, given.counts, ONE, treated).p_value,
        )
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
