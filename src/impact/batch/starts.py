"""How worker processes come to be: as new Pythons, or forked from a warm one."""

from __future__ import annotations

import os
import queue
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

from impact.batch.forks import can_fork
from impact.batch.processes import MARK, end_all
from impact.batch.surroundings import surroundings
from impact.errors import Fault

__all__ = ["Cold", "Process", "Starts", "Warm", "starts_of"]

# Not with -P: children find modules beside the notebook, but never this package there.
SERVE = """\
import sys
sys.path[:] = filter(None, sys.path)
from impact.batch.server import main
main()
"""


class Process:
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
    """

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
    def lives(self) -> bool:
        """Whether it can still be asked."""
        raise NotImplementedError

    def status(self) -> int | None:
        """Return its exit status, negative for a signal; None where it is not known."""
        raise NotImplementedError

    def end(self) -> None:
        """End it and all that it started."""
        self.kill()
        self.status()
        for stream in self._streams:
            with suppress(OSError, ValueError):
                stream.close()
        self._scratch.cleanup()

    def kill(self) -> None:
        """End it from another thread."""
        raise NotImplementedError

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
        token, scratch = secrets.token_hex(8), _scratch()
        environment = surroundings(self._root, Path(scratch.name)) | {MARK: token}
        given = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        call = ["-P", "-m", "impact.batch.worker"]
        started = _python(call, self._root, environment, scratch, **given)
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


class Warm:
    """Fork children from one process that has imported everything before.

    Parameters
    ----------
    root : Path
        The project's root, and the working directory.
    environment : mapping, optional
        Of the children, instead of the project's.
    """

    fresh = True

    def __init__(self, root: Path, environment: Mapping[str, str] | None = None) -> None:
        self._root = root
        self._given = environment
        self._lock = threading.Lock()
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._server: subprocess.Popen[str] | None = None
        self._asked: socket.socket | None = None
        self._token = ""
        self._left: list[tuple[str, tempfile.TemporaryDirectory[str]]] = []

    def begin(self) -> None:
        """Start the warm process, so that it is ready when it is needed."""
        with self._lock:
            self._ensure()

    def start(self) -> Process:
        """Fork a child; where the warm process has died, from a new one."""
        with self._lock:
            for last in (False, True):
                self._ensure()
                try:
                    return self._forked()
                except OSError:
                    self._forget()
                    if last:
                        raise
        raise AssertionError

    def close(self) -> None:
        """End the warm process, and whatever stems from it."""
        with self._lock:
            self._forget()
            for token, scratch in self._left:
                end_all(token, grace=0)
                scratch.cleanup()
            self._left.clear()

    def _ensure(self) -> None:
        if self._server is not None and self._server.poll() is None:
            return
        self._forget()
        self._token, self._scratch = secrets.token_hex(8), _scratch()
        self._asked, other = socket.socketpair()
        with other:
            environment = self._environment(self._scratch) | {MARK: self._token}
            call = ["-c", SERVE]
            self._server = _python(call, self._root, environment, self._scratch, stdin=other)

    def _environment(self, scratch: tempfile.TemporaryDirectory[str]) -> dict[str, str]:
        if self._given is not None:
            return dict(self._given)
        return surroundings(self._root, Path(scratch.name))

    def _forked(self) -> Process:
        from impact.batch.child import Child, ask_for

        assert self._asked is not None
        scratch, token = _scratch(), secrets.token_hex(8)
        request = {
            "environment": self._environment(scratch) | {MARK: token},
            "folder": str(self._root),
            "token": token,
        }
        try:
            pid, own, status = ask_for(self._asked, request)
        except OSError:
            scratch.cleanup()
            raise
        return Child(pid, token, own, status, scratch)

    def _forget(self) -> None:
        """Ask this warm process no more; its children may go on."""
        if self._server is None:
            return
        assert self._asked is not None
        assert self._scratch is not None
        self._asked.close()
        self._left.append((self._token, self._scratch))
        self._server.kill()
        self._server.wait()
        self._server = None


def starts_of(root: Path, engine: str) -> Starts:
    """Return how processes of a batch are started: ``warm`` where that can be."""
    return Warm(root) if engine == "warm" and can_fork() else Cold(root)


def _scratch() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="impact-", ignore_cleanup_errors=True)


def _python(
    call: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    scratch: tempfile.TemporaryDirectory[str],
    **streams: Any,
) -> subprocess.Popen[str]:
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
