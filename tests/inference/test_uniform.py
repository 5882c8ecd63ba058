"""Bands that hold together: against closed forms and against their own promise."""

import numpy as np
import pytest
from scipy import stats

from impact.inference.uniform import uniform_criticals


@pytest.mark.parametrize("size", [2, 5, 20])
def test_independent_estimates_have_sidaks_critical_value(size):
    sidak = stats.norm.ppf(0.5 + 0.95 ** (1 / size) / 2)
    found = uniform_criticals(np.diag(np.arange(1.0, size + 1)), np.inf)
    assert found == pytest.approx(np.full(size, sidak), rel=0.015)


def test_estimates_that_move_as_one_need_no_wider_interval():
    alike = np.outer([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    found = uniform_criticals(alike, np.inf)
    assert found == pytest.approx(np.full(3, stats.norm.ppf(0.975)), rel=0.015)


def test_each_estimate_has_the_width_of_its_own_degrees_of_freedom():
    """Independent t statistics stay within when each stays within at the same chance."""
    free = np.array([3.0, 8.0, 40.0, np.inf])
    chance = 0.5 + 0.95 ** (1 / 4) / 2
    wanted = [*stats.t(free[:3]).ppf(chance), stats.norm.ppf(chance)]
    assert uniform_criticals(np.eye(4), free) == pytest.approx(wanted, rel=0.03)


@pytest.mark.parametrize("together", [True, False])
def test_the_band_covers_all_with_its_probability_at_few_degrees_of_freedom(together):
    """Whether the standard errors err as one or each by itself."""
    rng = np.random.default_rng(3)
    root = rng.normal(size=(6, 6))
    vcov, dof = root @ root.T, np.array([3.0, 4.0, 5.0, 7.0, 9.0, 12.0])
    draws = rng.multivariate_normal(np.zeros(6), vcov, 40_000)
    dof = np.full(6, 7.0) if together else dof
    scale = rng.chisquare(dof, (40_000, 6)) / dof
    scale = np.sqrt(scale[:, :1] if together else scale)
    inside = np.abs(draws / np.sqrt(np.diag(vcov)) / scale) <= uniform_criticals(vcov, dof, seed=1)
    covered = inside.all(axis=1).mean()
    assert 0.945 < covered < (0.98 if together else 0.955)


def test_it_is_never_under_the_interval_of_one_and_the_same_every_time():
    assert uniform_criticals(np.eye(1), 5) == pytest.approx(stats.t(5).ppf(0.975))
    one, other = (uniform_criticals(np.eye(3), 5, seed=4) for _ in range(2))
    assert (one == other).all()
