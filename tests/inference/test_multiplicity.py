"""Adjusted p-values against their definitions, scipy and statsmodels."""

from itertools import compress, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests

from impact.inference.multiplicity import benjamini_hochberg, holm

P_VALUES = st.lists(st.floats(1e-6, 1), min_size=1, max_size=7)


@given(P_VALUES)
def test_holm_is_the_closed_test_of_bonferroni(p_values):
    """Hypothesis i falls where every set of hypotheses that holds i falls by Bonferroni."""
    sets = [
        set(compress(range(len(p_values)), kept)) for kept in product((0, 1), repeat=len(p_values))
    ]
    bonferroni = [(one, len(one) * min(p_values[at] for at in one)) for one in sets if one]
    closed = [min(1, max(p for one, p in bonferroni if at in one)) for at in range(len(p_values))]
    np.testing.assert_allclose(holm(np.array(p_values)), closed, rtol=1e-9)


@given(P_VALUES)
def test_benjamini_hochberg_is_scipys(p_values):
    expected = false_discovery_control(p_values, method="bh")
    np.testing.assert_allclose(benjamini_hochberg(np.array(p_values)), expected, rtol=1e-9)


# One list only: statsmodels collects garbage in every call, which takes long beside other tests.
@pytest.mark.parametrize(("ours", "theirs"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
def test_adjusted_p_values_are_statsmodels(ours, theirs):
    p_values = np.array([0.011, 0.4, 0.003, 0.04, 0.04, 1.0, 1e-9, 0.02, 0.9, 0.0004, 0.06])
    expected = multipletests(p_values, method=theirs)[1]
    np.testing.assert_allclose(ours(p_values), expected, rtol=1e-9)


def test_an_outcome_that_is_not_tested_is_not_counted():
    found = holm(np.array([0.01, np.nan, 0.04]))
    np.testing.assert_allclose(found[[0, 2]], [0.02, 0.04])
    assert np.isnan(found[1])
