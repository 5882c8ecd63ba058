"""A regression on groups' means against the same regression on all rows."""

import numpy as np
import pytest

from impact.errors import DesignError
from impact.inference.clusters import effective_clusters
from impact.inference.covariance import covariance
from impact.inference.grouped import fit_grouped
from impact.inference.linear import fit

UNITS, PERIODS, GROUPS, COLUMNS = 60, 7, 4, 3


@pytest.fixture
def drawn():
    """Outcomes on a high level, groups of unequal size out of order, columns of the groups."""
    rng = np.random.default_rng(5)
    group = rng.permutation(np.repeat(np.arange(GROUPS), [5, 25, 10, 20]))
    y = 1e3 + rng.normal(size=(UNITS, PERIODS)) + rng.normal(size=(UNITS, 1))
    return y, group, rng.normal(size=(GROUPS, PERIODS, COLUMNS))


def on_rows(y, group, columns):
    """Fit the same, row by row."""
    units, periods = y.shape
    codes = (np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units))
    return fit(y.ravel(), columns[group].reshape(units * periods, -1), absorb=codes)


def test_the_means_have_the_coefficients_of_the_rows(drawn):
    # 1e-9: outcomes stand a thousand times farther from zero than from each other.
    expected = on_rows(*drawn).beta
    assert fit_grouped(*drawn, ["a", "b", "c"]).means.beta == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("clusters", [UNITS, 9])
def test_clustered_errors_are_those_of_the_rows(drawn, clusters):
    cluster = np.random.default_rng(1).permutation(np.arange(UNITS) % clusters)
    contrasts = np.array([[1.0, 0, 0], [0.5, 0.5, -1]])
    rows = np.repeat(cluster, PERIODS)
    expected = covariance(on_rows(*drawn), "cr1", cluster=rows, contrasts=contrasts)
    found = fit_grouped(*drawn, ["a", "b", "c"]).cr1(cluster, contrasts)
    assert found.matrix == pytest.approx(expected.matrix, rel=1e-9)
    assert (found.n_clusters, *found.dof) == (expected.n_clusters, *expected.dof)


def test_the_effective_number_of_clusters_is_that_of_the_rows(drawn):
    cluster, contrast = np.arange(UNITS) % 9, np.array([1.0, -1, 0])
    rows = np.repeat(cluster, PERIODS)
    expected = effective_clusters(on_rows(*drawn), rows, contrast[None])[0]
    found = fit_grouped(*drawn, ["a", "b", "c"]).effective_clusters(cluster, contrast)
    assert found == pytest.approx(expected, rel=1e-9)


def test_a_column_that_the_effects_already_say_is_dropped_by_name(drawn):
    y, group, columns = drawn
    columns = np.concatenate([columns, np.ones((GROUPS, PERIODS, 1))], axis=2)
    fitted = fit_grouped(y, group, columns, ["a", "b", "c", "one"])
    assert fitted.means.dropped == ("one",)
    assert fitted.scores.shape == (UNITS, COLUMNS)


def test_one_cluster_is_refused(drawn):
    with pytest.raises(DesignError, match="two clusters or more; there is 1"):
        fit_grouped(*drawn, ["a", "b", "c"]).cr1(np.zeros(UNITS, dtype=int), np.eye(COLUMNS))
