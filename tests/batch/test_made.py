"""What a run was made of stands in its record, and the readers' part of it on the page."""

from __future__ import annotations

import getpass
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from impact.batch.crate import CRATE
from impact.batch.inputs import Inputs
from impact.batch.machine import Machine, this_machine

BLOCK = re.compile(r'<section id="made">.*?</section>', re.S)


def git(root: Path, *call: str) -> str:
    who = ("-c", "user.name=Jane Doe", "-c", "user.email=jane@example.org")
    asked = ["git", "-C", str(root), *who, *call]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def tracked(small: Any) -> Any:
    """Make a project of one pilot under git, which ignores nothing."""
    made = small("alpha")
    git(made.root, "init", "-q")
    git(made.root, "add", ".")
    git(made.root, "commit", "-qm", "A pilot")
    return made


def record_of(made: Any, pilot: str = "alpha") -> dict[str, Any]:
    record: dict[str, Any] = json.loads((made.root / f"runs/{pilot}/run.json").read_text())
    return record


def block_of(made: Any, pilot: str = "alpha") -> str:
    (found,) = BLOCK.findall(made.project.page(pilot).read_text())
    return str(found)


def ran(made: Any, *call: str) -> Any:
    done = made.impact("run", *call)
    assert done.returncode == 0, done.stdout + done.stderr
    return made


def test_two_runs_make_the_same_page_and_a_clean_tree_stays_clean(tracked: Any) -> None:
    page = ran(tracked).project.page("alpha").read_bytes()
    assert git(tracked.root, "status", "--porcelain") == "?? reports/\n?? runs/"
    ran(tracked, "--force")
    assert tracked.project.page("alpha").read_bytes() == page
    commit = git(tracked.root, "rev-parse", "HEAD")
    assert f"{commit[:12]}; nothing was changed since" in block_of(tracked)


def test_a_changed_file_is_told_of_and_a_new_commit_alone_makes_nothing_stale(
    tracked: Any,
) -> None:
    (tracked.root / "note.txt").write_text("changed")
    assert Inputs(tracked.project).clean is False
    assert "files were changed since" in block_of(ran(tracked))
    git(tracked.root, "add", "note.txt")
    git(tracked.root, "commit", "-qm", "A note")
    assert Inputs(tracked.project).clean is True
    again = tracked.impact("run").stdout
    assert "nothing has changed: 0 done, 1 unchanged" in again
    verified = tracked.impact("verify")
    assert verified.stdout.split() == ["alpha", "same"]
    assert verified.returncode == 0


def test_verify_says_same_although_the_notebook_changed_and_the_results_did_not(
    tracked: Any,
) -> None:
    ran(tracked)
    notebook = tracked.project.notebook
    notebook.write_text(notebook.read_text() + "\n")
    verified = tracked.impact("verify")
    assert verified.returncode == 0
    assert re.fullmatch(r"alpha +same +\(notebook changed\)\n", verified.stdout)


def test_the_page_tells_what_the_record_has_and_no_path_and_no_user(tracked: Any) -> None:
    record, block = record_of(ran(tracked)), block_of(tracked)
    facts = record["good"]["made"]
    assert facts["inputs"] == record["inputs"]
    assert facts["versions"] == record["versions"]
    for name in ("params", "data", "notebook", "code"):  # its units are places
        assert f"SHA-256 {record['inputs'][name][:12]}…" in block
    machine = this_machine()
    assert f"{machine.system}, {machine.processor}, {machine.cores} core" in block
    assert record["machine"] == str(Machine(**facts["machine"])) == str(machine)
    for secret in (str(tracked.root), str(Path.home()), "Jane Doe", "jane@", record["started"]):
        assert secret not in block
    if getpass.getuser() not in ("root", "impact"):
        assert getpass.getuser() not in block


def test_where_units_are_people_no_page_helps_to_guess_their_data(small: Any) -> None:
    made = small("alpha")
    params = made.params("alpha")
    params.write_text(params.read_text().replace("unit_is: place", "unit_is: person"))
    notebook = made.project.notebook
    stated = 'guarded=False, unit_is=\\"place\\"'
    assert stated in notebook.read_text()
    notebook.write_text(notebook.read_text().replace(f", {stated}", ""))
    digest = record_of(ran(made, "--language", "fr"))["inputs"]["data"]
    assert digest
    for page in made.project.reports.glob("*.html"):
        assert digest[:8] not in page.read_text()
    assert "The hash of the data file is not shown" in block_of(made)


@pytest.fixture(scope="module")
def pair(small_of: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    return ran(small_of(tmp_path_factory.mktemp("pair") / "project", "alpha", "beta"))


def test_all_runs_of_a_batch_name_it_as_their_parent_and_the_next_has_another(pair: Any) -> None:
    first = {pilot: record_of(pair, pilot) for pilot in ("alpha", "beta")}
    (name,) = {record["batch"] for record in first.values()}
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{6}", name)
    graph = {e["@id"]: e for e in json.loads((pair.root / "runs" / CRATE).read_text())["@graph"]}
    batch = graph[f"#batch-{name}"]
    assert {member["@id"] for member in batch["object"]} == {"#run-alpha", "#run-beta"}
    assert {"@id": f"#batch-{name}"} in graph["./"]["mentions"]
    ran(pair, "--force", "beta")
    assert record_of(pair, "alpha")["batch"] == name
    assert record_of(pair, "beta")["batch"] != name
    assert record_of(pair, "beta")["before"] == first["beta"]["started"]
    assert record_of(pair, "beta")["memory"] > 10_000_000


def test_the_crate_tells_of_the_good_run_what_it_was_made_of_after_a_failed_one(pair: Any) -> None:
    digest = record_of(pair)["inputs"]["params"]
    params = pair.params("alpha")
    before = params.read_text()
    params.write_text(before + "nonsense: 1\n")
    assert pair.impact("run", "alpha").returncode == 2
    record = record_of(pair)
    assert record["inputs"] == {}
    assert record["good"]["made"]["inputs"]["params"] == digest
    text = (pair.root / "runs" / CRATE).read_text()
    assert digest in text
    params.write_text(before)
    ran(pair)
