"""Plain words: what was found, what is expected, what was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from impact.spec.fields import COUNTRY, CURRENCY, PILOT_ID

__all__ = ["closest", "expected", "is_text", "listed", "printable", "shown"]

LONGEST = 60
PATTERNS = {
    PILOT_ID: "an id of a-z, 0-9 and -, beginning with a letter or digit",
    COUNTRY: "a country code of two capital letters (ISO 3166)",
    CURRENCY: "a currency code of three capital letters (ISO 4217)",
}
PLAIN = {
    "boolean": "true or false",
    "null": "nothing",
    "object": "keys of its own",
    "array": "a list",
}


def printable(text: str) -> str:
    """Return the text on one line, short, with what no terminal can show written out."""
    short = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def shown(value: Any) -> str:
    """Return a value of a params file as a message shows it.

    Examples
    --------
    >>> shown("didd"), shown(True), shown([1, 2]), shown({})
    ("'didd'", 'true', 'a list', 'a group of keys')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{printable(value)}'" if value.strip() else "empty text"
    if isinstance(value, int) and value.bit_length() > 100:
        return "a very large number"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list | tuple):
        return "a list" if value else "an empty list"
    if isinstance(value, dict):
        return "a group of keys"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def is_text(value: Any) -> bool:
    """Whether the value is text that a file can hold: no half of a surrogate pair."""
    return isinstance(value, str) and not any("\ud800" <= sign <= "\udfff" for sign in value)


def listed(names: Iterable[Any], last: str = "or") -> str:
    """Return ``a, b or c``."""
    said = [printable(str(name)) for name in names]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {last} {said[-1]}"


def closest(name: Any, names: Iterable[str]) -> str | None:
    """Return the one of the names that was probably meant, or None."""
    if not isinstance(name, str) or len(name) > 200:
        return None
    by_fold = {known.casefold().replace("-", "_"): known for known in names}
    folded = name.casefold().strip().replace("-", "_").replace(" ", "_")
    near = difflib.get_close_matches(folded, by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None


def expected(schema: dict[str, Any]) -> str:
    """Return in plain words what a node of the JSON schema takes.

    Parameters
    ----------
    schema : dict
        A node without references; see `impact.spec.nodes.node_at`.

    Examples
    --------
    >>> expected({"type": "integer", "minimum": 0, "maximum": 20})
    'a whole number from 0 to 20'
    """
    if "anyOf" in schema:
        return _alternatives(schema["anyOf"])
    if "enum" in schema:
        choices = schema["enum"]
        return f"one of {listed(choices)}" if len(choices) <= 12 else "a name from the catalogue"
    if "const" in schema:
        return f"'{schema['const']}'"
    kind = schema.get("type", "object")
    if kind in ("integer", "number"):
        return ("a whole number" if kind == "integer" else "a number") + _range(schema)
    if kind == "string":
        return _text(schema)
    if kind == "array":
        return _list(schema)
    if kind == "object" and schema.get("properties"):
        return f"a group of keys such as {listed(list(schema['properties'])[:3], 'and')}"
    if "patternProperties" in schema:
        return "keys of your own, each with its value"
    return PLAIN[kind]


def _alternatives(nodes: list[dict[str, Any]]) -> str:
    kinds = [node.get("type") for node in nodes]
    said = [
        expected(node)
        for node in nodes
        if node.get("type") != "null" and not (node.get("type") == "integer" and "number" in kinds)
    ]
    return " or ".join(dict.fromkeys(said))


def _text(schema: dict[str, Any]) -> str:
    if schema.get("format") == "date":
        return "a date written year-month-day, such as 2021-03-01"
    return PATTERNS.get(schema.get("pattern", ""), "text")


def _range(schema: dict[str, Any]) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is not None and high is not None:
        return f" from {low:g} to {high}"
    if low is not None:
        return f", at least {low:g}"
    return f" above {schema['exclusiveMinimum']:g}" if "exclusiveMinimum" in schema else ""


def _list(schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return "a list of two numbers, the lowest and the highest"
    if "items" not in schema:
        return "a list"
    least = "at least one entry" if schema.get("minItems") else "entries"
    return f"a list of {least}, each {expected(schema['items'])}"
