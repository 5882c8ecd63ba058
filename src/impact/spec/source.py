"""YAML text to plain data that remembers its lines.

The data are what papermill's ``-f`` makes of the same text (dates stay text, ``yes`` is
true), so that every way of running a pilot gives the same parameters. What papermill
would take without a word, but not as the writer meant it, is a fault here: a key that
stands twice, ``12:30`` read as 750, ``010`` read as 8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from impact.errors import Fault, SpecError
from impact.spec.fields import text_key
from impact.spec.place import Key, Place, dotted
from impact.spec.words import is_text, shown
from impact.spec.yaml_nodes import MAX_DEPTH, root_node, too_deep

__all__ = ["Source", "read_source"]

MAX_VALUES = 50_000
MERGE = "tag:yaml.org,2002:merge"
SCALARS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null"))
ODD_NUMBER = re.compile(r"[-+]?(0[0-9_]+|0[xb][0-9a-fA-F_]+|[0-9_.]+:[0-9_.:]+)")


@dataclass(frozen=True, slots=True)
class Source:
    """What a params file says, and where it says it.

    Parameters
    ----------
    data : dict
        The plain data: dict, list, str, int, float, bool and None.
    place : Place
        The file's name and the line and wording of every key.
    faults : tuple of (Key, Fault)
        What is wrong with the YAML itself while the rest could be read, and at which key.
    """

    data: dict[str, Any]
    place: Place
    faults: tuple[tuple[Key, Fault], ...] = ()


def read_source(text: str, *, name: str) -> Source:
    """Read the text of a params file.

    Parameters
    ----------
    text : str
        The whole file.
    name : str
        The file as messages show it, relative to the project's root.

    Raises
    ------
    SpecError
        The text is no YAML, is empty, holds several documents or no mapping.

    Examples
    --------
    >>> read_source("pilot: tilburg", name="params/tilburg.yml").data
    {'pilot': 'tilburg'}
    """
    loader, node = root_node(text, name)
    reading = _Reading(loader, name)
    data = reading.mapping(node, ())
    return Source(
        data, Place(name, reading.lines, reading.raws), tuple(dict.fromkeys(reading.faults))
    )


@dataclass(slots=True)
class _Reading:
    """One pass over the nodes: the data, and the faults and positions met on the way."""

    loader: yaml.SafeLoader
    name: str
    lines: dict[Key, int] = field(default_factory=dict)
    raws: dict[Key, str] = field(default_factory=dict)
    faults: list[tuple[Key, Fault]] = field(default_factory=list)
    open_nodes: list[int] = field(default_factory=list)
    count: int = 0

    def fault(self, code: str, node: Node, path: Key, found: str, advice: str) -> None:
        where = Place(self.name, {path: node.start_mark.line + 1}).where(path)
        self.faults.append((path, Fault(code, where, found, advice=advice)))

    def value(self, node: Node, path: Key) -> Any:
        self.count += 1
        if self.count > MAX_VALUES:
            self._refuse(node, "too-many-values", f"aliases unfold to over {MAX_VALUES} values")
        if isinstance(node, ScalarNode):
            return self.scalar(node, path)
        if id(node) in self.open_nodes:
            self._refuse(node, "alias-of-itself", "an alias (*) stands inside its own anchor (&)")
        if len(self.open_nodes) >= MAX_DEPTH:
            raise SpecError(too_deep(f"{self.name}:{node.start_mark.line + 1}"))
        self.open_nodes.append(id(node))
        read = self.sequence if isinstance(node, SequenceNode) else self.mapping
        data = read(node, path)
        self.open_nodes.pop()
        return data

    def _refuse(self, node: Node, code: str, found: str) -> None:
        where = f"{self.name}:{node.start_mark.line + 1}"
        raise SpecError(Fault(code, where, found, advice="write the values out"))

    def sequence(self, node: Any, path: Key) -> list[Any] | None:
        if not self._untagged(node, path, "seq"):
            return None
        items = []
        for index, item in enumerate(node.value):
            self.lines[(*path, index)] = item.start_mark.line + 1
            items.append(self.value(item, (*path, index)))
        return items

    def mapping(self, node: Any, path: Key) -> Any:
        if not self._untagged(node, path, "map"):
            return None
        data: dict[str, Any] = {}
        for key_node, value_node in self._pairs(node, path, ()):
            key = self._key(key_node, path)
            if key is not None:
                self.lines[(*path, key)] = key_node.start_mark.line + 1
                data[key] = self.value(value_node, (*path, key))
        return data

    def _pairs(self, node: Any, path: Key, merging: tuple[int, ...]) -> Iterator[Any]:
        """Yield merged pairs first, so that the mapping's own keys win; own ones stand once."""
        self.count += len(node.value)
        if id(node) in merging:
            self._refuse(node, "alias-of-itself", "a merge (<<) of a mapping into itself")
        if self.count > MAX_VALUES or len(merging) > MAX_DEPTH:
            self._refuse(node, "too-many-values", f"merges unfold to over {MAX_VALUES} values")
        seen: dict[tuple[str, str], int] = {}
        own = []
        for key_node, value_node in node.value:
            self._stands_once(key_node, path, seen)
            if key_node.tag != MERGE:
                own.append((key_node, value_node))
                continue
            merged = value_node.value if isinstance(value_node, SequenceNode) else [value_node]
            for other in reversed(merged):
                if isinstance(other, MappingNode):
                    yield from self._pairs(other, path, (*merging, id(node)))
                else:
                    said = "a merge (<<) takes a mapping or a list of mappings"
                    self.fault("merge", key_node, path, said, "name an anchor with *")
        yield from own

    def _stands_once(self, node: Node, path: Key, seen: dict[tuple[str, str], int]) -> None:
        if not isinstance(node, ScalarNode):
            return
        name, line = (_kind(node), node.value), node.start_mark.line + 1
        if name in seen:
            key = (*path, node.value)
            lines = f"in line {seen[name]} and in line {line}"
            found = f"the key '{dotted(key)}' stands twice, {lines}"
            self.fault("duplicate-key", node, key, found, "keep one of them")
        seen.setdefault(name, line)

    def _key(self, node: Node, path: Key) -> str | None:
        if not isinstance(node, ScalarNode):
            found = "a list or mapping stands where a key is due"
            self.fault("key-not-text", node, path, found, "look for '?' or a bracket too many")
            return None
        if node.tag == "tag:yaml.org,2002:value":
            return str(node.value)
        built = self._built(node, path)
        if type(built) is int and ODD_NUMBER.fullmatch(node.value):
            self._odd_number(node, path, built)
        key = text_key(built)
        if isinstance(key, str) and is_text(key):
            return key
        if node.tag in SCALARS:
            found = f"the key {shown(node.value)} is read as {shown(key)}, not as text"
            self.fault("key-not-text", node, path, found, "check the key, or put it in quotes")
        return None

    def scalar(self, node: Any, path: Key) -> Any:
        value = self._built(node, path)
        if node.style is None and value is not None:
            self.raws[path] = node.value
            if type(value) in (int, float) and ODD_NUMBER.fullmatch(node.value):
                self._odd_number(node, path, value)
        return value

    def _built(self, node: Any, path: Key) -> Any:
        """Return what the scalar stands for; None, with a fault, where nothing fits."""
        if node.tag not in SCALARS:
            self._untagged(node, path, "str")
            return None
        try:
            return self.loader.construct_object(node)
        except (ValueError, LookupError, OverflowError, yaml.YAMLError):
            said = f"{shown(node.value)} cannot be read as {node.tag.rpartition(':')[2]}"
            self.fault("unreadable-value", node, path, said, "put it in quotes if it is text")
            return None

    def _odd_number(self, node: Any, path: Key, value: float) -> None:
        found = f"{node.value} is read as the number {value}"
        advice = f"write '{node.value}' in quotes if it is text, {value} if the number is meant"
        self.fault("odd-number", node, path, found, advice)

    def _untagged(self, node: Any, path: Key, kind: str) -> bool:
        if node.tag == f"tag:yaml.org,2002:{kind}":
            return True
        said = f"{shown(node.value)} is a special mark of YAML"
        if node.tag not in ("tag:yaml.org,2002:value", MERGE):
            said = f"the tag {shown(node.tag)} is not taken here"
        advice = "put it in quotes if it is text, and leave out tags (!)"
        self.fault("tag", node, path, said, advice)
        return False


def _kind(node: ScalarNode) -> str:
    """Return the kind of a key; a whole number is the same key as its text."""
    return node.tag.replace(":int", ":str")
