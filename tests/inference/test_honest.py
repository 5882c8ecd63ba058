"""Breakdown values: where the interval comes to hold zero."""

import numpy as np
import pytest

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates
from impact.inference.honest import breakdown, honest_interval


@pytest.mark.parametrize(
    ("restriction", "below", "above"),
    [("relative_magnitudes", 1.5, 2.0), ("smoothness", 0.02, 0.03)],
)
def test_the_medicaid_result_breaks_where_r_honestdids_tables_say(restriction, below, above, study):
    found = breakdown(study("medicaid"), restriction)
    assert below < found < above
    # R's rows around it: [.00824, .0797] and [−.000916, .0881]; [.00286, .0907] and
    # [−.00714, .101]. The end moves nearly in a straight line between them.
    rough = {"relative_magnitudes": 1.5 + 0.5 * 0.00824 / 0.009156, "smoothness": 0.02286}
    assert found == pytest.approx(rough[restriction], rel=0.02)


@pytest.mark.parametrize("restriction", ["smoothness", "relative_magnitudes"])
@pytest.mark.parametrize("name", ["benzarti_carloni", "medicaid_without_later"])
def test_just_below_the_breakdown_zero_is_outside_and_above_inside(restriction, name, study):
    estimates = study(name)
    limit = breakdown(estimates, restriction)
    assert honest_interval(estimates, restriction, limit * (1 + 1e-6)).holds_zero
    assert not honest_interval(estimates, restriction, limit * (1 - 1e-6)).holds_zero


def test_in_closed_form_with_one_period_before_and_sure_estimates():
    """One move of 0.2 before, an effect of 1 after: five times as much; a bend of 0.8."""
    sure = EventEstimates(np.array([-0.2, 1.0]), 1e-12 * np.eye(2), 1)
    assert breakdown(sure, "relative_magnitudes") == pytest.approx(5, rel=1e-3)
    assert breakdown(sure, "smoothness") == pytest.approx(0.8, rel=1e-3)


def test_a_result_that_is_none_breaks_at_nothing(study):
    he_wang = study("he_wang")
    assert he_wang.interval(0.95).holds_zero
    assert breakdown(he_wang, "relative_magnitudes") == 0.0


def test_a_lower_level_breaks_later(study):
    estimates = study("medicaid")
    at = [breakdown(estimates, "relative_magnitudes", level=level) for level in (0.99, 0.95, 0.8)]
    assert (np.diff(at) > 0).all()


def test_the_usual_interval_is_published(study):
    """R's constructOriginalCS of the same estimates."""
    found = study("benzarti_carloni").interval(0.95)
    expected = (0.15877494280765, 0.233147292681241)
    assert (found.conf_low, found.conf_high) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((np.zeros(2), np.eye(2), 0), "0 before, 2 after"),
        ((np.zeros(2), np.eye(2), 2), "2 before, 0 after"),
        ((np.zeros(3), np.eye(2), 1), "3 × 3 covariance"),
        ((np.zeros(3), np.eye(3), 1, np.ones(1)), "as many weights; found 1"),
        ((np.array([0, np.nan]), np.eye(2), 1), "is missing"),
        ((np.zeros(2), np.diag([1.0, 0.0]), 1), "no standard error"),
        ((np.zeros(2), np.array([[1.0, 2.0], [2.0, 1.0]]), 1), "has no inverse"),
        ((np.zeros(3), np.ones((3, 3)), 1), "fewer clusters than periods"),
    ],
)
def test_estimates_that_do_not_fit_are_refused(arguments, said):
    with pytest.raises(DesignError, match=said):
        EventEstimates(*arguments)


def test_an_unknown_restriction_is_refused(study):
    with pytest.raises(DesignError, match="there are smoothness and relative_magnitudes"):
        honest_interval(study("medicaid"), "none", 1.0)
