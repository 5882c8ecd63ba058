"""The asking side: worker processes, started when needed, ended with all they started."""

from __future__ import annotations

import json
import os
import queue
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from impact.batch.processes import MARK, end_all
from impact.batch.surroundings import surroundings
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
        The project's root, and the working directory of worker and kernel.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[str] | None = None
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._token = ""
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._stopped = False

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
            Where the worker's and the kernel's own output goes.
        until : float, optional
            Moment on ``time.monotonic`` after which the worker is ended.

        Raises
        ------
        RunError
            The duty found faults, the worker died, or the time was over.
        Stopped
            `stop` was called.
        """
        self._send({"duty": duty, "given": dict(given), "log": None if log is None else str(log)})
        while True:
            left = None if until is None else max(0.0, until - time.monotonic())
            try:
                line = self._lines.get(timeout=left)
            except queue.Empty:
                self.end()
                raise RunError(Fault("time-limit", "", "stopped at the time limit")) from None
            if line is None:
                self.end()
                if self._stopped:
                    raise Stopped
                raise RunError(Fault("worker-died", "", f"the process that did '{duty}' died"))
            message = json.loads(line)
            if "faults" in message:
                raise RunError([Fault(**fault) for fault in message["faults"]])
            if "answer" in message:
                return dict(message["answer"])
            tell(message)

    def tidy(self) -> None:
        """End what the last duty left behind, but not the worker."""
        if self._process is not None:
            end_all(self._token, spare=[self._process.pid])

    def end(self) -> None:
        """End the process and everything it started."""
        with self._lock:
            process, self._process = self._process, None
            if process is None:
                return
            end_all(self._token)
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    _close(stream)
            process.wait()
            if self._scratch is not None:
                self._scratch.cleanup()

    def stop(self) -> None:
        """End now, from another thread; whoever waits for an answer meets `Stopped`."""
        self._stopped = True
        if self._process is not None:
            end_all(self._token)

    def _send(self, request: dict[str, Any]) -> None:
        if self._stopped:
            raise Stopped
        if self._process is None or self._process.poll() is not None:
            self.end()
            self._start()
        if self._stopped:  # `stop` came while the process was started
            self.end()
            raise Stopped
        assert self._process is not None
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except OSError:
            return  # it died: the queue of lines says so

    def _start(self) -> None:
        self._token = secrets.token_hex(8)
        self._scratch = tempfile.TemporaryDirectory(prefix="impact-", ignore_cleanup_errors=True)
        scratch = Path(self._scratch.name)
        with (scratch / "output").open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "impact.batch.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                cwd=self._root,
                env=surroundings(self._root, scratch) | {MARK: self._token},
                text=True,
                encoding="utf-8",
                start_new_session=os.name == "posix",
            )
        self._lines = queue.SimpleQueue()
        threading.Thread(
            target=_read, args=(self._process.stdout, self._lines), daemon=True
        ).start()


def _read(stream: Any, lines: queue.SimpleQueue[str | None]) -> None:
    try:
        for line in stream:
            lines.put(line)
    except (OSError, ValueError):
        pass  # closed under our hands: the end, as below
    lines.put(None)


def _close(stream: Any) -> None:
    try:
        stream.close()
    except OSError:
        return  # unsent text for a process that is gone


class Crew:
    """So many workers, each busy with one pilot at a time.

    Parameters
    ----------
    root : Path
        The project's root.
    size : int
        How many pilots at once.
    """

    def __init__(self, root: Path, *, size: int) -> None:
        self._workers = [Worker(root) for _ in range(max(1, size))]
        self._idle: queue.SimpleQueue[Worker] = queue.SimpleQueue()
        for worker in self._workers:
            self._idle.put(worker)
        self._finishing = threading.Event()

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *raised: object) -> None:
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
                    work(worker, item)
            except Stopped:
                return
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
