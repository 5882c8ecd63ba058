"""A Dask cluster whose workers do not see the project: data, reports and runs in a bucket.

All processes of a test share one disk. So workers refuse to open, or to list, what lies in the
project or in the calling process' own folders, in every Python that they start.
"""

from __future__ import annotations

import json
import os
import queue
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from impact.batch.crew import Worker
from impact.batch.parcel import Returned, packed, unpacked
from impact.batch.starts import Process
from impact.errors import RunError

from .buckets import SECRET, Buckets
from .test_buckets import away
from .test_cluster import LOG, dask, waited_for

pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")

BLIND = """\
import os
import sys

HIDDEN = os.environ["HIDDEN"].split(os.pathsep)


def blind(event, given):
    if event in ("open", "os.listdir", "os.scandir") and isinstance(given[0], (str, bytes)):
        path = os.path.realpath(os.fsdecode(given[0]))
        if any(path == one or path.startswith(one + os.sep) for one in HIDDEN):
            raise FileNotFoundError(2, "not on this machine", path)


sys.addaudithook(blind)
"""


@pytest.fixture
def server() -> Iterator[Buckets]:
    made = Buckets()
    yield made
    made.close()


@pytest.fixture
def scheduler(tmp_path: Path, server: Buckets, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Yield the address of a scheduler with two workers, each in a folder of its own."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "blind").mkdir()
    (tmp_path / "blind" / "sitecustomize.py").write_text(BLIND)
    (tmp_path / "caller").mkdir()
    started = []
    try:
        given = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--no-show"]
        started.append(dask(tmp_path, "scheduler", *given))
        address = waited_for(tmp_path / LOG)
        given = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--memory-limit", "0"]
        with monkeypatch.context() as there:
            hidden = [tmp_path / "project", tmp_path / "caller"]
            there.setenv("HIDDEN", os.pathsep.join(map(str, hidden)))
            path = [str(tmp_path / "blind"), *filter(None, [os.environ.get("PYTHONPATH")])]
            there.setenv("PYTHONPATH", os.pathsep.join(path))
            for name in ("worker-one", "worker-two"):
                (tmp_path / name).mkdir()
                there.setenv("TMPDIR", str(tmp_path / name))
                started.append(dask(tmp_path / name, "worker", address, *given))
        monkeypatch.setenv("TMPDIR", str(tmp_path / "caller"))
        yield address
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


@pytest.mark.slow
def test_workers_without_the_project_make_the_same_pages_and_keep_nothing(
    scheduler: str, server: Buckets, small_of: Any, tmp_path: Path
) -> None:
    url = server.make("pilots")
    made = small_of(tmp_path / "project", *(f"pilot-{at}" for at in range(4)))
    away(made, server, "pilots")
    small_of.add(made, "near")
    to = ["--reports", f"{url}/reports", "--runs", f"{url}/runs"]
    ran = made.impact("run", "--scheduler", scheduler, *to)
    said = ran.stdout + ran.stderr
    assert ran.returncode == 1, said
    assert "2 of 2 workers do not see the project's folder: params and notebook are sent" in said
    assert re.search(
        r"^near +failed .*params/near.yml data: near.csv is a file that the cluster's workers do "
        r"not see; name a URL \(s3://…\), or put the project on a file system that all share$",
        said,
        re.M,
    )
    assert "4 done, 0 unchanged, 1 failed" in said
    far = server.whole("pilots", "reports")
    kept = server.whole("pilots", "runs")
    assert {f"pilot-{at}/log.txt" for at in range(4)} < set(kept)
    assert not any(SECRET.encode() in content for content in (*far.values(), *kept.values()))
    assert left_on(tmp_path / "worker-one") | left_on(tmp_path / "worker-two") <= {"pilot.ipynb"}

    made.params("near").unlink()
    made.params("pilot-3").write_text(made.params("pilot-3").read_text() + "# more\n")
    events = told(made, "run", "--scheduler", scheduler, *to, "--json")
    assert events[-1]["done"] == 1
    assert events[-1]["unchanged"] == 3
    here = ["--reports", f"{url}/here/reports", "--runs", f"{url}/here/runs"]
    assert made.impact("run", *here).returncode == 0
    pages = server.whole("pilots", "reports")
    assert set(pages) == {f"pilot-{at}.html" for at in range(4)} | {"index.html", "estimates.csv"}
    assert pages == server.whole("pilots", "here/reports")


def told(made: Any, *call: str) -> list[dict[str, Any]]:
    ran: subprocess.CompletedProcess[str] = made.impact(*call)
    assert ran.returncode == 0, ran
    return [json.loads(line) for line in ran.stdout.splitlines()]


def left_on(folder: Path) -> set[str]:
    """Return what of a project lies with a worker, Dask's own files and our processes' left out."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.name for path in found if path.suffix in (".yml", ".ipynb", ".csv", ".html")}


def test_what_travels_is_what_a_duty_reads_and_no_path_of_this_machine(tmp_path: Path) -> None:
    root, elsewhere = tmp_path / "project", tmp_path / "scratch" / "runs" / "alpha"
    for path in (root / "params" / "alpha.yml", root / "notebooks" / "pilot.ipynb"):
        path.parent.mkdir(parents=True)
        path.write_text(path.name)
    given = {
        "notebook": str(root / "notebooks" / "pilot.ipynb"),
        "output": str(elsewhere / "running.ipynb"),
        "params": str(root / "params" / "alpha.yml"),
        "log": "runs/alpha/log.txt",
    }
    request = {"duty": "execute", "given": given, "log": str(elsewhere / "log.txt"), "seconds": 3}
    parcel = packed(request, root, "name")
    assert parcel.files == {
        "notebooks/pilot.ipynb": b"pilot.ipynb",
        "params/alpha.yml": b"alpha.yml",
    }
    assert parcel.request["given"]["output"] == "runs/alpha/running.ipynb"
    assert str(tmp_path) not in json.dumps(parcel.request)
    back = Returned(["{}"], {"output": b"executed"}, b"said")
    assert unpacked(back, request) == ["{}"]
    assert (elsewhere / "running.ipynb").read_bytes() == b"executed"
    assert (elsewhere / "log.txt").read_bytes() == b"said"


class Late(Process):
    """A far process that answers each request after a while, most of it spent waiting."""

    near = False

    def __init__(self, answers: list[dict[str, Any]], waits: float) -> None:
        self.pid, self.token, self.verdict = 0, "late", None
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self.asked: list[dict[str, Any]] = []
        self._answers, self._waits = answers, waits

    def send(self, line: str) -> None:
        self.asked.append(json.loads(line))
        if self._answers:
            message = json.dumps(self._answers.pop(0))
            threading.Timer(self._waits, self.lines.put, [message]).start()

    lives = True

    def status(self) -> None:
        return None

    def kill(self) -> None:
        self.lines.put(None)

    def end(self) -> None:
        """Leave nothing."""


class Starting:
    fresh = True

    def __init__(self, process: Late) -> None:
        self._process = process

    def start(self) -> Process:
        return self._process

    def close(self) -> None:
        """Leave nothing."""


def test_what_a_request_waits_for_a_worker_does_not_count_against_the_time_limit(
    tmp_path: Path,
) -> None:
    process = Late([{"answer": {}, "took": 0.0}, {"answer": {}, "took": 0.0}], waits=0.4)
    worker = Worker(tmp_path, Starting(process))
    until = time.monotonic() + 0.3
    worker.ask("execute", {}, until=until)
    worker.ask("draw", {}, until=until)
    first, second = (request["seconds"] for request in process.asked)
    assert first == pytest.approx(0.3, abs=0.1)
    assert second == pytest.approx(first, abs=0.1)


def test_a_cluster_that_never_begins_is_given_up_after_twice_the_time_limit(
    tmp_path: Path,
) -> None:
    worker = Worker(tmp_path, Starting(Late([], waits=0)))
    begun = time.monotonic()
    with pytest.raises(RunError, match="twice the time limit; see whether the cluster has free"):
        worker.ask("check", {}, until=begun + 0.5)
    assert time.monotonic() - begun >= 1.0
