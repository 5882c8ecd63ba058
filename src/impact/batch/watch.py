"""What worker processes use, seen twice a second: too much ends them, not the machine."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from impact.batch.starts import Process
from impact.errors import Fault

__all__ = ["Use", "Watch", "room"]

BETWEEN = 0.5
TOLD = 2.0
"""Seconds after which it is told again what a worker uses."""
TASKS = 1000
"""Threads and processes of one pilot: more are a flood."""
SCARCE = 0.04
"""Share of the machine's memory that must stay free."""
CGROUP = Path("/sys/fs/cgroup")


@dataclass(frozen=True)
class Use:
    """What a worker and all it started use now: bytes, and threads."""

    memory: int
    tasks: int


def room() -> int:
    """Return how many bytes of memory there are to be had, in this machine or container."""
    free = int(psutil.virtual_memory().available)
    with suppress(OSError, ValueError):
        most = int((CGROUP / "memory.max").read_text())
        return min(free, most - int((CGROUP / "memory.current").read_text()))
    return free


class Watch:
    """Looks at the workers of a crew in a thread of its own.

    Whoever waits for a worker's answer is told on the way what it uses, as
    ``{"event": "use", "bytes": n}``.

    Parameters
    ----------
    processes : callable
        Returns the processes that are there now.
    limit : int or None
        Bytes that one worker and what it started may use; four fifths of what there is
        where it is None.
    """

    def __init__(self, processes: Callable[[], Iterable[Process]], limit: int | None) -> None:
        self._processes = processes
        self._limit = limit or room() * 4 // 5
        self._scarce = int(psutil.virtual_memory().total * SCARCE)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(BETWEEN):
            used = {process: _use(process.pid) for process in self._processes()}
            for process, use in used.items():
                _tell(process, use)
                fault = self._judge(use)
                if fault is not None:
                    _end(process, fault)
            self._spare_the_machine(used)

    def _judge(self, use: Use) -> Fault | None:
        if use.memory > self._limit:
            found = f"ended because it used more than {_size(self._limit)} of memory"
            return Fault("memory-limit", "", found)
        if use.tasks > TASKS:
            found = f"ended because it started more than {TASKS:,} threads or processes"
            return Fault("too-many-tasks", "", found)
        return None

    def _spare_the_machine(self, used: Mapping[Process, Use]) -> None:
        if not used or room() > self._scarce:
            return
        largest = max(used, key=lambda process: used[process].memory)
        found = f"ended when the machine ran short of memory; it used {_size(used[largest].memory)}"
        _end(largest, Fault("memory-short", "", found, advice="run fewer at once: --jobs"))


def _tell(process: Process, use: Use) -> None:
    now = time.monotonic()
    if process.busy and use.memory and now - process.told >= TOLD:
        process.told = now
        process.lines.put(json.dumps({"event": "use", "bytes": use.memory}))


def _end(process: Process, fault: Fault) -> None:
    process.verdict = process.verdict or fault
    process.kill()


def _use(pid: int) -> Use:
    memory = tasks = 0
    with suppress(psutil.Error, OSError):
        leader = psutil.Process(pid)
        for one in (leader, *leader.children(recursive=True)):
            with suppress(psutil.Error, OSError):
                memory += one.memory_info().rss
                tasks += one.num_threads()
    return Use(memory, tasks)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
