"""The warm process: imports everything once, then forks a child for whoever asks.

The standard library's forkserver does the same; but its server has the environment of
whoever started it, cannot be ended, and its children import the caller's main module again.

Requests come in over a socket as a line of JSON with two file descriptors: the child's own
socket, and a pipe into which the child's exit status is written. The answer is its id.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
from typing import Any

from impact.batch.forks import becomes_fork
from impact.batch.preload import warm
from impact.batch.surroundings import SCRATCH
from impact.batch.worker import serve

__all__ = ["main"]

SIZE = 1 << 16
GRACE = 2.0


def main() -> None:
    """Fork children until nobody asks any more."""
    asked = socket.socket(fileno=os.dup(0))
    _nothing_to_read()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Collected children would touch, and so copy, the pages that they share.
    gc.disable()
    warm()
    living: dict[int, int] = {}
    signal.signal(signal.SIGCHLD, lambda *_: _reap(living))
    while True:
        request, descriptors = _received(asked)
        if not request:
            _end(living)
        pid = _forked(request, descriptors, asked, living)
        asked.sendall(f"{pid}\n".encode())


def _forked(
    request: dict[str, Any], descriptors: list[int], asked: socket.socket, living: dict[int, int]
) -> int:
    own, status = descriptors
    # A child that dies at once must not be reaped before it is known; nor may one be reaped, and
    # its descriptor closed, after the new child has been told to close it.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    pid = os.fork()
    if pid == 0:
        try:
            foreign = [status, asked.fileno(), *living.values()]
            _child(request, socket.socket(fileno=own), foreign)
        finally:
            os._exit(1)
    os.close(own)
    living[pid] = status
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    return pid


def _child(request: dict[str, Any], own: socket.socket, foreign: list[int]) -> None:
    os.setsid()
    for number in (signal.SIGCHLD, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
    for descriptor in foreign:
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    tempfile.tempdir = None
    time.tzset()
    _own_chance()
    _first_to_go()
    becomes_fork()
    gc.enable()
    sys.argv = [""]
    requests, answers = own.makefile(encoding="utf-8"), own.makefile("w", encoding="utf-8")
    serve(requests, answers, token=request["token"])


def _own_chance() -> None:
    """Give the child random states of its own: as they are, all children have the same."""
    import numpy as np

    random.seed()
    np.random.seed()  # noqa: NPY002 - notebooks may use the old state


def _first_to_go() -> None:
    """Where memory runs out the system shall end this process, not the machine's others."""
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as file:
        file.write("900")


def _received(asked: socket.socket) -> tuple[dict[str, Any], list[int]]:
    text, descriptors, _, _ = socket.recv_fds(asked, SIZE, 2)
    while text and not text.endswith(b"\n"):
        more = asked.recv(SIZE)
        text = text + more if more else b""
    return (json.loads(text) if text else {}), descriptors


def _reap(living: dict[int, int]) -> None:
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            pid, status = ended
            descriptor = living.pop(pid, None)
            if descriptor is not None:
                # Whoever asked may be gone.
                with contextlib.suppress(OSError):
                    os.write(descriptor, f"{os.waitstatus_to_exitcode(status)}".encode())
                os.close(descriptor)


def _end(living: dict[int, int]) -> None:
    """Leave, once the children have: they, too, see that nobody asks any more."""
    until = time.monotonic() + GRACE
    while living and time.monotonic() < until:
        time.sleep(0.02)
    for pid in list(living):
        with contextlib.suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    if SCRATCH in os.environ:
        shutil.rmtree(os.environ[SCRATCH], ignore_errors=True)
    os._exit(0)


def _nothing_to_read() -> None:
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
