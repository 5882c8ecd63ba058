"""What the schema says of one key: messages name it in the words that an editor shows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from impact.spec.place import Key

__all__ = ["homes_of", "keys_at", "node_at", "said_of"]


@cache
def _schema() -> dict[str, Any]:
    from impact.spec.schema import schema

    return schema()


def node_at(key: Key) -> dict[str, Any]:
    """Return the schema of the value at a key, without references.

    Parameters
    ----------
    key : tuple of str and int
        Such as ``("outcomes", 0, "scale")``; a key that the schema does not have gives
        an empty schema.
    """
    options = [option for option in _options(_walked(key)) if option.get("type") != "null"]
    if not options:
        return {}
    return options[0] if len(options) == 1 else {"anyOf": options}


def said_of(key: Key) -> str:
    """Return the description of a key; empty where the schema has none."""
    return str(_walked(key).get("description", ""))


def _walked(key: Key) -> dict[str, Any]:
    node = _schema()
    for part in key:
        steps = [_step(option, part) for option in _options(node)]
        node = next((step for step in steps if step is not None), {})
    return node


def _options(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "$ref" in node:
        node = _schema()["$defs"][node["$ref"].rpartition("/")[2]]
    if "anyOf" in node:
        for option in node["anyOf"]:
            yield from _options(option)
    elif "items" in node:
        items = list(_options(node["items"]))
        yield {**node, "items": items[0] if len(items) == 1 else {"anyOf": items}}
    else:
        yield node


def _step(node: dict[str, Any], part: str | int) -> dict[str, Any] | None:
    if isinstance(part, str):
        # Under a mapping whose keys are free, every key leads to the same kind of value.
        free = next(iter(node.get("patternProperties", {}).values()), None)
        found: dict[str, Any] | None = node.get("properties", {}).get(part, free)
        return found
    if "prefixItems" in node:
        return dict(node["prefixItems"][0])
    items: dict[str, Any] | None = node.get("items")
    return items


def keys_at(key: Key) -> list[str]:
    """Return the keys that may stand under a key; none where a plain value is due."""
    return list(node_at(key).get("properties", {}))


def homes_of(name: str) -> list[str]:
    """Return the groups of keys in which a key of that name belongs."""
    inner: list[Key] = [("data", "missing"), ("data", "spells")]
    groups: list[Key] = [(), *((top,) for top in keys_at(())), *inner]
    return [".".join(map(str, group)) for group in groups if name in keys_at(group)]
