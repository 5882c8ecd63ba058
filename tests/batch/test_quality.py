"""What a check says of sound data, pilot by pilot, and that it says it to nobody else's harm."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.batch.conftest import Small

import impact
from impact.batch.duties import check
from impact.batch.quality import plainly
from impact.cli.progress import teller

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted((ROOT / "params").glob("*.yml"))
Make = Callable[..., Small]


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMPACT_ROOT", str(ROOT))


@pytest.mark.parametrize("params", EXAMPLES, ids=lambda path: path.stem)
def test_rows_read_and_made_are_rows_used_dropped_and_folded(params: Path) -> None:
    panel = impact.read_panel(impact.load_spec(params))
    rows = dict(panel.rows)
    came = rows.pop("read") + sum(n for name, n in rows.items() if name.startswith("made: "))
    gone = {name: n for name, n in rows.items() if name.startswith(("dropped: ", "folded: "))}
    assert came == rows["used"] + sum(gone.values())
    assert rows["used"] == len(panel)
    named = {name for name in rows if name != "used" and not name.startswith("made: ")}
    assert named == set(gone), "every reason is one"
    told = impact.quality(panel).cells.query("variable == 'rows'")
    assert dict(zip(told["category"], told["value"], strict=True)) == dict(panel.rows)


@pytest.mark.parametrize("params", EXAMPLES, ids=lambda path: path.stem)
def test_a_check_answers_in_plain_json_without_a_small_number(params: Path) -> None:
    answer = check(lambda event: None, params=str(params), root=str(ROOT), quality=True)
    told = json.loads(json.dumps(answer))["quality"]
    assert told["text"].startswith("Rows of the data")
    assert all(len(note) > 10 for note in told["notes"])
    if answer["rule"]["guarded"]:
        shown = [cell["value"] for cell in told["cells"] if cell["value"] is not None]
        assert all(value >= answer["rule"]["minimum_cell"] for value in shown)
    assert str(ROOT) not in json.dumps(told)


def test_a_run_does_not_tell_the_quality_again() -> None:
    answer = check(lambda event: None, params=str(EXAMPLES[0]), root=str(ROOT))
    assert set(answer) == {"rule"}


def test_check_prints_the_table_of_a_sound_pilot_and_the_faults_of_a_broken_one(
    small: Make,
) -> None:
    project = small("alpha", "beta")
    data = project.root / "data" / "beta.csv"
    data.write_text(re.sub(r",\d+$", ",x", data.read_text(), flags=re.MULTILINE), "utf-8")
    told = project.impact("check")
    assert told.returncode == 1
    lines = told.stdout.splitlines()
    sound = next(at for at, line in enumerate(lines) if line.startswith("alpha"))
    assert lines[sound + 1].strip() == "Rows of the data"
    used = next(line for line in lines if line.strip().startswith("Used"))
    assert used.split() == ["Used", "80"]
    assert "No answer is missing." in told.stdout
    assert "text, a number is expected" in told.stdout
    assert told.stdout.count("Rows of the data") == 2, "caption and line of one table"


def test_check_tells_the_table_as_json_and_nothing_where_quiet(small: Make) -> None:
    project = small("alpha")
    events = [json.loads(line) for line in project.impact("check", "--json").stdout.splitlines()]
    (sound,) = [event for event in events if event.get("state") == "sound"]
    cells = {cell["category"]: cell["value"] for cell in sound["quality"]["cells"]}
    assert cells == {"read": 80, "used": 80}
    quiet = project.impact("check", "--quiet")
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_the_machines_folders_are_taken_out() -> None:
    notes = ["/srv/folder/a.csv"]
    told: dict[str, Any] = {"text": "/srv/folder/a.csv is it", "cells": [], "notes": notes}
    plain = plainly(told, lambda text: text.replace("/srv/folder/", ""))
    assert plain == {"text": "a.csv is it", "cells": [], "notes": ["a.csv"]}
    assert plainly({}, str) == {}


def test_on_a_line_of_its_own_each_row_is_indented(capsys: pytest.CaptureFixture[str]) -> None:
    tell = teller(quiet=False, json=False)
    tell({"event": "batch", "pilots": ["a"]})
    event = {"event": "pilot", "pilot": "a", "state": "sound"}
    tell({**event, "quality": {"text": "Rows\n  Used  8"}})
    assert capsys.readouterr().out == "a  sound\n    Rows\n      Used  8\n"
