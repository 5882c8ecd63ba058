"""The effect within subgroups, beside the same calculation on part of the file."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from impact import did
from impact.data import Panel
from impact.disclosure import Rule, release
from impact.results import EffectResult, Statement, Status, SummaryTable
from impact.results.summary import COLUMNS
from impact.spec.models import PilotSpec


@pytest.fixture
def drawn():
    """Return 240 people of a lottery, seen at its end, for whom it did more among the young."""
    rng = np.random.default_rng(31)
    frame = pd.DataFrame({"id": range(240), "wave": 1, "t": np.arange(240) % 2})
    frame["young"] = rng.integers(0, 2, 240)
    frame["third"] = rng.integers(0, 3, 240)
    frame["y"] = rng.normal(10, 2, 240) + frame["t"] * (1 + frame["young"])
    return frame


@pytest.fixture
def places():
    """Return 24 places of 20 people, half of them treated, young and old in each."""
    rng = np.random.default_rng(32)
    frame = pd.MultiIndex.from_product([range(480), (1, 2)], names=["id", "wave"])
    frame = frame.to_frame(index=False)
    frame["place"] = frame["id"] % 24
    frame["t"] = (frame["place"] < 12).astype(int)
    frame["young"] = (frame["id"] // 24) % 2
    own = rng.normal(0, 1, (24, 2))[frame["place"], frame["wave"] - 1]
    frame["y"] = own + rng.normal(10, 2, len(frame)) + frame["t"] * (frame["wave"] == 2)
    return frame


def lottery(frame, *subgroups):
    return Panel.from_frame(
        frame,
        unit="id",
        period="wave",
        outcomes="y",
        kind="randomised",
        treated="t",
        subgroups=subgroups,
    )


def by_place(frame, *subgroups):
    return Panel.from_frame(
        frame,
        unit="id",
        period="wave",
        outcomes="y",
        treated="t",
        starts=2,
        cluster="place",
        subgroups=subgroups,
    )


def told(panel):
    found = did.by_subgroup(panel, did.estimate(panel))
    assert isinstance(found, EffectResult)
    return found, found.rows.set_index("term")


def test_each_estimate_is_that_of_a_file_without_the_others(places):
    found, rows = told(by_place(places, "young"))
    for level, name in ((0, "no"), (1, "yes")):
        alone = by_place(places[places["young"] == level])
        road = did.estimate(alone).headline("y").rows.iloc[0]
        row = rows.loc[f"young: {name}"]
        for column in ("estimate", "std_error", "conf_low", "conf_high", "n_units", "n_clusters"):
            assert row[column] == pytest.approx(road[column], rel=1e-9)
    assert found.role == "by_subgroup"
    assert rows.loc["all", "estimate"] == did.estimate(by_place(places)).headline("y").estimate


def test_in_a_lottery_the_difference_is_the_interaction_of_a_saturated_regression(drawn):
    _, rows = told(lottery(drawn, "young"))
    fit = ols("y ~ t * young", drawn).fit(cov_type="HC2")
    gap = rows.loc["young: yes less no"]
    assert gap["estimate"] == pytest.approx(fit.params["t:young"], rel=1e-9)
    assert gap["std_error"] == pytest.approx(fit.bse["t:young"], rel=1e-9)
    # Four groups of about sixty: nearly the normal's 1.96, and no less.
    width = (gap["conf_high"] - gap["estimate"]) / gap["std_error"]
    assert 1.96 < width < 1.98
    assert gap["n_units"] == 240


def test_where_places_have_both_the_difference_is_the_triple_difference(places):
    panel = by_place(places, "young")
    _, rows = told(panel)
    road = did.triple_difference(panel, by="young").rows.iloc[0]
    gap = rows.loc["young: yes less no"]
    assert gap["estimate"] == pytest.approx(road["estimate"], rel=1e-12)
    assert gap["std_error"] == pytest.approx(road["std_error"], rel=1e-12)
    plain = rows.loc["young: yes", "estimate"] - rows.loc["young: no", "estimate"]
    assert gap["estimate"] == pytest.approx(plain, rel=1e-9)


def test_of_three_subgroups_no_difference_is_told(drawn):
    _, rows = told(lottery(drawn, "third"))
    assert list(rows.index) == ["all", "third: 0", "third: 1", "third: 2"]


def test_a_subgroup_without_anybody_in_one_group_leaves_its_characteristic_out(drawn):
    drawn["young"] = drawn["young"] * drawn["t"]
    found = did.by_subgroup(*_with_effects(lottery(drawn, "young")))
    assert isinstance(found, Statement)
    assert "not estimated within its subgroups" in str(found.sentences[0])


def test_few_places_in_a_subgroup_leave_its_estimate_without_an_interval(places):
    places["young"] = (places["place"] % 12 == 0).astype(int)
    found, rows = told(by_place(places, "young"))
    assert np.isnan(rows.loc["young: yes", "conf_low"])
    assert np.isfinite(rows.loc["young: no", "conf_low"])
    assert np.isnan(rows.loc["young: yes less no", "conf_low"])
    assert any("too few units of assignment" in str(note) for note in found.notes)


def test_without_planned_subgroups_nothing_is_said(drawn):
    found = did.by_subgroup(*_with_effects(lottery(drawn)))
    assert isinstance(found, Statement)
    assert found.sentences == ()


def _with_effects(panel):
    return panel, did.estimate(panel)


@pytest.mark.parametrize(
    ("plan", "word"),
    [
        ({}, "exploratory"),
        ({"frozen": "2021-01-01", "endline": "2022-01-01"}, "named in the plan"),
        ({"frozen": "2022-02-01", "endline": "2022-01-01"}, "exploratory"),
    ],
)
def test_subgroups_of_a_plan_that_was_not_fixed_in_time_are_exploratory(drawn, plan, word):
    spec = PilotSpec.model_validate(
        {
            "pilot": "a-lottery",
            "data": {"path": "x.csv", "unit": "id", "period": "wave"},
            "design": {"kind": "randomised", "treated": "t"},
            "outcomes": [{"column": "y"}],
            "subgroups": ["young"],
            "plan": plan,
        }
    )
    found, _ = told(replace(lottery(drawn, "young"), spec=spec))
    assert word in str(found.notes[0])


@pytest.mark.parametrize("hidden", [False, True])
def test_the_gate_shows_subgroups_beside_each_other_unless_an_average_of_theirs_is_hidden(
    drawn, hidden
):
    found, _ = told(lottery(drawn, "young"))
    cells = [
        ("y by young", f"young: {level}", "treated", "1", "mean", 10.0, base)
        for level, base in (("no", 60), ("yes", 6 if hidden else 60))
    ]
    table = SummaryTable("subgroups", pd.DataFrame(cells, columns=list(COLUMNS)))
    status = Status(pilot="a-pilot", title="A pilot", minimum_cell=10, unit_is="person")
    released = list(release([status, table, found], Rule(10, guarded=True)))
    terms = released[-1].rows.dropna(subset="estimate")["term"].tolist()
    every = ["all", "young: no", "young: yes", "young: yes less no"]
    assert terms == (every[:1] if hidden else every)


@pytest.fixture
def alone():
    """Return 48 places that start at 2, at 3 or never; some of those at 2 are like nobody."""
    rng = np.random.default_rng(41)
    frame = pd.MultiIndex.from_product([range(480), (1, 2, 3)], names=["id", "wave"])
    frame = frame.to_frame(index=False)
    frame["place"] = frame["id"] % 48
    frame["first"] = np.select([frame["place"] < 12, frame["place"] < 24], [2, 3], 0)
    frame["young"] = frame["id"] // 48 % 2
    frame["age"] = rng.normal(0, 1, 480)[frame["id"]]
    frame.loc[(frame["first"] == 2) & (frame["young"] == 1), "age"] += 50
    frame["y"] = rng.normal(10, 2, len(frame)) + (frame["first"] == 2) * frame["wave"]
    return frame


def by_start(frame):
    return Panel.from_frame(
        frame,
        unit="id",
        period="wave",
        outcomes="y",
        first_treated="first",
        cluster="place",
        covariates=["age"],
        subgroups=["young"],
    )


def test_a_subgroup_in_which_a_start_has_nobody_to_compare_with_is_left_out(alone):
    panel = by_start(alone)
    effects = did.estimate(panel)
    assert {"group:2", "group:3"} <= set(effects.headline("y").rows["term"])
    part = did.callaway_santanna(by_start(alone[alone["young"] == 1]))
    assert "group:3" in set(part.rows["term"])
    assert "group:2" not in set(part.rows["term"])
    found = did.by_subgroup(panel, effects)
    assert isinstance(found, Statement)
    (said,) = map(str, found.sentences)
    assert said.startswith("young: the effect is not estimated within its subgroups")


def test_a_subgroup_with_people_of_fewer_starts_is_kept(alone):
    fewer = alone[(alone["first"] != 2) | (alone["young"] == 0)]
    found, _ = told(by_start(fewer))
    assert list(found.rows["term"])[:3] == ["all", "young: no", "young: yes"]
