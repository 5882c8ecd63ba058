"""A worker process: does the duties that it is asked for, one at a time.

Requests come in as lines of JSON, events and answers go out as lines of JSON. When the
asking side goes away, so does the worker, with all that it started.
"""

from __future__ import annotations

import json
import os
import queue
import shutil
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from impact.batch.duties import perform
from impact.batch.processes import MARK, end_all
from impact.batch.surroundings import SCRATCH

__all__ = ["main", "serve"]


def main() -> None:
    """Answer what comes in on standard input, on what was standard output."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # Whatever a library or a kernel prints belongs to the log, not between the answers.
    os.dup2(2, 1)
    serve(sys.stdin, out, token=os.environ[MARK])


def serve(asked: IO[str], out: IO[str], *, token: str) -> None:
    """Answer requests until there are no more.

    Parameters
    ----------
    asked, out : text streams
        Requests, and events and answers.
    token : str
        The mark of this worker.
    """
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    listening = (asked, requests, token, os.environ.get(SCRATCH, ""))
    threading.Thread(target=_listen, args=listening, daemon=True).start()
    while True:
        request = requests.get()
        _to_log(request.get("log"))
        answer = perform(request, lambda event: _say(out, event))
        _say(out, {**answer, "memory": _most_memory()})


def _most_memory() -> int:
    """Return the most bytes that this process, or one it waited for, has used."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return unit * max(resource.getrusage(who).ru_maxrss for who in whose)


def _listen(
    asked: IO[str], requests: queue.SimpleQueue[dict[str, Any]], token: str, scratch: str
) -> None:
    with suppress(ValueError, OSError):
        for line in asked:
            requests.put(json.loads(line))
    end_all(token, session=os.getpid(), spare=[os.getpid()])
    if scratch:
        # Whoever asked may have been killed, and copies of data must not stay.
        shutil.rmtree(scratch, ignore_errors=True)
    os._exit(0)


def _to_log(log: str | None) -> None:
    if log is None:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    Path(log).parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.close(handle)


def _say(out: IO[str], message: Mapping[str, Any]) -> None:
    out.write(json.dumps(message) + "\n")
    out.flush()


if __name__ == "__main__":
    main()
