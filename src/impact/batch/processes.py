"""The end of everything a worker started, in whatever group or session it is.

A kernel leads a session of its own, and what a notebook starts may lead another, so a
signal to the worker's group does not reach them. All of them inherit a mark in their
environment, and by that mark they are found.
"""

from __future__ import annotations

import os
from collections.abc import Collection

import psutil

__all__ = ["MARK", "end_all", "marked"]

MARK = "IMPACT_WORKER"
ROUNDS = 20


def marked(
    token: str, *, session: int | None = None, spare: Collection[int] = ()
) -> list[psutil.Process]:
    """Return the living processes that carry the token as their mark, but for the spared.

    Parameters
    ----------
    token : str
        The mark of one worker.
    session : int, optional
        A session whose processes count as well: those that were only forked carry the
        mark of the process that was started first.
    spare : collection of int
        Process ids that do not count.
    """
    found = []
    for process in psutil.process_iter():
        try:
            if process.pid in spare:
                continue
            if _is_in(process, session) or process.environ().get(MARK) == token:
                found.append(process)
        except (psutil.Error, OSError):
            continue  # it ended meanwhile, or is another user's
    return found


def _is_in(process: psutil.Process, session: int | None) -> bool:
    return session is not None and hasattr(os, "getsid") and os.getsid(process.pid) == session


def end_all(
    token: str,
    *,
    session: int | None = None,
    spare: Collection[int] = (),
    grace: float = 1.0,
) -> None:
    """Ask the marked processes to end, then end them.

    Repeated, because a process may start another between being found and being ended.

    Parameters
    ----------
    token, session, spare
        As for `marked`.
    grace : float
        Seconds between asking and ending; 0 ends them at once.
    """
    for _ in range(ROUNDS):
        found = [one for one in marked(token, session=session, spare=spare) if _lives(one)]
        if not found:
            return
        if grace:
            _signal(found, "terminate")
            _, found = psutil.wait_procs(found, timeout=grace)
        _signal(found, "kill")
        psutil.wait_procs(found, timeout=1.0)


def _lives(process: psutil.Process) -> bool:
    """Whether there is more of it than its exit status."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _signal(processes: Collection[psutil.Process], how: str) -> None:
    for process in processes:
        try:
            getattr(process, how)()
        except psutil.NoSuchProcess:
            continue
