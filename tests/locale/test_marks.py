"""Texts with something to fill in are whole and marked, wherever they stand in a room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.locale.gathered import SLOT

from impact.locale.gather import PACKAGE, gather


def texts(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize(
    "room", ["data", "describe", "did", "evidence", "figures", "report", "tables"]
)
def test_every_text_that_is_filled_in_is_gathered(room: str) -> None:
    found = [text for path in sorted((PACKAGE / room).rglob("*.py")) for text in texts(path)]
    filled = [
        text
        for text in found
        if SLOT.search(text) and "\n" not in text and any(map(str.isalpha, SLOT.sub("", text)))
    ]
    known = {form for text in gather() for form in (text.one, text.many)}
    assert len(filled) > 10
    assert sorted(set(filled) - known) == []
