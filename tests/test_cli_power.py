"""``impact power`` as people type it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from tests.typed import ROOT, typed

PLANNED = ["--units", "120", "--sd", "1.0", "--correlation", "0.5", "--clusters", "12"]
PLANNED += ["--icc", "0.05", "--attrition", "0.2", "--draws", "30"]


def power(*call: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return typed("power", *call, cwd=cwd)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Make a project of one pilot whose data have not come yet."""
    (tmp_path / "params").mkdir()
    (tmp_path / "data").mkdir()
    (tmp_path / "params" / "alpha.yml").write_text(
        "pilot: alpha\n"
        "data: {path: data/alpha.csv, unit: id, period: wave}\n"
        "design: {kind: did, treated: in_pilot, starts: 2}\n"
        "outcomes: [{column: score, smallest_effect: 0.5}]\n"
    )
    return tmp_path


def first_wave(project: Path, waves: int = 1) -> None:
    rows = [
        f"{person},{wave},{person % 2},{(7 * person + 3 * wave * person) % 11 / 4}"
        for person in range(60)
        for wave in range(1, waves + 1)
    ]
    text = "\n".join(["id,wave,in_pilot,score", *rows])
    (project / "data" / "alpha.csv").write_text(text + "\n")


def test_a_pilot_is_told_in_plain_sentences() -> None:
    ran = power("catalonia-mentoring", "--draws", "30", "--sample", "1")
    assert ran.returncode == 0
    assert ran.stdout.startswith("catalonia-mentoring: Feels at home and part of the place")
    assert "With 18 people this pilot finds changes of 0." in ran.stdout
    assert "effect" not in ran.stdout
    assert ran.stderr == ""


def test_an_outcome_is_a_line_of_json() -> None:
    chosen = ["--outcome", "self_sufficiency", "--outcome", "loneliness"]
    ran = power("tilburg-integration", *chosen, "--json", "--draws", "20", "--units", "350")
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [one["outcome"] for one in told] == ["self_sufficiency", "loneliness"]
    assert told[0]["sample"]["units"] == 350
    assert told[1]["detectable"] < 0
    assert told[0]["sentences"][0].startswith("With 350 people in 11 places")


def test_facts_stand_in_for_a_pilot() -> None:
    ran = power(*PLANNED)
    assert ran.returncode == 0
    assert "With 120 people in 12 clusters" in ran.stdout
    assert power(*PLANNED).stdout == ran.stdout


def test_all_facts_that_are_missing_are_told_at_once(project: Path) -> None:
    for call in ([], ["alpha"]):
        ran = power(*call, cwd=project)
        assert ran.returncode == 2
        assert ran.stdout == ""
        for name in ("units", "sd", "correlation"):
            assert f"{name}: not given; expected" in ran.stderr


def test_a_pilot_without_a_data_file_is_drawn_from_facts(project: Path) -> None:
    ran = power("alpha", *PLANNED, cwd=project)
    assert ran.returncode == 0
    assert ran.stdout.startswith("alpha: score (score)")
    assert "The smallest effect that matters is 0.50" in ran.stdout


def test_a_pilot_with_its_first_wave_only_takes_what_it_tells(project: Path) -> None:
    first_wave(project)
    ran = power("alpha", cwd=project)
    assert ran.returncode == 1
    assert "add --baseline-only for a pilot that goes on" in ran.stderr
    ran = power("alpha", "--baseline-only", "--correlation", "0.5", "--draws", "30", cwd=project)
    assert ran.returncode == 0
    assert "With 60 people this pilot" in ran.stdout


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (["beta"], "no pilot 'beta' in the params folder"),
        (["alpha", "--outcome", "skore"], "no outcome 'skore'; known: score"),
        (["alpha", "--power", "2"], "power: found 2; expected 0.5 to 0.99"),
        (["alpha", "--draws", "1"], "draws: found 1; expected 20 to 100000"),
        (["alpha", "--effect", "much"], "'much' is not a number"),
        (["--outcome", "score"], "--outcome: no pilot is named"),
        (["alpha", *PLANNED, "--sample", "2"], "--sample: it multiplies the data of a pilot"),
    ],
)
def test_a_wrong_call_ends_with_2_and_a_sentence(project: Path, call: list[str], said: str) -> None:
    ran = power(*call, cwd=project)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert str(project) not in ran.stderr


def test_wrong_data_end_with_1(project: Path) -> None:
    (project / "data" / "alpha.csv").write_text("id,wave,score\n1,1,2\n")
    ran = power("alpha", cwd=project)
    assert ran.returncode == 1
    assert "in_pilot" in ran.stderr
    assert str(project) not in ran.stderr
