"""The one writer of ``reports/``: pages, the index, and the released estimates.

Nothing else is ever written there. What is written is whole at every moment, and what
belongs together takes its place together (`impact.batch.journal`).
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from impact.batch.files import sha256_of
from impact.batch.journal import place_together
from impact.batch.project import Project
from impact.batch.record import Good, Run, read_run, run_text

__all__ = ["forget_index", "now", "publish_pilot", "refresh_index", "withdraw_page"]

# What spreadsheets take for the beginning of a formula, full-width forms included.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
Render = Callable[[Sequence[Mapping[str, Any]]], str]


def now() -> str:
    """Return the time with its zone, in ISO form."""
    return dt.datetime.now().astimezone().isoformat(timespec="seconds")


def publish_pilot(
    project: Project,
    pilot: str,
    *,
    executed: Path,
    drawn: Mapping[str, Any],
    record: Callable[[Good], Run],
) -> Run:
    """Keep what a good run left in ``runs/``, put its page into ``reports/``, and record it.

    All together: whoever is killed, the page, the estimates and the record agree.

    Parameters
    ----------
    executed : Path
        The executed notebook; it takes its place in the pilot's folder.
    drawn : mapping
        What `impact.batch.duties.draw` made of it.
    record : callable
        Makes the run's record.
    """
    folder = project.folder(pilot)
    files: dict[Path, bytes | str] = {}
    # Before the page: whoever may have seen it, its numbers are remembered.
    if "edition" in drawn:
        files[folder / "edition.json"] = drawn["edition"]
    files |= {
        project.page(pilot): drawn["page"],
        folder / "estimates.csv": drawn["estimates"],
        folder / "released.csv": drawn["released"],
        folder / "notebook.ipynb": executed.read_bytes(),
    }
    kept = ("estimates.csv", "released.csv", "notebook.ipynb")
    good = Good(now(), *(_sha256(files[path]) for path in _paths(project, pilot, kept)))
    run = record(good)
    place_together(folder, {**files, folder / "run.json": run_text(run)})
    for left in (executed, folder / "failed.ipynb"):
        left.unlink(missing_ok=True)
    return run


def _paths(project: Project, pilot: str, kept: Sequence[str]) -> list[Path]:
    return [project.page(pilot), *(project.folder(pilot) / name for name in kept)]


def _sha256(content: bytes | str) -> str:
    data = content.encode() if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def withdraw_page(project: Project, pilot: str) -> None:
    """Take a pilot's page out of ``reports/``: the rule it was published by is too lax today."""
    project.page(pilot).unlink(missing_ok=True)


def refresh_index(project: Project, *, code: str, render: Render) -> bool:
    """Bring the index and the released estimates in line with the records of all runs.

    The page of a pilot whose params file is gone is removed. Nothing is rendered where
    all agrees.

    Parameters
    ----------
    code : str
        sha256 of the package: another template makes another index.
    render : callable
        From the lines of the index to its HTML.

    Returns
    -------
    bool
        Whether anything was written.
    """
    alive = _alive(project)
    entries = [run.entry for run in alive if run.entry and _linked(project, run)]
    released = [run for run in alive if run.good and _has_page(project, run)]
    content = [entries, [[run.pilot, run.good and run.good.released] for run in released], code]
    shown = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    if _agrees(project, shown):
        return False
    files = {project.index: render(entries)}
    if released:
        tables = [project.folder(run.pilot) / "released.csv" for run in released]
        files[project.estimates] = _together(tables)
    else:
        project.estimates.unlink(missing_ok=True)
    marks = {"shown": shown, "index": _sha256(files[project.index])}
    marks["estimates"] = _sha256(files[project.estimates]) if released else ""
    marked = project.runs / "batch.json"
    place_together(project.runs, {**files, marked: json.dumps(marks, indent=2) + "\n"})
    return True


def forget_index(project: Project) -> None:
    """Have the index made again by the next batch, whatever has changed until then."""
    (project.runs / "batch.json").unlink(missing_ok=True)


def _alive(project: Project) -> list[Run]:
    alive = []
    for record in sorted(project.runs.glob("*/run.json")):
        run = read_run(record.parent)
        if run is None or run.pilot != record.parent.name:
            continue
        if (project.root / run.params).is_file():
            alive.append(run)
        elif run.good is not None and sha256_of(project.page(run.pilot)) == run.good.page:
            project.page(run.pilot).unlink()
    return alive


def _has_page(project: Project, run: Run) -> bool:
    return project.page(run.pilot).is_file()


def _linked(project: Project, run: Run) -> bool:
    """Whether the index may list the run: it links to no page that is not there."""
    return run.entry["state"] == "failed" or _has_page(project, run)


def _agrees(project: Project, shown: str) -> bool:
    try:
        marks = json.loads((project.runs / "batch.json").read_text(encoding="utf-8"))
        return bool(
            marks["shown"] == shown
            and marks["index"] == sha256_of(project.index)
            and marks["estimates"] == sha256_of(project.estimates)
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _together(files: Sequence[Path]) -> str:
    """Join tables of released estimates; no value of theirs is a formula in a spreadsheet."""
    names: dict[str, None] = {}
    rows = []
    for file in files:
        with file.open(encoding="utf-8", newline="") as text:
            reader = csv.DictReader(text)
            names |= dict.fromkeys(reader.fieldnames or ())
            rows += [{name: _no_formula(value) for name, value in row.items()} for row in reader]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _no_formula(value: str) -> str:
    """Put an apostrophe before a text, such as a column's name, that would be computed."""
    if not value.startswith(FORMULA):
        return value
    try:
        float(value)
    except ValueError:
        return f"'{value}"
    return value
