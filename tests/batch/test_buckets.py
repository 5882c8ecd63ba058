"""Data, reports and runs in a bucket of a server that speaks S3."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from .buckets import SECRET, Buckets

FAR = ("--reports", "s3://{}/reports", "--runs", "s3://{}/runs")


@pytest.fixture(scope="module")
def server() -> Iterator[Buckets]:
    made = Buckets()
    yield made
    made.close()


@pytest.fixture
def far(
    server: Buckets, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> tuple[str, list[str]]:
    """Return a new bucket, and where to publish in it."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    bucket = f"b{abs(hash(request.node.name)) % 10**9}"
    server.make(bucket)
    return bucket, [part.format(bucket) for part in FAR]


def away(made: Any, server: Buckets, bucket: str) -> None:
    """Have the pilots' data lie in the bucket alone."""
    for path in (made.root / "data").glob("*.csv"):
        server.put(f"{bucket}/data/{path.name}", path.read_bytes())
        params = made.params(path.stem)
        params.write_text(params.read_text().replace("data/", f"s3://{bucket}/data/"))
        path.unlink()


def told(ran: subprocess.CompletedProcess[str], bucket: str, root: Path) -> str:
    """Return all that a call said; it lets nobody in."""
    said = ran.stdout + ran.stderr
    assert SECRET not in said
    assert "127.0.0.1" not in said
    assert str(root) not in said
    return said


def test_any_machine_goes_on_where_another_one_ended(
    far: tuple[str, list[str]], server: Buckets, small_of: Any, tmp_path: Path
) -> None:
    bucket, to = far
    made = small_of(tmp_path / "project", "alpha", "beta", "gamma")
    away(made, server, bucket)
    assert made.impact("run", *to).returncode == 0
    pages = server.whole(bucket, "reports")
    pilots = {"alpha.html", "beta.html", "gamma.html"}
    assert set(pages) == {*pilots, "index.html", "estimates.csv"}
    assert not made.project.reports.exists()
    assert not made.project.runs.exists()
    kept = server.whole(bucket, "runs")
    assert not any(SECRET.encode() in text for text in (*pages.values(), *kept.values()))
    assert json.loads(kept["alpha/run.json"])["data"] == [f"s3://{bucket}/…"]

    shutil.copytree(made.root, tmp_path / "other")
    shutil.rmtree(made.root)
    made.root = tmp_path / "other"
    before = server.tags(bucket)
    again = made.impact("run", *to)
    assert "nothing has changed: 0 done, 3 unchanged" in told(again, bucket, tmp_path)
    assert server.tags(bucket) == before
    assert re.search(r"alpha +up to date", made.impact("list", *to).stdout)

    for pilot in ("alpha", "gamma"):
        changed = server.get(f"{bucket}/data/{pilot}.csv").replace(b",1,1,", b",1,1,3")
        server.put(f"{bucket}/data/{pilot}.csv", changed)
    # What earlier editions told is held against the new page wherever that one is made.
    server.put(f"{bucket}/runs/gamma/edition.json", b"lost")
    made.params("beta").unlink()
    ran = made.impact("run", *to)
    said = told(ran, bucket, tmp_path)
    assert "1 done, 0 unchanged, 1 failed" in said
    assert re.search("gamma +failed .*what earlier editions of the page told cannot be read", said)
    now = server.whole(bucket, "reports")
    assert set(now) == {"alpha.html", "gamma.html", "index.html", "estimates.csv"}
    assert now["alpha.html"] != pages["alpha.html"]
    assert now["gamma.html"] == pages["gamma.html"]
    assert b"beta.html" not in now["index.html"]


def test_a_store_that_goes_away_in_the_middle_keeps_its_pages_until_the_next_run(
    far: tuple[str, list[str]], server: Buckets, small_of: Any, tmp_path: Path
) -> None:
    bucket, to = far
    made = small_of(tmp_path / "project", "alpha", "beta")
    assert made.impact("run", *to).returncode == 0
    pages = server.whole(bucket, "reports")
    for pilot in ("alpha", "beta"):
        data = made.root / "data" / f"{pilot}.csv"
        data.write_text(data.read_text().replace(",1,1,", ",1,1,3"))
    process = made.start("run", *to, "--jobs", "1", "--json")
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
            f"not all is published: s3://{bucket}/…: the store does not answer; try again later; "
            "what is there stays, the next run sends the rest"
        ]
        assert (events[-1]["done"], events[-1]["failed"], events[-1]["left"]) == (0, 0, 2)
        assert server.whole(bucket, "reports") == pages
        dead = made.impact("run", *to)
        assert dead.returncode == 2
        assert told(dead, bucket, tmp_path) == (
            f"impact: s3://{bucket}/…: the store does not answer; try again later\n"
        )
    finally:
        server.line.restore()
    # The lock that could not be taken away is of a process that has ended: it holds nobody up.
    assert server.get(f"{bucket}/runs/.lock.json")
    ran = made.impact("run", *to)
    assert "2 done, 0 unchanged, 0 failed" in told(ran, bucket, tmp_path)
    assert server.whole(bucket, "reports")["alpha.html"] != pages["alpha.html"]


def test_pages_alone_can_be_in_a_bucket_that_the_environment_names(
    far: tuple[str, list[str]],
    server: Buckets,
    small_of: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bucket, _ = far
    monkeypatch.setenv("PILOTS", bucket)
    to = ["--reports", "s3://${PILOTS}/reports"]
    made = small_of(tmp_path / "project", "alpha")
    assert made.impact("run", *to).returncode == 0
    pages = server.whole(bucket, "reports")
    assert set(pages) == {"alpha.html", "index.html", "estimates.csv"}
    assert server.whole(bucket, "runs") == {}
    assert (made.project.runs / "alpha" / "edition.json").is_file()
    assert "nothing has changed" in made.impact("run", *to).stdout
    server.put(f"{bucket}/reports/alpha.html", b"defaced")
    ran = made.impact("run", *to)
    assert "page missing or changed" in ran.stdout
    assert server.whole(bucket, "reports")["alpha.html"].startswith(b"<!DOCTYPE html>")


def test_what_cannot_be_written_is_told_before_anything_runs(
    far: tuple[str, list[str]], small_of: Any, tmp_path: Path
) -> None:
    made = small_of(tmp_path / "project", "alpha")
    for to, said in (
        (
            ("--reports", f"sftp://name:{SECRET}@host/x"),
            "pages cannot be replaced whole at sftp://host/…",
        ),
        (("--runs", "s3://bucket/runs"), "runs at a URL, and reports in a folder of this machine"),
        (("--reports", "s3://none/x", "--runs", "s3://none/y"), "there is no such bucket"),
    ):
        ran = made.impact("run", *to)
        assert ran.returncode == 2
        assert said in told(ran, "", tmp_path)
        assert len(ran.stderr.splitlines()) == 1
    assert not made.project.reports.exists()
