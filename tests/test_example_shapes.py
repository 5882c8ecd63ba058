"""Three pilots as evaluators hold them: the same people as in the tidy table of their recipe."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
import yaml

import impact
from impact.data.panel import Panel
from impact.data.read import read_panel
from impact.describe.reliability import reliability
from impact.did import estimate
from impact.spec import PilotSpec, load_spec

ROOT = Path(__file__).resolve().parents[1]
JELGAVA, SAINT_JEAN = "inclucities-jelgava", "inclucities-saint-jean-de-la-ruelle"
TUSCANY = "tuscany-housing"
# What the params file of the tidy table says instead of how its file lies.
TIDY: dict[str, dict[str, Any]] = {
    JELGAVA: {"unit": "person", "period": "wave", "lost_because": "left_because"},
    SAINT_JEAN: {"unit": "respondent", "period": "wave"},
    TUSCANY: {"unit": "household", "unit_is": "household", "period": "month"},
}
CODES = {"refused": [98], "not_known": [99]}


@pytest.fixture(scope="module")
def recipes() -> Iterator[dict[str, ModuleType]]:
    """Import the recipes of data/source, which is no package that is installed."""
    sys.path.insert(0, str(ROOT / "data"))
    try:
        names = {JELGAVA: "jelgava", SAINT_JEAN: "inclucities", TUSCANY: "tuscany"}
        yield {key: importlib.import_module(f"source.{name}") for key, name in names.items()}
    finally:
        sys.path.remove(str(ROOT / "data"))
        for name in [name for name in sys.modules if name.partition(".")[0] == "source"]:
            del sys.modules[name]


@pytest.fixture
def tidy_frames(recipes: dict[str, ModuleType]) -> dict[str, pd.DataFrame]:
    return {
        JELGAVA: recipes[JELGAVA].jelgava(),
        SAINT_JEAN: recipes[SAINT_JEAN].saint_jean(),
        TUSCANY: recipes[TUSCANY].tuscany(),
    }


def read_tidy(pilot: str, frame: pd.DataFrame, folder: Path) -> Panel:
    """Write a tidy table as CSV and read it with a params file that names columns alone."""
    path = folder / f"{pilot}.csv"
    frame.to_csv(path, index=False)
    stated = yaml.safe_load((ROOT / "params" / f"{pilot}.yml").read_text(encoding="utf-8"))
    data = {"path": str(path), "missing": CODES, **TIDY[pilot]}
    return read_panel(PilotSpec.model_validate(stated | {"data": data}))


@pytest.mark.parametrize("pilot", TIDY)
def test_the_file_gives_the_panel_of_the_tidy_table(
    pilot: str, tidy_frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    tidy = read_tidy(pilot, tidy_frames[pilot], tmp_path)
    panel = read_panel(load_spec(ROOT / "params" / f"{pilot}.yml"))
    pd.testing.assert_frame_equal(panel.values[tidy.values.columns], tidy.values)
    assert set(panel.values) == set(tidy.values)
    for name in ("unit", "period", "cluster", "place", "treated", "start", "weight", "times"):
        np.testing.assert_array_equal(getattr(panel, name), getattr(tidy, name), err_msg=name)
    for name in ("units", "places", "clusters"):
        assert getattr(panel, name).tolist() == getattr(tidy, name).tolist(), name
    assert panel.periods.astype(str).tolist() == tidy.periods.astype(str).tolist()
    for name, answers in tidy.answers.items():
        assert panel.answers[name].tolist() == answers.tolist(), name
    assert (panel.lost_because is None) == (tidy.lost_because is None)
    if panel.lost_because is not None and tidy.lost_because is not None:
        ours, theirs = (one.lost_because.astype(object).fillna("") for one in (panel, tidy))
        np.testing.assert_array_equal(ours, theirs)
    assert panel.rows["used"] == len(tidy_frames[pilot])
    assert panel.simulated
    assert tidy.simulated


@pytest.mark.parametrize("pilot", TIDY)
def test_the_file_gives_the_estimates_of_the_tidy_table(
    pilot: str, tidy_frames: dict[str, pd.DataFrame], tmp_path: Path
) -> None:
    tidy = read_tidy(pilot, tidy_frames[pilot], tmp_path)
    panel = read_panel(load_spec(ROOT / "params" / f"{pilot}.yml"))
    ours, theirs = (estimate(one).to_frame() for one in (panel, tidy))
    pd.testing.assert_frame_equal(ours, theirs, check_exact=True)
    assert set(ours["outcome"]) == {outcome.column for outcome in panel.outcomes}


def test_the_tidy_table_of_saint_jean_still_holds_the_people_of_its_recipe(
    tidy_frames: dict[str, pd.DataFrame],
) -> None:
    frame = tidy_frames[SAINT_JEAN]
    assert frame.groupby("wave").size().to_dict() == {1: 230, 2: 216, 3: 198}
    assert frame["knows_where_to_turn"].value_counts()[[98, 99]].tolist() == [10, 26]


# The export of KoBoToolbox.


def export(wave: str) -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / f"{JELGAVA}-{wave}.csv", sep=";", dtype=str)


def test_the_export_is_as_the_survey_tool_writes_it() -> None:
    raw = (ROOT / "data" / f"{JELGAVA}-start.csv").read_bytes()
    assert raw.startswith("\ufeffstart;".encode())
    first, last = export("start"), export("end")
    for frame in (first, last):
        assert {"_uuid", "_submission_time", "__version__", "_index"} <= set(frame)
        assert frame["about_you/gps"].eq("0 0 0 0").all()
        assert frame["interviewer_name"].eq("Simulated Interviewer").all()
        remarks = frame["daily_life/remarks"].dropna()
        assert len(remarks) > 50
        assert remarks.str.startswith("simulated remark").all()
    assert first["__version__"].value_counts().to_dict().keys() == {"v1", "v2"}
    assert last["_uuid"].duplicated().sum() == 12


def test_two_versions_of_the_form_ask_one_question_in_two_groups() -> None:
    first = export("start")
    older = first["__version__"] == "v1"
    assert 20 < older.sum() < 220
    assert first.loc[older, "latvian/conversations"].notna().all()
    assert first.loc[~older, "latvian/conversations"].isna().all()
    assert first.loc[older, "daily_life/conversations"].isna().all()
    assert set(first.loc[~older, "daily_life/conversations"]) >= {"never", "Don't know", "Refused"}


def test_several_answers_stand_joined_and_apart_in_one_wave_and_joined_in_the_other() -> None:
    first, last = export("start"), export("end")
    assert first["daily_life/used_at"].str.contains(" ").any()
    for place in ("shop", "job", "school", "nowhere"):
        joined = first["daily_life/used_at"].str.split(" ").map(lambda said, at=place: at in said)
        assert (first[f"daily_life/used_at/{place}"] == "1").equals(joined)
    assert "daily_life/used_at" in last
    assert not any(name.startswith("daily_life/used_at/") for name in last)


def test_nothing_of_a_person_but_what_has_a_role_is_in_the_panel() -> None:
    panel = read_panel(load_spec(ROOT / "params" / f"{JELGAVA}.yml"))
    told = " ".join(map(str, panel.notes))
    for kind in ("places on the map: 3", "devices: 1", "names and addresses: 1", "free text: 1"):
        assert kind in told
    assert "Interviewer" not in repr(vars(panel))
    assert panel.rows["dropped: sent twice"] == 12
    assert panel.matched["units"] == panel.design.enrolled == 240


def test_the_score_is_the_mean_of_its_items_and_hangs_together() -> None:
    panel = read_panel(load_spec(ROOT / "params" / f"{JELGAVA}.yml"))
    items = panel.values[["understands", "speaks", "reads", "writing_is_hard"]].copy()
    items["writing_is_hard"] = 6 - items["writing_is_hard"]
    np.testing.assert_allclose(panel.values["own_language_rating"], items.mean(axis=1))
    first = items[panel.period == 0]
    alpha = 4 / 3 * (1 - first.var().sum() / first.sum(axis=1).var())
    cells = reliability(panel).cells
    told = cells[(cells["statistic"] == "alpha") & (cells["category"] == "")]
    assert told["value"].iloc[0] == pytest.approx(alpha)
    assert 0.7 < alpha < 0.9


# The SPSS file.


def test_the_spss_file_says_itself_what_its_codes_mean() -> None:
    panel = read_panel(load_spec(ROOT / "params" / f"{SAINT_JEAN}.yml"))
    asked = panel.described["knows_where_to_turn"]
    assert asked.label == "Savez-vous à qui vous adresser en cas de besoin ?"
    assert asked.values == {"0": "Non", "1": "Oui", "98": "Refus", "99": "Ne sait pas"}
    assert asked.missing == {"98": "refused", "99": "not_known"}
    spec = load_spec(ROOT / "params" / f"{SAINT_JEAN}.yml")
    assert spec.data.missing.refused == spec.data.missing.not_known == ()


# The register.


def test_the_register_has_tenancies_with_days_and_a_sheet_of_notes() -> None:
    book = openpyxl.load_workbook(ROOT / "data" / f"{TUSCANY}.xlsx")
    assert book.sheetnames == ["Tenancies", "Notes"]
    assert "Simulated" in book["Notes"]["A1"].value
    cells = pd.read_excel(ROOT / "data" / f"{TUSCANY}.xlsx", sheet_name="Tenancies")
    assert cells["household"].nunique() == 276
    assert cells["moved_in"].isna().sum() > 50  # households without a tenancy
    assert cells["household"].duplicated().sum() > 50  # households with several
    assert (cells["moved_out"] >= cells["moved_in"])[cells["moved_out"].notna()].all()
    assert cells.loc[cells["moved_in"].isna(), "moved_out"].isna().all()


def test_months_inside_are_counted_by_hand_from_the_days() -> None:
    panel = read_panel(load_spec(ROOT / "params" / f"{TUSCANY}.yml"))
    cells = pd.read_excel(ROOT / "data" / f"{TUSCANY}.xlsx", sheet_name="Tenancies")
    ends = pd.period_range("2020-08", "2022-01", freq="M").end_time.normalize()
    inside = sum(
        len({row.household for row in cells.itertuples() if row.moved_in <= end
             and not row.moved_out < end})
        for end in ends
    )  # fmt: skip
    assert panel.values["stable_tenancy"].sum() == inside
    rows = panel.rows
    assert rows["read"] == rows["folded: stays, into units and periods"] == len(cells)
    assert rows["made: a row for each unit and period"] == rows["used"] == 276 * 18


@pytest.mark.parametrize("pilot", TIDY)
def test_the_files_are_small(pilot: str) -> None:
    for file in load_spec(ROOT / "params" / f"{pilot}.yml").data.files:
        assert (ROOT / file.path).stat().st_size < 300_000


def test_examples_state_who_was_eligible_and_enrolled() -> None:
    panels = {
        pilot: impact.read_panel(load_spec(ROOT / "params" / f"{pilot}.yml")) for pilot in TIDY
    }
    assert len(panels[JELGAVA].units) == panels[JELGAVA].design.enrolled
    for pilot in (SAINT_JEAN, TUSCANY):
        panel = panels[pilot]
        assert len(set(panel.unit[panel.treated])) == panel.design.enrolled
        assert panel.design.enrolled < panel.design.eligible
