"""Balance at the baseline, by hand."""

import math

import numpy as np
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from impact.describe import balance, baseline_balance
from impact.spec.models import Design


def smd(table, variable):
    cells = table.cells.query("statistic == 'smd'").set_index("variable")
    return cells["value"][variable]


def test_the_standardised_difference_is_that_of_the_formula_at_the_last_period_before(
    make, records, score, works, did
):
    frame = records.drop(columns="weight")
    table = balance(make(frame, design=did, outcomes=[score, works], covariates=("age",)))
    at = frame[frame["period"] == 2]
    one, two = at[np.isfinite(at["start"])], at[~np.isfinite(at["start"])]
    for name in ("score", "works", "age"):
        pooled = math.sqrt((one[name].var() + two[name].var()) / 2)
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
