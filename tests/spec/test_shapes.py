"""How records lie: what the keys take, and every breach told with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from impact.errors import SpecError
from impact.spec import PilotSpec, load_parameters, load_spec
from impact.spec.schema import schema

HEAD = """\
pilot: small
design:
  kind: did
  treated: in_pilot
  starts: 2
"""
OUTCOME = """\
outcomes:
  - column: trust
    scale: [0, 10]
"""
WAVES = """\
data:
  unit: person
  waves:
    1: data/a.csv
    2: {path: data/b.xlsx, sheet: Survey}
"""
WIDE = """\
data:
  path: data/a.csv
  unit: person
  wide:
    trust: {1: trust_1, 2: trust_2}
"""
SPELLS = """\
data:
  path: data/a.csv
  unit: person
  spells:
    entry: entered
    exit: left
    first: 2021-Q1
    last: 2021-12-31
    every: quarter
    column: trust
"""
SCORE = """\
outcomes:
  - column: belonging
    scale: [1, 5]
    score:
      items: [home, apart, known]
      reverse: [apart]
"""


def load(project: Path, text: str) -> PilotSpec:
    file = project / "params" / "small.yml"
    file.write_text(text, encoding="utf-8")
    return load_spec(file)


def faults(project: Path, text: str) -> list[str]:
    with pytest.raises(SpecError) as caught:
        load(project, text)
    return [str(fault) for fault in caught.value.faults]


def test_a_wave_is_named_by_a_number_and_its_file_by_a_path(project: Path) -> None:
    data = load(project, HEAD + WAVES + OUTCOME).data
    assert list(data.waves) == ["1", "2"]
    assert [(file.path, file.sheet) for file in data.files] == [
        ("data/a.csv", None),
        ("data/b.xlsx", "Survey"),
    ]
    assert data.period == "period"


def test_a_notebook_and_a_mapping_take_whole_numbers_as_keys_too(project: Path) -> None:
    plain = yaml.safe_load(HEAD + WAVES + OUTCOME)
    assert list(plain["data"]["waves"]) == [1, 2]
    first = load(project, HEAD + WAVES + OUTCOME)
    assert load_parameters(plain).model_dump() == first.model_dump()
    assert PilotSpec.model_validate(plain).model_dump() == first.model_dump()
    as_text = json.loads(json.dumps(plain))
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(as_text)) == []


@pytest.mark.parametrize("shape", [WAVES, WIDE, SPELLS], ids=["waves", "wide", "spells"])
def test_each_shape_makes_its_periods(project: Path, shape: str) -> None:
    starts = "2021-Q2" if shape == SPELLS else "2"
    text = HEAD.replace("starts: 2", f"starts: {starts}") + shape
    assert load(project, text + OUTCOME).data.makes_periods
    named = text.replace("  unit: person\n", "  unit: person\n  period: when\n")
    assert load(project, named + OUTCOME).data.period == "when"
    alone = text.replace("  unit: person\n", "")
    (told,) = faults(project, alone + OUTCOME)
    assert "needs 'data.unit'" in told
    other = text.replace("  kind: did\n", "  kind: did\n  sample: cross_sections\n")
    without = other.replace("  unit: person\n", "") + OUTCOME
    if shape == WAVES:
        assert load(project, without).data.unit is None
    else:
        assert "needs 'data.unit'" in faults(project, without)[0]


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (("  waves:", "  path: data/c.csv\n  waves:"), ":9 data.waves: both 'path' and 'waves'"),
        (("    1: data/a.csv\n", ""), ":8 data.waves: one wave is named; expected two"),
        (("{path: data/b.xlsx, sheet: Survey}", "data/a.csv"), "is already the wave '1'"),
        (("data/b.xlsx", "data/b.csv"), ":10 data.waves.2.sheet: a sheet is named"),
        (("sheet: Survey", "encoding: cp1253"), ":10 data.waves.2.encoding: an encoding is named"),
        (("data/b.xlsx, sheet: Survey", "data/b.csv, encoding: cp1"), "is no known encoding"),
        (("data/a.csv", "../a.csv"), ":9 data.waves.1.path: '../a.csv' leaves the project"),
        (("data/a.csv", "[a]"), ":9 data.waves.1: found a list; expected a group of keys"),
        (("path: data/b", "pth: data/b"), "unknown key 'data.waves.2.pth'"),
        (("path: data/b.xlsx, ", ""), "the key 'data.waves.2.path' is missing or empty"),
        (("    2: {", "    '1': {"), "'data.waves.1' stands twice"),
        (("    2: {", "    1: {"), "'data.waves.1' stands twice"),
        (("    2: {", "    012: {"), "012 is read as the number 10"),
        (("    2: {", "    yes: {"), "the key 'yes' is read as true"),
        (("    2: {", "    '': {"), "data.waves.: a key is empty"),
        (("  unit", "  sheet: Survey\n  unit"), "each wave names its own sheet"),
        (("  unit", "  query: SELECT 1\n  unit"), "a query asks one source, not waves"),
        (("starts: 2\n", "starts: endlin\n"), "'endlin' is none of the periods; expected one of"),
        (
            ("    1: data/a.csv\n    2:", "    pre: data/a.csv\n    post:"),
            "starts: 2 is none of the",
        ),
        (("waves:", "wavs:"), "unknown key 'data.wavs' (line 8); did you mean 'waves'?"),
        (("  unit", "  wide: {trust: {1: a, 2: b}}\n  unit"), "both 'waves' and 'wide' make"),
    ],
)
def test_what_is_wrong_with_waves_is_told(project: Path, change: tuple[str, str], due: str) -> None:
    text = HEAD + WAVES + OUTCOME
    assert change[0] in text
    told = faults(project, text.replace(*change, 1))
    assert any(due in fault for fault in told), told


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (("1: trust_1, ", ""), "expected two or more"),
        (("trust: {1", "trst: {1"), "'trst' has no role in this file; did you mean 'trust'?"),
        (("2: trust_2", "2: trust_1"), "'trust_1' stands twice in 'wide'"),
        (("2: trust_2", "2: person"), "one period of 'wide' and 'data.unit'"),
        (("trust: {1", "in_pilot: {1"), "the same in every period"),
        (("trust_2}", "trust_2}\n    age: {1: a, 3: b}"), "it has the periods 1 and 3; expected"),
        (("2: trust_2", "2: 2019"), "put it in quotes: '2019'"),
        (("{1: trust_1, 2: trust_2}", "trust_1"), "found 'trust_1'; expected keys of your own"),
        (("  unit", "  drop: [trust_2]\n  unit"), "is dropped, but it is 'data.wide'"),
        (("  unit", "  sheet: A\n  query: SELECT 1\n  unit"), "takes no query"),
        (("  unit", "  encoding: cp1253\n  query: SELECT 1\n  unit"), "a query reads UTF-8"),
    ],
)
def test_what_is_wrong_with_wide_columns_is_told(
    project: Path, change: tuple[str, str], due: str
) -> None:
    text = HEAD + WIDE + OUTCOME + "covariates: [age]\n"
    assert change[0] in text
    told = faults(project, text.replace(*change, 1))
    assert any(due in fault for fault in told), told


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (("first: 2021-Q1", "first: soon"), "'soon' is no period of the calendar"),
        (("last: 2021-12-31", "last: 2020"), "lies before the first"),
        (("last: 2021-12-31", "last: 2021-02-30"), "'2021-02-30' is no period of the calendar"),
        (("last: 2021-12-31", "last: 9999"), "more than 5000 periods"),
        (("exit: left", "exit: entered"), "is already 'data.spells.entry'"),
        (("exit: left", "exit: person"), "is already 'data.unit'"),
        (("column: trust", "column: housed"), "is made of the stays and is no outcome"),
        (("every: quarter", "every: week"), "expected one of day, month, quarter or year"),
        (("    exit: left\n", ""), "the key 'data.spells.exit' is missing or empty"),
        (("  unit", "  entry: a\n  unit"), "'entry' belongs under 'data.spells'"),
        (("  unit", "  drop: [left]\n  unit"), "is dropped, but it is 'data.spells'"),
    ],
)
def test_what_is_wrong_with_stays_is_told(project: Path, change: tuple[str, str], due: str) -> None:
    text = HEAD.replace("starts: 2", "starts: 2021-Q2") + SPELLS + OUTCOME
    assert change[0] in text
    told = faults(project, text.replace(*change, 1).replace("every: quarter\n    last: 9999", ""))
    if "9999" in change[1]:
        text = text.replace(*change, 1).replace("every: quarter", "every: day")
        told = faults(project, text)
    assert any(due in fault for fault in told), told


@pytest.mark.parametrize(
    ("change", "due"),
    [
        (("[apart]", "[apar]"), "'apar' is none of the items; expected one of home, apart or"),
        (("[apart]", "[apart, apart]"), "score.reverse[2]: 'apart' stands twice"),
        (("    scale: [1, 5]\n", ""), "no scale says about which middle"),
        (("      reverse", "      answered: 4\n      reverse"), "4 answers are asked of 3 items"),
        (("[home,", "[belonging,"), "has the name of the score that is made of it"),
        (("[home,", "[person,"), "'person' is already 'data.unit'"),
        (("[home,", "[known,"), "'known' stands twice"),
        (("[home, apart, known]", "[apart]"), "expected a list of at least one entry, each text"),
        (("    score", "    kind: binary\n    score"), "no outcome of yes and no"),
        (("  unit", "  drop: [home]\n  unit"), "is dropped, but it is 'outcomes.score.items'"),
        (("  unit", "  missing: {refused: [4]}\n  unit"), "is a valid answer of the outcome"),
    ],
)
def test_what_is_wrong_with_a_score_is_told(
    project: Path, change: tuple[str, str], due: str
) -> None:
    text = HEAD + WAVES + SCORE
    assert change[0] in text
    told = faults(project, text.replace(*change, 1))
    assert any(due in fault for fault in told), told


def test_a_code_of_a_sum_is_held_against_the_items(project: Path) -> None:
    text = (
        HEAD
        + WAVES
        + SCORE.replace("[1, 5]", "[3, 15]").replace("      rev", "      of: sum\n      rev")
    )
    text = text.replace("  unit", "  missing: {refused: [9]}\n  unit")
    assert load(project, text).outcomes[0].item_scale == (1, 5)
    (told,) = faults(project, text.replace("[9]", "[4]"))
    assert "whose scale is 1 to 5" in told


@pytest.mark.parametrize(
    ("more", "due"),
    [
        ("codes: {trst: {often: 1}}", "'trst' has no role in this file; did you mean 'trust'?"),
        ("codes: {trust: {Often: 1, often: 2}}", "'often' stands for two numbers"),
        ("codes: {trust: {daily: often}}", "found 'often'; expected a number"),
        ("codes: {trust: {98: 1}}\n  missing: {refused: [98]}", "already stands under 'missing"),
        ("select_multiple: [services]", "'services' has no role in this file"),
        ("select_multiple: [trust]", "'trust' holds several answers and is 'outcomes'"),
        ("select_multiple: [age, age]", "'age' stands twice"),
        ("lost_because: in_pilot", "is already 'data.lost_because'"),
    ],
)
def test_keys_about_columns_without_a_role_are_told(project: Path, more: str, due: str) -> None:
    text = HEAD + WAVES.replace("  unit", f"  {more}\n  unit") + OUTCOME + "covariates: [age]\n"
    told = faults(project, text)
    assert any(due in fault for fault in told), told


def test_more_people_than_could_take_part_are_told(project: Path) -> None:
    text = HEAD + "  eligible: 10\n  enrolled: 12\n" + WAVES + OUTCOME
    (told,) = faults(project, text)
    assert told.endswith("12 took it up, more than the 10 it was open to; check both numbers")


def test_neither_path_nor_waves_is_a_missing_path(project: Path) -> None:
    for data in ("data: {unit: person, period: wave}\n", "data: {unit: person, waves: {}}\n"):
        told = faults(project, HEAD + data + OUTCOME)
        assert any("the key 'data.path' is missing or empty" in fault for fault in told), told


def test_a_query_asks_a_database_or_a_file_of_columns(project: Path) -> None:
    def stated(path: str) -> str:
        data: dict[str, Any] = {"path": path, "query": "SELECT 1", "unit": "a", "period": "b"}
        return HEAD + yaml.safe_dump({"data": data}) + OUTCOME

    for path in ("sqlite:///data/x.db", "data/x.parquet", "data/x.csv"):
        assert load(project, stated(path)).data.query == "SELECT 1"
    for path in ("data/x.xlsx", "data/x.sav", "data/x.dta"):
        assert "takes no query" in faults(project, stated(path))[0]


def test_the_encoding_of_the_waves_holds_for_those_of_text(project: Path) -> None:
    told = WAVES.replace("  unit", "  encoding: cp1257\n  unit")
    told = told.replace("    2: {", "    3: {path: data/c.csv, encoding: cp1253}\n    2: {")
    files = load(project, HEAD + told + OUTCOME).data.files
    assert [file.encoding for file in files] == ["cp1257", "cp1253", None]
