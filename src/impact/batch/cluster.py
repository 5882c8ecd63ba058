"""Duties done by the workers of a Dask cluster, each in a child of a warm process there.

``impact run --scheduler tcp://…``. Workers see the project's folder under the same path and
have this package; they execute and draw, and only the process that was called publishes.
What a worker that is lost was doing, Dask gives to another one.
"""

from __future__ import annotations

import json
import queue
import secrets
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from impact.batch.crew import Worker
from impact.batch.relay import Relay, Told
from impact.batch.starts import Process, Starts
from impact.batch.warm import starts_of
from impact.batch.watch import Watch
from impact.errors import Fault, RunError

__all__ = ["Cluster", "connected", "done_there"]

WAIT = 30


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
    """

    fresh = True

    def __init__(self, client: Any, root: Path, *, engine: str, memory: int | None) -> None:
        self._client = client
        self._place = {"root": str(root), "engine": engine, "memory": memory}
        self._relay = Relay(client)

    @property
    def size(self) -> int:
        """How many pilots the cluster can run at once."""
        return max(1, int(sum(self._client.nthreads().values())))

    def start(self) -> Process:
        """Return what takes requests to the cluster."""
        asked = _Asked(self._client, self._place)
        self._relay.add(asked)
        return asked

    def close(self) -> None:
        """Leave the cluster."""
        self._client.close()


class _Asked(Process):
    """Looks like a process; each request is a task of the cluster."""

    near = False

    def __init__(self, client: Any, place: Mapping[str, Any]) -> None:
        self.pid = 0
        self.token = secrets.token_hex(8)
        self.verdict = None
        self.lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._client = client
        self._place = dict(place)
        self._future: Any = None

    def send(self, line: str) -> None:
        """Give a request to the cluster; what comes back goes into the queue of lines."""
        key = f"impact-{self.token}-{secrets.token_hex(4)}"
        request = json.loads(line) | {"who": self.token}
        self._future = self._client.submit(done_there, request, **self._place, key=key, pure=False)
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

    def _came_back(self, future: Any) -> None:
        try:
            lines = future.result()
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
    last["memory"] = worker.memory
    return [json.dumps(message) for message in (*told.left, last)]


def connected(address: str, root: Path, *, engine: str, memory: int | None) -> Cluster:
    """Connect to a scheduler whose workers can do our work.

    Raises
    ------
    RunError
        The package is not installed, nobody answers, there is no worker, or one of them
        does not see the project or has another version of this package.
    """
    try:
        import distributed
    except ImportError:
        advice = "install it: pip install 'impact[cluster]'"
        raise RunError(Fault("no-dask", "--scheduler", "Dask is missing", advice=advice)) from None
    _answers(address)
    client: Any = distributed.Client(  # type: ignore[no-untyped-call]
        address, timeout=WAIT, set_as_default=False
    )
    faults = _unfit(client, root)
    if faults:
        client.close()
        raise RunError(faults)
    return Cluster(client, root, engine=engine, memory=memory)


def _answers(address: str) -> None:
    """Make sure that somebody listens at an address before Dask waits for it."""
    parts = urlsplit(address if "://" in address else f"tcp://{address}")
    try:
        socket.create_connection((parts.hostname or "", parts.port or 8786), timeout=WAIT).close()
    except (OSError, ValueError):
        found = f"no scheduler answers at '{address}'"
        advice = "an address is written as tcp://host:8786"
        raise RunError(Fault("no-scheduler", "--scheduler", found, advice=advice)) from None


def _unfit(client: Any, root: Path) -> Sequence[Fault]:
    try:
        client.wait_for_workers(1, timeout=WAIT)
        found = client.run(_there, str(root))
    except Exception:
        said = "the workers cannot be asked"
        return [Fault("no-workers", "--scheduler", said, "at least one, with this package")]
    code = _there(str(root))["code"]
    blind = [where for where, told in found.items() if not told["sees"]]
    other = [where for where, told in found.items() if told["code"] != code]
    faults = []
    if blind:
        advice = "the project must lie on a file system that all of them share"
        said = f"{len(blind)} of {len(found)} workers do not see the project's folder"
        faults.append(Fault("not-shared", "--scheduler", said, advice=advice))
    if other:
        said = f"{len(other)} of {len(found)} workers have another version of impact"
        advice = "install the same one everywhere"
        faults.append(Fault("other-version", "--scheduler", said, advice=advice))
    return faults


def _there(root: str) -> dict[str, Any]:
    """Tell of a worker what its work depends on."""
    from impact.batch.inputs import code_hash

    return {"sees": Path(root, "params").is_dir(), "code": code_hash()}
