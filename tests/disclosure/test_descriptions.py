"""What a reader could work out from medians, changes, levels, subgroups and items."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from tests.disclosure.test_leaks import DID, PANEL, people

from impact.disclosure import Rule, release
from impact.disclosure.widths import nice
from impact.results import Status, SummaryTable
from impact.results.summary import COLUMNS

STATUS = Status(
    pilot="a-pilot",
    title="A pilot",
    minimum_cell=10,
    guarded=True,
    unit_is="person",
)


def gate(section, rows):
    """Pass one table of hand-written cells through the gate."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": float, "base": int})
    parts = [STATUS, SummaryTable(section, frame)]
    return list(release(parts, Rule(10, guarded=True)))[1].cells


def test_a_median_of_nineteen_and_a_quartile_of_thirty_nine_are_hidden_and_the_mean_is_not(publish):
    records = people(78, treated=19, y=lambda i, w: (i * 7919) % 101)
    outcomes = [{"column": "y", "kind": "count"}]
    page = publish(records, data=PANEL, design=DID, outcomes=outcomes)
    for group, n in (("treated", 19), ("comparison", 59), ("all", 78)):
        where = {"section": "participants", "variable": "y", "group": group, "period": "1"}
        mean = page.value(gated=True, statistic="mean", **where)
        # Beside the means of two groups, that of all would tell how large they are.
        assert math.isnan(mean) == (group == "all"), n
        # A median that is hidden in one group is hidden in all: they would narrow it down.
        assert math.isnan(page.value(gated=True, statistic="median", **where))


def test_medians_and_quartiles_of_forty_each_are_shown(publish):
    records = people(80, y=lambda i, w: (i * 7919) % 101)
    outcomes = [{"column": "y", "kind": "count"}]
    page = publish(records, data=PANEL, design=DID, outcomes=outcomes)
    for statistic in ("median", "q1", "q3"):
        where = {"section": "participants", "group": "treated", "period": "1"}
        assert not math.isnan(page.value(gated=True, statistic=statistic, variable="y", **where))


def test_a_mean_that_one_person_makes_is_hidden_with_the_effect(publish):
    records = people(40, y=lambda i, w: 100_000 if i == 3 else 10 + i)
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}])
    where = {"section": "trends", "variable": "y", "group": "treated", "period": "1"}
    assert round(20 * page.value(gated=False, statistic="mean", **where), -3) == 100_000
    assert math.isnan(page.value(gated=True, statistic="mean", **where))
    assert page.estimates(gated=True)["estimate"].isna().all()


def those_who_left(page, *, gated):
    """Take the mean before of those who stayed, from their mean after less their change."""
    told = {"gated": gated, "variable": "y", "group": "treated"}
    change = page.value(section="changes", statistic="change", **told)
    before, after = (
        page.value(section=section, statistic="mean", period=period, **told)
        for section, period in (("participants", "1"), ("trends", "2"))
    )
    return 40 * before - 37 * (after - change)


def test_what_three_who_left_had_said_does_not_follow_from_the_change_of_those_who_stayed(publish):
    records = people(80, y=lambda i, w: 60 if i < 3 else 50 + (i * 7919 % 17) * w)
    records = [row for row in records if (row["id"], row["w"]) not in {(0, 2), (1, 2), (2, 2)}]
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}])
    assert those_who_left(page, gated=False) == pytest.approx(180)
    found = those_who_left(page, gated=True)
    spread = np.std([row["y"] for row in records if row["w"] == 1])
    # What is told leaves room for the sum of the three to be anybody's, or is not told.
    step = _step_told(page)
    assert math.isnan(found) or 37 * step / 2 > 3 * spread


def _step_told(page):
    where = {"section": "changes", "variable": "y", "group": "treated", "gated": False}
    low, high = (page.value(statistic=end, **where) for end in ("low", "high"))
    return nice((high - low) / 4)


