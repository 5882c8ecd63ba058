"""Which project and which params files a call means; what is said about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from impact.batch.inputs import Inputs
from impact.batch.plan import plan
from impact.batch.project import find_project
from impact.batch.record import Good, Run, read_run, write_run
from impact.errors import RunError, SpecError

Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def _no_root_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("IMPACT_ROOT", raising=False)


def test_the_project_is_found_from_any_folder_in_it(
    small: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = small("alpha")
    monkeypatch.chdir(made.root / "data")
    assert find_project() == made.project
    monkeypatch.chdir("/")
    monkeypatch.setenv("IMPACT_ROOT", str(made.root))
    assert find_project() == made.project


def test_outside_any_project_the_call_says_which_one_it_means(
    small: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = small("alpha")
    monkeypatch.chdir(tmp_path)
    assert find_project(params=made.root / "params").root == made.root
    assert find_project(pilots=["project/params/alpha.yml"]).root == made.root
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path / "nowhere"))
    with pytest.raises(SpecError, match="IMPACT_ROOT"):
        find_project()


def test_a_pilot_is_an_id_or_a_path_and_counts_once(
    small: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = small("alpha", "beta")
    monkeypatch.chdir(made.root)
    alpha = made.params("alpha")
    assert made.project.named(["alpha", "params/alpha.yml", str(alpha)]) == (alpha,)
    assert made.project.named([]) == (alpha, made.params("beta"))


def test_unknown_pilots_are_all_told_at_once_with_what_was_meant(small: Make) -> None:
    made = small("tilburg-integration")
    with pytest.raises(RunError) as refused:
        made.project.named(["tilburg-intgration", "params/nowhere.yml"])
    assert [fault.code for fault in refused.value.faults] == ["unknown-pilot", "no-file"]
    assert "did you mean 'tilburg-integration'?" in str(refused.value)


def test_a_project_without_params_files_says_how_to_write_one(small: Make) -> None:
    with pytest.raises(RunError, match="impact new"):
        small().project.named([])


def test_other_files_in_the_params_folder_are_no_pilots(small: Make) -> None:
    made = small("alpha")
    for name in ("README.md", "schema.json", ".hidden.yml"):
        (made.root / "params" / name).write_text("")
    (made.root / "params" / "beta.yaml").write_text("")
    assert [path.name for path in made.project.files()] == ["alpha.yml", "beta.yaml"]


def test_texts_lose_the_folders_of_the_machine(small: Make) -> None:
    project = small().project
    assert project.plainly(f"{project.root}/data/x.csv: gone") == "data/x.csv: gone"
    assert project.short(Path("/somewhere/else/x.yml")) == "x.yml"


RUN = Run(
    "alpha",
    "done",
    "params/alpha.yml",
    data=("data/alpha.csv",),
    seconds=2.5,
    inputs={"params": "ab"},
    seed=7,
    good=Good("2026-01-01T00:00:00+00:00", "p", "e", "r", "n"),
    entry={"pilot": "alpha"},
)


def test_a_record_comes_back_as_it_was_written(tmp_path: Path) -> None:
    for run in (RUN, replace(RUN, state="failed", good=None, error="line\u2028 ü")):
        write_run(tmp_path, run)
        assert read_run(tmp_path) == run


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"pilot": "alpha"}', '{"good": 3}', "\x00"])
def test_a_record_that_cannot_be_understood_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)
    assert read_run(tmp_path) is None


def test_a_record_of_a_later_version_is_read_for_what_is_known(tmp_path: Path) -> None:
    write_run(tmp_path, RUN)
    path = tmp_path / "run.json"
    path.write_text(path.read_text().replace('"seed": 7', '"seed": 7, "warmth": 3'))
    assert read_run(tmp_path) == RUN


def test_two_files_of_one_name_are_both_marked(small: Make) -> None:
    made = small("alpha")
    made.params("alpha").with_suffix(".yaml").write_text("")
    tasks = plan(made.project, made.project.files(), Inputs(made.project))
    assert [task.twin for task in tasks] == ["alpha.*", "alpha.*"]


def test_data_at_an_address_are_always_read_again(small: Make) -> None:
    made = small("alpha")
    write_run(made.project.folder("alpha"), replace(RUN, data=("https://no-such-host.invalid/…",)))
    (task,) = plan(made.project, made.project.files(), Inputs(made.project))
    assert task.why == "data at a URL"
