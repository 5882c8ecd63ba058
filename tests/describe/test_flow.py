"""Flow, attrition and who the comparison is, counted by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact.describe import attrition, comparison, flow
from impact.spec.models import Design, Outcome


@pytest.fixture
def thinned(records):
    """Return the records with four treated gone at the end and two comparison silent there."""
    gone = (records["period"] == 3) & records["unit"].isin([0, 1, 2, 8])
    frame = records[~gone].copy()
    silent = (frame["period"] == 3) & frame["unit"].isin([3, 4])
    frame.loc[silent, "score"] = np.nan
    return frame


def counted(table, variable, group, statistic="units"):
    cells = table.cells
    return cells[
        (cells["variable"] == variable)
        & (cells["group"] == group)
        & (cells["statistic"] == statistic)
    ]["value"].item()


def test_the_lost_are_those_at_the_baseline_without_an_answer_at_the_end(make, thinned, score, did):
    rows = {"read": 130, "used": len(thinned), "dropped: no unit": 14}
    table = flow(make(thinned, design=did, outcomes=[score], rows=rows))
    assert counted(table, "baseline", "treated") == 15
    assert counted(table, "lost", "treated", "lost") == 4
    assert counted(table, "lost", "comparison", "lost") == 2
    assert counted(table, "endline", "all") == 34
    for group in ("treated", "comparison", "all"):
        stayed, lost = counted(table, "both", group), counted(table, "lost", group, "lost")
        assert stayed + lost == counted(table, "baseline", group)
    cells = table.cells.query("variable == 'rows'")
    assert dict(zip(cells["category"], cells["value"], strict=True)) == rows


def test_a_share_lost_rests_on_the_fewer_of_lost_and_stayed(make, thinned, score, did):
    table = flow(make(thinned, design=did, outcomes=[score]))
    share = table.cells.query("statistic == 'share' and group == 'treated'").iloc[0]
    assert (share["value"], share["base"]) == (pytest.approx(4 / 15), 4)


def test_attrition_is_the_fraction_lost_and_its_difference(make, thinned, score, did):
    lost = attrition(make(thinned, design=did, outcomes=[score]))
    assert (lost.overall, lost.treated, lost.comparison) == (6 / 40, 4 / 15, 2 / 25)
    assert lost.difference == pytest.approx(4 / 15 - 2 / 25)
    assert lost.base == 15


def test_nobody_is_lost_from_repeated_cross_sections(make, records, score):
    design = Design(kind="did", sample="cross_sections", treated="t", starts=3)
    panel = make(records, design=design, outcomes=[score])
    assert set(flow(panel).cells["variable"]) == {"baseline", "endline"}
    assert attrition(panel).overall is None


def test_a_single_period_has_no_flow(make, records, score, did):
    panel = make(records[records["period"] == 3], design=did, outcomes=[score])
    table = flow(panel)
    assert set(table.cells["variable"]) == {"endline"}
    assert "one period" in str(table.notes[0])
    assert attrition(panel).difference is None


def test_attrition_without_a_comparison_is_the_pilot_groups(make, thinned, score):
    design = Design(kind="before_after", starts=3)
    lost = attrition(make(thinned.assign(start=3.0), design=design, outcomes=[score]))
    assert lost.overall == lost.treated == 6 / 40
    assert lost.comparison is None
    assert lost.base == 40


def test_the_comparison_is_counted_and_named(make, records, score):
    design = Design(kind="did", treated="t", starts=3, comparison="People of Næsby, 100 % alike")
    frame = records.assign(place=np.where(records["cluster"] < 3, "Here", records["cluster"]))
    table = comparison(make(frame, design=design, outcomes=[score]))
    assert counted(table, "", "comparison") == 25
    assert counted(table, "clusters", "comparison", "clusters") == 5
    assert counted(table, "places", "treated", "places") == 1
    assert counted(table, "places", "comparison", "places") == 5
    assert set(table.cells.query("group == 'comparison'")["base"]) == {25}
    assert str(table.notes[0]) == "People of Næsby, 100 % alike"


def test_units_that_are_places_are_counted_once(make, records, score, did):
    frame = records.assign(place=records["unit"])
    table = comparison(make(frame, design=did, outcomes=[score]))
    assert set(table.cells["variable"]) == {"", "clusters"}


def test_units_that_are_their_own_clusters_are_counted_once(make, records, score, did):
    table = comparison(make(records.drop(columns="cluster"), design=did, outcomes=[score]))
    assert set(table.cells["variable"]) == {""}
    assert "do not say who" in str(table.notes[0])


def test_those_eligible_and_enrolled_come_first(make, records, score):
    design = Design(kind="did", treated="t", starts=3, eligible=90, enrolled=18)
    cells = flow(make(records, design=design, outcomes=[score])).cells
    assert list(cells["variable"][:2]) == ["eligible", "enrolled"]
    assert list(cells["value"][:2]) == [90, 18]
    assert list(cells["group"][:2]) == ["treated", "treated"]
    drawn = Design(kind="randomised", treated="t", starts=3, eligible=90)
    cells = flow(make(records, design=drawn, outcomes=[score])).cells
    assert (cells["variable"][0], cells["group"][0]) == ("eligible", "all")


def test_in_the_analysis_are_those_with_an_answer_on_both_sides_of_the_start(make, records, did):
    """Unit 0 never answers before; 3 and 4 never after; the rest on both sides."""
    frame = records.copy()
    frame.loc[(frame["unit"] == 0) & (frame["period"] < 3), "score"] = np.nan
    frame.loc[frame["unit"].isin([3, 4]) & (frame["period"] == 3), "score"] = np.nan
    primary = Outcome(column="score", role="primary")
    other = Outcome(column="works", role="primary")
    cells = flow(make(frame, design=did, outcomes=[primary, other])).cells
    analysed = cells[cells["variable"] == "analysed"].set_index(["category", "group"])["value"]
    assert analysed.to_dict() == {
        ("score", "treated"): 14,
        ("score", "comparison"): 23,
        ("score", "all"): 37,
        ("works", "treated"): 15,
        ("works", "comparison"): 25,
        ("works", "all"): 40,
    }


def test_the_lost_are_parted_by_the_last_reason_that_was_noted(make, thinned, score, did):
    """0, 1 and 2 moved, 8 fell ill, 3 and 4 are silent without a reason; who stays has none."""
    panel = make(thinned, design=did, outcomes=[score])
    why = pd.Series([None] * len(panel), dtype="object")
    units = panel.units[panel.unit]
    why[units.isin([0, 1, 2])] = "moved"
    why[(units == 8) & (panel.period == 0)] = "moved"
    why[(units == 8) & (panel.period == 1)] = "ill"
    why[units == 20] = "ill"
    panel = replace(panel, lost_because=pd.Series(pd.Categorical(why)))
    table = flow(panel)
    cells = table.cells.query("statistic == 'lost' and category != ''")
    found = cells.set_index(["category", "group"])["value"]
    assert found[("reason: moved", "all")] == 3
    assert found[("reason: ill", "treated")] == 1
    assert found[("reason: ", "comparison")] == 2
    assert table.labels["reason: moved"] == "moved"
    for group in ("treated", "comparison", "all"):
        whole = table.cells.query("statistic == 'lost' and category == '' and group == @group")
        assert found.xs(group, level="group").sum() == whole["value"].item()


def test_units_of_several_files_are_parted_into_those_in_every_wave_and_the_others(
    make, records, score, did
):
    matched = {"units": 50, "in every wave": 30, "in 1": 41, "only in 1": 8, "only in 2": 5}
    panel = replace(make(records, design=did, outcomes=[score]), matched=matched)
    cells = flow(panel).cells.query("variable == 'matched'").set_index("category")["value"]
    assert cells.to_dict() == {
        "": 50,
        "in every wave": 30,
        "only in 1": 8,
        "only in 2": 5,
        "in some waves": 7,
    }
