"""The joint test of balance, beside other roads to the same number."""

from itertools import combinations

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from impact.describe.joint import Side, joint_balance


def clustered(rng, sides, size, icc, variables=3):
    """Return rows of clusters, the first of them treated; nothing differs between the groups."""
    many = sum(sides)
    cluster = np.repeat(np.arange(many), size)
    own = rng.normal(size=(many, variables))[cluster] * np.sqrt(icc)
    x = own + rng.normal(size=(len(cluster), variables)) * np.sqrt(1 - icc)
    return Side(x, cluster < sides[0], cluster, np.ones(len(cluster)))


def test_of_one_characteristic_and_people_it_is_welchs_test():
    rng = np.random.default_rng(1)
    one, two = rng.normal(0, 1, 120), rng.normal(0.3, 2, 300)
    x = np.r_[one, two][:, None]
    rows = Side(x, np.arange(420) < 120, np.arange(420), np.ones(420))
    found = joint_balance(rows)
    road = stats.ttest_ind(one, two, equal_var=False)
    assert found.kind == "wald"
    assert found.statistic == pytest.approx(road.statistic**2, rel=1e-10)
    assert found.dof == pytest.approx(road.df, rel=1e-10)
    assert found.p_value == pytest.approx(road.pvalue, rel=1e-8)


def test_the_wald_statistic_is_that_of_stacked_regressions_with_clustered_errors():
    rng = np.random.default_rng(2)
    rows = clustered(rng, (110, 110), 4, 0.3)
    found = joint_balance(rows)
    n, k = rows.values.shape
    which = np.kron(np.eye(k), np.ones((n, 1)))
    design = np.hstack([which, which * np.tile(rows.treated, k)[:, None]])
    fit = sm.OLS(rows.values.T.ravel(), design).fit(
        cov_type="cluster",
        cov_kwds={"groups": np.tile(rows.cluster, k), "use_correction": False},
    )
    wald = fit.wald_test(np.hstack([np.zeros((k, k)), np.eye(k)]), use_f=False, scalar=True)
    squared = float(wald.statistic) * 109 / 110
    dof = found.dof + k - 1
    assert found.restrictions == k
    assert found.statistic == pytest.approx(squared * found.dof / (dof * k), rel=1e-9)


def test_few_clusters_are_dealt_to_every_other_choice_of_as_many():
    rng = np.random.default_rng(3)
    rows = clustered(rng, (3, 6), 7, 0.4, variables=2)
    weight = rng.uniform(0.5, 2, len(rows.cluster))
    rows = Side(rows.values, rows.treated, rows.cluster, weight)
    found = joint_balance(rows)
    spread = np.cov(rows.values.T, aweights=weight, ddof=0)
    far = []
    for chosen in combinations(range(9), 3):
        side = np.isin(rows.cluster, chosen)
        gap = np.average(rows.values[side], axis=0, weights=weight[side])
        gap = gap - np.average(rows.values[~side], axis=0, weights=weight[~side])
        far.append(gap @ np.linalg.solve(spread, gap))
    assert found.kind == "permutation"
    assert found.statistic == pytest.approx(far[0], rel=1e-9)
    assert found.p_value == pytest.approx(np.mean(np.array(far) >= far[0] * (1 - 1e-9)))


def test_one_place_among_ten_gets_no_p_value_and_the_reason():
    found = joint_balance(clustered(np.random.default_rng(4), (1, 9), 20, 0.1))
    assert (found.kind, np.isnan(found.p_value)) == ("none", True)
    assert "so few" in str(found.said)


def test_few_clusters_with_people_in_both_groups_get_no_p_value_and_the_reason():
    rows = clustered(np.random.default_rng(5), (4, 4), 20, 0.1)
    half = Side(rows.values, np.arange(160) % 2 == 0, rows.cluster, rows.weight)
    found = joint_balance(half)
    assert found.kind == "none"
    assert "both groups" in str(found.said)


def test_many_clusters_with_people_in_both_groups_are_summed_first():
    rows = clustered(np.random.default_rng(6), (150, 150), 6, 0.5, variables=2)
    half = Side(rows.values, np.arange(1800) % 2 == 0, rows.cluster, rows.weight)
    found = joint_balance(half)
    assert found.kind == "wald"
    assert found.dof == 298


def test_a_characteristic_that_parts_the_groups_wholly_has_no_wald_test():
    rng = np.random.default_rng(7)
    treated = np.arange(300) < 150
    rows = Side(np.c_[treated, rng.normal(size=300)], treated, np.arange(300), np.ones(300))
    assert "everybody in a group is the same" in str(joint_balance(rows).said)


def test_a_characteristic_that_is_made_of_others_adds_no_restriction():
    rows = clustered(np.random.default_rng(8), (120, 120), 2, 0.2)
    more = np.c_[rows.values, rows.values.sum(axis=1), np.ones(len(rows.cluster))]
    again = joint_balance(Side(more, rows.treated, rows.cluster, rows.weight))
    one = joint_balance(rows)
    assert again.restrictions == one.restrictions == 3
    assert again.p_value == pytest.approx(one.p_value, rel=1e-6)


@pytest.mark.parametrize(("sides", "size"), [((5, 7), 8), ((110, 130), 3)])
def test_groups_that_do_not_differ_are_told_apart_as_often_as_the_level_says(sides, size):
    rng = np.random.default_rng(9)
    p = [
        joint_balance(clustered(rng, sides, size, 0.3), replications=199, seed=at).p_value
        for at in range(400)
    ]
    # 400 draws of a true 5 % lie within 2 to 8.5 % with more than 99.5 % probability.
    assert 0.02 <= np.mean(np.array(p) <= 0.05) <= 0.085


def test_people_of_weight_zero_are_not_there():
    rows = clustered(np.random.default_rng(10), (120, 120), 2, 0.2)
    weight = np.where(rows.cluster % 5 == 0, 0.0, 1.0)
    kept = weight > 0
    one = joint_balance(Side(rows.values, rows.treated, rows.cluster, weight))
    two = joint_balance(
        Side(rows.values[kept], rows.treated[kept], rows.cluster[kept], weight[kept])
    )
    assert one.p_value == two.p_value
