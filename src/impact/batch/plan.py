"""The plan of work: which pilots must run, and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from impact.batch.files import sha256_of
from impact.batch.inputs import Inputs
from impact.batch.project import Project
from impact.batch.record import Run, read_run
from impact.batch.sources import Sources, asked_after

__all__ = ["Task", "plan"]


@dataclass(frozen=True)
class Task:
    """One pilot of a batch.

    Parameters
    ----------
    params : Path
        The params file; its name without the ending is the pilot's id.
    run : Run or None
        The last run.
    why : str
        Why it must run (``data changed``); empty where it need not.
    twin : str
        Another params file of the batch that has the same name; empty where there is none.
    """

    params: Path
    run: Run | None
    why: str
    twin: str = ""

    @property
    def pilot(self) -> str:
        """The pilot's id."""
        return self.params.stem

    @property
    def expected(self) -> float:
        """Seconds that it will take, as last time; without end where that is not known."""
        return self.run.seconds if self.run and self.run.state == "done" else math.inf

    @property
    def state(self) -> str:
        """``never run``, ``failed``, ``stale`` or ``up to date``."""
        if self.run is None:
            return "never run"
        if self.run.state == "failed":
            return "failed"
        return "stale" if self.why else "up to date"


def plan(
    project: Project, files: Sequence[Path], inputs: Inputs, *, force: bool = False
) -> tuple[Task, ...]:
    """Compare every pilot with its last run.

    Nothing is parsed and no data are read: the last run's record says which data files
    the params file of that hash names. Only where data are at a URL is the params file
    read, for the address, and the file system asked whether the file is another one.
    """
    names = Counter(path.stem for path in files)
    return tuple(
        _task(project, path, inputs, force=force, twin=names[path.stem] > 1) for path in files
    )


def _task(project: Project, path: Path, inputs: Inputs, *, force: bool, twin: bool) -> Task:
    run = read_run(project.folder(path.stem))
    why = _why(project, path, inputs, run) or ("asked for" if force else "")
    if twin:
        return Task(path, run, "two files", twin=f"{path.stem}.*")
    return Task(path, run, why)


def _why(project: Project, path: Path, inputs: Inputs, run: Run | None) -> str:
    if run is None:
        return "never run"
    if run.state != "done" or run.good is None:
        return "failed last time"
    data = Sources(run.data, run.marks)
    if sha256_of(path) == run.inputs.get("params"):
        data = asked_after(path, project.root, data)
    if data.unknown:
        return data.unknown
    now = inputs.of(path, data)
    changed = [name for name, digest in now.items() if run.inputs.get(name) != digest]
    if changed:
        return f"{', '.join(changed)} changed"
    folder = project.folder(path.stem)
    sha256 = inputs.memo.sha256_of
    if sha256(project.page(path.stem)) != run.good.page:
        return "page missing or changed"
    lost = [name for name, digest in run.good.kept.items() if sha256(folder / name) != digest]
    return f"{lost[0]} missing or changed" if lost else ""
