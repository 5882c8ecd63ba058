"""Adjusted p-values against statsmodels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from impact.inference.multiplicity import benjamini_hochberg, holm


@pytest.mark.parametrize(("ours", "theirs"), [(holm, "holm"), (benjamini_hochberg, "fdr_bh")])
@given(st.lists(st.floats(1e-6, 1), min_size=1, max_size=12))
def test_adjusted_p_values_are_statsmodels(ours, theirs, p_values):
    expected = multipletests(p_values, method=theirs)[1]
    np.testing.assert_allclose(ours(np.array(p_values)), expected, rtol=1e-9)


def test_an_outcome_that_is_not_tested_is_not_counted():
    found = holm(np.array([0.01, np.nan, 0.04]))
    np.testing.assert_allclose(found[[0, 2]], [0.02, 0.04])
    assert np.isnan(found[1])
