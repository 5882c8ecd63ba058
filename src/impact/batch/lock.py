"""One `impact run` at a time in one project."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from impact.errors import Fault, RunError

__all__ = ["held"]


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock file for as long as the block runs.

    The operating system holds the lock, not the file's presence: a process that was
    killed has let go of it, so a file that it left behind is simply taken over. The file
    tells who holds the lock and since when.

    Raises
    ------
    RunError
        Another living process holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        try:
            _seize(file)
        except OSError:
            raise RunError(_taken(path)) from None
        try:
            _sign(file)
            yield
        finally:
            file.truncate(0)
            _release(file)


def _sign(file: IO[str]) -> None:
    since = dt.datetime.now().astimezone().isoformat(timespec="seconds")
    # On a full disk nobody can read who holds it; it is held all the same.
    with suppress(OSError):
        file.truncate(0)
        os.write(file.fileno(), json.dumps({"pid": os.getpid(), "since": since}).encode())


def _taken(path: Path) -> Fault:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        since = dt.datetime.fromisoformat(owner["since"])
        who = f" (process {owner['pid']}, since {since:%H:%M}, {_age(since)})"
    except (OSError, ValueError, KeyError, TypeError):
        who = ""
    return Fault(
        "already-running",
        "",
        f"another 'impact run'{who} is at work in this project",
        advice="wait until it has ended",
    )


def _age(since: dt.datetime) -> str:
    minutes = int((dt.datetime.now().astimezone() - since).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 120 else f"{minutes // 60} h ago"


if sys.platform != "win32":
    import fcntl

    def _seize(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _release(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)

else:
    import msvcrt

    # A byte far behind the text, so that others can still read who holds the lock.
    FAR = 1 << 20

    def _seize(file: IO[str]) -> None:
        os.lseek(file.fileno(), FAR, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _release(file: IO[str]) -> None:
        os.lseek(file.fileno(), FAR, os.SEEK_SET)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)
