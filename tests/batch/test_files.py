"""Files are whole or not there; the lock has one holder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from impact.batch.files import sha256_of, sweep_parts, write_new, write_whole
from impact.batch.lock import held
from impact.errors import RunError

ENDLESS_WRITER = """
import sys
from pathlib import Path
from impact.batch.files import write_whole

target, staging = map(Path, sys.argv[1:])
for turn in range(10**9):
    letter = "ab"[turn % 2]
    write_whole(target, letter * 300_000, staging=staging)
    print("turn", flush=True)
"""


def test_a_file_is_replaced_in_one_step_and_keeps_no_companion(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    first = write_whole(target, "one")
    second = write_whole(target, b"two\r\n")
    assert target.read_bytes() == b"two\r\n"
    assert first != second == sha256_of(target)
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "page.html"
    write_whole(target, "old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(target, "new")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["page.html"]


def test_a_writer_that_is_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    target, staging = tmp_path / "reports" / "page.html", tmp_path / "runs"
    target.parent.mkdir()
    for moment in range(12):
        call = [sys.executable, "-c", ENDLESS_WRITER, str(target), str(staging)]
        with subprocess.Popen(call, stdout=subprocess.PIPE) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.0017 * moment)
            writer.send_signal(signal.SIGKILL)
        text = target.read_text()
        assert len(text) == 300_000
        assert len(set(text)) == 1
    assert [path.name for path in target.parent.iterdir()] == ["page.html"]
    sweep_parts(staging)
    assert list(staging.iterdir()) == []


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    write_new(tmp_path / "a.yml", "mine")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a.yml", "yours")
    assert (tmp_path / "a.yml").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


def test_a_file_that_is_not_there_has_no_hash(tmp_path: Path) -> None:
    assert sha256_of(tmp_path / "nothing") == sha256_of(tmp_path) == ""


def test_a_second_holder_of_the_lock_is_told_who_has_it(tmp_path: Path) -> None:
    with held(tmp_path / ".lock"), pytest.raises(RunError) as refused, held(tmp_path / ".lock"):
        pass
    assert f"process {os.getpid()}" in str(refused.value)


def test_the_lock_of_a_process_that_was_killed_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    code = (
        "import sys, time; from pathlib import Path; from impact.batch.lock import held\n"
        "with held(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        other.stdout.readline()
        with pytest.raises(RunError, match=f"process {other.pid}"), held(path):
            pass
        other.kill()
        other.wait()
        assert str(other.pid) in path.read_text()
        with held(path):
            assert str(os.getpid()) in path.read_text()
