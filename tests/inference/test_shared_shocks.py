"""Degrees of freedom that hold where a large cluster may outweigh the others."""

import numpy as np
import pytest
from scipy import stats

from impact.inference.covariance import covariance
from impact.inference.linear import fit
from impact.inference.shared_shocks import guarded_dof


def model(sizes, treated, *, seed=0, outcome=None, weights=None):
    """Fit the difference of two means of clusters' people."""
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    y = np.random.default_rng(seed).normal(size=len(cluster)) if outcome is None else outcome
    X = np.column_stack([np.ones(len(cluster)), cluster < treated])
    return fit(y, X, names=["constant", "gap"], weights=weights), cluster


def both(sizes, treated, **said):
    fitted, cluster = model(sizes, treated, **said)
    gap = np.array([[0.0, 1.0]])
    dof = covariance(fitted, "cr2", cluster=cluster, contrasts=gap).dof
    return dof, guarded_dof(fitted, cluster, cluster, gap, dof)


@pytest.mark.parametrize(("count", "treated"), [(6, 3), (20, 10), (20, 3), (40, 5)])
def test_clusters_of_one_size_keep_satterthwaites(count, treated):
    dof, guarded = both((10,) * count, treated)
    assert guarded == pytest.approx(dof, rel=1e-9)


def test_rows_and_their_cluster_means_weighted_by_size_say_the_same():
    sizes = (200, 5, 9, 14, 20, 30, 7, 7)
    by_row = both(sizes, 4)
    means = np.arange(8.0)
    fitted, cluster = model((1,) * 8, 4, outcome=means, weights=np.array(sizes, dtype=float))
    gap = np.array([[0.0, 1.0]])
    dof = covariance(fitted, "cr2", cluster=cluster, contrasts=gap).dof
    assert dof == pytest.approx(by_row[0], rel=1e-9)
    assert guarded_dof(fitted, cluster, cluster, gap, dof) == pytest.approx(by_row[1], rel=1e-6)


@pytest.mark.parametrize("share", [0.0, 0.05, 1.0])
def test_a_true_null_is_rejected_at_most_at_its_level_whatever_clusters_share(share):
    """Ten and ten clusters, one of them as large as the others of its side together."""
    sizes, draws = np.array([100, *(10,) * 19]), 20_000
    rng = np.random.default_rng(3)
    means = np.sqrt(share) * rng.normal(size=(draws, 20))
    means += np.sqrt((1 - share) / sizes) * rng.normal(size=(draws, 20))
    side = np.arange(20) < 10
    weight = np.where(side, sizes / sizes[side].sum(), sizes / sizes[~side].sum())
    gap = means @ (weight * np.where(side, 1, -1))
    centre = np.empty_like(means)
    for one in (side, ~side):
        centre[:, one] = (means[:, one] @ weight[one])[:, None]
    error = np.sqrt((weight**2 / (1 - weight) * (means - centre) ** 2).sum(axis=1))
    _, dof = both(tuple(sizes), 10)
    rejected = (np.abs(gap / error) > stats.t.ppf(0.975, dof[0])).mean()
    # Four standard errors of 20,000 draws at 5 %.
    assert rejected < 0.05 + 4 * np.sqrt(0.05 * 0.95 / draws)


def test_more_than_four_hundred_clusters_are_left_as_they_are():
    dof, guarded = both((2,) * 401, 5)
    assert guarded.tolist() == dof.tolist()
