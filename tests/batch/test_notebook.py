"""The parameters cell: whatever would let one pilot inherit another's values is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from impact.batch.notebook import inspect
from impact.errors import RunError
from impact.spec import PilotSpec

KEYS = tuple(PilotSpec.model_fields)


@pytest.mark.parametrize(
    ("defect", "code", "said"),
    [
        ("no-parameters-tag", "parameters-tag", "no cell is tagged 'parameters'"),
        ("two-parameters-tags", "parameters-tag", "2 cells are tagged 'parameters'"),
        ("parameters-not-first", "parameters-not-first", "not the first code cell"),
        ("parameters-with-a-value", "key-filled", "gives a value to covariates"),
        ("parameters-lack-a-key", "key-missing", "does not set published"),
        ("parameters-too-many", "key-unknown", "sets data_path"),
    ],
)
def test_a_parameters_cell_that_cannot_be_trusted_is_refused(
    zoo: Path, defect: str, code: str, said: str
) -> None:
    with pytest.raises(RunError) as refused:
        inspect(zoo / f"{defect}.ipynb", where="notebooks/pilot.ipynb", keys=KEYS)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert said in str(refused.value)
    assert str(zoo) not in str(refused.value)


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"cells": 3}', '{"nbformat": 4}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "pilot.ipynb").write_text(text)
    with pytest.raises(RunError, match="the file is no notebook"):
        inspect(tmp_path / "pilot.ipynb", where="pilot.ipynb", keys=KEYS)


def test_a_notebook_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(RunError, match=r"pilot\.ipynb: there is no such notebook"):
        inspect(tmp_path / "pilot.ipynb", where="pilot.ipynb", keys=KEYS)


def test_our_notebook_and_a_folder_with_braces_pass(zoo: Path, tmp_path: Path) -> None:
    braces = tmp_path / "{pilot}"
    braces.mkdir()
    for name, notebook in {
        "ours": Path(__file__).parents[2] / "notebooks" / "pilot.ipynb",
        "good": zoo / "good.ipynb",
    }.items():
        copy = braces / f"{name}.ipynb"
        copy.write_bytes(notebook.read_bytes())
        assert faults(copy) == ()
        assert faults(copy, *KEYS[:-1]) != ()


def faults(path: Path, *keys: str) -> tuple[object, ...]:
    """Return what is wrong with a notebook, for a params file of these keys."""
    try:
        inspect(path, where=path.name, keys=keys or KEYS)
    except RunError as error:
        return tuple(error.faults)
    return ()
