"""What a worker of a Dask cluster tells while it is at work, on its way to whoever asked.

Answers come back as results of tasks, which Dask holds safe. What is told on the way may be lost
with a worker or a connection, so only what nobody depends on goes this way: which cell runs and
what memory is used. It goes through a topic of the scheduler, which keeps a bounded number of
the latest events and needs nothing to be set up or tidied away.
"""

from __future__ import annotations

import json
import time
import weakref
from collections.abc import Callable
from typing import Any

from impact.batch.starts import Process

__all__ = ["Relay", "Told"]

TOPIC = "impact"
PASSING = ("cell", "use")
"""Kinds of events that may be lost."""
SOONEST = 0.5
"""Seconds between what one worker tells of one pilot: the scheduler has other work."""


class Told:
    """What a duty tells, on the worker: passed on at once, or kept for the answer.

    Parameters
    ----------
    who : str
        Mark of whoever asked; empty: nothing is passed on.
    send : callable, optional
        Called with each message; without it the worker of Dask's that runs the task is used.
    """

    def __init__(self, who: str, send: Callable[[dict[str, str]], None] | None = None) -> None:
        self._who = who
        self._send = send
        self._kept: list[dict[str, Any]] = []
        self._pending: dict[str, dict[str, Any]] = {}
        self._sent = -SOONEST

    def __call__(self, event: dict[str, Any]) -> None:
        """Take an event."""
        kind = str(event["event"])
        if kind not in PASSING:
            self._kept.append(event)
            return
        self._pending[kind] = event
        now = time.monotonic()
        if self._who and now - self._sent >= SOONEST:
            self._sent = now
            self._pass_on()

    @property
    def left(self) -> list[dict[str, Any]]:
        """What travels with the answer: all that counts, and the last cell if it is not known."""
        return [*self._kept, *(e for kind, e in self._pending.items() if kind == "cell")]

    def _pass_on(self) -> None:
        from distributed import get_worker

        send = self._send or (lambda said: get_worker().log_event(TOPIC, said))
        for kind in [kind for kind in PASSING if kind in self._pending]:
            send({"who": self._who, "line": json.dumps(self._pending.pop(kind))})


class Relay:
    """Brings what workers tell to those who asked.

    Parameters
    ----------
    client : distributed.Client
        Its scheduler's topic is listened to for as long as it is connected.
    """

    def __init__(self, client: Any) -> None:
        self._asked: weakref.WeakValueDictionary[str, Process] = weakref.WeakValueDictionary()
        client.subscribe_topic(TOPIC, self._heard)

    def add(self, asked: Process) -> None:
        """Bring to it what is told for its mark."""
        self._asked[asked.token] = asked

    def _heard(self, event: tuple[float, dict[str, str]]) -> None:
        _, said = event
        asked = self._asked.get(said["who"])
        if asked is not None and asked.busy:
            asked.lines.put(said["line"])
