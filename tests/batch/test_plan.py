"""What must run, in which order, how many at once; what is remembered of files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from impact.batch import memo as memory_of_files
from impact.batch.memo import Memo
from impact.batch.memory import fitting
from impact.batch.plan import Task
from impact.batch.record import Run


def task(pilot: str, *, memory: int = 0, seconds: float = 0.0, state: str = "done") -> Task:
    run = Run(pilot, state, f"{pilot}.yml", seconds=seconds, memory=memory)
    return Task(Path(f"{pilot}.yml"), run, "asked for")


@pytest.mark.parametrize(
    ("needs", "jobs", "room", "due"),
    [
        ((), 4, 100, 1),
        ((0, 0, 0), 3, 100, 3),  # nothing is known of any
        ((10, 10, 10), 3, 100, 3),
        ((50, 30, 10), 3, 100, 3),
        ((50, 41, 10), 3, 100, 1),  # nine tenths of the room: the two largest do not fit
        ((40, 40, 1), 3, 100, 3),
        ((40, 0, 0), 3, 100, 2),  # the unknown count as the largest
        ((500,), 1, 100, 1),  # one always runs
        ((10, 10, 10, 10), 2, 100, 2),
    ],
)
def test_no_more_pilots_run_at_once_than_fit_whichever_they_are(
    needs: tuple[int, ...], jobs: int, room: int, due: int
) -> None:
    tasks = [task(f"p{at}", memory=need) for at, need in enumerate(needs)]
    assert fitting(tasks, jobs, room) == due


def test_the_longest_comes_first_and_what_is_not_known_before_it() -> None:
    tasks = [
        task("short", seconds=1),
        task("long", seconds=9),
        task("broke", seconds=0.1, state="failed"),
    ]
    order = sorted(tasks, key=lambda one: one.expected, reverse=True)
    assert [one.pilot for one in order] == ["broke", "long", "short"]


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have files count as settled as soon as they are written."""
    monkeypatch.setattr(memory_of_files, "SETTLED", -1.0)


@pytest.mark.usefixtures("settled")
def test_a_file_is_read_again_only_when_something_about_it_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, kept = tmp_path / "data.csv", tmp_path / "memo.json"
    data.write_text("a")
    first = Memo(kept)
    digest = first.sha256_of(data)
    first.keep()
    with monkeypatch.context() as blind:
        blind.setattr(memory_of_files, "sha256_of", lambda path: "read again")
        assert Memo(kept).sha256_of(data) == digest
        before = data.stat()
        time.sleep(0.02)
        data.write_text("b")
        os.utime(data, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert Memo(kept).sha256_of(data) == "read again"
    assert Memo(kept).sha256_of(tmp_path / "nothing") == ""


def test_a_file_written_just_now_is_not_remembered(tmp_path: Path) -> None:
    data, kept = tmp_path / "data.csv", tmp_path / "memo.json"
    data.write_text("a")
    memo = Memo(kept)
    memo.sha256_of(data)
    memo.keep()
    assert not kept.exists()


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": 3}'])
def test_a_memo_that_cannot_be_understood_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    data, kept = tmp_path / "data.csv", tmp_path / "memo.json"
    data.write_text("a")
    kept.write_text(text)
    assert len(Memo(kept).sha256_of(data)) == 64


@pytest.mark.slow
def test_a_hundred_unchanged_pilots_take_under_a_second_of_computing(
    small_of: Any, tmp_path: Path
) -> None:
    made = small_of(tmp_path / "project", *(f"p{at:03d}" for at in range(100)))
    assert made.impact("run").returncode == 0
    times = [cpu(made.root, "run", "--json") for _ in range(3)]
    out, seconds = min(times, key=lambda found: found[1])
    assert json.loads(out.splitlines()[-1])["unchanged"] == 100
    assert seconds < 1.0


@pytest.mark.parametrize("call", [["--help"], ["run", "--help"], ["list"]])
def test_help_and_list_answer_at_once(ran: Any, call: list[str]) -> None:
    assert min(cpu(ran.root, *call)[1] for _ in range(3)) < 0.3


def cpu(root: Path, *call: str) -> tuple[str, float]:
    """Return what a call printed and the seconds of computing it took, whoever else computes."""
    code = (
        "import resource, subprocess, sys\n"
        "out = subprocess.run([sys.executable, '-m', 'impact', *sys.argv[1:]], check=True,"
        " capture_output=True, text=True).stdout\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(out, end='')\n"
        "print(used.ru_utime + used.ru_stime, file=sys.stderr)\n"
    )
    environment = {k: v for k, v in os.environ.items() if k != "IMPACT_ROOT"}
    done = subprocess.run(
        [sys.executable, "-c", code, *call],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout, float(done.stderr)
