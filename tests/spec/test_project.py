"""The project's root is found from the params file, not from the working directory."""

from __future__ import annotations

from pathlib import Path

import pytest

from impact.errors import SpecError
from impact.spec import project_root, relative_to_root, resolve


def test_the_nearest_folder_upwards_that_holds_params_is_the_root(project: Path) -> None:
    inner = project / "inner" / "params"
    inner.mkdir(parents=True)
    assert project_root(project / "params") == project
    assert project_root(inner) == project / "inner"


def test_the_params_file_wins_over_the_working_directory(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "params").mkdir()
    monkeypatch.chdir(other)
    assert project_root(project / "params") == project
    assert project_root() == other


def test_impact_root_wins_over_everything(
    project: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path_factory.mktemp("other")
    monkeypatch.setenv("IMPACT_ROOT", str(other))
    assert project_root(project / "params") == other


def test_outside_every_project_the_checkout_is_the_root(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("IMPACT_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    assert (project_root() / "src" / "impact" / "spec" / "project.py").is_file()


def test_without_any_root_the_error_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import impact.spec.project as project_module

    monkeypatch.delenv("IMPACT_ROOT", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(project_module, "__file__", str(tmp_path / "site" / "project.py"))
    with pytest.raises(SpecError, match="set IMPACT_ROOT to it"):
        project_root()


def test_an_impact_root_that_is_no_folder_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMPACT_ROOT", str(tmp_path / "nowhere"))
    with pytest.raises(SpecError, match="IMPACT_ROOT: names no folder") as caught:
        project_root()
    assert str(tmp_path) not in str(caught.value)


def test_a_relative_path_starts_from_the_root_and_a_url_stays(tmp_path: Path) -> None:
    assert resolve("data/x.csv", tmp_path) == tmp_path / "data" / "x.csv"
    assert resolve("/srv/x.csv", tmp_path) == Path("/srv/x.csv")
    assert resolve("s3://bucket/x.csv", tmp_path) == "s3://bucket/x.csv"


def test_a_message_never_shows_an_absolute_path(tmp_path: Path) -> None:
    assert relative_to_root(tmp_path / "params" / "x.yml", tmp_path) == "params/x.yml"
    assert relative_to_root("/elsewhere/x.yml", tmp_path) == "x.yml"
    assert relative_to_root(tmp_path / "params" / ".." / ".." / "x.yml", tmp_path) == "x.yml"
