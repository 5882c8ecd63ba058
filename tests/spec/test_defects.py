"""Every named defect of a params file ends in the message that is due."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from impact.errors import SpecError
from impact.spec import load_spec


def test_the_good_file_is_good(project: Path, good: str) -> None:
    file = project / "params" / "good-pilot.yml"
    file.write_text(good)
    assert load_spec(file).pilot == "good-pilot"


def test_there_are_over_two_hundred_defects_and_no_name_is_taken_twice(
    defects: ModuleType,
) -> None:
    names = [name for name, _, _ in defects.PARAMS_DEFECTS]
    assert len(names) == len(set(names))
    assert len(names) > 200


def test_a_defect_ends_in_its_message_with_the_right_line(
    project: Path, good: str, defect: tuple[str, Callable[[str], str], str], defects: ModuleType
) -> None:
    _, make, due = defect
    text = make(good)
    assert text != good
    file = project / "params" / "good-pilot.yml"
    file.write_text(text)
    with pytest.raises(SpecError) as caught:
        load_spec(file)
    said = [str(fault) for fault in caught.value.faults]
    assert any(due in fault for fault in said), said
    assert str(project) not in str(caught.value)
    assert "pydantic" not in str(caught.value)
    marked = [n for n, line in enumerate(text.splitlines(), 1) if line.endswith(defects.MARK)]
    where = f"params/good-pilot.yml:{marked[0]}" if marked else "params/good-pilot.yml"
    assert any(due in fault and fault.startswith(where) for fault in said), said
