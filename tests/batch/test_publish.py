"""``reports/`` agrees with the records of all runs, and holds nothing else."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from impact.batch.project import Project
from impact.batch.publish import publish_pilot, refresh_index
from impact.batch.record import Good, Run, write_run

HEAD = "pilot,estimate\n"


class Shelf:
    """A project whose runs are written by hand."""

    def __init__(self, root: Path) -> None:
        self.project = Project(root, root / "params", root / "reports", root / "runs")
        self.project.params.mkdir()
        self.rendered: list[Sequence[Mapping[str, Any]]] = []

    def add(self, pilot: str, state: str = "published", *, released: str = HEAD) -> Good:
        (self.project.params / f"{pilot}.yml").write_text("")
        executed = self.project.folder(pilot) / "running.ipynb"
        executed.parent.mkdir(parents=True, exist_ok=True)
        executed.write_text("{}")
        drawn = {"page": f"<p>{pilot}", "estimates": "full", "released": released}
        entry = {"pilot": pilot, "state": state}

        def record(good: Good) -> Run:
            return Run(pilot, "done", f"params/{pilot}.yml", good=good, entry=entry)

        run = publish_pilot(self.project, pilot, executed=executed, drawn=drawn, record=record)
        assert run.good is not None
        return run.good

    def refresh(self, code: str = "1") -> bool:
        def render(entries: Sequence[Mapping[str, Any]]) -> str:
            self.rendered.append(entries)
            return " ".join(entry["pilot"] for entry in entries)

        return refresh_index(self.project, code=code, render=render)

    def names(self) -> set[str]:
        return {path.name for path in self.project.reports.iterdir()}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_good_run_leaves_its_files_and_one_page(shelf: Shelf) -> None:
    good = shelf.add("alpha")
    folder = shelf.project.folder("alpha")
    assert shelf.names() == {"alpha.html"}
    assert {path.name for path in folder.iterdir()} == {*good.kept, "run.json"}


def test_nothing_is_rendered_while_all_agrees(shelf: Shelf) -> None:
    shelf.add("alpha")
    assert shelf.refresh()
    assert not shelf.refresh()
    assert len(shelf.rendered) == 1


@pytest.mark.parametrize(
    "disturb",
    [
        lambda shelf: shelf.project.index.write_text("edited"),
        lambda shelf: shelf.project.estimates.unlink(),
        lambda shelf: (shelf.project.runs / "batch.json").write_text("{"),
        lambda shelf: shelf.add("alpha", "stale"),
        lambda shelf: shelf.add("alpha", released=f"{HEAD}alpha,2\n"),
        lambda shelf: shelf.add("beta"),
    ],
)
def test_whatever_does_not_agree_is_put_right(
    shelf: Shelf, disturb: Callable[[Shelf], object]
) -> None:
    shelf.add("alpha", released=f"{HEAD}alpha,1\n")
    shelf.refresh()
    disturb(shelf)
    assert shelf.refresh()
    assert not shelf.refresh()
    assert "alpha" in shelf.project.index.read_text()


def test_another_version_of_the_package_makes_another_index(shelf: Shelf) -> None:
    shelf.add("alpha")
    shelf.refresh()
    assert shelf.refresh(code="2")


def test_estimates_of_all_pilots_stand_in_one_table_in_the_order_of_their_ids(
    shelf: Shelf,
) -> None:
    shelf.add("beta", released=f'{HEAD}"b,c",0.10\n')
    shelf.add("alpha", released=f"{HEAD}alpha,\n")
    shelf.refresh()
    assert shelf.project.estimates.read_text() == f'{HEAD}alpha,\n"b,c",0.10\n'


@pytest.mark.parametrize("name", ["=HYPERLINK(1)", "+1+2", "-x", "@SUM(A1)", "＝1", "\tx"])
def test_a_text_that_a_spreadsheet_would_compute_is_marked_as_text(shelf: Shelf, name: str) -> None:
    numbers = [["-0.5", "+2", "-inf", "1e-7"], ["-3", "", "nan", "-1.5e3"]]
    released = "".join(",".join([f'"{name}"', *row]) + "\n" for row in numbers)
    shelf.add("alpha", released=f"outcome,a,b,c,d\n{released}")
    shelf.refresh()
    with shelf.project.estimates.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file))[1:] == [[f"'{name}", *row] for row in numbers]


def test_tables_of_two_versions_are_joined_by_the_names_of_their_columns(shelf: Shelf) -> None:
    shelf.add("alpha", released="pilot,estimate\na,1\n")
    shelf.add("beta", released="estimate,pilot,level\n2,b,0.9\n")
    shelf.refresh()
    assert shelf.project.estimates.read_text() == "pilot,estimate,level\na,1,\nb,2,0.9\n"


def test_a_pilot_whose_params_file_is_gone_leaves_reports_and_no_other_does(shelf: Shelf) -> None:
    shelf.add("alpha")
    shelf.add("beta")
    (shelf.project.params / "beta.yml").unlink()
    (shelf.project.reports / "gamma.html").write_text("not ours")
    shelf.refresh()
    assert shelf.names() == {"alpha.html", "gamma.html", "index.html", "estimates.csv"}
    assert shelf.project.index.read_text() == "alpha"
    assert shelf.project.folder("beta").is_dir()


def test_the_index_links_to_no_page_that_is_not_there(shelf: Shelf) -> None:
    shelf.add("alpha")
    shelf.project.page("alpha").unlink()
    shelf.refresh()
    assert shelf.rendered == [[]]
    assert shelf.names() == {"index.html"}


def test_a_failed_pilot_is_on_the_index_and_not_among_the_estimates(shelf: Shelf) -> None:
    shelf.add("alpha")
    (shelf.project.params / "beta.yml").write_text("")
    entry = {"pilot": "beta", "state": "failed"}
    write_run(shelf.project.folder("beta"), Run("beta", "failed", "params/beta.yml", entry=entry))
    shelf.refresh()
    assert [entry["pilot"] for entry in shelf.rendered[0]] == ["alpha", "beta"]
    assert shelf.project.estimates.read_text() == HEAD
