"""YAML text to nodes: read as papermill's ``-f`` reads it, and bounded."""

from __future__ import annotations

from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from impact.errors import Fault, SpecError
from impact.spec.yaml_faults import yaml_fault

__all__ = ["MAX_DEPTH", "Loader", "root_node", "too_deep"]

MAX_DEPTH = 30


class _TooDeep(yaml.YAMLError):
    def __init__(self, line: int) -> None:
        self.line = line


class Loader(yaml.SafeLoader):
    """The loader of papermill's ``-f``, which leaves dates as text, with a bound on depth."""

    depth = 0

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """Return the next node; refuse what is nested too deep."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise _TooDeep(mark.line + 1)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


Loader.yaml_implicit_resolvers = {
    first: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:timestamp"]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def root_node(text: str, name: str) -> tuple[Loader, MappingNode]:
    """Return the mapping that a params file is, and the loader that reads its scalars.

    Parameters
    ----------
    text : str
        The whole file.
    name : str
        The file as messages show it.

    Raises
    ------
    SpecError
        The text is no YAML, is empty, holds several documents or no mapping.
    """
    try:
        loader = Loader(text)
        node = loader.get_single_node()
    except _TooDeep as error:
        raise SpecError(too_deep(f"{name}:{error.line}")) from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise SpecError(yaml_fault(error, text, name)) from None
    if node is None or (isinstance(node, ScalarNode) and node.tag.endswith(":null")):
        empty = Fault("empty-file", name, "the file is empty", "expected the keys of a pilot")
        raise SpecError(empty)
    if isinstance(node, MappingNode):
        return loader, node
    found = "found a list" if isinstance(node, SequenceNode) else "found bare text"
    wanted = "expected keys with values, such as 'pilot: tilburg-integration'"
    raise SpecError(Fault("not-a-mapping", f"{name}:{node.start_mark.line + 1}", found, wanted))


def too_deep(where: str) -> Fault:
    """Return the fault of a file that is nested deeper than any params file need be."""
    return Fault(
        "too-deep",
        where,
        f"brackets or indents are nested more than {MAX_DEPTH} deep",
        "expected five at most",
        "look for a bracket that is not closed",
    )
