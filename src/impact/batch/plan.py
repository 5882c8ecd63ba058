"""The plan of work: which pilots must run, and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    languages : tuple of str
        In which further languages it has, or shall have, a page.
    """

    params: Path
    run: Run | None
    why: str
    twin: str = ""
    languages: tuple[str, ...] = ()

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
    project: Project,
    files: Sequence[Path],
    inputs: Inputs,
    *,
    force: bool = False,
    languages: Sequence[str] = (),
) -> tuple[Task, ...]:
    """Compare every pilot with its last run.

    Nothing is parsed and no data are read: the last run's record says which data files
    the params file of that hash names. Only where data are at a URL is the params file
    read, for the address, and the file system asked whether the file is another one.
    """
    names = Counter(path.stem for path in files)
    tasks = (_task(project, path, inputs, languages) for path in files)
    return tuple(
        replace(task, why="two files", twin=f"{task.pilot}.*")
        if names[task.pilot] > 1
        else replace(task, why=task.why or ("asked for" if force else ""))
        for task in tasks
    )


def _task(project: Project, path: Path, inputs: Inputs, languages: Sequence[str]) -> Task:
    run = read_run(project.folder(path.stem))
    # A page that is there in another language is never left behind by a newer run.
    wanted = dict.fromkeys([*languages, *(run.good.pages if run and run.good else ())])
    why = _why(project, path, inputs, run) or _untold(project, path.stem, run, tuple(wanted))
    return Task(path, run, why, languages=tuple(wanted))


def _untold(project: Project, pilot: str, run: Run | None, languages: Sequence[str]) -> str:
    """Say which page in a further language is missing, or is not the one that was published."""
    good = run.good if run else None
    for code in languages if good else ():
        if good and code != good.language:
            if code not in good.pages:
                return f"no page in '{code}' yet"
            if sha256_of(project.page(pilot, code)) != good.pages[code]:
                return f"page in '{code}' missing or changed"
    return ""


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
