"""The end of everything a worker started, in whatever group or session it is.

A kernel leads a session of its own, and what a notebook starts may lead another, so a
signal to the worker's group does not reach them. All of them inherit a mark in their
environment, and by that mark they are found.
"""

from __future__ import annotations

from collections.abc import Collection

import psutil

__all__ = ["MARK", "end_all", "marked"]

MARK = "IMPACT_WORKER"
ROUNDS = 20


def marked(token: str, *, spare: Collection[int] = ()) -> list[psutil.Process]:
    """Return the living processes that carry the token as their mark, but for the spared."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid not in spare and process.environ().get(MARK) == token:
                found.append(process)
        except (psutil.Error, OSError):
            continue  # it ended meanwhile, or is another user's
    return found


def end_all(token: str, *, spare: Collection[int] = (), grace: float = 1.0) -> None:
    """Ask the marked processes to end, then end them.

    Repeated, because a process may start another between being found and being ended.

    Parameters
    ----------
    token : str
        The mark of one worker.
    spare : collection of int
        Process ids that go on.
    grace : float
        Seconds between asking and ending.
    """
    for _ in range(ROUNDS):
        found = marked(token, spare=spare)
        if not found:
            return
        _signal(found, "terminate")
        _, alive = psutil.wait_procs(found, timeout=grace)
        _signal(alive, "kill")
        psutil.wait_procs(alive, timeout=grace)


def _signal(processes: Collection[psutil.Process], how: str) -> None:
    for process in processes:
        try:
            getattr(process, how)()
        except psutil.NoSuchProcess:
            continue
