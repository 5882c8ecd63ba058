"""Worker processes that are forked from a warm one: it has imported everything before."""

from __future__ import annotations

import secrets
import socket
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

from impact.batch.child import Child, ask_for
from impact.batch.forks import can_fork
from impact.batch.processes import MARK, end_all
from impact.batch.starts import Cold, Process, Starts, new_scratch, python
from impact.batch.surroundings import surroundings

__all__ = ["Warm", "starts_of"]

# Not with -P: children find modules beside the notebook, but never this package there.
SERVE = """\
import sys
sys.path[:] = filter(None, sys.path)
from impact.batch.server import main
main()
"""


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
        self._token, self._scratch = secrets.token_hex(8), new_scratch()
        self._asked, other = socket.socketpair()
        with other:
            environment = self._environment(self._scratch) | {MARK: self._token}
            call = ["-c", SERVE]
            self._server = python(call, self._root, environment, self._scratch, stdin=other)

    def _environment(self, scratch: tempfile.TemporaryDirectory[str]) -> dict[str, str]:
        if self._given is not None:
            return dict(self._given)
        return surroundings(self._root, Path(scratch.name))

    def _forked(self) -> Process:
        assert self._asked is not None
        scratch, token = new_scratch(), secrets.token_hex(8)
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
