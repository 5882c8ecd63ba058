"""Balance at the baseline, by hand."""

import math

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from impact.describe import balance, balance_test, baseline_balance
from impact.spec.models import Design


def smd(table, variable):
    cells = table.cells.query("statistic == 'smd'").set_index("variable")
    return cells["value"][variable]


def test_the_standardised_difference_is_that_of_the_formula_at_the_last_period_before(
    make, records, score, works, did
):
    frame = records.drop(columns="weight")
    frame.loc[frame["unit"] < 4, "works"] = 1.0
    table = balance(make(frame, design=did, outcomes=[score, works], covariates=("age",)))
    at = frame[frame["period"] == 2]
    one, two = at[np.isfinite(at["start"])], at[~np.isfinite(at["start"])]
    for name in ("score", "works", "age"):
        # Of shares the variance is p(1 - p), as Austin has it: no degree of freedom is taken off.
        spare = 0 if name == "works" else 1
        pooled = math.sqrt((one[name].var(ddof=spare) + two[name].var(ddof=spare)) / 2)
        by_hand = (one[name].mean() - two[name].mean()) / pooled
        assert smd(table, name) == pytest.approx(by_hand, rel=1e-12)
    base = table.cells.query("statistic == 'smd'")["base"]
    assert set(base) == {min(len(one), len(two))}
    assert set(table.cells["period"]) == {"2"}


def test_weights_enter_the_standardised_difference(make, records, score, did):
    table = balance(make(records, design=did, outcomes=[score]))
    at = records[records["period"] == 2]
    sides = []
    for rows in (at[np.isfinite(at["start"])], at[~np.isfinite(at["start"])]):
        scaled = rows["weight"] * len(rows) / rows["weight"].sum()
        sides.append(DescrStatsW(rows["score"], weights=scaled, ddof=1))
    by_hand = (sides[0].mean - sides[1].mean) / math.sqrt((sides[0].var + sides[1].var) / 2)
    assert smd(table, "score") == pytest.approx(by_hand, rel=1e-12)
    told = table.cells.set_index(["variable", "statistic"])["value"]
    ratio = told["score", "variance_ratio"]
    assert ratio == pytest.approx(sides[0].var / sides[1].var, rel=1e-12)
    plain = balance(make(records.drop(columns="weight"), design=did, outcomes=[score]))
    assert told["score", "smd_unweighted"] == pytest.approx(smd(plain, "score"), rel=1e-12)
    assert (
        told["joint_unweighted", "p_value"]
        == balance_test(make(records.drop(columns="weight"), design=did, outcomes=[score])).p_value
    )


def test_a_table_without_weights_tells_every_difference_once(make, records, score, works, did):
    table = balance(make(records.drop(columns="weight"), design=did, outcomes=[score, works]))
    assert "smd_unweighted" not in set(table.cells["statistic"])
    assert set(table.cells.query("statistic == 'variance_ratio'")["variable"]) == {"score"}


def test_the_joint_test_is_of_the_units_of_assignment_at_the_baseline(make, records, score, did):
    panel = make(records, design=did, outcomes=[score], covariates=("age", "female"))
    table = balance(panel)
    found = balance_test(panel)
    told = table.cells.query("variable == 'joint'")
    assert told["value"].tolist() == [found.p_value]
    assert (found.kind, found.restrictions) == ("permutation", 3)
    # Three of eight clusters can be chosen in 56 ways, so p is a multiple of 1/56.
    assert found.p_value * 56 == pytest.approx(round(found.p_value * 56))
    assert found.said in table.notes


def test_a_place_that_is_wholly_of_one_group_is_the_unit_of_assignment(make, records, score, did):
    frame = records.assign(place=records["cluster"], cluster=records["unit"])
    by_place = balance_test(make(frame, design=did, outcomes=[score]))
    by_cluster = balance_test(make(records, design=did, outcomes=[score]))
    assert by_place.p_value == by_cluster.p_value
    mixed = frame.assign(place=frame["unit"] % 3)
    assert balance_test(make(mixed, design=did, outcomes=[score])).p_value != by_place.p_value


def test_the_formula_is_named(make, records, score, did):
    assert "average of their two variances" in str(
        balance(make(records, design=did, outcomes=[score])).notes[0]
    )


def test_anticipation_moves_the_baseline_back(make, records, score):
    design = Design(kind="did", treated="t", starts=3, anticipation=1)
    assert set(balance(make(records, design=design, outcomes=[score])).cells["period"]) == {"1"}


def test_without_a_comparison_there_is_a_sentence_and_no_number(make, records, score):
    design = Design(kind="before_after", starts=3)
    panel = make(records.assign(start=3.0), design=design, outcomes=[score])
    table = balance(panel)
    assert table.cells.empty
    assert "no comparison" in str(table.notes[0])
    assert baseline_balance(panel) is None


def test_without_a_baseline_there_is_a_sentence_and_no_number(make, records, score):
    design = Design(kind="did", treated="t", starts=1)
    frame = records.assign(start=np.where(records["cluster"] < 3, 1.0, np.inf))
    table = balance(make(frame, design=design, outcomes=[score], covariates=("age",)))
    assert table.cells.empty
    assert "before the pilot" in str(table.notes[0])


def test_a_lottery_seen_once_is_balanced_on_its_covariates_only(make, records, score):
    design = Design(kind="randomised", treated="t", randomised=True)
    frame = records[records["period"] == 3]
    frame = frame.assign(start=np.where(frame["unit"] < 20, 3.0, np.inf))
    table = balance(make(frame, design=design, outcomes=[score], covariates=("age", "female")))
    assert set(table.cells["variable"]) == {"age", "female"}
    assert "lots were drawn" in str(table.notes[1])


def test_groups_that_never_vary_are_equal_or_worlds_apart(make, records, score, did):
    frame = records.assign(same=1.0, apart=np.isfinite(records["start"]).astype(float))
    panel = make(frame, design=did, outcomes=[score], covariates=("same", "apart"))
    table = balance(panel)
    assert smd(table, "same") == 0
    assert smd(table, "apart") == math.inf
    assert baseline_balance(panel) == math.inf


def test_the_largest_difference_counts_whatever_its_sign(make, records, score, did):
    panel = make(records, design=did, outcomes=[score], covariates=("age", "female"))
    values = balance(panel).cells.query("statistic == 'smd'")["value"]
    assert baseline_balance(panel) == max(abs(v) for v in values)
