"""The asking side of a forked child."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from impact.batch.processes import end_all
from impact.batch.starts import Process

__all__ = ["Child", "ask_for"]

WAIT = 5.0


def ask_for(asked: socket.socket, request: Mapping[str, Any]) -> tuple[int, socket.socket, int]:
    """Ask a warm process for a child.

    Returns
    -------
    tuple
        Its id, the socket that leads to it, and the descriptor that tells its exit status.

    Raises
    ------
    OSError
        The warm process has died.
    """
    own, other = socket.socketpair()
    status, entry = os.pipe()
    try:
        line = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(asked, [line], [other.fileno(), entry])
        asked.sendall(line[sent:])
        return _number(asked), own, status
    except OSError:
        own.close()
        os.close(status)
        raise
    finally:
        other.close()
        os.close(entry)


def _number(asked: socket.socket) -> int:
    text = b""
    while not text.endswith(b"\n"):
        found = asked.recv(64)
        if not found:
            raise ConnectionError("the warm process has died")
        text += found
    return int(text)


class Child(Process):
    """A child of a warm process.

    Parameters
    ----------
    pid, token, scratch
        As for `Process`.
    own : socket
        Leads to it.
    status : int
        Descriptor of the pipe that tells its exit status.
    """

    def __init__(
        self,
        pid: int,
        token: str,
        own: socket.socket,
        status: int,
        scratch: tempfile.TemporaryDirectory[str],
    ) -> None:
        self._pipe = status
        self._known: int | None = None
        asked = own.makefile("w", encoding="utf-8")
        answers = own.makefile(encoding="utf-8")
        self._own = own
        super().__init__(pid, token, asked, answers, scratch)

    @property
    def lives(self) -> bool:
        """Whether its exit status is not known yet."""
        return self._pipe >= 0 and not select.select([self._pipe], [], [], 0)[0]

    def status(self) -> int | None:
        """Return its exit status, negative for a signal; None where it is not known."""
        if self._pipe >= 0 and select.select([self._pipe], [], [], WAIT)[0]:
            told = os.read(self._pipe, 16)
            self._known = int(told) if told else None
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        return self._known

    def kill(self) -> None:
        """End it, its group, its session and whatever carries its mark."""
        with suppress(OSError, ValueError):
            if self.lives:
                # At once, and all at once: the members of a group cannot outrun it. By its
                # own number, too: one that was born just now leads no group yet.
                os.kill(self.pid, signal.SIGKILL)
                os.killpg(self.pid, signal.SIGKILL)
        end_all(self.token, session=self.pid, grace=0)

    def end(self) -> None:
        """End it and all that it started."""
        super().end()
        self._own.close()
