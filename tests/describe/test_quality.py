"""What is told of the quality of data, against counts made by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact.data.table import Described
from impact.describe import quality
from impact.results import Sentence
from impact.spec.models import Design, Outcome, Score


def answered(frame, **where):
    for name, wanted in where.items():
        frame = frame[frame[name] == wanted]
    return frame["value"].tolist()


def notes_of(panel):
    return [str(note) for note in quality(panel).notes]


@pytest.fixture
def refusing(make, records, score, did):
    """Three of the pilot group refused in the second wave; one of the others said nothing."""
    refused = (records["period"] == 2) & records["unit"].isin([0, 1, 2])
    silent = (records["period"] == 3) & (records["unit"] == 7)
    records["score"] = records["score"].mask(refused | silent)
    said = np.select([refused, silent], ["refused", "missing"], "given")
    answers = {"score": pd.Series(said, dtype="category")}
    rows = {"read": 125, "used": 120, "dropped: no period": 5}
    outcomes, covariates = [score], ["age", "female"]
    return make(
        records, design=did, outcomes=outcomes, covariates=covariates, answers=answers, rows=rows
    )


def test_answers_not_given_are_counted_by_kind_group_and_wave(refusing):
    cells = quality(refusing).cells
    of = {"variable": "score", "statistic": "refused"}
    assert answered(cells, **of, group="treated", period="2") == [3]
    assert answered(cells, **of, group="comparison", period="2") == [0]
    assert answered(cells, **of, group="all", period="") == [3]
    assert answered(cells, variable="score", statistic="missing", group="all", period="3") == [1]
    assert answered(cells, variable="score", statistic="n", group="all", period="") == [116]
    assert "not_asked" not in set(cells["statistic"])


def test_what_everybody_answered_is_named_and_takes_no_line(refusing):
    table = quality(refusing)
    assert not {"age", "female"} & set(table.cells["variable"])
    assert "No answer is missing in: age, female." in notes_of(refusing)


def test_the_rows_read_are_those_used_and_dropped(refusing):
    rows = quality(refusing).cells.query("variable == 'rows'").set_index("category")["value"]
    assert rows.to_dict() == {"read": 125, "used": 120, "dropped: no period": 5}


def test_records_of_all_periods_rest_on_the_people_behind_them(refusing):
    cells = quality(refusing).cells
    n = cells.query("variable == 'score' and group == 'all' and statistic == 'n' and period == ''")
    assert n["value"].item() == 116
    assert n["base"].item() == 40


def test_of_many_periods_only_all_together_are_counted(make, did, score):
    index = pd.MultiIndex.from_product([range(20), range(1, 9)], names=["unit", "period"])
    frame = index.to_frame(index=False)
    frame["start"] = np.where(frame["unit"] < 8, 3.0, np.inf)
    frame["score"] = np.where(frame["period"] == 4, np.nan, 1.0 * frame["unit"])
    cells = quality(make(frame, design=did, outcomes=[score])).cells
    assert set(cells["period"]) == {""}
    assert answered(cells, variable="score", statistic="missing", group="all") == [20]


def test_what_was_found_out_in_reading_is_told(make, records, score, did):
    panel = make(records, design=did, outcomes=[score])
    said = Sentence("The file is in the encoding %(name)s.", {"name": "cp1252"})
    assert str(said) in notes_of(replace(panel, notes=(said,)))


def test_sound_data_say_what_was_looked_for(make, records, score, did):
    told = " ".join(notes_of(make(records, design=did, outcomes=[score])))
    assert "Looked for and not found" in told
    assert "no unit stands twice in a period" in told


def test_repeated_cross_sections_do_not_claim_to_have_followed_anybody(make, records, score):
    design = Design(kind="did", treated="in_pilot", starts=3, sample="cross_sections")
    told = " ".join(notes_of(make(records, design=design, outcomes=[score])))
    assert "stands twice" not in told


def test_rounded_ages_are_told_with_myers_index(make, records, score, did):
    many = pd.concat([records.assign(unit=records["unit"] + 40 * k) for k in range(5)])
    rng = np.random.default_rng(5)
    age = np.floor(rng.uniform(20, 70, 200))
    age[:90] = 5 * np.round(age[:90] / 5)
    many["age"] = age[many["unit"]]
    told = notes_of(make(many, design=did, outcomes=[score], covariates=["age"]))
    assert any("heaped on multiples of 5" in one for one in told)
    assert any("Myers' index" in one for one in told)
    # The same numbers under another name are no ages.
    many = many.rename(columns={"age": "wage"})
    told = notes_of(make(many, design=did, outcomes=[score], covariates=["wage"]))
    assert any("heaped on multiples of 5" in one for one in told)
    assert not any("Myers' index" in one for one in told)


@pytest.mark.parametrize("name", ["age", "leeftijd", "respondent_age", "Âge", "edad (años)"])
def test_impossible_ages_and_ages_that_fall_are_told_by_number(make, records, score, did, name):
    records[name] = 30.0 + records["period"]
    records.loc[records["unit"].isin([1, 2]), name] = -1
    records.loc[records["unit"] == 3, name] = 130
    records.loc[(records["unit"] == 4) & (records["period"] == 3), name] = 20
    panel = make(records, design=did, outcomes=[score], covariates=[name])
    told = [note for note in quality(panel).notes if "doubtful" in note.counts]
    assert [note.counts["doubtful"] for note in told] == [3, 1]
    assert [note.counts["others"] for note in told] == [37, 39]


def scored(make, records, did, *, reverse=()):
    outcome = Outcome(
        column="trust",
        label="Trust",
        kind="ordinal",
        scale=(1, 5),
        score=Score(items=("one", "two", "three"), reverse=reverse),
    )
    panel = make(records.assign(trust=0.0), design=did, outcomes=[outcome])
    items = records[["one", "two", "three"]].astype(float).reset_index(drop=True)
    return replace(panel, values=pd.concat([panel.values, items], axis=1))


def test_one_answer_to_all_items_is_told_where_an_item_is_turned(make, records, did):
    rng = np.random.default_rng(6)
    records[["one", "two", "three"]] = rng.integers(1, 6, (len(records), 3))
    records.loc[records["unit"] < 6, ["one", "two", "three"]] = 5
    # In the middle of the scale an answer is the same whichever way the item is worded.
    records.loc[records["unit"] > 37, ["one", "two", "three"]] = 3
    turned = [
        note for note in quality(scored(make, records, did, reverse=("two",))).notes
        if "one and the same answer" in note.text
    ]  # fmt: skip
    assert len(turned) == 1
    assert 6 <= turned[0].counts["doubtful"] < 15
    assert not any(
        "one and the same answer" in note.text for note in quality(scored(make, records, did)).notes
    )


def test_records_that_are_the_same_under_two_names_are_told(make, records, score, did):
    panel = make(records, design=did, outcomes=[score], covariates=["age", "female", "works"])
    assert not any("records of another" in one for one in notes_of(panel))
    for column in ("score", "age", "female", "works"):
        values = records[column].to_numpy().copy()
        values[records["unit"] == 9] = values[records["unit"] == 1]
        records[column] = values
    panel = make(records, design=did, outcomes=[score], covariates=["age", "female", "works"])
    told = [n for n in quality(panel).notes if "records of another" in n.text]
    assert [note.counts["doubtful"] for note in told] == [2]


def test_people_who_are_alike_by_chance_are_not_told(make, records, did):
    works = Outcome(column="works", kind="binary")
    records["female"] = 1.0 * (records["unit"] % 2)
    records["older"] = 1.0 * (records["unit"] % 3 == 0)
    panel = make(records, design=did, outcomes=[works], covariates=["female", "older"])
    assert not any("records of another" in one for one in notes_of(panel))


def test_the_panel_stays_as_it_was(refusing):
    before = refusing.values.copy()
    quality(refusing)
    pd.testing.assert_frame_equal(refusing.values, before)


def test_a_source_label_names_an_item(make, records, did):
    records[["one", "two", "three"]] = 1.0
    records.loc[0, "one"] = np.nan
    panel = scored(make, records, did)
    panel = replace(panel, described={"one": Described(label="I trust my neighbours")})
    assert quality(panel).labels["one"] == "I trust my neighbours"
