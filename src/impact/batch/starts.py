"""Worker processes: how they are asked, how they end, and how new Pythons become some."""

from __future__ import annotations

import math
import os
import queue
import secrets
import subprocess
import sys
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

from impact.batch.processes import MARK, end_all
from impact.batch.surroundings import surroundings
from impact.errors import Fault

__all__ = ["Cold", "Process", "Starts", "new_scratch", "python"]


class Process(ABC):
    """A started worker process: where it is asked, where it answers, how it ends.

    Parameters
    ----------
    pid : int
        It leads a session of this number.
    token : str
        Its mark.
    asked, answers : text streams
        Lines of JSON.
    scratch : TemporaryDirectory
        Goes with it.

    Attributes
    ----------
    verdict : Fault or None
        Why it was ended, where somebody did.
    near : bool
        Whether it runs on this machine.
    busy : bool
        Whether somebody waits for its answer.
    told : float
        Moment on ``time.monotonic`` when it was last told what it uses.
    """

    near = True
    busy = False
    told = -math.inf

    def __init__(
        self,
        pid: int,
        token: str,
        asked: IO[str],
        answers: IO[str],
        scratch: tempfile.TemporaryDirectory[str],
    ) -> None:
        self.pid = pid
        self.token = token
        self.verdict: Fault | None = None
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._streams = asked, answers
        self._scratch = scratch
        threading.Thread(target=self._read, daemon=True).start()

    def send(self, line: str) -> None:
        """Send a request; of a process that has died the queue of lines tells."""
        with suppress(OSError, ValueError):
            self._streams[0].write(line)
            self._streams[0].flush()

    @property
    @abstractmethod
    def lives(self) -> bool:
        """Whether it can still be asked."""

    @abstractmethod
    def status(self) -> int | None:
        """Return its exit status, negative for a signal; None where it is not known."""

    def end(self) -> None:
        """End it and all that it started."""
        self.kill()
        self.status()
        for stream in self._streams:
            with suppress(OSError, ValueError):
                stream.close()
        self._scratch.cleanup()

    @abstractmethod
    def kill(self) -> None:
        """End it from another thread."""

    def _read(self) -> None:
        # Closed under our hands is an end like any other.
        with suppress(OSError, ValueError):
            for line in self._streams[1]:
                self.lines.put(line)
        self.lines.put(None)


class Starts(Protocol):
    """Whoever starts worker processes."""

    fresh: bool
    """Whether a new process costs so little that every duty gets one."""

    def start(self) -> Process:
        """Start one."""

    def close(self) -> None:
        """End what all of them share."""


class Cold:
    """Start new Pythons, which run notebooks in ordinary kernels.

    Parameters
    ----------
    root : Path
        The project's root, and the working directory.
    """

    fresh = False

    def __init__(self, root: Path) -> None:
        self._root = root

    def start(self) -> Process:
        """Start a Python that waits for requests."""
        token, scratch = secrets.token_hex(8), new_scratch()
        environment = surroundings(self._root, Path(scratch.name)) | {MARK: token}
        given = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        call = ["-P", "-m", "impact.batch.worker"]
        started = python(call, self._root, environment, scratch, **given)
        return _New(started, token, scratch)

    def close(self) -> None:
        """Do nothing: they share nothing."""


class _New(Process):
    def __init__(
        self, started: subprocess.Popen[str], token: str, scratch: tempfile.TemporaryDirectory[str]
    ) -> None:
        assert started.stdin is not None
        assert started.stdout is not None
        self._started = started
        super().__init__(started.pid, token, started.stdin, started.stdout, scratch)

    @property
    def lives(self) -> bool:
        return self._started.poll() is None

    def status(self) -> int | None:
        return self._started.wait()

    def kill(self) -> None:
        end_all(self.token)


def new_scratch() -> tempfile.TemporaryDirectory[str]:
    """Return an empty folder for what a process leaves."""
    return tempfile.TemporaryDirectory(prefix="impact-", ignore_cleanup_errors=True)


def python(
    call: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    scratch: tempfile.TemporaryDirectory[str],
    **streams: Any,
) -> subprocess.Popen[str]:
    """Start this Python; what it says goes into its scratch folder."""
    with Path(scratch.name, "output").open("wb") as output:
        given = {"stdout": output} | streams
        return subprocess.Popen(
            [sys.executable, *call],
            stderr=output,
            cwd=folder,
            env=environment,
            text=True,
            encoding="utf-8",
            start_new_session=os.name == "posix",
            **given,
        )
