"""One writer at a time at a URL, as far as an object store can promise that.

The writer puts an object that says who it is, and writes it again every minute. Whoever finds
one that was written lately goes away; one that has not been written for long, or is of a process
of this machine that lives no more, was left behind and is taken over. A writer looks at it before
each sending and sends nothing once it is another's.

What that does not promise: a writer that stood still (a laptop that slept) for longer than
`STALE` between looking and sending may still send what it had begun, one object at a time. And
where clocks of two machines differ by minutes, so does what "lately" means.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import platform
import secrets
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from impact.batch.store import Store
from impact.errors import Fault, RunError

__all__ = ["Claim"]

NAME = ".lock.json"
AGAIN = 60.0
STALE = 600.0
PAUSE = 2.0


class Claim:
    """The right to write to a store.

    Parameters
    ----------
    store : Store
        Where the object lies that says who writes.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._owner = secrets.token_hex(8)
        self._since = _now()
        self._over = threading.Event()
        self._writing = threading.Lock()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold it for as long as the block runs.

        Raises
        ------
        RunError
            Another one holds it, or the store cannot be asked.
        """
        self._take()
        threading.Thread(target=self._renew, daemon=True).start()
        try:
            yield
        finally:
            self._over.set()
            # A store that is gone keeps the object; it is taken over when it is old.
            with suppress(RunError), self._writing:
                if self._is_ours():
                    self._store.drop(NAME)

    def check(self) -> None:
        """Make sure that it is still ours.

        Raises
        ------
        RunError
            Another one has taken over.
        """
        with self._writing:
            held = self._is_ours() or (
                self._store.read(NAME) is None and self._store.create(NAME, self._signed())
            )
        if not held:
            found = "another 'impact run' writes there now: this one stood still for too long"
            raise RunError(Fault("taken-over", self._store.where, found, advice="run it again"))

    def _take(self) -> None:
        if self._store.create(NAME, self._signed()):
            return
        other = self._read()
        if other is not None and _lives(other):
            raise RunError(self._taken(other))
        self._store.drop(NAME)
        if not self._store.create(NAME, self._signed()):
            raise RunError(self._taken(self._read()))
        # Two may have found the same old one: the last to write it has it.
        time.sleep(PAUSE)
        if not self._is_ours():
            raise RunError(self._taken(self._read()))

    def _renew(self) -> None:
        while not self._over.wait(AGAIN):
            # Whether the store answers is told by whoever sends.
            with suppress(RunError), self._writing:
                if not self._over.is_set() and self._is_ours():
                    self._store.put(NAME, self._signed())

    def _is_ours(self) -> bool:
        other = self._read()
        return other is not None and other["owner"] == self._owner

    def _read(self) -> dict[str, str] | None:
        content = self._store.read(NAME)
        try:
            told = json.loads(content or b"null")
            return {name: str(told[name]) for name in ("owner", "since", "seen", "process")}
        except (ValueError, TypeError, KeyError):
            return None

    def _signed(self) -> bytes:
        told = {"owner": self._owner, "since": self._since, "seen": _now()}
        return json.dumps({**told, "process": f"{_here()} {os.getpid()}"}).encode()

    def _taken(self, other: dict[str, str] | None) -> Fault:
        who = ""
        if other is not None:
            with suppress(ValueError):
                since = dt.datetime.fromisoformat(other["since"]).astimezone()
                minutes = max(0, int(_age(other["seen"]) // 60))
                who = f" (since {since:%Y-%m-%d %H:%M}, last seen {minutes} min ago)"
        found = f"another 'impact run'{who} writes there"
        minutes = int(STALE // 60)
        advice = (
            f"wait until it has ended; one that was killed elsewhere counts for {minutes} minutes"
        )
        return Fault("already-running", self._store.where, found, advice=advice)


def _lives(other: dict[str, str]) -> bool:
    """Whether the writer of a lock is at work, as far as can be known from here."""
    import psutil

    where, _, number = other["process"].partition(" ")
    if where == _here() and number.isdecimal() and not psutil.pid_exists(int(number)):
        return False
    return _age(other["seen"]) < STALE


def _here() -> str:
    """Return what tells machines apart, and names none."""
    return hashlib.sha256(f"{platform.node()} {uuid.getnode()}".encode()).hexdigest()[:16]


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")


def _age(seen: str) -> float:
    """Return the seconds since a time; without end where it is none."""
    try:
        then = dt.datetime.fromisoformat(seen)
        return (dt.datetime.now(dt.UTC) - then).total_seconds()
    except (ValueError, TypeError):
        return float("inf")
