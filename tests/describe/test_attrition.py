"""Who was lost, outcome by outcome, and how they had been: counted and averaged by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.describe import attrition, flow, leavers, leaving_test, most_lost
from impact.describe.joint import Side, joint_balance
from impact.spec.models import Design, Outcome, PilotSpec

PRIMARY = Outcome(column="job", label="Employed", kind="binary", role="primary")
OTHER = Outcome(column="trust", label="Trust", role="secondary")
LOTTERY = Design(kind="randomised", treated="t", starts=2)


def lottery(n=60, *, silent=40, waves=(1, 2)):
    """Draw lots among 2n; the first of the pilot do not say in the end whether they work."""
    rng = np.random.default_rng(7)
    rows = [
        {
            "id": i,
            "w": w,
            "t": int(i < n),
            "job": np.nan if i < silent and w == 2 else float(rng.integers(0, 2)),
            "trust": rng.normal(5, 2),
        }
        for i in range(2 * n)
        for w in waves
    ]
    return pd.DataFrame(rows)


def panel_of(frame, design=LOTTERY, outcomes=(PRIMARY, OTHER), **said):
    return Panel.from_frame(frame, unit="id", period="w", outcomes=outcomes, design=design, **said)


def guarded(panel):
    spec = PilotSpec.model_validate(
        {
            "pilot": "made-up",
            "data": {"path": "nowhere.csv", "unit": "id", "period": "w"},
            "design": {"kind": "randomised", "treated": "t", "starts": 2},
            "outcomes": [{"column": "job"}],
        }
    )
    return replace(panel, spec=spec)


def test_who_answers_another_question_is_lost_all_the_same():
    """40 of 60 do not answer the primary one: two thirds are lost on it and nobody on the other."""
    panel = panel_of(lottery())
    lost = attrition(panel)
    assert (lost.treated, lost.comparison, lost.overall) == (40 / 60, 0.0, 40 / 120)
    assert lost.difference == 40 / 60
    assert attrition(panel, "trust").overall == 0.0
    assert most_lost(panel) == 40 / 120


def test_an_outcome_that_was_last_asked_earlier_ends_there():
    frame = lottery(waves=(1, 2, 3))
    frame.loc[frame["w"] == 3, "job"] = np.nan
    assert attrition(panel_of(frame)).treated == 40 / 60


def test_in_one_wave_those_on_record_without_an_answer_are_lost():
    frame = lottery()
    panel = panel_of(frame[frame["w"] == 2], Design(kind="randomised", treated="t"))
    assert attrition(panel).treated == 40 / 60
    # Where everybody answered, the file may hold those who answered and nobody else.
    assert attrition(panel, "trust").overall is None


def test_the_share_lost_on_each_outcome_stands_in_the_flow():
    cells = flow(panel_of(lottery())).cells.set_index(["variable", "group", "statistic"])
    found = cells.loc[("lost: job", "treated", "share")]
    assert (found["value"], found["base"]) == (40 / 60, 60)
    assert cells.loc[("lost: trust", "all", "share"), "value"] == 0.0


def test_leavers_are_averaged_apart_from_those_who_stayed():
    frame = lottery()
    cells = leavers(panel_of(frame)).cells.set_index(["variable", "group", "statistic"])
    first = frame[frame["w"] == 1].set_index("id")
    gone, stayed = first.loc[range(40)], first.loc[range(40, 60)]
    assert cells.loc[("before: trust", "treated_lost", "mean"), "value"] == pytest.approx(
        gone["trust"].mean()
    )
    assert cells.loc[("before: trust", "treated_stayed", "sd"), "value"] == pytest.approx(
        stayed["trust"].std()
    )
    spread = np.sqrt((gone["trust"].var() + stayed["trust"].var()) / 2)
    gap = (gone["trust"].mean() - stayed["trust"].mean()) / spread
    assert cells.loc[("before: trust", "treated_lost", "smd_lost"), "value"] == pytest.approx(gap)
    share = cells.loc[("before: job", "treated_lost", "share")]
    yes = int(gone["job"].sum())
    assert (share["value"], share["base"]) == (pytest.approx(yes / 40), 40)
    units = cells.xs(("", "units"), level=("variable", "statistic"))["value"]
    assert units.to_dict() == {
        "treated_stayed": 20,
        "treated_lost": 40,
        "comparison_stayed": 60,
        "comparison_lost": 0,
    }


def test_where_two_kinds_of_leavers_differ_by_few_those_of_the_flow_are_described():
    """Else three who only kept silent on one question would be the difference of two tables."""
    few = lottery(silent=3)
    said = [str(leavers(one).notes[0]) for one in (panel_of(few), guarded(panel_of(few)))]
    assert "on “Employed”" in said[0]
    assert "Nobody is known" in said[1]
    assert "on “Employed”" in str(leavers(guarded(panel_of(lottery()))).notes[0])


def test_the_test_of_leaving_asks_for_share_stayers_and_leavers_at_once():
    frame = lottery(80, silent=30)
    rng = np.random.default_rng(1)
    others = rng.choice(np.arange(80, 160), 25, replace=False)
    frame.loc[frame["id"].isin(others) & (frame["w"] == 2), "job"] = np.nan
    panel = panel_of(frame)
    first = frame[frame["w"] == 1].set_index("id", drop=False).loc[panel.units.astype(int)]
    gone = np.isin(first["id"], [*range(30), *others])
    values = first[["job", "trust"]].to_numpy()
    columns = [gone[:, None] * 1.0]
    columns += [np.where(some[:, None], values, np.nan) for some in (~gone, gone)]
    rows = Side(np.hstack(columns), first["t"].to_numpy() == 1, np.arange(160), np.ones(160))
    found, hand = leaving_test(panel), joint_balance(rows)
    assert found.p_value == hand.p_value
    assert (found.kind, found.restrictions) == ("permutation", 5)


def test_leaving_by_chance_is_rejected_at_its_nominal_rate():
    rng = np.random.default_rng(2)
    rejected = 0
    for _ in range(200):
        frame = lottery(15, silent=0)
        frame["trust"] = rng.normal(size=len(frame))
        gone = rng.choice(30, 9, replace=False)
        frame.loc[frame["id"].isin(gone) & (frame["w"] == 2), "job"] = np.nan
        frame.loc[frame["w"] == 1, "job"] = rng.integers(0, 2, 30)
        rejected += leaving_test(panel_of(frame)).p_value <= 0.05
    # A permutation rejects at most at its level; 200 draws know 5 % to 1.5 points.
    assert rejected / 200 <= 0.05 + 3 * 0.0154


def test_too_few_units_of_assignment_give_no_test_and_say_so():
    frame = lottery().assign(town=lambda f: np.where(f["t"] == 1, 0, 1 + f["id"] % 2))
    design = Design(kind="randomised", treated="t", starts=2, assignment="town")
    tested = leaving_test(panel_of(frame, design))
    assert np.isnan(tested.p_value)
    assert "so few" in str(tested.said)
    assert "p_value" not in set(leavers(panel_of(frame, design)).cells["statistic"])


def test_who_cannot_be_followed_cannot_be_described():
    design = Design(kind="did", sample="cross_sections", treated="t", starts=2)
    frame = lottery().assign(id=lambda f: range(len(f)))
    table = leavers(panel_of(frame, design))
    assert table.cells.empty
    assert "Different people" in str(table.notes[0])
    assert leaving_test(panel_of(frame, design)) is None
    one = leavers(panel_of(frame[frame["w"] == 1], Design(kind="randomised", treated="t")))
    assert one.cells.empty
    assert "one period" in str(one.notes[0])


def test_without_a_comparison_leavers_are_described_and_not_tested():
    design = Design(kind="before_after", starts=2)
    frame = lottery()
    table = leavers(panel_of(frame[frame["t"] == 1], design))
    assert set(table.cells["group"]) == {"treated_stayed", "treated_lost"}
    assert "no comparison group" in str(table.notes[-1])