def test_a_mean_change_without_an_interval_is_hidden():
    rows = [
        ("y", "", "treated", "1 to 2", "n", 40, 40),
        ("y", "", "treated", "1 to 2", "change", 1.234, 40),
        ("y", "", "comparison", "1 to 2", "n", 40, 40),
        ("y", "", "comparison", "1 to 2", "change", 0.777, 40),
        ("y", "", "comparison", "1 to 2", "low", 0.5, 40),
        ("y", "", "comparison", "1 to 2", "high", 1.1, 40),
    ]
    assert gate("changes", rows)["value"].isna().all()


@pytest.mark.parametrize(
    ("error", "step"), [(0.16, 0.2), (0.2, 0.2), (0.21, 0.5), (0.6, 1.0), (3.0, 5.0)]
)
def test_changes_are_told_in_steps_that_reach_their_error(error, step):
    assert nice(error) == pytest.approx(step)


@pytest.mark.parametrize("few", [False, True])
def test_where_few_fell_neither_shares_nor_the_mean_change_are_shown(few):
    """The table itself joins the few with others; where it did not, the gate tells nothing."""
    rows = []
    for group in ("treated", "comparison"):
        where = (group, "1 to 2")
        rows += [("y", "", *where, "n", 60, 60), ("y", "", *where, "change", 0.5, 60)]
        rows += [("y", "", *where, "low", 0.3, 60), ("y", "", *where, "high", 0.7, 60)]
        shares = (40, 17, 3) if few else (40, 20)
        ways = ("rose", "stayed", "fell") if few else ("rose", "fell or stayed")
        rows += [
            ("y", f"y: {way}", *where, "share", n / 60, 60)
            for way, n in zip(ways, shares, strict=True)
        ]
    cells = gate("changes", rows)
    assert cells["statistic"].eq("share").any() != few
    assert cells.loc[cells["statistic"] == "change", "value"].isna().all() == few


def test_a_level_of_few_takes_all_levels_of_that_period_with_it():
    rows = [
        ("y", f"y: level {at}", group, period, "share", n / 60, 60)
        for group in ("treated", "comparison")
        for period in ("1", "2")
        for at, n in enumerate((3, 27, 30) if (group, period) == ("treated", "1") else (20, 20, 20))
    ]
    cells = gate("distribution", rows)
    assert cells.loc[cells["period"] == "1", "value"].isna().all()
    # A third is told as seven twentieths.
    assert set(cells.loc[cells["period"] == "2", "value"]) == {0.35}


def test_levels_that_were_joined_cannot_be_parted_by_the_mean(publish):
    """Two levels together, less what the mean says of the others, would count one of them."""
    level = dict(enumerate([0] * 4 + [1] * 16 + [2] * 20))
    records = people(80, y=lambda i, w: level[i % 40])
    outcomes = [{"column": "y", "kind": "ordinal", "scale": [0, 2]}]
    page = publish(records, data=PANEL, design=DID, outcomes=outcomes)
    told = {"variable": "y", "group": "treated", "period": "1"}

    def on_the_lowest(gated):
        mean = page.value(gated=gated, section="trends", statistic="mean", **told)
        two = page.value(
            gated=gated,
            section="distribution",
            statistic="share",
            category="y: level 2",
            **told,
        )
        return 40 * (1 - two - (mean - 2 * two))

    assert on_the_lowest(gated=False) == pytest.approx(4)
    shares = page.cells(gated=True, section="distribution", **told)["value"]
    assert set((shares * 20 % 1).round(6)) <= {0.0}
    # Half a twentieth of forty, once as a share and twice in the mean, hides which it is.
    assert 40 * (0.025 * 1) >= 1


def test_a_subgroup_of_few_takes_the_others_of_that_period_with_it(publish):
    records = people(80, y=lambda i, w: 10 + i % 9, s=lambda i, w: int(i % 40 < 5))
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}], subgroups=["s"])
    assert page.cells(gated=False, section="subgroups")["value"].notna().all()
    assert page.cells(gated=True, section="subgroups")["value"].isna().all()


