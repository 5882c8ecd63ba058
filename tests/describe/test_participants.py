"""Who took part, reached by plain group-bys."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from impact.data.table import Described
from impact.describe import balance, comparison, flow, participants, trends
from impact.spec.models import Design, Outcome


def value(table, statistic, group, period, variable="score", category=""):
    cells = table.cells
    found = cells[
        (cells["variable"] == variable)
        & (cells["category"] == category)
        & (cells["group"] == group)
        & (cells["period"] == period)
        & (cells["statistic"] == statistic)
    ]
    assert len(found) == 1
    return found["value"].iloc[0], found["base"].iloc[0]


def test_means_and_spreads_are_those_of_a_group_by(make, records, score, did):
    table = participants(make(records.drop(columns="weight"), design=did, outcomes=[score]))
    group = np.where(np.isfinite(records["start"]), "treated", "comparison")
    plain = records.groupby([group, records["period"]])["score"].agg(["mean", "std", "count"])
    for (name, period), row in plain.iterrows():
        assert value(table, "mean", name, str(period))[0] == pytest.approx(row["mean"], rel=1e-12)
        assert value(table, "sd", name, str(period))[0] == pytest.approx(row["std"], rel=1e-12)
        assert value(table, "n", name, str(period)) == (row["count"], row["count"])
    everyone = records[records["period"] == 2]["score"]
    assert value(table, "mean", "all", "2")[0] == pytest.approx(everyone.mean(), rel=1e-12)


def test_weighted_moments_are_those_of_statsmodels_whatever_the_weights_scale(
    make, records, score, did
):
    at = records[(records["period"] == 2) & np.isfinite(records["start"])]
    scaled = at["weight"] * len(at) / at["weight"].sum()
    road = DescrStatsW(at["score"], weights=scaled, ddof=1)
    for scale in (1.0, 1000.0):
        frame = records.assign(weight=records["weight"] * scale)
        table = participants(make(frame, design=did, outcomes=[score]))
        assert value(table, "mean", "treated", "2")[0] == pytest.approx(road.mean, rel=1e-12)
        assert value(table, "sd", "treated", "2")[0] == pytest.approx(road.std, rel=1e-12)
    assert any("weighted" in str(note) for note in table.notes)


def test_a_mean_does_not_rest_on_people_of_weight_zero(make, records, score, did):
    frame = records.assign(weight=np.where(records["unit"] == 0, 0.0, 1.0))
    table = participants(make(frame, design=did, outcomes=[score]))
    n = value(table, "n", "treated", "2")[0]
    left = frame[(frame["period"] == 2) & (frame["cluster"] < 3) & (frame["unit"] != 0)]["score"]
    assert value(table, "mean", "treated", "2") == (pytest.approx(left.mean(), rel=1e-12), n - 1)


def test_refused_and_missing_are_counted_apart(make, records, score, did):
    frame = records.copy()
    frame.loc[[1, 4], "score"] = np.nan
    said = pd.Series("given", index=frame.index)
    said[1], said[4] = "refused", "missing"
    panel = make(frame, design=did, outcomes=[score], answers={"score": said.astype("category")})
    table = participants(panel)
    assert value(table, "refused", "treated", "2") == (2 - 1, 1)
    assert value(table, "missing", "treated", "2") == (1, 1)
    assert value(table, "missing", "comparison", "1") == (0, 0)
    assert "not_known" not in set(table.cells["statistic"])
    given = value(table, "n", "treated", "2")[0]
    assert given + 2 == value(table, "units", "treated", "2", variable="")[0]


def test_a_binary_outcome_is_a_share_and_covariates_stand_at_the_baseline(
    make, records, works, did
):
    frame = records.drop(columns="weight").assign(
        **{"sector=care": records["female"], "sector=trade": 0.0}
    )
    panel = make(frame, design=did, outcomes=[works], covariates=("age", *frame.columns[-2:]))
    table = participants(panel)
    share = records[(records["period"] == 3) & (records["cluster"] >= 3)]["works"].mean()
    assert value(table, "share", "comparison", "3", "works")[0] == pytest.approx(share)
    assert set(table.cells.query("variable == 'age'")["period"]) == {"2"}
    assert value(table, "share", "all", "2", "sector", "care")[0] == pytest.approx(
        records["female"].mean()
    )
    assert "works" not in set(table.cells.query("statistic in ('mean', 'sd')")["variable"])


def test_without_a_comparison_there_is_one_group(make, records, score):
    design = Design(kind="before_after", starts=3)
    frame = records.assign(start=3.0)
    table = participants(make(frame, design=design, outcomes=[score]))
    assert set(table.cells["group"]) == {"treated"}


def test_many_periods_are_shown_at_their_first_baseline_and_last(make, score):
    index = pd.MultiIndex.from_product([range(4), range(2001, 2013)], names=["unit", "period"])
    frame = index.to_frame(index=False)
    frame = frame.assign(score=1.0 * frame["unit"], start=np.where(frame["unit"] < 2, 2008, np.inf))
    design = Design(kind="did", treated="t", starts=2008)
    table = participants(make(frame, design=design, outcomes=[score]))
    assert list(dict.fromkeys(table.cells["period"])) == ["2001", "2007", "2012"]


def test_a_person_asked_twice_in_a_cross_section_counts_once(make, records, score):
    design = Design(kind="did", sample="cross_sections", treated="t", starts=3)
    frame = pd.concat([records, records[records["unit"] == 0]])
    table = participants(make(frame, design=design, outcomes=[score]))
    assert value(table, "n", "treated", "1") == value(table, "units", "treated", "1", "")
    assert value(table, "units", "all", "1", "")[0] == 40


def test_describing_leaves_the_panel_as_it_was(make, records, score, works, did):
    panel = make(records, design=did, outcomes=[score, works], covariates=("age",))
    before = panel.values.copy()
    for array in (panel.unit, panel.period, panel.weight, panel.start, panel.treated):
        array.flags.writeable = False
    participants(panel)
    pd.testing.assert_frame_equal(panel.values, before)


def test_the_first_category_of_a_covariate_is_told_like_the_others(make, records, score, did):
    """With one column a category but the first, the first is one less the others' shares."""
    frame = records.assign(**{"sector=b": records["female"], "sector=c": 0.0})
    panel = make(frame, design=did, outcomes=[score], covariates=("sector=b", "sector=c"))
    named = replace(panel, references={"sector": "a"})
    for one, first in ((panel, "all others"), (named, "a")):
        cells = participants(one).cells
        told = cells[(cells["variable"] == "sector") & (cells["statistic"] == "share")]
        assert list(dict.fromkeys(told["category"])) == [first, "b", "c"]
        totals = told.groupby("group")["value"].sum()
        assert totals.tolist() == pytest.approx([1, 1, 1])
        assert set(balance(one).cells["category"]) == {"", first, "b", "c"}


