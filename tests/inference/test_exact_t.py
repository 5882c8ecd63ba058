"""The exact chance of an estimate over the root of a sum of squares."""

import numpy as np
import pytest
from scipy import stats

from impact.inference.exact_t import Ratio, matching_dof


@pytest.mark.parametrize("dof", [1, 2, 5, 18, 60])
@pytest.mark.parametrize("critical", [0.5, 1.96, 4.0, 40.0])
def test_equal_independent_parts_give_students_t(dof, critical):
    ratio = Ratio.of(np.diag([1.0, *(1 / dof,) * dof]))
    assert ratio.beyond(critical) == pytest.approx(2 * stats.t.sf(critical, dof), rel=1e-6)


def test_parts_of_unequal_size_that_move_with_the_estimate_meet_a_simulation():
    rng = np.random.default_rng(1)
    load = rng.normal(size=(6, 5)) * [3.0, 1, 1, 0.5, 0.1]
    draws = rng.normal(size=(400_000, 5)) @ load.T
    ratio = Ratio.of(load @ load.T)
    for critical in (0.5, 1.0, 2.0):
        share = (draws[:, 0] ** 2 > critical**2 * (draws[:, 1:] ** 2).sum(axis=1)).mean()
        # Four standard errors of 400,000 draws.
        assert ratio.beyond(critical) == pytest.approx(share, abs=4 * 0.5 / np.sqrt(400_000))


@pytest.mark.parametrize("dof", [1, 3, 8, 40])
@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_a_t_has_its_own_degrees_of_freedom(dof, level):
    gram = np.diag([1.0, *(1 / dof,) * dof])
    assert matching_dof(gram, level=level) == pytest.approx(dof, rel=1e-6)


def test_no_more_degrees_of_freedom_than_asked():
    assert matching_dof(np.diag([1.0, *(0.1,) * 10]), most=4.0) == 4.0


def test_parts_that_are_too_large_leave_the_normal_and_too_small_ones_the_least():
    assert matching_dof(np.diag([1.0, *(5.0,) * 10])) == np.inf
    assert matching_dof(np.diag([1.0, *(1e-60,) * 10])) == 0.2


def test_where_almost_nothing_varies_the_least_degrees_of_freedom_stay():
    tiny = np.diag([1e-14, *np.geomspace(1e-77, 1e-48, 20)])
    assert matching_dof(tiny, most=0.011) == 0.011


@pytest.mark.parametrize("critical", [1e100, 1e140, 1e150])
def test_a_chance_is_right_however_far_its_threshold_lies(critical):
    # Of one part that is independent the chance is Cauchy's: 2 atan(root of the ratio) / π.
    ratio = Ratio.of(np.diag([1e-14, 1e-48]))
    expected = 2 * np.arctan(1e-7 / (critical * 1e-24)) / np.pi
    assert ratio.beyond(critical) == pytest.approx(expected, rel=1e-6)
