"""The asking side: workers that are asked for duties, and a crew of them."""

from __future__ import annotations

import json
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from impact.batch.deaths import death, too_late
from impact.batch.processes import end_all
from impact.batch.starts import Cold, Process, Starts
from impact.batch.watch import Watch
from impact.errors import Fault, RunError

__all__ = ["Crew", "Stopped", "Worker"]

Item = TypeVar("Item")
Tell = Callable[[dict[str, Any]], None]


class Stopped(Exception):
    """The batch was stopped while the worker was busy."""


class Worker:
    """One worker process at a time; a new one after one has died or was ended.

    Parameters
    ----------
    root : Path
        The project's root, and the working directory of worker and notebook.
    starts : Starts, optional
        How processes are started; as new Pythons unless said.

    Attributes
    ----------
    memory : int
        The most that its processes used, in bytes, since it was last set to 0.
    waited : float
        Seconds that requests lay before a far process began them, since it was last set to 0.
        They do not count against a time limit.
    """

    def __init__(self, root: Path, starts: Starts | None = None) -> None:
        self._starts = Cold(root) if starts is None else starts
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self.memory = 0
        self.waited = 0.0

    @property
    def process(self) -> Process | None:
        """The process, where there is one."""
        return self._process

    def ask(
        self,
        duty: str,
        given: Mapping[str, Any],
        *,
        tell: Tell = lambda event: None,
        log: Path | None = None,
        until: float | None = None,
    ) -> dict[str, Any]:
        """Ask for a duty and wait for the answer.

        Parameters
        ----------
        duty : str
            A key of `impact.batch.duties.DUTIES`.
        given : mapping
            Its arguments.
        tell : callable
            Called with every event on the way.
        log : Path, optional
            Where the worker's and the notebook's own output goes.
        until : float, optional
            Moment on ``time.monotonic`` after which the worker is ended.

        Raises
        ------
        RunError
            The duty found faults, the worker died, or the time was over.
        Stopped
            `stop` was called.
        """
        begun = time.monotonic()
        seconds = None if until is None else max(0.0, until + self.waited - begun)
        request = {"duty": duty, "given": dict(given), "log": log and str(log)}
        process = self._send({**request, "seconds": seconds})
        if seconds is not None and not process.near:
            # It looks at the clock itself when it begins; it may have to wait until it can.
            until = begun + 2 * seconds
        last: dict[str, Any] = {}
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            try:
                line = process.lines.get(timeout=left)
            except queue.Empty:
                self.end()
                raise RunError(too_late(seconds, near=process.near)) from None
            if line is None:
                status = self.end()
                if self._stopped:
                    raise Stopped
                told = str(given.get("log", ""))
                raise RunError(death(duty, process.verdict or status, last, told))
            message = json.loads(line)
            if "took" in message:
                self.waited += max(0.0, time.monotonic() - begun - message.pop("took"))
            self.memory = max(self.memory, message.pop("memory", 0), message.get("bytes", 0))
            process.busy = message.keys().isdisjoint(("faults", "answer"))
            if "faults" in message:
                raise RunError([Fault(**fault) for fault in message["faults"]])
            if "answer" in message:
                return dict(message["answer"])
            last = last if message.get("event") == "use" else dict(message)
            tell(message)

    def ready(self) -> None:
        """Have a process that waits, so that none has to be waited for later."""
        if self._stopped:
            raise Stopped
        if self._process is None or not self._process.lives:
            self.end()
            self._process = self._starts.start()

    def tidy(self) -> None:
        """End what the last duty left behind; the worker only where a new one costs little."""
        if self._starts.fresh:
            self.end()
        elif self._process is not None:
            end_all(self._process.token, spare=[self._process.pid])

    def end(self) -> int | None:
        """End the process and everything it started; return its exit status."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return None
            process.end()
            return process.status()

    def stop(self) -> None:
        """End now, from another thread; whoever waits for an answer meets `Stopped`."""
        self._stopped = True
        process = self._process
        if process is not None:
            process.kill()

    def _send(self, request: dict[str, Any]) -> Process:
        self.ready()
        process = self._process
        assert process is not None
        if self._stopped:  # `stop` came while the process was started
            self.end()
            raise Stopped
        process.busy = True
        process.send(json.dumps(request) + "\n")
        return process


class Crew:
    """So many workers, each busy with one pilot at a time.

    Parameters
    ----------
    root : Path
        The project's root.
    size : int
        How many pilots at once.
    starts : Starts, optional
        How processes are started.
    memory : int, optional
        Bytes that one of them may use.
    """

    def __init__(
        self,
        root: Path,
        *,
        size: int,
        starts: Starts | None = None,
        memory: int | None = None,
    ) -> None:
        self._watch = Watch(self._processes, memory)
        self._workers = [Worker(root, starts) for _ in range(max(1, size))]
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._finishing = threading.Event()

    def __enter__(self) -> Crew:
        self._watch.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._watch.__exit__()
        for worker in self._workers:
            worker.end()

    @property
    def finishing(self) -> bool:
        """Whether nothing new is begun any more."""
        return self._finishing.is_set()

    def each(self, items: Iterable[Item], work: Callable[[Worker, Item], None]) -> None:
        """Give every item to a free worker; wait until all are done, or left out."""

        def one(item: Item) -> None:
            if self.finishing:
                return
            worker = self._idle.get()
            try:
                if not self.finishing:
                    worker.ready()
                    work(worker, item)
                    worker.tidy()
            except Stopped:
                self.finish()
            finally:
                self._idle.put(worker)

        with ThreadPoolExecutor(len(self._workers)) as threads:
            list(threads.map(one, items))

    def finish(self) -> None:
        """Begin nothing new; what runs goes on."""
        self._finishing.set()

    def stop(self) -> None:
        """Begin nothing new, and end what runs."""
        self.finish()
        for worker in self._workers:
            worker.stop()

    def _processes(self) -> list[Process]:
        found = (worker.process for worker in self._workers)
        return [process for process in found if process is not None and process.near]