def test_a_subgroup_that_a_few_did_not_name_takes_all_with_it(publish):
    records = people(80, y=lambda i, w: 10 + i % 9, s=lambda i, w: "" if i < 3 else i % 2)
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}], subgroups=["s"])
    assert page.cells(gated=True, section="subgroups", group="treated")["value"].isna().all()


def test_subgroups_of_many_are_shown_with_rounded_numbers(publish):
    records = people(256, y=lambda i, w: 10 + i % 9, s=lambda i, w: i % 2)
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}], subgroups=["s"])
    cells = page.cells(gated=True, section="subgroups")
    assert cells["value"].notna().all()
    assert set(cells.loc[cells["statistic"] == "n", "value"]) == {60.0}


def test_a_subgroup_of_few_is_not_named(publish):
    records = people(80, y=lambda i, w: 10 + i % 9, s=lambda i, w: "Næsby" if i < 3 else "other")
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}], subgroups=["s"])
    assert "Næsby" in page.text(gated=False)
    assert "Næsby" not in page.text(gated=True)


def test_alpha_of_nine_is_hidden_and_of_forty_shown():
    for n, shown in ((9, False), (40, True)):
        rows = [
            ("b", "", "all", "1", "n", n, n),
            ("b", "", "all", "1", "alpha", 0.81, n),
            ("b", "b: one", "all", "1", "item_rest", 0.5, n),
        ]
        assert gate("reliability", rows)["value"].notna().any() == shown


def test_an_item_of_few_takes_the_score_with_it():
    rows = [
        ("b", "", "all", "1", "alpha", 0.81, 40),
        ("b", "b: one", "all", "1", "mean", 2.5, 40),
        ("b", "b: two", "all", "1", "mean", 1.05, 2),
    ]
    assert gate("reliability", rows)["value"].isna().all()


def test_the_joint_test_is_hidden_with_any_difference_it_sums_up():
    rows = [
        ("y", "", "treated", "1", "mean", 3.1, 40),
        ("y", "", "comparison", "1", "mean", 3.3, 40),
        ("y", "", "all", "1", "smd", 0.2, 40),
        ("x", "", "treated", "1", "share", 2 / 40, 40),
        ("x", "", "comparison", "1", "share", 20 / 40, 40),
        ("joint", "", "all", "1", "p_value", 0.123456, 40),
    ]
    cells = gate("balance", rows).set_index("variable")
    assert math.isnan(cells.loc["joint", "value"])
    assert gate("balance", rows[:3] + rows[5:])["value"].iloc[-1] == 0.123


def test_a_variance_ratio_falls_with_a_hidden_spread():
    rows = [
        ("y", "", "treated", "1", "mean", 3.1, 4),
        ("y", "", "treated", "1", "sd", 1.1, 4),
        ("y", "", "comparison", "1", "sd", 1.3, 40),
        ("y", "", "all", "1", "variance_ratio", 0.7, 40),
        ("y", "", "all", "1", "smd_unweighted", 0.7, 40),
    ]
    assert gate("balance", rows)["value"].isna().all()


@pytest.mark.parametrize(("spread", "shown"), [(0.97, True), (math.sqrt(31 / 32 * 1 / 32), False)])
def test_a_mean_of_points_below_one_is_no_share_unless_its_spread_is_that_of_yes_and_no(
    spread, shown
):
    rows = [
        ("y", "", "treated", "1", "mean", 31 / 32, 32),
        ("y", "", "treated", "1", "sd", spread, 32),
    ]
    assert gate("participants", rows)["value"].notna().any() == shown


def test_a_mean_below_one_without_its_spread_is_taken_for_a_share():
    assert gate("trends", [("y", "", "treated", "1", "mean", 31 / 32, 32)])["value"].isna().all()
