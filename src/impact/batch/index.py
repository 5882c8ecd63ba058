"""The index, and how it is brought in line with the runs."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from impact.batch.crew import Stopped, Worker
from impact.batch.files import sha256_of
from impact.batch.inputs import Inputs
from impact.batch.project import Project
from impact.batch.publish import forget_index, refresh_index
from impact.batch.starts import Starts
from impact.errors import ImpactError

__all__ = ["bring_in_line"]

Tell = Callable[[dict[str, Any]], None]
PORTFOLIO_SECONDS = 180.0


def bring_in_line(
    project: Project, inputs: Inputs, tell: Tell, starts: Starts | None = None
) -> bool:
    """Make the index and the released estimates agree with all runs.

    Parameters
    ----------
    project : Project
        Whose ``reports/`` it is.
    inputs : Inputs
        The package's hash: another template makes another index.
    tell : callable
        Called where it fails, or where no outcomes can be compared.
    starts : Starts, optional
        How processes are started.

    Returns
    -------
    bool
        Whether they agree now.
    """
    worker = Worker(project.root, starts)
    plain: list[ImpactError] = []

    def render(entries: Sequence[Mapping[str, Any]]) -> str:
        try:
            if project.portfolio.is_file():
                return _compared(project, worker, entries)
        except ImpactError as error:
            # The list must not depend on what stands below it.
            plain.append(error)
        log = project.runs / "index.log"
        return str(worker.ask("index", {"entries": list(entries)}, log=log)["page"])

    code = inputs.shared["code"] + sha256_of(project.portfolio)
    try:
        refresh_index(project, code=code, render=render)
        if plain:
            forget_index(project)
            said = f"no outcomes are compared: {plain[0]}"
            tell({"event": "index", "state": "plain", "message": project.plainly(said)})
    except (ImpactError, OSError, Stopped) as error:
        said = str(error) if isinstance(error, ImpactError) else "it cannot be written"
        tell({"event": "index", "state": "failed", "message": project.plainly(said)})
        return False
    finally:
        worker.end()
    return True


def _compared(project: Project, worker: Worker, entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the index as the portfolio notebook makes it."""
    log = project.runs / "index.log"
    given = {
        "entries": list(entries),
        "notebook": str(project.portfolio),
        "runs": str(project.runs),
        "log": project.short(log),
    }
    asked = {"notebook": str(project.portfolio), "where": project.short(project.portfolio)}
    worker.ask("inspect", {**asked, "keys": ["entries"]}, log=log)
    until = time.monotonic() + PORTFOLIO_SECONDS
    try:
        executed = worker.ask("portfolio", given, log=log, until=until)["notebook"]
    finally:
        worker.tidy()
    drawn = {"entries": list(entries), "notebook": executed}
    return str(worker.ask("index", drawn, log=log)["page"])
