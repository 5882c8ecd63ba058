"""Data, reports and runs in a bucket of a server that speaks S3."""

from __future__ import annotations

import copy
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .buckets import SECRET, Buckets

PILOTS = ("alpha", "beta", "gamma")


@pytest.fixture(scope="module")
def server() -> Iterator[Buckets]:
    made = Buckets()
    made.make("pilots")
    yield made
    made.close()


@pytest.fixture(autouse=True)
def reached(server: Buckets, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def begun(server: Buckets, small_of: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Make a project whose data, reports and runs are in a bucket; a test leaves them alone."""
    made = small_of(tmp_path_factory.mktemp("begun") / "project", *PILOTS)
    away(made, server, "pilots")
    with pytest.MonkeyPatch.context() as environment:
        for name, value in server.environment.items():
            environment.setenv(name, value)
        ran = made.impact("run", *at("begun"))
    assert "3 done, 0 unchanged, 0 failed" in told(ran, tmp_path_factory.getbasetemp())
    return made


@pytest.fixture
def elsewhere(begun: Any, server: Buckets, tmp_path: Path) -> tuple[Any, str]:
    """Return the same project on another machine, and a copy of what it published."""
    folder = f"of-{tmp_path.name}"
    server.copy("pilots", "begun", folder)
    shutil.copytree(begun.root, tmp_path / "project")
    made = copy.copy(begun)
    made.root = tmp_path / "project"
    return made, folder


def at(folder: str) -> list[str]:
    return [
        *("--reports", f"s3://pilots/{folder}/reports"),
        *("--runs", f"s3://pilots/{folder}/runs"),
    ]


def retitle(made: Any, *pilots: str) -> None:
    for pilot in pilots:
        text = made.params(pilot).read_text()
        made.params(pilot).write_text(text.replace("title: Pilot", "title: Project"))


def away(made: Any, server: Buckets, bucket: str) -> None:
    """Have the pilots' data lie in the bucket alone."""
    for path in (made.root / "data").glob("*.csv"):
        server.put(f"{bucket}/data/{path.name}", path.read_bytes())
        params = made.params(path.stem)
        params.write_text(params.read_text().replace("data/", f"s3://{bucket}/data/"))
        path.unlink()


def told(ran: subprocess.CompletedProcess[str], root: Path) -> str:
    """Return all that a call said; it lets nobody in."""
    said = ran.stdout + ran.stderr
    assert SECRET not in said
    assert "127.0.0.1" not in said
    assert str(root) not in said
    return said


def test_what_is_published_is_in_the_bucket_alone_and_lets_nobody_in(
    begun: Any, server: Buckets
) -> None:
    pages, kept = (server.whole("pilots", f"begun/{name}") for name in ("reports", "runs"))
    assert set(pages) == {*(f"{p}.html" for p in PILOTS), "index.html", "estimates.csv"}
    assert not begun.project.reports.exists()
    assert not begun.project.runs.exists()
    assert not any(SECRET.encode() in text for text in (*pages.values(), *kept.values()))
    assert json.loads(kept["alpha/run.json"])["data"] == ["s3://pilots/…"]


def test_any_machine_goes_on_where_another_one_ended(
    elsewhere: tuple[Any, str], server: Buckets, tmp_path: Path
) -> None:
    made, folder = elsewhere
    before, pages = server.tags("pilots"), server.whole("pilots", f"{folder}/reports")
    again = made.impact("run", *at(folder))
    assert "nothing has changed: 0 done, 3 unchanged" in told(again, tmp_path)
    assert server.tags("pilots") == before
    assert re.search(r"alpha +up to date", made.impact("list", *at(folder)).stdout)

    retitle(made, "alpha", "gamma")
    # What earlier editions told is held against the new page wherever that one is made.
    server.put(f"pilots/{folder}/runs/gamma/edition.json", b"lost")
    made.params("beta").unlink()
    said = told(made.impact("run", *at(folder)), tmp_path)
    assert "1 done, 0 unchanged, 1 failed" in said
    assert re.search("gamma +failed .*what earlier editions of the page told cannot be read", said)
    now = server.whole("pilots", f"{folder}/reports")
    assert set(now) == {"alpha.html", "gamma.html", "index.html", "estimates.csv"}
    assert b"Project alpha" in now["alpha.html"]
    assert now["gamma.html"] == pages["gamma.html"]
    assert b"beta.html" not in now["index.html"]


def test_a_store_that_goes_away_in_the_middle_keeps_its_pages_until_the_next_run(
    elsewhere: tuple[Any, str], server: Buckets, tmp_path: Path
) -> None:
    made, folder = elsewhere
    pages = server.whole("pilots", f"{folder}/reports")
    retitle(made, "alpha", "beta")
    for pilot in ("alpha", "beta"):
        # Their data are here: only what they publish shall not get through.
        data = server.get(f"pilots/data/{pilot}.csv")
        (made.root / "data" / f"{pilot}.csv").write_bytes(data)
        text = made.params(pilot).read_text()
        made.params(pilot).write_text(text.replace("s3://pilots/data/", "data/"))
    process = made.start("run", *at(folder), "--jobs", "1", "--json")
    assert process.stdout is not None
    events = []
    for line in process.stdout:
        events.append(json.loads(line))
        if events[-1].get("state") == "running":
            server.line.cut()
    try:
        _, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (1, "")
        said = [event["message"] for event in events if event["event"] == "store"]
        assert said == [
            "not all is published: s3://pilots/…: the store does not answer; try again later; "
            "what is there stays, the next run sends the rest"
        ]
        counted = {name: events[-1][name] for name in ("done", "unchanged", "failed", "left")}
        assert counted == {"done": 0, "unchanged": 1, "failed": 0, "left": 2}
        assert server.whole("pilots", f"{folder}/reports") == pages
        dead = made.impact("run", *at(folder))
        assert dead.returncode == 2
        assert told(dead, tmp_path) == (
            "impact: s3://pilots/…: the store does not answer; try again later\n"
        )
    finally:
        server.line.restore()
    # The lock that could not be taken away is of a process that has ended: it holds nobody up.
    assert server.get(f"pilots/{folder}/runs/.lock.json")
    ran = made.impact("run", *at(folder))
    assert "2 done, 1 unchanged, 0 failed" in told(ran, tmp_path)
    now = server.whole("pilots", f"{folder}/reports")
    assert [b"Project" in now[f"{pilot}.html"] for pilot in PILOTS] == [True, True, False]


def test_pages_alone_can_be_in_a_bucket_that_the_environment_names(
    server: Buckets, small_of: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PILOTS", "pilots")
    to = ["--reports", "s3://${PILOTS}/public"]
    made = small_of(tmp_path / "project", "alpha")
    assert made.impact("run", *to).returncode == 0
    assert set(server.whole("pilots", "public")) == {"alpha.html", "index.html", "estimates.csv"}
    assert (made.project.runs / "alpha" / "edition.json").is_file()
    server.put("pilots/public/alpha.html", b"defaced")
    assert re.search("alpha +stale .*page missing", made.impact("list", *to).stdout)


def test_what_cannot_be_written_is_told_before_anything_runs(small_of: Any, tmp_path: Path) -> None:
    made = small_of(tmp_path / "project", "alpha")
    for to, said in (
        (
            ("--reports", f"sftp://name:{SECRET}@host/x"),
            "pages cannot be replaced whole at sftp://host/…",
        ),
        (("--runs", "s3://pilots/runs"), "runs at a URL, and reports in a folder of this machine"),
        (("--reports", "s3://none/x", "--runs", "s3://none/y"), "there is no such bucket"),
    ):
        ran = made.impact("run", *to)
        assert ran.returncode == 2
        assert said in told(ran, tmp_path)
        assert len(ran.stderr.splitlines()) == 1
    assert not made.project.reports.exists()
