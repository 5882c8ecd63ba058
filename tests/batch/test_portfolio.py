"""The index by way of the portfolio notebook; without it, or when it breaks, the plain list."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup

from impact.batch.crew import Worker
from impact.batch.index import bring_in_line
from impact.batch.project import Project
from impact.batch.record import Good, Run, write_run
from impact.disclosure import IndexEntry, Measured
from impact.errors import RunError
from impact.results import Sentence

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "portfolio.ipynb"
pytestmark = pytest.mark.filterwarnings("default")  # papermill's own, at import


def entry(pilot: str, estimate: float) -> dict[str, Any]:
    numbers = (estimate, 0.1, estimate - 0.2, estimate + 0.2)
    place = ("belonging", "ordinal", "higher", "points", (1.0, 5.0), "home", "primary", "low")
    one = Measured(*place, *numbers)
    said = Sentence("It rose.")
    made = IndexEntry(pilot, f"Pilot {pilot}", sentence=said, certainty="low", measures=(one,))
    return made.to_payload()


ENTRIES = [entry(pilot, value) for pilot, value in zip("abc", (0.1, 0.3, 0.5), strict=True)]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Make a project of three published pilots, and no notebook that compares them."""
    made = Project(tmp_path, tmp_path / "params", tmp_path / "reports", tmp_path / "runs")
    for folder in (made.params, made.reports, made.root / "notebooks"):
        folder.mkdir()
    for one in ENTRIES:
        pilot = one["pilot"]
        (made.params / f"{pilot}.yml").write_text(f"pilot: {pilot}")
        made.page(pilot).write_text("<p>page")
        made.folder(pilot).mkdir(parents=True)
        (made.folder(pilot) / "released.csv").write_text("pilot\n")
        run = Run(pilot, "done", f"params/{pilot}.yml", entry=one, good=Good("", "", "", "", ""))
        write_run(made.folder(pilot), run)
    return made


@pytest.fixture
def refresh(project: Project) -> Callable[[], list[dict[str, Any]]]:
    """Return a function that makes the index and returns what was told."""

    def made() -> list[dict[str, Any]]:
        events: list[dict[str, Any]] = []
        inputs: Any = SimpleNamespace(shared={"code": "1"})
        assert bring_in_line(project, inputs, events.append)
        return events

    return made


def change(project: Project, **cells: str) -> None:
    """Put the portfolio notebook into the project, with other sources in some cells."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        cell.source = cells.get(cell.id, cell.source)
    nbformat.write(notebook, project.portfolio)


def listed(project: Project) -> int:
    tree = BeautifulSoup(project.index.read_text(encoding="utf-8"), "html.parser")
    return len(tree.select(".index.given tbody tr"))


def test_the_notebook_makes_the_index_once(project: Project, refresh: Callable) -> None:
    shutil.copyfile(NOTEBOOK, project.portfolio)
    assert refresh() == []
    assert listed(project) == 3
    assert 'id="shared"' in project.index.read_text()
    assert yaml.safe_load((project.runs / "portfolio.yml").read_text())["entries"] == ENTRIES
    executed = (project.runs / "portfolio.ipynb").stat().st_mtime_ns
    assert refresh() == []
    assert (project.runs / "portfolio.ipynb").stat().st_mtime_ns == executed


def test_without_the_notebook_there_is_the_plain_list(project: Project, refresh: Callable) -> None:
    assert refresh() == []
    assert listed(project) == 3
    assert 'id="shared"' not in project.index.read_text()


def test_a_notebook_that_breaks_leaves_the_plain_list_and_is_tried_again(
    project: Project, refresh: Callable
) -> None:
    change(project, shared="1 / 0")
    (event,) = refresh()
    assert (event["event"], event["state"]) == ("index", "plain")
    assert str(project.root) not in event["message"]
    assert listed(project) == 3
    assert 'id="shared"' not in project.index.read_text()
    shutil.copyfile(NOTEBOOK, project.portfolio)
    assert refresh() == []
    assert 'id="shared"' in project.index.read_text()


def test_a_notebook_without_its_tag_never_runs(project: Project, refresh: Callable) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    notebook.cells[0].metadata.tags = []
    nbformat.write(notebook, project.portfolio)
    (event,) = refresh()
    assert "no cell is tagged 'parameters'" in event["message"]
    assert not (project.runs / "portfolio.ipynb").exists()
    assert listed(project) == 3


def test_pilots_that_the_notebook_makes_up_are_not_listed(project: Project) -> None:
    change(project, pilots="import impact\n\npilots = impact.portfolio(entries[:2])")
    worker = Worker(project.root)
    given = {"entries": ENTRIES, "notebook": str(project.portfolio), "runs": str(project.runs)}
    log = project.runs / "index.log"
    try:
        made = worker.ask("portfolio", {**given, "log": "log"}, log=log)
        drawn = {"entries": ENTRIES, "notebook": made["notebook"]}
        with pytest.raises(RunError, match="other pilots"):
            worker.ask("index", drawn, log=log)
    finally:
        worker.end()
