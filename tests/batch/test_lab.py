"""The working copy: this pilot's parameters, and never an analyst's work lost."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import nbformat
import pytest

from impact.batch.lab import working_copy
from impact.errors import RunError

Make = Callable[..., Any]
pytestmark = pytest.mark.filterwarnings("default")  # papermill's own, at import


def edit(path: Any, **change: Any) -> None:
    nb = json.loads(path.read_text())
    nb["cells"][-1] |= change
    path.write_text(json.dumps(nb))


def test_the_copy_has_the_pilots_parameters_below_the_defaults(small: Make) -> None:
    made = small("alpha")
    copy = working_copy(made.project, made.params("alpha"))
    assert copy.path == made.root / "runs" / "alpha" / "lab.ipynb"
    nb = nbformat.read(copy.path, as_version=4)
    nbformat.validate(nb)
    assert [cell.metadata.get("tags") for cell in nb.cells[:2]] == [
        ["parameters"],
        ["injected-parameters"],
    ]
    given: dict[str, Any] = {}
    exec(nb.cells[1].source, given)
    assert given["data"]["path"] == "data/alpha.csv"
    assert str(made.root) not in copy.path.read_text()


def test_a_copy_that_was_only_run_is_made_anew_and_an_edited_one_is_kept(small: Make) -> None:
    made = small("alpha")
    copy = working_copy(made.project, made.params("alpha"))
    first = copy.path.read_text()
    edit(copy.path, execution_count=3)
    assert not working_copy(made.project, made.params("alpha")).kept
    assert json.loads(copy.path.read_text())["cells"][-1]["execution_count"] is None
    edit(copy.path, source=["my own analysis"])
    mine = copy.path.read_text()
    assert working_copy(made.project, made.params("alpha")).kept
    assert copy.path.read_text() == mine
    assert not working_copy(made.project, made.params("alpha"), fresh=True).kept
    assert json.loads(copy.path.read_text())["metadata"] == json.loads(first)["metadata"]


def test_a_file_in_the_place_of_the_copy_that_is_no_notebook_of_ours_is_kept(small: Make) -> None:
    made = small("alpha")
    path = made.root / "runs" / "alpha" / "lab.ipynb"
    path.parent.mkdir(parents=True)
    for text in ("notes", "{}", '{"cells": [], "metadata": {}}'):
        path.write_text(text)
        assert working_copy(made.project, made.params("alpha")).kept
        assert path.read_text() == text


def test_without_a_pilot_the_notebook_is_copied_as_it_stands(small: Make) -> None:
    made = small()
    copy = working_copy(made.project, None)
    assert copy.path == made.root / "runs" / "lab.ipynb"
    ours = nbformat.read(made.project.notebook, as_version=4)
    copied = nbformat.read(copy.path, as_version=4)
    assert [cell.source for cell in copied.cells] == [cell.source for cell in ours.cells]


@pytest.mark.parametrize("text", ["[1, 2]", "a: b: c", "", "\t"])
def test_a_params_file_that_is_no_mapping_is_refused(small: Make, text: str) -> None:
    made = small("alpha")
    made.params("alpha").write_text(text)
    with pytest.raises(RunError, match=r"params/alpha\.yml: the file cannot be read"):
        working_copy(made.project, made.params("alpha"))
