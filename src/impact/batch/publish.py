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

__all__ = ["Wanted", "forget_index", "now", "publish_pilot", "refresh_index", "withdraw_page"]

# What spreadsheets take for the beginning of a formula, full-width forms included.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
Wanted = Mapping[str, Mapping[str, Any]]
Render = Callable[[Sequence[Mapping[str, Any]], Wanted], Mapping[str, str]]


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
    page, *others = (_sha256(files[path]) for path in _paths(project, pilot, kept))
    estimates, released, notebook = others
    told: Mapping[str, str] = drawn.get("pages", {})
    files |= {project.page(pilot, code): page for code, page in told.items()}
    further = {code: _sha256(page) for code, page in told.items()}
    own = str(drawn.get("language", "en"))
    good = Good(now(), page, estimates, released, notebook, own, further)
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
    """Take a pilot's pages out of ``reports/``: they are of a rule that is too lax today."""
    for page in (project.page(pilot), *project.reports.glob(f"{pilot}.??.html")):
        page.unlink(missing_ok=True)


def refresh_index(project: Project, *, code: str, render: Render) -> bool:
    """Bring the index and the released estimates in line with the records of all runs.

    The page of a pilot whose params file is gone is removed. Nothing is rendered where
    all agrees.

    Parameters
    ----------
    code : str
        sha256 of the package: another template makes another index.
    render : callable
        From the lines of the index, and the languages that it is wanted in, to its HTML by
        language; the first has no name.

    Returns
    -------
    bool
        Whether anything was written.
    """
    alive = _alive(project)
    entries = [run.entry for run in alive if run.entry and _linked(project, run)]
    released = [run for run in alive if run.good and _has_page(project, run)]
    wanted = _wanted(project, released)
    content = [entries, [[r.pilot, r.good and r.good.released] for r in released], wanted, code]
    shown = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    if _agrees(project, shown):
        return False
    pages = render(entries, wanted)
    files: dict[Path, bytes | str] = {project.index_in(c): page for c, page in pages.items()}
    if released:
        tables = [project.folder(run.pilot) / "released.csv" for run in released]
        files[project.estimates] = _together(tables)
    else:
        project.estimates.unlink(missing_ok=True)
    marks: dict[str, Any] = {"shown": shown}
    marks["index"] = {code: _sha256(page) for code, page in pages.items()}
    marks["estimates"] = _sha256(files[project.estimates]) if released else ""
    for left in set(project.reports.glob("index.??.html")) - set(files):
        left.unlink()
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
        if any(path.is_file() for path in _params_of(project, run)):
            alive.append(run)
        elif run.good is not None and sha256_of(project.page(run.pilot)) == run.good.page:
            withdraw_page(project, run.pilot)
    return alive


def _params_of(project: Project, run: Run) -> tuple[Path, ...]:
    """Return where a run's params file may be: another machine keeps them in another folder."""
    return project.root / run.params, project.params / Path(run.params).name


def _wanted(project: Project, runs: Sequence[Run]) -> dict[str, dict[str, Any]]:
    """Return in which languages the index is wanted, and which pages it then links to.

    The first is in the language that all pilots share, or in English.
    """
    goods = {run.pilot: run.good for run in runs if run.good}
    own = {good.language for good in goods.values()}
    wanted: dict[str, dict[str, Any]] = {
        "": {"lang": own.pop() if len(own) == 1 else "en", "pages": {}}
    }
    for code in sorted({code for good in goods.values() for code in good.pages}):
        there = {p: project.page(p, code).name for p, good in goods.items() if code in good.pages}
        wanted[code] = {"lang": code, "pages": there}
    return wanted


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
            and all(sha256_of(project.index_in(c)) == m for c, m in marks["index"].items())
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
