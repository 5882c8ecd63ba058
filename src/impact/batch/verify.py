"""Run pilots once more, elsewhere, and say whether what is published comes out again."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from impact.batch.conduct import run_batch
from impact.batch.files import sha256_of
from impact.batch.inputs import Inputs
from impact.batch.plan import Task, plan
from impact.batch.project import Project
from impact.batch.tally import Tally, Wishes

__all__ = ["Verdict", "verify"]

Tell = Callable[[dict[str, Any]], None]
NAMES = ("outcome", "method", "term")
RUN, END = '<section id="made">', "</section>"
"""Between these lines a page tells what its run was made of."""


@dataclass(frozen=True)
class Verdict:
    """Whether a pilot's page and estimates come out again.

    Parameters
    ----------
    pilot : str
        Its id.
    state : str
        ``same``, ``differs``, ``failed`` or ``not published``.
    said : str
        The first difference, or why there is nothing to compare; in brackets what has changed
        since, also where the same came out.
    """

    pilot: str
    state: str
    said: str = ""


def verify(
    project: Project, files: Sequence[Path], wishes: Wishes, tell: Tell
) -> tuple[list[Verdict], Tally]:
    """Run the published pilots in a scratch folder and compare.

    Nothing of the project is written. The gate knows what earlier editions told, as it
    did when the page was made.

    Parameters
    ----------
    project : Project
        Whose pages are verified.
    files : sequence of Path
        The params files.
    wishes : Wishes
        How they are run.
    tell : callable
        Called with each event of the run.
    """
    tasks = plan(project, files, Inputs(project))
    published = [task for task in tasks if task.run is not None and task.run.good is not None]
    with tempfile.TemporaryDirectory(prefix="impact-", ignore_cleanup_errors=True) as folder:
        scratch = _scratch(project, Path(folder), published)
        failed: dict[str, str] = {}

        def heard(event: dict[str, Any]) -> None:
            if event.get("state") == "failed" and "pilot" in event:
                failed[event["pilot"]] = event["message"].split("\n")[0]
            tell(event)

        tally = Tally()
        if published:
            paths = [task.params for task in published]
            tally = run_batch(scratch, paths, wishes, heard, index=False)
        return [_verdict(project, scratch, task, failed) for task in tasks], tally


def _scratch(project: Project, folder: Path, tasks: Sequence[Task]) -> Project:
    """Return a project of the same params, data and notebook that writes elsewhere."""
    made = Project(project.root, project.params, folder / "reports", folder / "runs")
    for task in tasks:
        made.folder(task.pilot).mkdir(parents=True)
        with suppress(FileNotFoundError):
            edition = project.folder(task.pilot) / "edition.json"
            shutil.copyfile(edition, made.folder(task.pilot) / "edition.json")
    return made


def _verdict(project: Project, scratch: Project, task: Task, failed: Mapping[str, str]) -> Verdict:
    pilot, run = task.pilot, task.run
    if run is None or run.good is None:
        return Verdict(pilot, "not published", "it has no good run; see 'impact list'")
    if pilot in failed:
        return Verdict(pilot, "failed", failed[pilot])
    if not scratch.page(pilot).is_file():
        return Verdict(pilot, "failed", "it was not run to its end")
    if sha256_of(project.page(pilot)) != run.good.page:
        return Verdict(pilot, "differs", "the page was changed, or lost, after it was published")
    found = next(_differences(project, scratch, pilot), "")
    because = f"({task.why})" if task.why else ""
    return Verdict(pilot, "differs" if found else "same", f"{found} {because}".strip())


def _differences(project: Project, scratch: Project, pilot: str) -> Iterator[str]:
    was, now = (one.folder(pilot) for one in (project, scratch))
    yield from _of_tables(was / "released.csv", now / "released.csv")
    pages = (one.page(pilot).read_text(encoding="utf-8") for one in (project, scratch))
    yield from _of_pages(*pages)
    if sha256_of(was / "estimates.csv") != sha256_of(now / "estimates.csv"):
        yield "estimates differ, but in no digit that is published"


def _of_tables(was: Path, now: Path) -> Iterator[str]:
    """Tell where two tables of released estimates differ, first by their rows' names."""
    for old, new in zip_longest(_rows(was), _rows(now), fillvalue=dict[str, str]()):
        names = [", ".join(row.get(name, "") for name in NAMES) for row in (old, new)]
        if names[0] != names[1]:
            yield f"estimates: '{names[0]}' is now '{names[1]}'"
            continue
        for column in old:
            if old[column] != new.get(column):
                told = f"{old[column] or 'nothing'} is now {new.get(column) or 'nothing'}"
                yield f"estimates: {names[0]}: {column} {told}"


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as text:
            return list(csv.DictReader(text))
    except FileNotFoundError:
        return []


def _of_pages(was: str, now: str) -> Iterator[str]:
    nothing = (0, "")
    for (at, old), (also, new) in zip_longest(_results(was), _results(now), fillvalue=nothing):
        if old != new:
            yield f"page: line {at or also} differs{_told(old, new)}"


def _results(page: str) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a page but for what it tells of its own run.

    Another commit or another machine may well give the same results: what a run was made of
    is compared by its reasons to run again, not line by line.
    """
    of_the_run = False
    for number, line in enumerate(page.splitlines(), start=1):
        of_the_run = of_the_run or line == RUN
        if not of_the_run:
            yield number, line
        of_the_run = of_the_run and line != END


def _told(old: str, new: str) -> str:
    """Show both lines where they are short enough to be read."""
    texts = [" ".join(line.split()) for line in (old, new)]
    if max(map(len, texts)) > 120:
        return ""
    return f": '{texts[0]}' is now '{texts[1]}'"
