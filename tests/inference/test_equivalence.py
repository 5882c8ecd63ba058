"""Two one-sided tests against statsmodels, and against the interval."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW, ttost_ind

from impact.errors import DesignError
from impact.inference.equivalence import equivalence


def test_p_values_are_statsmodels_for_two_samples():
    rng = np.random.default_rng(1)
    first, second = rng.normal(0.1, 1, 30), rng.normal(0, 2, 45)
    p, low, high = ttost_ind(first, second, -0.8, 0.8, usevar="unequal")
    v1, v2 = first.var(ddof=1) / 30, second.var(ddof=1) / 45
    welch = (v1 + v2) ** 2 / (v1**2 / 29 + v2**2 / 44)
    found = equivalence(first.mean() - second.mean(), np.sqrt(v1 + v2), welch, smallest_effect=0.8)
    assert found.p_value == pytest.approx(p, rel=1e-9)
    assert (found.p_low, found.p_high) == pytest.approx((low[1], high[1]), rel=1e-9)


def test_p_values_are_statsmodels_for_one_sample():
    y = np.random.default_rng(2).normal(0.2, 1, 20)
    p, _, _ = DescrStatsW(y).ttost_mean(-0.5, 0.5)
    found = equivalence(y.mean(), y.std(ddof=1) / np.sqrt(20), 19, smallest_effect=0.5)
    assert found.p_value == pytest.approx(p, rel=1e-9)


@given(
    st.floats(-2, 2), st.floats(0.05, 1), st.sampled_from([3.0, 20.0, np.inf]), st.floats(0.1, 2),
    st.sampled_from([0.9, 0.95]),
)  # fmt: skip
def test_equivalent_is_an_interval_inside_the_smallest_effects(estimate, error, dof, m, level):
    found = equivalence(estimate, error, dof, smallest_effect=m, level=level)
    inside = -m < found.conf_low and found.conf_high < m
    assert found.equivalent == inside or abs(found.p_value - (1 - level)) < 1e-9


def test_the_mirror_image_swaps_the_tests():
    one = equivalence(0.3, 0.2, 12, smallest_effect=0.5)
    other = equivalence(-0.3, 0.2, 12, smallest_effect=0.5)
    assert (one.p_low, one.p_high) == (other.p_high, other.p_low)
    assert one.p_value == other.p_value


def test_at_the_edge_an_effect_that_matters_is_missed_at_the_level():
    """A true effect of m: declared too small in 5 of 100."""
    rng = np.random.default_rng(3)
    draws = rng.normal(1, 0.3, 20_000)
    found = [equivalence(x, 0.3, np.inf, smallest_effect=1).equivalent for x in draws]
    assert abs(np.mean(found) - 0.05) < 3 * np.sqrt(0.05 * 0.95 / 20_000)


def test_without_a_standard_error_nothing_is_said():
    for error in (0.0, np.nan):
        found = equivalence(0.1, error, 10, smallest_effect=1)
        assert np.isnan(found.p_value)
        assert not found.equivalent


@pytest.mark.parametrize("m", [0.0, -1.0, np.nan, np.inf])
def test_a_smallest_effect_that_is_none_is_refused(m):
    with pytest.raises(DesignError, match="a number over 0"):
        equivalence(0.1, 0.1, 10, smallest_effect=m)
