"""Papermill's engine ``impact``: cells run in a process that has imported everything before.

``papermill --engine impact …``, or ``papermill.execute_notebook(…, engine_name="impact")``.
Nothing else about a run differs: the same outputs, counts, errors and saved files.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbclient.util import run_hook, run_sync
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import Engine, NBClientEngine, papermill_engines
from papermill.log import logger
from papermill.utils import remove_args

from impact.batch.forks import can_fork, is_fork

if TYPE_CHECKING:
    from impact.batch.remote import Distant
    from impact.batch.shell import Shell

__all__ = ["NAME", "WarmCells", "register"]

NAME = "impact"
BETWEEN_SAVES = 2.0
# What papermill says of the kernel that there is not.
FOREIGN = [
    "execution_timeout",
    "input_path",
    "kernel_manager_class",
    "shutdown_kernel",
    "start_timeout",
    "startup_timeout",
    "timeout",
]


class WarmCells(Engine):  # type: ignore[misc]
    """Run cells in a child of a warm process, or here, where this is such a child."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **kw: Any) -> Any:
        """Run all cells, telling papermill of each.

        Parameters
        ----------
        nb_man : papermill.engines.NotebookExecutionManager
            The notebook, and whoever is told.
        kernel_name : str
            Not used: cells run in this Python.
        **kw
            As for papermill's own engine.
        """
        if is_fork():
            return _run_here(nb_man, **kw)
        language = nb_man.nb.metadata.get("kernelspec", {}).get("language", "python")
        if language != "python" or not can_fork():
            logger.warning("Warm processes are not to be had here: an ordinary kernel is used.")
            return NBClientEngine.execute_managed_notebook(nb_man, kernel_name, **kw)
        from impact.batch.remote import run_elsewhere

        return run_elsewhere(nb_man, **kw)


def register() -> None:
    """Make the engine known where the package is not installed, as in a checkout."""
    papermill_engines.register(NAME, WarmCells)


def _run_here(nb_man: Any, **kw: Any) -> Any:
    from impact.batch.shell import Shell

    kept, nb_man.output_path = nb_man.output_path, None
    try:
        return Cells(nb_man, Shell, _saver(nb_man, kept), **known(kw)).execute()
    finally:
        nb_man.output_path = kept


def known(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return what nbclient knows of what papermill was given."""
    kept: dict[str, Any] = remove_args(FOREIGN, **given)
    return {**kept, "log": logger}


def _saver(nb_man: Any, path: str | None) -> Callable[[], None]:
    """Return what saves the notebook, but not after each of its cells: that is costly."""
    last = time.monotonic()

    def save() -> None:
        nonlocal last
        if path is not None and time.monotonic() - last > BETWEEN_SAVES:
            nb_man.output_path = path
            nb_man.save()
            nb_man.output_path, last = None, time.monotonic()

    return save


class Cells(PapermillNotebookClient):  # type: ignore[misc]
    """nbclient's way with cells and outputs, with a shell in place of a kernel.

    Parameters
    ----------
    nb_man : object
        The notebook, and whoever is told of each cell.
    shell : callable
        Makes the shell, given who hears its messages.
    save : callable
        Called before each cell.
    **kw
        nbclient's own.
    """

    def __init__(
        self,
        nb_man: Any,
        shell: Callable[[Callable[[dict[str, Any]], None]], Shell | Distant],
        save: Callable[[], None] = lambda: None,
        **kw: Any,
    ) -> None:
        super().__init__(nb_man, **kw)
        self._make = shell
        self._save = save
        self._at: tuple[Any, int] | None = None

    def execute(self, **kw: Any) -> Any:
        """Run all cells; return the notebook."""
        from ipykernel.ipkernel import IPythonKernel

        self.reset_execution_trackers()
        self._shell = self._make(self._hear)
        try:
            self.papermill_execute_cells()
        finally:
            self._shell.close()
        self.nb.metadata["language_info"] = dict(IPythonKernel.language_info)
        self.set_widgets_metadata()
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, *_: Any, **__: Any) -> Any:
        """Run one cell, as `nbclient.NotebookClient.execute_cell`."""
        self._save()
        self._hook("start", cell, cell_index)
        skipped = self.skip_cells_with_tag in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or skipped:
            return cell
        self._hook("execute", cell, cell_index)
        reply = self._run(cell, cell_index)
        self._hook("complete", cell, cell_index)
        self._hook("executed", cell, cell_index, execute_reply={"content": reply})
        if reply["status"] == "error":
            self._raised(cell, cell_index, reply)
        return cell

    def _run(self, cell: Any, cell_index: int) -> dict[str, Any]:
        if self._shell.left:
            raise DeadKernelError("Kernel died")
        cell.outputs = []
        cell.execution_count = self._shell.count
        self.clear_before_next_output = False
        self.code_cells_executed += 1
        self._at = cell, cell_index
        begun = _now()
        try:
            reply = self._shell.run(cell.source)
        finally:
            self._at = None
        if self.record_timing:
            ended = _now()
            told = {"iopub.status.busy": begun, "iopub.execute_input": begun}
            told |= {"iopub.status.idle": ended, "shell.execute_reply": ended}
            cell.metadata["execution"] = told
        return reply

    def _hear(self, message: dict[str, Any]) -> None:
        if self._at is not None:
            self.process_message(message, *self._at)

    def _raised(self, cell: Any, cell_index: int, reply: dict[str, Any]) -> None:
        self._hook("error", cell, cell_index, execute_reply={"content": reply})
        allowed = (
            self.allow_errors
            or reply["ename"] in self.allow_error_names
            or "raises-exception" in cell.metadata.get("tags", [])
        )
        if self.force_raise_errors or not allowed:
            raise CellExecutionError.from_cell_and_msg(cell, reply)

    def _hook(self, moment: str, cell: Any, cell_index: int, **more: Any) -> None:
        hook = getattr(self, f"on_cell_{moment}")
        if hook is not None:
            run_sync(run_hook)(hook, cell=cell, cell_index=cell_index, **more)


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z")
