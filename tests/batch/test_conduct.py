"""A batch: what fails, what is published, what is run again, what an interruption leaves."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from impact.batch.inputs import Inputs
from impact.batch.plan import plan

Make = Callable[..., Any]


def states(told: str) -> dict[str, str]:
    """Return the last state that was told of each pilot, from ``--json``."""
    events = [json.loads(line) for line in told.splitlines()]
    return {e["pilot"]: e["state"] for e in events if e["event"] == "pilot"}


def read_record(small: Any, pilot: str) -> dict[str, Any]:
    record: dict[str, Any] = json.loads((small.root / f"runs/{pilot}/run.json").read_text())
    return record


def test_one_batch_publishes_every_good_pilot_and_names_every_bad_one(small: Make) -> None:
    made = small("alpha", "bad", "beta", "gamma", "delta", notebook="kernel-dies")
    made.params("gamma").write_text("pilot: gamma\ndesign: {kind: dd}\nnonsense: 1\n")
    (made.root / "data" / "delta.csv").write_text("id,wave,in_pilot\n1,1,0\n1,2,0\n")
    ran = made.impact("run", "--jobs", "2")
    assert ran.returncode == 1
    assert made.published() == {"alpha.html", "beta.html", "index.html", "estimates.csv"}
    assert re.search(
        r"^bad +failed +[\d.]+ s  cell 4 of 7: the kernel died; see runs/bad/log", ran.stdout, re.M
    )
    assert "unknown key 'nonsense'" in ran.stdout
    assert "no column 'score'" in ran.stdout
    assert re.search(r"^2 done, 0 unchanged, 3 failed, [\d.]+ s$", ran.stdout, re.M)
    index = made.project.index.read_text()
    assert "alpha.html" in index
    assert "bad.html" not in index
    assert "died" not in index
    with made.project.estimates.open() as file:
        assert [row["pilot"] for row in csv.DictReader(file)] == ["alpha", "beta"]
    record = read_record(made, "bad")
    assert record["state"] == "failed"
    assert record["error"] == "cell 4 of 7: the kernel died; see runs/bad/log.txt"
    listed = [line.split() for line in made.impact("list").stdout.splitlines()]
    assert [line[:2] for line in listed] == [
        ["alpha", "up"], ["bad", "failed"], ["beta", "up"], ["delta", "failed"], ["gamma", "failed"]
    ]  # fmt: skip


def reasons(made: Any, inputs: Inputs | None = None) -> dict[str, str]:
    """Return why each pilot must run, as the plan of work has it."""
    tasks = plan(made.project, made.project.files(), inputs or Inputs(made.project))
    return {task.pilot: task.why for task in tasks if task.why}


@contextmanager
def changed(path: Path, text: str | None) -> Iterator[None]:
    """Change a file for a while."""
    before = path.read_bytes()
    path.unlink() if text is None else path.write_text(text)
    yield
    path.write_bytes(before)


def test_what_is_unchanged_is_not_run_again(ran: Any) -> None:
    before, record = ran.whole(), read_record(ran, "alpha")
    again = ran.impact("run")
    assert again.returncode == 0
    assert "nothing has changed: 0 done, 2 unchanged, 0 failed" in again.stdout
    assert ran.whole() == before
    assert read_record(ran, "alpha") == record


@pytest.mark.parametrize(
    ("file", "text", "due"),
    [
        ("params/alpha.yml", "pilot: alpha\n", {"alpha": "params changed"}),
        ("data/beta.csv", "id,wave\n", {"beta": "data changed"}),
        ("reports/alpha.html", "edited by hand", {"alpha": "page missing or changed"}),
        ("runs/beta/estimates.csv", None, {"beta": "estimates.csv missing or changed"}),
        ("notebooks/pilot.ipynb", "{}", dict.fromkeys(["alpha", "beta"], "notebook changed")),
    ],
)
def test_what_changed_is_named_and_must_run_again(
    ran: Any, file: str, text: str | None, due: dict[str, str]
) -> None:
    assert reasons(ran) == {}
    with changed(ran.root / file, text):
        assert reasons(ran) == due
    assert reasons(ran) == {}


@pytest.mark.slow
def test_only_what_changed_runs_again_unless_all_is_asked_for(ran: Any) -> None:
    with ran.params("alpha").open("a") as file:
        file.write("covariates: []\n")
    told = states(ran.impact("run", "--json").stdout)
    assert told == {"alpha": "done", "beta": "unchanged"}
    assert states(ran.impact("run", "--force", "--json", "beta").stdout) == {"beta": "done"}
    assert reasons(ran) == {}


def test_a_change_of_the_packages_code_or_versions_makes_every_run_stale(
    ran: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = dict(Inputs(ran.project).shared)
    for name, said in {"code": "code changed", "packages": "packages changed"}.items():
        other = Inputs(ran.project)
        other.__dict__["shared"] = shared | {name: "other"}
        assert reasons(ran, other) == dict.fromkeys(["alpha", "beta"], said)
    monkeypatch.setattr("impact.batch.inputs._version", lambda name: "99")
    assert Inputs(ran.project).shared["packages"] != shared["packages"]


def test_the_last_good_page_stays_when_a_run_breaks_and_the_index_says_so(small: Make) -> None:
    made = small("bad", "fine")
    assert made.impact("run").returncode == 0
    page, table = made.project.page("bad").read_bytes(), made.project.estimates.read_bytes()
    made.use("kernel-dies")
    ran = made.impact("run", "bad")
    assert ran.returncode == 1
    assert "cell 4 of 7: the kernel died" in ran.stdout
    assert made.project.page("bad").read_bytes() == page
    assert made.project.estimates.read_bytes() == table
    assert "bad.html" in made.project.index.read_text()
    assert read_record(made, "bad")["entry"]["state"] == "stale"
    assert (made.root / "runs/bad/failed.ipynb").is_file()
    made.use("good")
    assert made.impact("run", "bad").returncode == 0
    assert read_record(made, "bad")["entry"]["state"] == "published"
    assert not (made.root / "runs/bad/failed.ipynb").exists()


def test_a_pilot_that_never_ends_is_stopped_at_the_time_limit(small: Make) -> None:
    made = small("bad", notebook="never-ends")
    begun = time.monotonic()
    ran = made.impact("run", "--timeout", "5")
    # On a busy machine the limit may strike before the cell that never ends, even at the check.
    assert ran.returncode in (1, 2)
    assert re.search(
        r" (cell \d of 7: )?stopped after 5 seconds, the time limit$", ran.stdout, re.M
    )
    assert time.monotonic() - begun < 60
    assert read_record(made, "bad")["state"] == "failed"
    assert made.published() == {"index.html"}


def test_a_page_goes_when_its_params_file_is_gone_but_not_when_it_was_left_out(small: Make) -> None:
    made = small("alpha", "beta")
    assert made.impact("run").returncode == 0
    assert made.impact("run", "alpha").returncode == 0
    assert "beta.html" in made.published()
    made.params("beta").unlink()
    assert made.impact("run", "alpha").returncode == 0
    assert made.published() == {"alpha.html", "index.html", "estimates.csv"}
    assert "beta" not in made.project.index.read_text()
    assert "beta" not in made.project.estimates.read_text()


def test_a_notebook_without_its_tag_fails_every_pilot_and_publishes_none(small: Make) -> None:
    made = small("alpha", "beta", notebook="no-parameters-tag")
    ran = made.impact("run")
    assert ran.returncode == 1
    assert ran.stdout.count("notebooks/pilot.ipynb: no cell is tagged 'parameters'") == 2
    assert made.published() == {"index.html"}


def test_a_batch_in_which_no_pilot_is_left_to_run_says_so_by_its_exit_code(small: Make) -> None:
    made = small("alpha")
    made.params("alpha").write_text("pilot: alpha\n")
    assert made.impact("run").returncode == 2
    made.add("beta")
    assert made.impact("run").returncode == 1


def test_after_the_first_failure_fail_fast_begins_nothing_new(small: Make) -> None:
    made = small("bad", "later", "last", notebook="kernel-dies")
    ran = made.impact("run", "--jobs", "1", "--fail-fast")
    assert ran.returncode == 1
    assert "0 done, 0 unchanged, 1 failed, 2 not run" in ran.stdout


def started(process: Any, pilot: str, cell: int) -> None:
    """Wait until a pilot has reached a cell."""
    for line in process.stdout:
        event = json.loads(line)
        if event.get("pilot") == pilot and event.get("cell") == cell:
            return


def test_interrupted_once_a_batch_finishes_what_runs(small: Make) -> None:
    made = small("alpha", "beta", "gamma")
    process = made.start("run", "--jobs", "1", "--json")
    started(process, "alpha", 1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == ""
    assert states(out) == {"alpha": "done", "beta": "left", "gamma": "left"}
    assert made.published() == {"alpha.html", "index.html", "estimates.csv"}
    assert states(made.impact("run", "--json").stdout) == {
        "alpha": "unchanged", "beta": "done", "gamma": "done"
    }  # fmt: skip


@pytest.mark.parametrize("signals", [[signal.SIGINT, signal.SIGINT], [signal.SIGTERM]])
def test_interrupted_twice_or_terminated_a_batch_stops_at_once_and_leaves_nothing_half(
    small: Make, signals: list[signal.Signals]
) -> None:
    made = small("bad", notebook="ignores-signals")
    process = made.start("run", "--json")
    started(process, "bad", 4)
    for number in signals:
        process.send_signal(number)
        time.sleep(0.3)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err == ""
    assert states(out) == {"bad": "left"}
    assert not made.project.reports.exists() or made.published() == set()
    assert not (made.root / "runs/bad/running.ipynb").exists()
    assert made.impact("list").stdout.split()[:3] == ["bad", "never", "run"]


@pytest.mark.slow
def test_a_batch_that_was_killed_leaves_whole_files_and_is_taken_up_again(ran: Any) -> None:
    expected = ran.whole()
    for cell in (2, 6):
        process = ran.start("run", "--force", "--json", "alpha")
        started(process, "alpha", cell)
        process.kill()
        process.communicate()
        assert ran.whole() == expected
    assert ran.impact("run", "--force", "alpha").returncode == 0
    assert ran.whole() == expected


def test_two_batches_at_once_are_refused_the_second(small: Make) -> None:
    made = small("bad", notebook="never-ends")
    first = made.start("run", "--json")
    started(first, "bad", 4)
    second = made.impact("run")
    assert second.returncode == 2
    assert re.search(
        rf"another 'impact run' \(process {first.pid}, since \d\d:\d\d, just now\)", second.stderr
    )
    first.terminate()
    first.communicate(timeout=60)
    assert first.returncode == 130


def test_the_lock_of_a_batch_that_was_killed_is_taken_over(small: Make) -> None:
    made = small("bad", "alpha", notebook="never-ends")
    first = made.start("run", "--json", "bad")
    started(first, "bad", 4)
    first.kill()
    first.communicate(timeout=60)
    assert json.loads((made.root / "runs" / ".lock").read_text())["pid"] == first.pid
    assert made.impact("run", "alpha").returncode == 0


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is read-only for root"
)
def test_a_reports_folder_that_cannot_be_written_fails_the_pilot(small: Make) -> None:
    made = small("alpha")
    made.project.reports.mkdir()
    made.project.reports.chmod(0o500)
    ran = made.impact("run")
    assert ran.returncode == 1
    assert "cannot write alpha.html" in ran.stdout


def test_a_page_that_cannot_be_written_fails_its_pilot_alone(small: Make) -> None:
    made = small("alpha", "beta")
    made.project.page("alpha").mkdir(parents=True)
    ran = made.impact("run")
    assert ran.returncode == 1
    assert re.search(r"^alpha +failed .*cannot write ", ran.stdout, re.M)
    assert "beta.html" in made.published()


def test_a_check_writes_nothing(small: Make) -> None:
    made = small("alpha", "beta")
    made.params("beta").write_text("pilot: other\n")
    checked = made.impact("check")
    assert checked.returncode == 1
    assert re.search(r"^alpha +sound", checked.stdout, re.M)
    assert "1 sound, 0 unchanged, 1 failed" in checked.stdout
    assert not made.project.runs.exists()
    assert not made.project.reports.exists()


def test_folders_of_the_call_are_used_and_paths_stay_relative_to_the_project(small: Make) -> None:
    made = small("alpha")
    elsewhere = made.root / "elsewhere"
    made.params("alpha").rename(made.params("alpha").with_name("moved"))
    elsewhere.mkdir()
    (made.root / "params" / "moved").rename(elsewhere / "alpha.yml")
    folders = ["--params", "elsewhere", "--reports", "out", "--runs", "kept"]
    assert made.impact("run", *folders).returncode == 0
    assert {path.name for path in (made.root / "out").iterdir()} == {
        "alpha.html", "index.html", "estimates.csv"
    }  # fmt: skip
    assert (made.root / "kept" / "alpha" / "run.json").is_file()
    assert made.impact("run", "elsewhere/alpha.yml", *folders).returncode == 0