def test_the_mean_of_two_values_rests_on_those_with_the_rarer_one(make, records, score, did):
    sex = 1.0 + (records["unit"] % 10 == 0)  # of 40 people 4; of the pilot group's 15 one
    panel = make(records.assign(sex=sex), design=did, outcomes=[score], covariates=("sex",))
    cells = participants(panel).cells
    told = cells[(cells["variable"] == "sex") & (cells["statistic"] == "mean")]
    assert dict(zip(told["group"], told["base"], strict=True))["all"] == 4
    assert (told["base"] < 5).all()
    ages = cells[(cells["variable"] == "score") & (cells["statistic"] == "mean")]
    assert ages["base"].max() == 40


def test_a_mean_of_equal_values_rests_on_nobody(make, records, score, did):
    """It tells of everybody what they answered."""
    panel = make(records.assign(score=3.0), design=did, outcomes=[score])
    cells = participants(panel).cells
    assert (cells.loc[cells["statistic"] == "mean", "base"] == 0).all()
    trend = trends(panel).cells
    assert (trend["base"] == 0).all()


def test_those_reached_from_the_start_are_in_no_table(make, score):
    """Their averages are nowhere, so their number is told once and not by subtraction."""
    index = pd.MultiIndex.from_product([range(12), (1, 2, 3)], names=["unit", "period"])
    frame = index.to_frame(index=False)
    start = np.where(frame["unit"] == 0, 1, np.where(frame["unit"] < 6, 2, np.inf))
    frame = frame.assign(score=1.0 * frame["unit"], start=start)
    design = Design(kind="staggered", first_treated="g")
    panel = make(frame, design=design, outcomes=[score])
    assert value(participants(panel), "units", "treated", "1", "")[0] == 5
    assert value(participants(panel), "units", "all", "1", "")[0] == 11
    assert any("period on: 1." in str(note) for note in participants(panel).notes)
    for table in (flow(panel), comparison(panel)):
        told = table.cells[(table.cells["statistic"] == "units") & (table.cells["group"] == "all")]
        assert set(told["value"]) == {11}


def test_a_covariate_is_called_by_the_files_label_else_by_its_column_in_words(make, records):
    panel = make(
        records.assign(years_of_schooling=9.0),
        design=Design(kind="did", starts=3),
        outcomes=[Outcome(column="score", label="Score")],
        covariates=["age", "years_of_schooling"],
    )
    labels = participants(panel).labels
    assert (labels["age"], labels["years_of_schooling"]) == ("Age", "Years of schooling")
    told = replace(panel, described={"age": Described("age  on arrival " + "x" * 90)})
    said = participants(told).labels["age"]
    assert said.startswith("Age on arrival xxx")
    assert said.endswith("…")
    assert len(said) == 80
