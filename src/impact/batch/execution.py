"""One notebook run for one pilot, as ``papermill -f`` would; what broke it, in one line."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from impact.batch.kinds import kind_named
from impact.batch.machine import this_machine
from impact.errors import Fault, ImpactError, RunError

__all__ = ["execute", "read_notebook"]

Tell = Callable[[dict[str, Any]], None]
PACKAGE = Path(__file__).resolve().parents[1]
ANSI = re.compile(r"\x1b\[[0-9;]*m")
START_SECONDS = 120


def execute(tell: Tell, *, notebook: str, output: str, params: str, log: str) -> dict[str, Any]:
    """Run the notebook with the parameters of a params file, as ``papermill -f`` would.

    In a child of a warm process the cells run there, elsewhere in an ordinary kernel. Each
    cell's start is told as ``{"event": "cell", "cell": n, "cells": m}``.

    Returns
    -------
    dict
        ``cells``: how many; ``machine``: on which, as `impact.batch.machine.Machine` has it.

    Raises
    ------
    RunError
        A cell raised an error, the kernel died, or the kernel did not start. The text
        names the cell and the kind of error; what the error said may hold a value of a
        person and goes to the log alone.
    """
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError
    from papermill.iorw import read_yaml_file

    from impact.batch.forks import is_fork
    from impact.batch.kernel import KERNEL, OwnKernel

    # Papermill adds one cell, the injected parameters.
    place = {"cell": 0, "cells": len(read_notebook(notebook).cells) + 1}

    def on_cell_start(cell: Any, cell_index: int) -> None:
        place["cell"] = cell_index + 1
        tell({"event": "cell", **place})

    own = {"kernel_manager_class": OwnKernel, "shutdown_kernel": "immediate"}
    if is_fork():
        from impact.batch.cells import NAME, register

        register()
        own = {"engine_name": NAME}
    try:
        nb = papermill.execute_notebook(
            _literal(notebook),
            _literal(output),
            read_yaml_file(params),
            kernel_name=KERNEL,
            language="python",
            progress_bar=False,
            start_timeout=START_SECONDS,
            on_cell_start=on_cell_start,
            **own,
        )
    except PapermillExecutionError as error:
        print(*(ANSI.sub("", line) for line in error.traceback), sep="\n", file=sys.stderr)
        raise RunError(_raised(error, place, log)) from None
    except DeadKernelError:
        raise RunError(
            Fault("kernel-died", _where(place), "the kernel died", advice=f"see {log}")
        ) from None
    if _left_early(nb):
        raise RunError(_exited(place, log))
    return {"cells": place["cells"], "machine": asdict(this_machine())}


def _literal(path: str) -> str:
    # Papermill fills parameters into paths: {pilot} in a folder's name would be replaced.
    return path.replace("{", "{{").replace("}", "}}")


def _where(place: Mapping[str, int]) -> str:
    return f"cell {place['cell']} of {place['cells']}" if place["cell"] else "before the first cell"


def _raised(error: Any, place: Mapping[str, int], log: str) -> Fault:
    """Tell what a cell raised; in full only where this package raised it."""
    files = re.findall(r"^File (\S+?):\d+", ANSI.sub("", "\n".join(error.traceback)), re.MULTILINE)
    own = {kind.__name__ for kind in ImpactError.__subclasses__()}
    if error.ename in own and files and Path(files[-1]).expanduser().is_relative_to(PACKAGE):
        said = " ".join(error.evalue.split())
        return Fault("refused", _where(place), said)
    if error.ename == "SystemExit":
        return _exited(place, log)
    found = f"raised {kind_named(error.ename)}"
    return Fault("cell-raised", _where(place), found, advice=f"see {log}")


def _left_early(nb: Any) -> bool:
    """Whether a cell called ``sys.exit(0)``, which papermill takes for a good end."""
    outputs = (output for cell in nb.cells for output in cell.get("outputs", ()))
    return any(output["output_type"] == "error" for output in outputs)


def _exited(place: Mapping[str, int], log: str) -> Fault:
    found = "the notebook was left early (sys.exit)"
    return Fault("left-early", _where(place), found, advice=f"see {log}")


def read_notebook(path: str) -> Any:
    """Read a notebook in format 4."""
    import nbformat

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
