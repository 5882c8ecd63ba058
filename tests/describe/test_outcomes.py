"""Levels, totals and changes, counted by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.formula.api import ols

from impact.data.table import Described
from impact.describe import changes, distribution, totals
from impact.describe.levels import joined
from impact.spec.models import Design, Outcome, PilotSpec

LEVEL = Outcome(column="level", label="Level of Dutch", kind="ordinal", scale=(0, 4))


@pytest.fixture
def people(records):
    """Return 200 people of 40 clusters, half of them treated, asked twice for their level."""
    rng = np.random.default_rng(11)
    frame = pd.MultiIndex.from_product([range(200), (1, 2)], names=["unit", "period"])
    frame = frame.to_frame(index=False)
    frame["cluster"] = frame["unit"] % 40
    frame["start"] = np.where(frame["cluster"] < 20, 2.0, np.inf)
    start = rng.integers(0, 4, 200)[frame["unit"]]
    gain = rng.choice([-1, 0, 1], 200, p=[0.2, 0.3, 0.5])[frame["unit"]]
    frame["level"] = np.clip(start + gain * (frame["period"] == 2), 0, 4).astype(float)
    frame["yes"] = (frame["level"] > 1).astype(float)
    return frame


@pytest.fixture
def design():
    return Design(kind="did", treated="in_pilot", starts=2)


def share(table, category, group, period):
    cells = table.cells
    found = cells[
        (cells["category"] == category)
        & (cells["group"] == group)
        & (cells["period"] == period)
        & (cells["statistic"] == "share")
    ]
    return found["value"].item()


def test_the_shares_on_all_levels_are_a_cross_tabulation_and_add_up(make, people, design):
    people["level"] = people["level"].clip(upper=3)
    table = distribution(make(people, design=design, outcomes=[LEVEL]))
    group = np.where(np.isfinite(people["start"]), "treated", "comparison")
    road = pd.crosstab([group, people["period"]], people["level"], normalize="index")
    for (name, period), row in road.iterrows():
        told = [share(table, f"level: level {at}", name, str(period)) for at in range(4)]
        assert told == pytest.approx(row.tolist())
    assert table.labels["level: level 0"] == "0"
    assert set(table.cells["base"]) == {100}


def test_levels_carry_the_words_of_the_file(make, people, design):
    people["level"] = people["level"].clip(upper=1)
    words = Described("Level", {"0": "pre-A1", "1": "A1"})
    panel = make(people, design=design, outcomes=[LEVEL])
    table = distribution(replace(panel, described={"level": words}))
    assert table.labels["level: level 1"] == "A1"


def test_a_rare_level_stands_together_with_its_rarer_neighbour(make, people, design):
    people["level"] = people["level"].clip(upper=3)
    people.loc[people["unit"] == 0, "level"] = 4.0
    table = distribution(make(people, design=design, outcomes=[LEVEL]))
    assert "level: level 3 to 4" in set(table.cells["category"])
    assert "level: level 3" not in set(table.cells["category"])
    assert "stand together" in str(table.notes[-1])


def test_weights_enter_the_shares(make, people, design):
    people["level"] = people["level"].clip(upper=1)
    people["weight"] = np.where(people["level"] == 1, 3.0, 1.0)
    table = distribution(make(people, design=design, outcomes=[LEVEL]))
    at = people[np.isfinite(people["start"]) & (people["period"] == 1)]
    road = np.average(at["level"] == 1, weights=at["weight"])
    assert share(table, "level: level 1", "treated", "1") == pytest.approx(road)


def test_what_has_no_levels_or_too_many_is_told_in_words(make, people, design, score):
    people["score"] = np.arange(len(people), dtype=float)
    plain = distribution(make(people, design=design, outcomes=[score]))
    assert plain.cells.empty
    assert "no distribution" in str(plain.notes[0])
    many = Outcome(column="score", label="Points", kind="ordinal")
    table = distribution(make(people, design=design, outcomes=[many]))
    assert table.cells.empty
    assert "Points: there are too many levels" in str(table.notes[0])


@pytest.mark.parametrize(
    ("counts", "spans"),
    [
        ([[20, 20, 20]], [(0, 0), (1, 1), (2, 2)]),
        ([[2, 30, 12, 9]], [(0, 1), (2, 3)]),
        ([[12, 12, 3], [30, 1, 30]], [(0, 0), (1, 2)]),
        ([[3, 3, 3]], [(0, 2)]),
    ],
)
def test_levels_are_joined_until_none_is_rare_anywhere(counts, spans):
    assert joined(np.array(counts), 10) == spans
    assert joined(np.array(counts), 0) == [(at, at) for at in range(len(counts[0]))]


def test_changes_are_each_persons_own_with_clustered_intervals(make, people, design):
    table = changes(make(people, design=design, outcomes=[LEVEL]))
    wide = people.pivot(index=["unit", "cluster", "start"], columns="period", values="level")
    wide = wide.reset_index().assign(change=lambda frame: frame[2] - frame[1])
    for group, rows in (
        ("treated", wide[np.isfinite(wide["start"])]),
        ("comparison", wide[~np.isfinite(wide["start"])]),
    ):
        told = table.cells.query("group == @group")
        numbers = told[told["category"] == ""].set_index("statistic")["value"]
        fit = ols("change ~ 1", rows).fit(
            cov_type="cluster", cov_kwds={"groups": rows["cluster"]}, use_t=True
        )
        low, high = fit.conf_int().iloc[0]
        assert numbers["change"] == pytest.approx(rows["change"].mean())
        assert numbers["low"] == pytest.approx(low, rel=1e-9)
        assert numbers["high"] == pytest.approx(high, rel=1e-9)
        for way, sign in (("rose", 1), ("stayed", 0), ("fell", -1)):
            road = (np.sign(rows["change"]) == sign).mean()
            assert share(table, f"level: {way}", group, "1 – 2") == pytest.approx(road)


def test_only_those_who_answered_twice_have_a_change(make, people, design):
    people.loc[(people["unit"] == 0) & (people["period"] == 2), "level"] = np.nan
    people = people[~((people["unit"] == 41) & (people["period"] == 1))]
    table = changes(make(people, design=design, outcomes=[LEVEL]))
    n = table.cells.query("statistic == 'n'").set_index("group")["value"]
    assert (n["treated"], n["comparison"]) == (98, 100)


def test_where_few_fell_they_stand_with_those_who_stayed(make, people, design):
    later = people["period"] == 2
    people["level"] = np.where(later, 2.0, 1.0) - ((people["unit"] % 3 == 0) & later)
    people.loc[people["unit"] == 0, "level"] = [1.0, 0.0]
    table = changes(make(people, design=design, outcomes=[LEVEL]))
    ways = set(table.cells["category"]) - {""}
    assert ways == {"level: rose", "level: fell or stayed"}
    assert table.labels["level: fell or stayed"] == "fell or stayed the same"


def test_of_yes_and_no_the_ways_are_told_and_no_mean(make, people, design):
    before = people["unit"] % 2
    turned = (people["period"] == 2) & (people["unit"] % 3 == 0)
    people["yes"] = np.where(turned, 1 - before, before).astype(float)
    yes = Outcome(column="yes", label="Works", kind="binary")
    table = changes(make(people, design=design, outcomes=[yes]))
    assert "change" not in set(table.cells["statistic"])
    assert table.labels["yes: rose"] == "from no to yes"
    group = people[np.isfinite(people["start"]) & (people["period"] == 2)]
    rose = ((group["unit"] % 3 == 0) & (group["unit"] % 2 == 0)).mean()
    assert share(table, "yes: rose", "treated", "1 – 2") == pytest.approx(rose)


def test_of_yes_and_no_that_few_changed_a_sentence_is_told(make, people, design):
    people["yes"] = (people["unit"] % 2).astype(float)
    people.loc[(people["unit"] == 3) & (people["period"] == 2), "yes"] = 0.0
    yes = Outcome(column="yes", label="Works", kind="binary")
    table = changes(make(people, design=design, outcomes=[yes]))
    assert table.cells.empty
    assert "Works: too few changed" in str(table.notes[-1])


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"sample": "cross_sections"}, "Different people"),
        ({"starts": 1}, "no period before"),
    ],
)
def test_where_nobody_is_seen_before_and_after_there_is_a_sentence(make, people, changed, why):
    design = Design(**{"kind": "did", "treated": "t", "starts": 2, **changed})
    if "starts" in changed:
        people["start"] = np.where(np.isfinite(people["start"]), 1.0, np.inf)
    table = changes(make(people, design=design, outcomes=[LEVEL]))
    assert table.cells.empty
    assert why in str(table.notes[0])


@pytest.fixture
def offices(make):
    """Return two places with monthly counts, one of which did not report once."""
    frame = pd.DataFrame(
        {
            "unit": ["a", "a", "b", "b", "c", "c"],
            "period": [1, 2] * 3,
            "start": [2.0, 2.0, np.inf, np.inf, np.inf, np.inf],
            "visits": [5.0, 9.0, 4.0, 6.0, 3.0, np.nan],
        }
    )
    visits = Outcome(column="visits", label="Visits", kind="count")
    panel = make(frame, design=Design(kind="did", treated="t", starts=2), outcomes=[visits])
    spec = PilotSpec.model_validate(
        {
            "pilot": "offices",
            "data": {"path": "x.csv", "unit": "unit", "period": "period", "unit_is": "place"},
            "design": {"kind": "did", "treated": "t", "starts": 2},
            "outcomes": [{"column": "visits", "kind": "count"}],
        }
    )
    return replace(panel, spec=spec)


def test_totals_are_sums_over_the_places_that_reported(offices):
    cells = totals(offices).cells.set_index(["group", "period", "statistic"])["value"]
    assert cells["treated", "2", "total"] == 9
    assert cells["comparison", "1", "total"] == 7
    assert cells["comparison", "2", "total"] == 6
    assert cells["comparison", "2", "n"] == 1


def test_people_are_not_added_up(offices):
    table = totals(replace(offices, spec=None))
    assert table.cells.empty
    assert "by place" in str(table.notes[0])
