"""Cells of a papermill that was not forked itself run in a child of a warm process."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbclient.exceptions import CellTimeoutError, DeadKernelError

from impact.batch.cells import Cells, known
from impact.batch.crew import Worker
from impact.batch.warm import Warm
from impact.errors import RunError

__all__ = ["Distant", "run_elsewhere"]


def run_elsewhere(nb_man: Any, **kw: Any) -> Any:
    """Run the cells of a notebook in a child of a warm process of its own.

    Parameters
    ----------
    nb_man : papermill.engines.NotebookExecutionManager
        The notebook, and whoever is told.
    **kw
        As for papermill's own engine.
    """
    limit = kw.get("execution_timeout") or kw.get("timeout")
    root = Path.cwd()
    starts = Warm(root, {**os.environ, "MPLBACKEND": "module://matplotlib_inline.backend_inline"})
    worker = Worker(root, starts)
    try:
        return Cells(nb_man, lambda hear: Distant(worker, hear, limit), **known(kw)).execute()
    finally:
        worker.end()
        starts.close()


class Distant:
    """A `impact.batch.shell.Shell` in another process."""

    def __init__(
        self, worker: Worker, hear: Callable[[dict[str, Any]], None], limit: float | None
    ) -> None:
        self._worker = worker
        self._hear = hear
        self._limit = limit
        self.count = 1
        self.left = False

    def run(self, code: str) -> dict[str, Any]:
        """Run a cell; return the content of a kernel's reply."""
        until = None if self._limit is None else time.monotonic() + self._limit
        try:
            reply = self._worker.ask("cell", {"code": code}, tell=self._told, until=until)
        except RunError as error:
            if error.faults[0].code == "time-limit":
                said = f"A cell timed out after {self._limit} seconds"
                raise CellTimeoutError(said) from None
            raise DeadKernelError("Kernel died") from None
        self.count, self.left = reply.pop("count"), reply.pop("left")
        return reply

    def close(self) -> None:
        """Do nothing: the shell goes with its process."""

    def _told(self, event: dict[str, Any]) -> None:
        self._hear(event["message"])
