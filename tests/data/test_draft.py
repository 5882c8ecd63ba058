"""A params file to start from is valid, and reads the file it was guessed from."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from impact.data.draft import draft
from impact.data.read import read_panel
from impact.errors import DataError
from impact.spec.models import PilotSpec

_FOUND = importlib.util.spec_from_file_location("survey", Path(__file__).with_name("survey.py"))
assert _FOUND is not None
assert _FOUND.loader is not None
survey = importlib.util.module_from_spec(_FOUND)
_FOUND.loader.exec_module(survey)

N = 40
WHO = np.repeat(np.arange(N), 3)
RNG = np.random.default_rng(5)
SURVEY = pd.DataFrame(
    {
        "_uuid": [f"uuid-{at}" for at in range(3 * N)],
        "person_id": [f"p{at:03d}" for at in WHO],
        "wave": np.tile([1, 2, 3], N),
        "municipality": np.array(["A", "B", "C", "D"])[WHO % 4],
        "in_pilot": WHO % 2,
        "volunteering": RNG.integers(0, 2, 3 * N),
        "language/level": RNG.integers(0, 7, 3 * N),
        "score": RNG.normal(size=3 * N),
        "age": 20 + WHO,
        "gender": np.array(["woman", "man"])[WHO % 2],
        "weight": 1.5,
        "e-mail": "someone@example.org",
        "_geolocation": "51.5 5.1",
    }
)


def written(frame: pd.DataFrame, project: Path, suffix: str = ".csv") -> dict[str, Any]:
    path = project / "data" / f"survey{suffix}"
    (frame.to_csv if suffix == ".csv" else frame.to_parquet)(path, index=False)
    stated: dict[str, Any] = yaml.safe_load(draft("my-pilot", path))
    return stated


def test_without_data_a_draft_is_a_valid_params_file() -> None:
    text = draft("my-pilot")
    assert text.count("#") > 10
    spec = PilotSpec.model_validate(yaml.safe_load(text))
    assert spec.pilot == "my-pilot"
    assert spec.data.path == "data/my-pilot.csv"


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_roles_are_guessed_by_name_and_content(suffix: str, project: Path) -> None:
    stated = written(SURVEY, project, suffix)
    assert stated["data"]["path"] == f"data/survey{suffix}"
    assert stated["data"]["unit"] == "person_id"
    assert stated["data"]["unit_is"] == "person"
    assert stated["data"]["period"] == "wave"
    assert stated["data"]["weight"] == "weight"
    # The ids of an export's submissions show what was sent twice: they are read for that.
    assert stated["data"]["drop"] == ["e-mail", "_geolocation"]
    assert stated["design"]["kind"] == "did"
    assert stated["design"]["treated"] == "in_pilot"
    assert stated["design"]["place"] == "municipality"
    assert stated["covariates"] == ["age", "gender"]
    kinds = {outcome["column"]: outcome["kind"] for outcome in stated["outcomes"]}
    assert kinds == {"volunteering": "binary", "level": "ordinal", "score": "continuous"}


def test_an_export_of_a_survey_tool_is_recognised(project: Path) -> None:
    frame = survey.export(survey.tidy(), 1)
    path = project / "data" / "baseline.csv"
    frame.to_csv(path, index=False)
    text = draft("my-pilot", path)
    stated = yaml.safe_load(text)
    assert stated["data"]["unit"] == "person_id"
    assert stated["data"]["select_multiple"] == ["services"]
    assert "_uuid" not in stated["data"]["drop"]
    assert "# _uuid shows submissions that stand twice" in text
    assert "waves: {1: data/baseline.csv, 2: data/endline.csv}" in text
    assert {"_geolocation", "enumerator_name", "phone", "e-mail"} <= set(stated["data"]["drop"])
    assert stated["design"]["treated"] == "in_pilot"
    kinds = {outcome["column"]: outcome["kind"] for outcome in stated["outcomes"]}
    assert {f"services/{name}": "binary" for name in survey.SERVICES}.items() <= kinds.items()
    assert kinds["home"] == "ordinal"
    # With a second wave, what was guessed reads both files.
    survey.export(survey.tidy(), 2).to_csv(project / "data" / "endline.csv", index=False)
    stated["data"] |= {"path": None, "waves": {1: "data/baseline.csv", 2: "data/endline.csv"}}
    stated["data"]["missing"] = {"not_known": [99], "refused": [98]}
    stated["design"] |= {"kind": "did", "starts": 2}
    panel = read_panel(PilotSpec.model_validate(stated))
    assert panel.matched["in every wave"] == 50


def test_waves_side_by_side_are_shown_as_a_comment(project: Path) -> None:
    frame = pd.DataFrame({"id": ["a", "b"], "pilot": [0, 1]})
    frame = frame.assign(
        trust_t1=[1, 2], trust_t2=[2, 3], Home_T1=[1, 2], Home_T2=[2, 2], t3=[1, 1]
    )
    frame.to_csv(project / "data" / "wide.csv", index=False)
    text = draft("my-pilot", project / "data" / "wide.csv")
    start = text.index("  # wide:")
    shown = text[start : text.index("design:")].replace("  # ", "  ")
    assert yaml.safe_load(shown) == {
        "wide": {"trust": {1: "trust_t1", 2: "trust_t2"}, "Home": {1: "Home_T1", 2: "Home_T2"}}
    }
    assert "wide" not in yaml.safe_load(text)["data"]


NAMED = {
    "nl": ("Deelnemer", "Meting", "Gemeente", "Leeftijd", "Geslacht", "Gewicht", "Telefoon"),
    "fr": ("identifiant", "vague", "commune", "âge", "sexe", "poids", "prénom"),
    "es": ("código", "oleada", "municipio", "edad", "género", "ponderación", "teléfono"),
    "ca": ("codi", "onada", "barri", "edat", "gènere", "ponderació", "cognoms"),
    "it": ("codice", "rilevazione", "comune", "età", "sesso", "peso", "indirizzo"),
    "el": ("κωδικός", "κύμα", "δήμος", "ηλικία", "φύλο", "βάρος", "ονοματεπώνυμο"),
    "ro": ("cod", "runda", "localitate", "vârstă", "sex", "pondere", "prenume"),
    "sl": ("šifra", "krog", "občina", "starost", "spol", "utež", "priimek"),
    "lv": ("kods", "posms", "pašvaldība", "vecums", "dzimums", "svars", "uzvārds"),
}


@pytest.mark.parametrize("language", NAMED)
def test_columns_are_known_in_the_languages_of_the_partners(language: str, project: Path) -> None:
    unit, period, place, age, gender, weight, private = NAMED[language]
    said = dict(zip(("person_id", "wave", "municipality"), (unit, period, place), strict=True))
    said |= {"age": age, "gender": gender, "weight": weight, "e-mail": private}
    frame = SURVEY.drop(columns=["_uuid", "_geolocation"]).rename(columns=said)
    stated = written(frame, project)
    assert stated["data"]["unit"] == unit
    assert stated["data"]["period"] == period
    assert stated["data"]["weight"] == weight
    assert stated["data"]["drop"] == [private]
    assert stated["design"]["place"] == place
    assert stated["covariates"] == [age, gender]


SHAPES = {
    "did": SURVEY,
    "staggered": SURVEY.drop(columns="in_pilot").assign(cohort=np.array([0, 2, 3, 0])[WHO % 4]),
    "before_after": SURVEY.drop(columns="in_pilot"),
    "cross_sections": SURVEY.assign(person_id=[f"q{at}" for at in range(3 * N)]),
    "no units": SURVEY.drop(columns="person_id"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_guessed_reads_its_file(shape: str, project: Path) -> None:
    spec = PilotSpec.model_validate(written(SHAPES[shape], project))
    panel = read_panel(spec)
    assert len(panel) == len(SHAPES[shape])
    kind, sample = spec.design.kind, spec.design.sample
    assert kind == {"cross_sections": "did", "no units": "did"}.get(shape, shape)
    assert sample == ("cross_sections" if shape in ("cross_sections", "no units") else "panel")


def test_a_lottery_is_never_guessed_and_a_missing_period_stays_to_be_said(project: Path) -> None:
    stated = written(SURVEY[SURVEY["wave"] == 1].drop(columns="wave"), project)
    assert stated["design"]["kind"] == "did"
    assert stated["data"]["period"] is None


def test_a_treatment_that_switches_on_is_no_group_and_no_outcome(project: Path) -> None:
    frame = SURVEY.assign(treated=SURVEY["in_pilot"] * (SURVEY["wave"] > 1))
    stated = written(frame.drop(columns="in_pilot"), project)
    assert stated["design"]["kind"] == "before_after"
    assert "treated" not in {outcome["column"] for outcome in stated["outcomes"]}


def test_a_draft_says_that_it_is_guessed_and_holds_no_value_of_a_person(project: Path) -> None:
    path = project / "data/survey.csv"
    SURVEY.to_csv(path, index=False)
    text = draft("my-pilot", path)
    assert "GUESSED" in text
    for secret in ("p001", "uuid-1", "someone", "51.5"):
        assert secret not in text


def test_column_names_that_yaml_would_misread_are_quoted(project: Path) -> None:
    frame = SURVEY.rename(columns={"volunteering": "yes", "score": "2021: a #score", "age": "n"})
    columns = [outcome["column"] for outcome in written(frame, project)["outcomes"]]
    assert {"yes", "2021: a #score", "n"} <= set(columns)


def test_a_draft_of_no_table_is_refused_as_the_file_would_be(project: Path) -> None:
    path = project / "data/broken.csv"
    path.write_bytes(b"PK\x03\x04 no table")
    with pytest.raises(DataError, match="a workbook or a zip archive"):
        draft("my-pilot", path)
