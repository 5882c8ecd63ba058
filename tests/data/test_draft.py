"""A params file to start from is valid, and reads the file it was guessed from."""

from __future__ import annotations

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
    assert stated["data"]["drop"] == ["_uuid", "e-mail", "_geolocation"]
    assert stated["design"]["kind"] == "did"
    assert stated["design"]["treated"] == "in_pilot"
    assert stated["design"]["place"] == "municipality"
    assert stated["covariates"] == ["age", "gender"]
    kinds = {outcome["column"]: outcome["kind"] for outcome in stated["outcomes"]}
    assert kinds == {"volunteering": "binary", "language/level": "ordinal", "score": "continuous"}


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
