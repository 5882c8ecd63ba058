"""Bands that hold together: against closed forms and against their own promise."""

import numpy as np
import pytest
from scipy import stats

from impact.inference.uniform import uniform_critical


@pytest.mark.parametrize("size", [2, 5, 20])
def test_independent_estimates_have_sidaks_critical_value(size):
    sidak = stats.norm.ppf(0.5 + 0.95 ** (1 / size) / 2)
    assert uniform_critical(np.diag(np.arange(1.0, size + 1)), np.inf) == pytest.approx(
        sidak, rel=0.015
    )


def test_estimates_that_move_as_one_need_no_wider_interval():
    alike = np.outer([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
    assert uniform_critical(alike, np.inf) == pytest.approx(stats.norm.ppf(0.975), rel=0.015)
    assert uniform_critical(alike, 8) == pytest.approx(stats.t(8).ppf(0.975), rel=0.02)


def test_the_band_covers_all_with_its_probability_at_few_degrees_of_freedom():
    rng = np.random.default_rng(3)
    root = rng.normal(size=(6, 6))
    vcov, dof = root @ root.T, 7
    draws = rng.multivariate_normal(np.zeros(6), vcov, 40_000)
    scale = np.sqrt(rng.chisquare(dof, 40_000) / dof)[:, None]
    inside = np.abs(draws / np.sqrt(np.diag(vcov)) / scale) <= uniform_critical(vcov, dof, seed=1)
    assert inside.all(axis=1).mean() == pytest.approx(0.95, abs=0.005)


def test_it_is_never_under_the_interval_of_one_and_the_same_every_time():
    assert uniform_critical(np.eye(1), 5) == pytest.approx(stats.t(5).ppf(0.975))
    assert uniform_critical(np.eye(3), 5, seed=4) == uniform_critical(np.eye(3), 5, seed=4)
