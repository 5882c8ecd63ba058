"""What is published comes out again, or the first difference is named."""

from __future__ import annotations

import json
from typing import Any

import pytest


@pytest.fixture
def made(small_of: Any, tmp_path: Any) -> Any:
    made = small_of(tmp_path / "project", "alpha", "beta")
    assert made.impact("run").returncode == 0
    return made


def verdicts(made: Any, *call: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = made.impact("verify", "--json", *call)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, {row["pilot"]: row for row in rows}


def files_of(made: Any) -> dict[str, bytes]:
    return {
        str(path.relative_to(made.root)): path.read_bytes()
        for path in made.root.rglob("*")
        if path.is_file()
    }


def test_what_nobody_touched_is_the_same_and_nothing_is_written(made: Any) -> None:
    before = files_of(made)
    done = made.impact("verify")
    assert done.returncode == 0
    assert [line.split() for line in done.stdout.splitlines()] == [
        ["alpha", "same"], ["beta", "same"]
    ]  # fmt: skip
    assert files_of(made) == before


def test_one_changed_cell_of_the_data_is_named_by_what_it_changes(made: Any) -> None:
    data = made.root / "data" / "beta.csv"
    lines = data.read_text().splitlines()
    cells = lines[5].split(",")
    lines[5] = ",".join([*cells[:3], str(float(cells[3]) + 5)])
    data.write_text("\n".join(lines) + "\n")
    code, found = verdicts(made)
    assert code == 1
    assert found["alpha"]["state"] == "same"
    assert found["beta"]["state"] == "differs"
    # 80 scores, of which one rose by 5; the stand-in's estimate is a third of their mean.
    with made.project.estimates.open() as file:
        head, *rows = [line.strip().split(",") for line in file]
    row = dict(zip(head, rows[1], strict=True))
    assert found["beta"]["said"].startswith(
        f"estimates: score, did, att: estimate {row['estimate']} is now "
    )
    now = float(found["beta"]["said"].split(" is now ")[1].split()[0])
    assert now - float(row["estimate"]) == pytest.approx(5 / 80 / 3, rel=1e-3)
    assert found["beta"]["said"].endswith("(data changed)")


def test_a_page_that_was_edited_differs(made: Any) -> None:
    page = made.project.page("alpha")
    page.write_text(page.read_text() + "<p>added")
    code, found = verdicts(made, "alpha")
    assert code == 1
    assert found["alpha"]["said"].startswith("the page was changed, or lost, after")


def test_what_has_no_good_run_cannot_be_verified(made: Any) -> None:
    made.add("gamma")
    code, found = verdicts(made)
    assert (code, found["gamma"]["state"]) == (1, "not published")
    assert verdicts(made, "gamma")[0] == 2


def test_a_pilot_that_breaks_now_has_failed(made: Any) -> None:
    (made.root / "data" / "alpha.csv").unlink()
    code, found = verdicts(made, "alpha")
    assert (code, found["alpha"]["state"]) == (1, "failed")
    assert "no such file" in found["alpha"]["said"]
