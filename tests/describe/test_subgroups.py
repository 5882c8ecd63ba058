"""Averages by planned subgroup, by hand."""

from dataclasses import replace

import numpy as np
import pytest

from impact.data.subgroups import subgroups_of
from impact.describe import subgroups
from impact.spec.models import Design


@pytest.fixture
def by(make, score, did):
    """Return the function that makes a panel with subgroups."""

    def made(frame, *names, design=did, references=None):
        panel = make(frame, design=design, outcomes=[score], covariates=names)
        return replace(panel, covariates=(), subgroups=names, references=references or {})

    return made


def value(table, category, group, period, statistic="mean"):
    cells = table.cells
    found = cells[
        (cells["category"] == category)
        & (cells["group"] == group)
        & (cells["period"] == period)
        & (cells["statistic"] == statistic)
    ]
    return found["value"].item()


def test_averages_are_those_of_a_group_by(records, by):
    frame = records.drop(columns="weight")
    table = subgroups(by(frame, "female"))
    group = np.where(np.isfinite(frame["start"]), "treated", "comparison")
    road = frame.groupby([group, "female", "period"])["score"].agg(["mean", "std", "count"])
    for (name, female, period), row in road.iterrows():
        where = (f"female: {'yes' if female else 'no'}", name, str(period))
        assert value(table, *where) == pytest.approx(row["mean"])
        assert value(table, *where, "sd") == pytest.approx(row["std"])
        assert value(table, *where, "n") == row["count"]
    assert table.labels["score by female"] == "Language score, by female"
    assert "vary more by chance" in str(table.notes[0])


def test_weights_enter_the_averages(records, by):
    table = subgroups(by(records, "female"))
    at = records[
        np.isfinite(records["start"]) & (records["female"] == 1) & (records["period"] == 3)
    ]
    road = np.average(at["score"], weights=at["weight"])
    assert value(table, "female: yes", "treated", "3") == pytest.approx(road)


def test_everybody_stays_in_the_subgroup_of_their_first_record(records, by):
    moved = records.assign(female=records["female"].where(records["period"] == 1, 1.0))
    assert subgroups(by(moved, "female")).cells.equals(subgroups(by(records, "female")).cells)


def test_new_people_are_in_the_subgroup_of_their_own_record(records, by):
    design = Design(kind="did", sample="cross_sections", treated="t", starts=3)
    moved = records.assign(female=records["female"].where(records["period"] == 1, 1.0))
    table = subgroups(by(moved, "female", design=design))
    assert value(table, "female: no", "treated", "3", "n") == 0


def test_a_column_of_words_has_a_subgroup_a_word(records, by):
    frame = records.assign(
        **{
            "tongue=b": (records["unit"] % 3 == 1).astype(float),
            "tongue=c": (records["unit"] % 3 == 2).astype(float),
        }
    )
    panel = by(frame, "tongue=b", "tongue=c", references={"tongue": "a"})
    [found] = subgroups_of(panel)
    assert found.levels == ("a", "b", "c")
    assert (found.code == records["unit"] % 3).all()


def test_a_column_of_many_values_is_halved_at_the_middle_of_people(records, by):
    panel = by(records, "age")
    [found] = subgroups_of(panel)
    first = records.groupby("unit")["age"].first()
    above = records["unit"].map(first > first.median())
    assert (found.code == above.astype(int)).all()
    assert any("up to its middle" in str(note) for note in subgroups(panel).notes)


def test_those_of_no_known_subgroup_are_counted_apart(records, by):
    frame = records.assign(female=records["female"].where(records["unit"] != 0))
    table = subgroups(by(frame, "female"))
    assert value(table, "", "treated", "1", "missing") == 1


def test_a_plan_without_subgroups_says_so(make, records, score, did):
    table = subgroups(make(records, design=did, outcomes=[score]))
    assert table.cells.empty
    assert "no subgroups" in str(table.notes[0])
