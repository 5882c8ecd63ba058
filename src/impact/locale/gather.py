"""Every text of the package that is to be translated, gathered from where it stands.

Python's own syntax tree is read, so that a text may be put together of several literals, and a
choice between two texts gives both.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

__all__ = ["PACKAGE", "Text", "gather"]

PACKAGE = Path(__file__).resolve().parents[1]
MARKS = frozenset({"_", "N_", "Sentence"})
INDICATORS = "spec/indicators.yml"
SLOT = re.compile(r"%\(\w+\)[a-z]")
SAID = ("label", "measured_in", "caveat")
"""What a reader sees of an indicator."""
PLURAL = "ngettext"


class Text(NamedTuple):
    """A text to be translated, its form for many, and the module it stands in."""

    one: str
    many: str
    where: str


def gather(package: Path = PACKAGE) -> list[Text]:
    """Return all texts of the package's modules and templates, in the order of their paths."""
    found: list[Text] = []
    for path in sorted(package.rglob("*.py")):
        where = path.relative_to(package).as_posix()
        tree = ast.parse(path.read_bytes())
        found += [Text(one, many, where) for one, many in _marked(tree)]
    for path in sorted([*package.rglob("*.j2"), *package.rglob("*.html")]):
        where = path.relative_to(package).as_posix()
        found += [Text(one, many, where) for one, many in _in_template(path.read_text("utf-8"))]
    return [*found, *_of_indicators(package / INDICATORS)]


def _of_indicators(path: Path) -> Iterator[Text]:
    """Yield what the catalogue of indicators says to a reader; it is a file without marks."""
    import yaml

    entries = yaml.safe_load(path.read_bytes()) if path.exists() else {}
    for entry in entries.values():
        yield from (Text(entry[key], "", INDICATORS) for key in SAID if entry.get(key))


def _marked(tree: ast.AST) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        given = {word.arg: word.value for word in node.keywords}
        if name == PLURAL:
            yield from _pairs(node.args[0], node.args[1])
        elif name in MARKS and (node.args or "text" in given):
            text = node.args[0] if node.args else given["text"]
            yield from _pairs(text, given.get("many"))


def _has_words(text: str) -> bool:
    """Whether there is anything to translate beside what is filled in: words, or a colon."""
    return bool(SLOT.sub("", text).strip(" ,.–()"))


def _pairs(one: ast.expr, many: ast.expr | None) -> Iterator[tuple[str, str]]:
    """Yield what two expressions can be; without a second one the text has one form."""
    if many is None:
        yield from ((text, "") for text in _literals(one))
    else:
        yield from zip(_literals(one), _literals(many), strict=True)


def _literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) and _has_words(node.value) else []
    if isinstance(node, ast.IfExp):
        return [*_literals(node.body), *_literals(node.orelse)]
    return []


def _in_template(source: str) -> Iterator[tuple[str, str]]:
    import io

    from jinja2.ext import babel_extract

    options = {"trimmed": "true", "silent": "false"}
    lines = io.BytesIO(source.encode())
    for _, name, texts, _ in babel_extract(lines, ("_", "gettext", "ngettext"), (), options):
        both = texts if isinstance(texts, tuple) else (texts,)
        yield str(both[0]), str(both[1]) if name == PLURAL else ""
