"""Randomised pilots: means and regressions at the end."""

import numpy as np
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError


def lottery(frame, **said):
    given = {"unit": "id", "period": "wave", "outcomes": ["y"], "treated": "pilot", "starts": 1}
    return Panel.from_frame(frame, kind="randomised", **{**given, **said})


def test_the_difference_in_means_is_welchs_statistic_at_the_end(two_waves, thin):
    rows = thin(two_waves)
    end = rows[rows["wave"] == 1]
    arms = [end.loc[end["pilot"] == group, "y"] for group in (1, 0)]
    effect = did.difference_in_means(lottery(rows), inference="hc2")
    theirs = stats.ttest_ind(*arms, equal_var=False)
    assert effect.estimate == pytest.approx(arms[0].mean() - arms[1].mean(), abs=1e-12)
    assert effect.statistic == pytest.approx(theirs.statistic, rel=1e-9)
    assert effect.base == min(map(len, arms))
    assert effect.estimand == "ITT"


def test_ancova_is_the_regression_on_the_outcome_before(two_waves):
    wide = two_waves.pivot(index="id", columns="wave", values="y").add_prefix("y")
    rest = two_waves[two_waves["wave"] == 1].set_index("id")[["pilot", "age", "hours"]]
    theirs = smf.ols("y1 ~ pilot + y0 + age + hours", wide.join(rest)).fit(cov_type="HC2")
    effect = did.ancova(lottery(two_waves, covariates=["age", "hours"]), inference="hc2")
    assert effect.estimate == pytest.approx(theirs.params["pilot"], rel=1e-10)
    assert effect.std_error == pytest.approx(theirs.bse["pilot"], rel=1e-9)


def test_units_without_a_baseline_are_left_out_and_counted(two_waves):
    rows = two_waves[(two_waves["wave"] == 1) | (two_waves["id"] >= 7)]
    effect = did.ancova(lottery(rows))
    assert effect.n_units == 53
    assert any(note.counts == {"n": 7} for note in effect.notes)


def test_a_baseline_of_one_group_only_is_sent_to_the_difference_in_means(two_waves):
    rows = two_waves.assign(y=two_waves["y"].where((two_waves.wave == 1) | (two_waves.pilot == 1)))
    with pytest.raises(DesignError, match="difference_in_means"):
        did.ancova(lottery(rows))


def test_clusters_assigned_by_lottery_are_permuted_as_wholes(two_waves):
    given = lottery(two_waves, cluster="town", covariates=["age"])
    tested = did.ancova(given, inference="permutation")
    assert tested.estimate == pytest.approx(did.ancova(given, inference="hc1").estimate, rel=1e-10)
    assert tested.n_clusters == 12
    assert tested.p_value >= tested.details["smallest_p"]


def test_without_a_lottery_the_end_alone_is_refused(frame, panel):
    for method in (did.difference_in_means, did.ancova):
        with pytest.raises(DesignError, match="did"):
            method(panel(frame))


def test_weights_count(two_waves):
    end = two_waves[two_waves["wave"] == 1]
    means = [
        np.average(end.loc[end.pilot == g, "y"], weights=end.loc[end.pilot == g, "w"])
        for g in (1, 0)
    ]
    effect = did.difference_in_means(lottery(two_waves, weight="w"))
    assert effect.estimate == pytest.approx(means[0] - means[1], abs=1e-12)
