"""The notebook for the time before a pilot, run cell by cell with few draws."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import nbformat
import pytest

from impact.power import Power

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "planning.ipynb"


def test_every_question_of_the_planning_notebook_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("impact.power.asked.DRAWS", 20)
    sources = [c.source for c in nbformat.read(NOTEBOOK, 4).cells if c.cell_type == "code"]
    names: dict[str, Any] = {}
    for source in sources[:2]:
        exec(source, names)
    asked = [source for source in sources[2:] if isinstance(ast.parse(source).body[-1], ast.Expr)]
    assert len(asked) == len(sources) - 2
    for source in asked:
        found = eval(source, names)
        assert isinstance(found, Power)
        assert found.draws == 20
        assert found.sentences[0] in found._repr_html_()
