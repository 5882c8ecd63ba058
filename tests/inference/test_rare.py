"""Two groups compared where few people differ from the rest."""

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import brentq

from impact.inference.rare import lopsided, pooled_spread, sparse


def pilot(treated, comparison):
    return np.arange(treated + comparison) < treated


def event(*counts):
    return np.repeat([1.0, 0.0, 1.0, 0.0], counts)


def test_without_an_effect_the_distance_is_that_of_a_permutation():
    """Its variance over all assignments is known: S² n / (n₁ n₀), with n − 1 in S²."""
    values, chosen = event(3, 7, 4, 86), pilot(10, 90)
    apart = values[chosen].mean() - values[~chosen].mean()
    error = np.sqrt(values.var(ddof=1) * (1 / 10 + 1 / 90))
    found = pooled_spread(apart, values, np.ones(100), chosen)
    assert found.p_value == pytest.approx(2 * stats.norm.sf(apart / error))


def test_for_shares_the_ends_are_wallensteins():
    values, chosen = event(2, 18, 5, 95), pilot(20, 100)
    found = pooled_spread(0.1 - 0.05, values, np.ones(120), chosen)

    def distance(effect):
        own = np.clip(7 / 120 + np.array([100, -20]) / 120 * effect, 0, 1)
        variance = (own * (1 - own) / [20, 100]).sum() * 120 / 119
        return (0.05 - effect) / np.sqrt(variance)

    critical = stats.norm.ppf(0.975)
    assert found.conf_low == pytest.approx(brentq(lambda t: distance(t) - critical, -0.2, 0.05))
    assert found.conf_high == pytest.approx(brentq(lambda t: distance(t) + critical, 0.05, 0.5))


def test_a_change_of_scale_changes_the_ends_alike():
    rng = np.random.default_rng(0)
    values, chosen = rng.poisson(0.2, 90).astype(float), pilot(15, 75)
    apart = values[chosen].mean() - values[~chosen].mean()
    one = pooled_spread(apart, values, np.ones(90), chosen)
    other = pooled_spread(100 * apart, 100 * values + 7, np.ones(90), chosen)
    assert other.p_value == pytest.approx(one.p_value)
    ends = [other.conf_low / 100, other.conf_high / 100]
    assert ends == pytest.approx([one.conf_low, one.conf_high])


def test_how_lopsided_is_the_third_moment_of_the_estimate():
    values, chosen = event(1, 9, 9, 81), pilot(10, 90)
    rng = np.random.default_rng(1)
    drawn = (rng.random((400_000, 100)) < 0.1).astype(float)
    apart = drawn[:, :10].mean(axis=1) - drawn[:, 10:].mean(axis=1)
    assert lopsided(values, np.ones(100), chosen) == pytest.approx(stats.skew(apart), abs=0.01)


@pytest.mark.parametrize(
    ("values", "chosen"),
    [
        (event(3, 47, 3, 47), pilot(50, 50)),
        (np.linspace(-1, 1, 100), pilot(10, 90)),
        (np.ones(100), pilot(10, 90)),
    ],
    ids=["one size", "symmetric", "all alike"],
)
def test_these_are_not_lopsided(values, chosen):
    assert lopsided(values, np.ones(100), chosen) == pytest.approx(0, abs=1e-12)
    assert not sparse(values, chosen)


def test_events_are_counted_in_the_smaller_group_by_the_share_of_both():
    assert sparse(event(0, 40, 9, 151), pilot(40, 160))
    assert not sparse(event(10, 30, 40, 120), pilot(40, 160))
    # Eight of ten have it: the others are the rare ones.
    assert sparse(event(8, 2, 72, 18), pilot(10, 90))
