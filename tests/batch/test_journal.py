"""Several files take their places together, wherever the process is cut off."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from impact.batch.journal import place_together, settle, unsettled

OLD = {"a": "old a", "b": "old b", "c": "old c"}
NEW = {"a": "new a", "b": "new b", "c": "new c"}


class Killed(BaseException):
    """Stands for the end of a process: nothing after it is done."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "runs").mkdir()
    (tmp_path / "reports").mkdir()
    for name, text in OLD.items():
        target(tmp_path, name).write_text(text)
    return tmp_path


def target(place: Path, name: str) -> Path:
    return place / ("reports" if name == "a" else "runs") / name


def found(place: Path) -> dict[str, str]:
    return {name: target(place, name).read_text() for name in OLD}


def publish(place: Path) -> None:
    place_together(place / "runs", {target(place, name): text for name, text in NEW.items()})


def test_all_files_are_replaced_and_nothing_is_left_beside_them(place: Path) -> None:
    publish(place)
    assert found(place) == NEW
    assert sorted(path.name for path in (place / "runs").iterdir()) == ["b", "c"]


@pytest.mark.parametrize("step", range(40))
def test_cut_off_at_any_step_the_next_one_finds_all_old_or_makes_all_new(
    place: Path, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    calls = 0

    def counted(real: Any) -> Any:
        def call(*given: Any, **more: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > step:
                raise Killed
            return real(*given, **more)

        return call

    with monkeypatch.context() as cut:
        for name in ("replace", "fsync", "unlink", "rmdir"):
            cut.setattr(os, name, counted(getattr(os, name)))
        try:
            publish(place)
        except Killed:
            pass
        else:
            assert step >= 10, "the steps are not counted"
    for path in unsettled(place / "runs"):
        settle(path)
    assert found(place) in (OLD, NEW)
    assert not list(unsettled(place / "runs"))


def test_what_cannot_take_its_place_is_told_and_does_not_come_later(place: Path) -> None:
    target(place, "a").unlink()
    target(place, "a").mkdir()
    with pytest.raises(OSError, match="a") as refused:
        publish(place)
    assert refused.value.filename == str(target(place, "a"))
    target(place, "a").rmdir()
    assert not settle(place / "runs")
    assert not target(place, "a").exists()
    assert {name: target(place, name).read_text() for name in "bc"} == {"b": "old b", "c": "old c"}


def test_another_file_system_is_reached_by_a_copy(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def elsewhere(source: Any, to: Any) -> None:
        if Path(source).parent != Path(to).parent:
            raise OSError(18, "Invalid cross-device link")
        real(source, to)

    monkeypatch.setattr(os, "replace", elsewhere)
    publish(place)
    assert found(place) == NEW
