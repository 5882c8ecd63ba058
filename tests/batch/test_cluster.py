"""A Dask cluster does the work: a scheduler and two workers as processes of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")

LOG = "distributed.log"
ADDRESS = re.compile(r"Scheduler at:\s+(tcp://\S+)")


@dataclass
class Running:
    """A scheduler and its workers."""

    address: str
    workers: list[subprocess.Popen[bytes]]


def dask(folder: Path, *call: str) -> subprocess.Popen[bytes]:
    environment = {k: v for k, v in os.environ.items() if k not in ("IMPACT_ROOT", "MPLBACKEND")}
    with (folder / LOG).open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "dask", *call],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=log,
        )


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Running]:
    given = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
    started = [dask(tmp_path, "scheduler", *given)]
    try:
        address = waited_for(tmp_path / LOG)
        given = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0"]
        started += [dask(tmp_path, "worker", address, *given) for _ in range(2)]
        yield Running(address, started[1:])
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def waited_for(log: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        found = ADDRESS.search(log.read_text(errors="replace"))
        if found:
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text(errors="replace"))


@pytest.mark.slow
def test_one_worker_is_killed_and_all_pilots_are_published(
    cluster: Running, small_of: Any, tmp_path: Path
) -> None:
    made = small_of(tmp_path / "project", *(f"pilot-{at:02d}" for at in range(24)))
    process = made.start("run", "--scheduler", cluster.address, "--json")
    done = 0
    assert process.stdout is not None
    for line in process.stdout:
        event = json.loads(line)
        done += event.get("state") == "done"
        if done == 5 and cluster.workers[0].poll() is None:
            cluster.workers[0].kill()
            cluster.workers[0].wait()
        if event["event"] == "end":
            last = event
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert (last["done"], last["failed"]) == (24, 0)
    here = small_of(tmp_path / "here", *(f"pilot-{at:02d}" for at in range(24)))
    assert here.impact("run").returncode == 0
    assert made.whole() == here.whole()


@pytest.mark.slow
def test_what_runs_there_is_told_while_it_runs(
    cluster: Running, small_of: Any, tmp_path: Path
) -> None:
    made = small_of(tmp_path / "project", "alpha", "beta")
    notebook = json.loads(made.project.notebook.read_text())
    source = notebook["cells"][2]["source"]
    notebook["cells"][2]["source"] = ["import time\n", "time.sleep(4)\n", *source]
    made.project.notebook.write_text(json.dumps(notebook))
    process = made.start("run", "--scheduler", cluster.address, "--json")
    assert process.stdout is not None
    heard = [(time.monotonic(), json.loads(line)) for line in process.stdout]
    process.communicate(timeout=60)
    assert process.returncode == 0
    for pilot in ("alpha", "beta"):
        own = [(when, event) for when, event in heard if event.get("pilot") == pilot]
        asleep = [when for when, event in own if event.get("cell") == 4]
        published = next(when for when, event in own if event["state"] == "publishing")
        assert published - asleep[0] > 1.5
        cells = [event["cell"] for _, event in own if event["event"] == "pilot" and "cell" in event]
        assert cells == sorted(cells)
        assert cells[-1] == 6
        used = [event for _, event in own if event["event"] == "use" and event.get("cell") == 4]
        assert used
        assert all(event["memory"] > 10**7 for event in used)


@pytest.mark.slow
def test_a_hostile_pilot_is_told_as_on_this_machine(
    cluster: Running, small_of: Any, tmp_path: Path
) -> None:
    pilots = ("alpha", "bad-hangs", "bad-leaves")
    made = small_of(tmp_path / "project", *pilots, notebook="hostile")
    ran = made.impact("run", "--scheduler", cluster.address, "--timeout", "20")
    assert ran.returncode == 1
    assert re.search(r"^bad-hangs +failed .*stopped after 20 seconds", ran.stdout, re.M)
    assert re.search(r"^bad-leaves +failed .*cell 4 of 7: the kernel died", ran.stdout, re.M)
    assert "alpha.html" in made.published()


def test_a_scheduler_that_does_not_answer_is_told_in_one_line(
    small_of: Any, tmp_path: Path
) -> None:
    made = small_of(tmp_path / "project", "alpha")
    for address in ("tcp://127.0.0.1:1", "::"):
        ran = made.impact("run", "--scheduler", address)
        assert ran.returncode == 2
        said = f"--scheduler: no scheduler answers at '{address}'; an address is written as tcp"
        assert said in ran.stderr


def test_workers_with_other_packages_are_refused_and_the_packages_named() -> None:
    from impact.batch.joining import _there, _unfit

    same = _there("", "")
    other = {**same, "versions": {**same["versions"], "numpy": "1.0", "scipy": "1.0"}}
    assert [*_unfit([same, same])] == []
    (fault,) = _unfit([same, other])
    assert str(fault).startswith("--scheduler: workers have other versions of numpy, scipy; ")
    (fault,) = _unfit([same, {**same, "code": "another"}])
    assert "1 of 2 workers have another version of impact" in str(fault)
