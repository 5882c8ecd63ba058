"""Duties done by the workers of a Dask cluster, each in a child of a warm process there.

``impact run --scheduler tcp://…``. Workers have this package; they execute and draw, and only
the process that was called publishes. Where one of them does not see the project's folder, what
a duty reads travels with the request (`impact.batch.parcel`), and data must be at URLs. What a
worker that is lost was doing, Dask gives to another one.
"""

from __future__ import annotations

import hashlib
import json
import platform
import queue
import secrets
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impact.batch.crew import Worker
from impact.batch.parcel import done_apart, packed, unpacked
from impact.batch.relay import Relay, Told
from impact.batch.starts import Process, Starts
from impact.batch.warm import starts_of
from impact.batch.watch import Watch
from impact.errors import RunError

__all__ = ["Cluster", "done_there"]


class Cluster:
    """Whoever asks is answered by the cluster.

    Parameters
    ----------
    client : distributed.Client
        Connected to the scheduler.
    root : Path
        The project's root, here and there.
    engine : str
        How processes are started there: ``warm`` or ``standard``.
    memory : int or None
        Bytes that a pilot may use there.
    blind : tuple of int
        How many of how many workers do not see the project's folder.
    """

    fresh = True

    def __init__(
        self,
        client: Any,
        root: Path,
        *,
        engine: str,
        memory: int | None,
        blind: tuple[int, int] = (0, 0),
    ) -> None:
        self._client = client
        self._place = {"root": str(root), "engine": engine, "memory": memory}
        self._relay = Relay(client)
        self._blind = blind

    @property
    def apart(self) -> bool:
        """Whether files travel with the requests."""
        return self._blind[0] > 0

    @property
    def note(self) -> str:
        """What there is to say of it; empty where there is nothing."""
        if not self.apart:
            return ""
        told = f"{self._blind[0]} of {self._blind[1]} workers do not see the project's folder"
        return f"{told}: params and notebook are sent to them, data must be at URLs"

    @property
    def size(self) -> int:
        """How many pilots the cluster can run at once."""
        return max(1, int(sum(self._client.nthreads().values())))

    def start(self) -> Process:
        """Return what takes requests to the cluster."""
        asked = _Asked(self._client, self._place, apart=self.apart)
        self._relay.add(asked)
        return asked

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()


class _Asked(Process):
    """Looks like a process; each request is a task of the cluster."""

    near = False

    def __init__(self, client: Any, place: Mapping[str, Any], *, apart: bool) -> None:
        self.pid = 0
        self.token = secrets.token_hex(8)
        self.verdict = None
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._client = client
        self._place = dict(place)
        self._apart = apart
        self._request: dict[str, Any] = {}
        self._future: Any = None

    def send(self, line: str) -> None:
        """Give a request to the cluster; what comes back goes into the queue of lines."""
        key = f"impact-{self.token}-{secrets.token_hex(4)}"
        self._request = json.loads(line) | {"who": self.token}
        do, what, how = self._task()
        self._future = self._client.submit(do, what, **how, key=key, pure=False)
        self._future.add_done_callback(self._came_back)

    @property
    def lives(self) -> bool:
        """Whether it can be asked: always."""
        return True

    def status(self) -> int | None:
        """Return nothing: processes are looked after where they run."""
        return None

    def kill(self) -> None:
        """Wait no longer for an answer."""
        if self._future is not None:
            self._future.cancel()
        self.lines.put(None)

    def end(self) -> None:
        """Forget the answer."""
        if self._future is not None:
            self._future.release()

    def _task(self) -> tuple[Any, Any, dict[str, Any]]:
        """Return the task of a request: a function, what it is given, and how it is done."""
        if not self._apart:
            return done_there, self._request, self._place
        how = dict(self._place)
        root = how.pop("root")
        # Nobody there shall read where the project lies here.
        name = hashlib.sha256(f"{platform.node()} {root}".encode()).hexdigest()[:16]
        return done_apart, packed(self._request, Path(root), name), how

    def _came_back(self, future: Any) -> None:
        try:
            lines = future.result()
            if self._apart:
                lines = unpacked(lines, self._request)
        except BaseException:
            # Whatever Dask says of its loss: too many workers died of it, or it was cancelled.
            lines = [None]
        for line in lines:
            self.lines.put(line)


_lock = threading.Lock()
_shared: dict[tuple[str, str], Starts] = {}


def done_there(
    request: Mapping[str, Any], *, root: str, engine: str, memory: int | None
) -> list[str | None]:
    """Do a duty on a worker of the cluster, in a process of its own.

    Returns
    -------
    list of str
        The lines that such a process tells, but for what was passed on while it was at work
        (`impact.batch.relay`); None where it died and nothing else is known.
    """
    begun = time.monotonic()
    with _lock:
        if (root, engine) not in _shared:
            _shared[root, engine] = starts_of(Path(root), engine)
        worker = Worker(Path(root), _shared[root, engine])
    left = request.get("seconds")
    told = Told(request.get("who", ""))
    given: dict[str, Any] = {"tell": told}
    given |= {"log": Path(request["log"])} if request["log"] else {}
    given |= {} if left is None else {"until": time.monotonic() + left}
    try:
        with Watch(lambda: [worker.process] if worker.process else [], memory):
            last: dict[str, Any] = {
                "answer": worker.ask(request["duty"], request["given"], **given)
            }
    except RunError as error:
        names = ("code", "where", "found", "expected", "advice")
        last = {"faults": [{n: getattr(fault, n) for n in names} for fault in error.faults]}
    finally:
        worker.end()
    last |= {"memory": worker.memory, "took": time.monotonic() - begun}
    return [json.dumps(message) for message in (*told.left, last)]
