"""How many clusters there really are."""

import numpy as np
import pytest

from impact.inference.clusters import cluster_sums, effective_clusters, effective_number, members
from impact.inference.linear import fit


def test_equal_clusters_count_each_and_one_large_one_counts_as_one():
    assert effective_number(np.full(12, 7.0)) == pytest.approx(12)
    assert effective_number(np.array([1e9, 1, 1])) == pytest.approx(1, abs=1e-6)


def test_one_treated_cluster_of_many_is_worth_few():
    cluster = np.repeat(np.arange(20), 10)
    ones = np.ones(200)
    alone = fit(np.arange(200.0), np.column_stack([ones, cluster == 0]))
    half = fit(np.arange(200.0), np.column_stack([ones, cluster < 10]))
    assert effective_clusters(alone, cluster)[1] < 2
    assert effective_clusters(half, cluster)[1] == pytest.approx(20)


def test_rows_and_sums_of_clusters_agree():
    codes = np.array([2, 0, 1, 0, 2])
    rows = np.arange(10.0).reshape(5, 2)
    by_rows = [rows[at].sum(axis=0) for at in members(codes, 3)]
    np.testing.assert_array_equal(cluster_sums(rows, codes, 3), by_rows)


def test_clusters_of_no_column_have_no_sum():
    assert cluster_sums(np.empty((5, 0)), np.array([2, 0, 1, 0, 2]), 3).shape == (3, 0)
