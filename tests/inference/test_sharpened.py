"""Sharpened q-values against Anderson's grid and statsmodels' two-stage procedure."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.multitest import fdrcorrection_twostage

from impact.inference.sharpened import sharpened_q

P_VALUES = st.lists(st.floats(1e-6, 1), min_size=1, max_size=12)


def rejected(p, rate):
    """Benjamini and Hochberg's step-up, as written: the largest k with p(k) ≤ rate · k / M."""
    order = np.argsort(p)
    under = np.flatnonzero(p[order] <= rate * np.arange(1, len(p) + 1) / len(p))
    out = np.zeros(len(p), dtype=bool)
    if len(under):
        out[order[: under[-1] + 1]] = True
    return out


def on_a_grid(p):
    """Anderson (2008): try every rate from 1 down by a thousandth."""
    p = np.asarray(p)
    q = np.ones(len(p))
    for rate in np.arange(1000, 0, -1) / 1000:
        first = rejected(p, rate / (1 + rate)).sum()
        if first == len(p):
            second = np.ones(len(p), dtype=bool)
        elif first == 0:
            second = np.zeros(len(p), dtype=bool)
        else:
            second = rejected(p, rate / (1 + rate) * len(p) / (len(p) - first))
        q[second] = rate
    return q


@settings(max_examples=40, deadline=None)
@given(P_VALUES)
def test_q_values_are_andersons_to_a_thousandth(p):
    apart = on_a_grid(p) - sharpened_q(np.array(p))
    # The grid gives the next thousandth above.
    assert (apart > -1e-9).all()
    assert (apart <= 0.001 + 1e-9).all()


@given(P_VALUES, st.sampled_from([0.01, 0.05, 0.1, 0.3]))
def test_an_outcome_is_rejected_as_in_statsmodels_two_stages(p, rate):
    q = sharpened_q(np.array(p))
    if (np.abs(q - rate) < 1e-9).any():
        return
    theirs = fdrcorrection_twostage(np.array(p), alpha=rate, method="bky", maxiter=1)[0]
    np.testing.assert_array_equal(q <= rate, theirs)


def test_the_published_example_of_two_stages():
    """Benjamini and Hochberg's fifteen p-values: four at 5 % in one stage, eight in two."""
    p = np.array([
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
        0.5719, 0.6528, 0.7590, 1.0,
    ])  # fmt: skip
    assert rejected(p, 0.05).sum() == 4
    theirs = fdrcorrection_twostage(p, alpha=0.05, method="bky", maxiter=1)[0]
    assert (sharpened_q(p) <= 0.05).sum() == theirs.sum() == 8


def test_an_outcome_that_is_not_tested_is_not_counted():
    found = sharpened_q(np.array([0.01, np.nan, 0.2]))
    np.testing.assert_array_equal(found[[0, 2]], sharpened_q(np.array([0.01, 0.2])))
    assert np.isnan(found[1])


def test_where_all_are_rejected_q_can_be_under_p():
    assert sharpened_q(np.array([0.001, 0.002, 0.04]))[2] < 0.041 + 0.001
    assert sharpened_q(np.array([0.9])) == pytest.approx(1)
