"""The codebook says what is stated, and no value that anybody gave."""

from dataclasses import replace

import numpy as np
import pytest

from impact.data.table import Described
from impact.describe import codebook
from impact.disclosure import Rule
from impact.disclosure.codebook import gate_codebook
from impact.disclosure.withheld import Withheld
from impact.spec.models import Outcome, Score


@pytest.fixture
def panel(make, records, did):
    level = Outcome(column="score", label="Level", kind="ordinal", scale=(0, 20), direction="lower")
    records["origin=Syrian"] = 1.0 * (records["unit"] < 12)
    records["origin=Tuvaluan"] = 1.0 * (records["unit"] == 39)
    columns = ["age", "female", "origin=Syrian", "origin=Tuvaluan"]
    panel = make(records, design=did, outcomes=[level], covariates=columns)
    described = {
        "score": Described("What is your level?", {"0": "none", "21": "odd"}, {"98": "refused"}),
        "female": Described("", {"0": "man", "1": "woman"}),
    }
    return replace(panel, references={"origin": "Eritrean"}, described=described)


def said(statement):
    return {str(term): str(text) for term, text in statement.facts}


def test_it_says_kind_scale_direction_labels_and_codes(panel):
    told = said(codebook(panel))
    assert told["Level"] == (
        "Column score. In the file: “What is your level?”. Levels in order. Scale: 0 to 20. "
        "Lower is better. 0 stands for “none”. Refused: 98."
    )
    assert told["Age"] == "Column age. A number."
    assert told["Female"] == "Column female. Yes or no. 0 stands for “man”. 1 stands for “woman”."


def test_no_number_of_it_is_a_persons(make, records, score, did):
    records["score"] = 1234.5 + np.arange(len(records))
    told = str(codebook(make(records, design=did, outcomes=[score])).to_payload())
    assert not any(f"{value:g}" in told for value in records["score"])


def test_a_category_of_few_is_not_named_and_no_number_of_people_travels(panel):
    given = codebook(panel)
    assert "Tuvaluan" in str(given.to_payload())
    gated = gate_codebook(given, Rule(10, guarded=True))
    told = said(gated)["Origin"]
    assert "“Syrian”" in told
    assert "“Eritrean”" in told
    assert "Tuvaluan" not in str(gated.to_payload())
    assert "Categories of fewer than 10 people are not named." in told
    assert "'people'" not in str(gated.to_payload())


def test_a_category_that_the_tables_leave_out_is_not_named_here(panel):
    withheld = Withheld(labels=frozenset({"Syrian"}))
    gated = gate_codebook(codebook(panel), Rule(10, guarded=True), withheld)
    assert "Syrian" not in str(gated.to_payload())


def test_of_places_every_category_is_named(panel):
    told = said(gate_codebook(codebook(panel), Rule(10, guarded=False)))["Origin"]
    assert "“Tuvaluan”" in told


def test_a_score_names_its_items_and_those_turned(make, records, did):
    score = Score(items=("score", "works"), reverse=("works",), of="sum")
    outcome = Outcome(column="both", label="Both", scale=(0, 40), score=score)
    told = said(codebook(make(records.assign(both=1.0), design=did, outcomes=[outcome])))
    assert "Sum of score, works. Turned round first: works." in told["Both"]


def test_a_long_question_is_cut(panel):
    long = replace(panel, described={"score": Described("why " * 60)})
    assert max(map(len, said(codebook(long)).values())) < 250
