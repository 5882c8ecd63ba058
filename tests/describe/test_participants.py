"""Who took part, reached by plain group-bys."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import DescrStatsW

from impact.describe import participants
from impact.spec.models import Design


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
