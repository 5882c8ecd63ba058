"""The warm process: what a new child closes is open when it does."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator, ValuesView
from typing import Any, Never

import pytest

from impact.batch import server
from impact.batch.forks import can_fork

pytestmark = pytest.mark.skipif(not can_fork(), reason="there is no warm process")


class Left(Exception):
    """The child has left."""


class Living(dict[int, int]):
    """Notes whether a child could be reaped while its descriptors are read."""

    blocked = False

    def values(self) -> ValuesView[int]:
        """Return the descriptors."""
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [])
        self.blocked = signal.SIGCHLD in mask
        return super().values()


@pytest.fixture(autouse=True)
def mask() -> Iterator[None]:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def test_no_child_is_reaped_between_the_list_of_what_a_new_one_closes_and_its_birth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Reaping closes a descriptor; a child that closes it once more dies of it."""
    closed: list[int] = []

    def child(request: dict[str, Any], own: socket.socket, foreign: list[int]) -> None:
        closed.extend(foreign)
        own.close()

    def leave(status: int) -> Never:
        raise Left

    monkeypatch.setattr(server, "_child", child)
    monkeypatch.setattr(os, "fork", lambda: 0)
    monkeypatch.setattr(os, "_exit", leave)
    ours, theirs = socket.socketpair()
    status, entry = os.pipe()
    living, asked = Living({4711: 99}), ours.fileno()
    with ours, pytest.raises(Left):
        server._forked({}, [theirs.detach(), entry], ours, living)
    assert living.blocked
    assert closed == [entry, asked, 99]
    os.close(status)
    os.close(entry)
