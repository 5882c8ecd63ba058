"""What a reader could work out about those who were lost, and that the gate takes it away."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from tests.disclosure.test_descriptions import gate

import impact
from impact.disclosure import Rule, release
from impact.report import render_page
from impact.results import SummaryTable, from_payload

REASONS = ("moved", "ill", "")


def records(n=120, *, lost=(30, 20), silent=(0, 0), seed=3):
    """Return two waves of n people, half of them in the pilot, of whom some leave.

    Of each group the first ``lost`` are gone in the second wave, and ``silent`` more are there
    and do not answer the first question.
    """
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        t, at = int(i < n // 2), i % (n // 2)
        group = 0 if t else 1
        gone = at < lost[group]
        quiet = not gone and at < lost[group] + silent[group]
        why = REASONS[i % 3] if gone else ""
        rows.append((i, 1, t, rng.normal(50, 9), rng.normal(5, 2), rng.normal(35, 8), why))
        if not gone:
            y = math.nan if quiet else rng.normal(52, 9)
            rows.append((i, 2, t, y, rng.normal(5, 2), rows[-1][5], why))
    return pd.DataFrame(rows, columns=["id", "w", "t", "y", "z", "age", "why"]).round(3)


def pages(tmp_path, monkeypatch, frame, **design):
    """Return the parts of a page before the gate, and after it."""
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path))
    (tmp_path / "params").mkdir(exist_ok=True)
    path = tmp_path / "records.csv"
    frame.to_csv(path, index=False)
    spec = impact.PilotSpec.model_validate(
        {
            "pilot": "a-pilot",
            "data": {"path": str(path), "unit": "id", "period": "w", "lost_because": "why"},
            "design": {"kind": "did", "treated": "t", "starts": 2} | design,
            "outcomes": [{"column": "y"}, {"column": "z"}],
            "covariates": ["age"],
        }
    )
    panel = impact.read_panel(spec)
    effects = impact.estimate(panel)
    parts = [
        impact.status(spec, panel),
        impact.participants(panel),
        impact.flow(panel),
        impact.leavers(panel),
        impact.trends(panel),
        effects,
        impact.bounds(panel, effects),
        impact.reweighted(panel, effects),
    ]
    given = [from_payload({"part": p.part, **p.to_payload()}) for p in parts]
    return given, list(release(given, Rule(10, guarded=True)))


def cells(parts, section):
    return next(p for p in parts if isinstance(p, SummaryTable) and p.section == section).cells


def look(parts, role):
    return next(p for p in parts if getattr(p, "role", getattr(p, "section", "")) == role)


def test_of_three_set_aside_no_bound_is_shown(tmp_path, monkeypatch):
    """Both bounds, and the means that are shown, would give the mean of the three highest."""
    given, gated = pages(tmp_path, monkeypatch, records(lost=(15, 18)))
    assert look(given, "bounds").rows["estimate"].notna().all()
    assert look(given, "bounds").base < 10
    assert look(gated, "bounds").rows["estimate"].isna().all()
    # Weights that make up for 15 and 18 rest on as many.
    assert look(gated, "reweighted").rows["estimate"].notna().all()


def test_of_a_dozen_set_aside_the_bounds_are_shown(tmp_path, monkeypatch):
    given, gated = pages(tmp_path, monkeypatch, records(240, lost=(20, 60)))
    assert look(given, "bounds").base >= 10
    assert look(gated, "bounds").rows["estimate"].notna().all()


def test_weights_that_make_up_for_few_are_not_shown(tmp_path, monkeypatch):
    given, gated = pages(tmp_path, monkeypatch, records(lost=(30, 4)))
    assert look(given, "reweighted").rows["estimate"].notna().all()
    assert look(gated, "reweighted").rows["estimate"].isna().all()


def mean_of_the_lost(parts):
    """Take those who stayed from all, by their means and numbers."""
    stayed = (
        cells(parts, "leavers")
        .query("variable == 'before: y' and group == 'treated_stayed' and statistic == 'mean'")[
            "value"
        ]
        .squeeze()
    )
    everybody = (
        cells(parts, "participants")
        .query("variable == 'y' and group == 'treated' and period == '1' and statistic == 'mean'")[
            "value"
        ]
        .squeeze()
    )
    return (60 * everybody - 56 * stayed) / 4


def test_the_mean_of_four_who_left_is_not_that_of_all_less_that_of_those_who_stayed(
    tmp_path, monkeypatch
):
    frame = records(lost=(4, 30))
    given, gated = pages(tmp_path, monkeypatch, frame)
    told = frame[(frame["w"] == 1) & (frame["id"] < 4)]["y"].mean()
    assert mean_of_the_lost(given) == pytest.approx(told)
    assert math.isnan(mean_of_the_lost(gated))
    # What all had said is of sixty, and stays.
    where = "variable == 'y' and statistic == 'mean' and period == '1' and group == 'treated'"
    assert cells(gated, "participants").query(where)["value"].notna().all()


def silent_by_analysed(parts):
    """Take those in the analysis from those there at the end: who was silent on one question."""
    flow = cells(parts, "flow").set_index(["variable", "category", "group"])["value"]
    return flow[("endline", "", "treated")] - flow[("analysed", "y", "treated")]


def silent_by_share(parts):
    flow = cells(parts, "flow").set_index(["variable", "group", "statistic"])["value"]
    return 60 * flow[("lost: y", "treated", "share")] - flow[("lost", "treated", "lost")].iloc[0]


@pytest.mark.parametrize("attack", [silent_by_analysed, silent_by_share])
def test_three_who_were_silent_are_not_the_difference_of_two_steps(attack, tmp_path, monkeypatch):
    frame = records(lost=(30, 30), silent=(3, 12))
    given, gated = pages(tmp_path, monkeypatch, frame)
    assert round(float(attack(given))) == 3
    found = float(attack(gated))
    # Rounded to tens they could be anybody from none to seven more than they are.
    assert math.isnan(found) or round(found) == 0


def test_a_reason_of_few_is_neither_counted_nor_named(tmp_path, monkeypatch):
    frame = records(lost=(30, 30))
    frame.loc[frame["id"].isin([0, 3, 60, 63]), "why"] = "deported"
    given, gated = pages(tmp_path, monkeypatch, frame)
    assert "reason: deported" in set(cells(given, "flow")["category"])
    table = next(p for p in gated if isinstance(p, SummaryTable) and p.section == "flow")
    assert "deported" not in str(table.to_payload())
    lost = table.cells.query("variable == 'lost' and statistic == 'lost' and group == 'all'")
    shown = lost.set_index("category")["value"]
    # Less the reasons that are shown, the whole is not the four that are not.
    assert len(shown.dropna()) < 4 or shown[""] - shown.drop("").sum() != 4


def test_one_reason_is_not_all_lost_less_the_others():
    rows = [
        ("baseline", "", "all", "", "units", 100, 100),
        ("both", "", "all", "", "units", 60, 60),
    ]
    rows += [("lost", "", "all", "", "lost", 40, 40), ("lost", "", "all", "", "share", 0.4, 40)]
    for name, people in {"moved": 25, "ill": 12, "other": 3}.items():
        rows.append(("lost", f"reason: {name}", "all", "", "lost", people, people))
    told = gate("flow", rows)
    lost = told[told["statistic"] == "lost"].set_index("category")["value"]
    assert "reason: other" not in lost
    # Either a second reason is hidden as well, or what is shown is too coarse to subtract.
    assert lost.drop("").isna().any() or len(lost) < 3 or lost[""] - lost.drop("").sum() != 3


def test_numbers_that_others_hold_but_for_a_few_are_rounded():
    rows = [
        ("eligible", "", "treated", "", "units", 353, 353),
        ("enrolled", "", "treated", "", "units", 176, 176),
        ("baseline", "", "treated", "", "units", 172, 172),
        ("analysed", "y", "treated", "", "units", 169, 169),
        ("matched", "", "all", "", "units", 352, 352),
    ]
    told = gate("flow", rows).set_index("variable")["value"]
    assert told.to_dict() == {
        "eligible": 350,
        "enrolled": 180,
        "baseline": 170,
        "analysed": 170,
        "matched": 350,
    }


def test_the_test_of_leaving_falls_with_any_average_it_sums_up():
    rows = [
        ("before: y", "", "treated_lost", "", "mean", 3.1, 40),
        ("before: y", "", "treated_stayed", "", "mean", 3.3, 40),
        ("leaving", "", "all", "", "p_value", 0.04, 40),
        ("before: x", "", "treated_lost", "", "share", 2 / 40, 40),
    ]
    assert gate("leavers", rows[:3]).set_index("variable").loc["leaving", "value"] == 0.04
    assert math.isnan(gate("leavers", rows).set_index("variable").loc["leaving", "value"])


def test_nobody_lost_and_few_lost_look_alike_on_the_page(tmp_path, monkeypatch):
    said = []
    for lost in ((0, 0), (2, 2)):
        given, _ = pages(tmp_path, monkeypatch, records(lost=lost))
        page = render_page(given)
        heads = [line for line in page.splitlines() if "<h3>" in line or "So few were lost" in line]
        said.append(heads)
    assert said[0] == said[1]
    assert sum("So few were lost" in line for line in said[0]) == 2


def test_the_page_draws_the_flow_of_released_numbers(tmp_path, monkeypatch):
    given, _ = pages(tmp_path, monkeypatch, records(lost=(30, 20)), eligible=333, enrolled=66)
    page = render_page(given)
    assert "Flow of participants, in boxes from top to bottom." in page
    assert "The pilot was open to: about 330" in page
    text = re.sub(r"base64,[A-Za-z0-9+/=]+", "", page)
    assert "333" not in text.replace("0.333", "")
