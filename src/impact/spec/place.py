"""Where in a params file something stands: file, line and key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from impact.spec.words import printable

__all__ = ["Key", "Place", "dotted", "holds", "value_at"]

Key = tuple[str | int, ...]
"""The way to a value: ``("outcomes", 0, "scale")``; positions in a list count from 0."""


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or a notebook's parameters, and the line and wording of each key.

    Parameters
    ----------
    name : str
        ``params/x.yml``, or ``parameters`` for a notebook's cell.
    lines : mapping of Key to int
        The line of each key; empty where there is no file.
    raws : mapping of Key to str
        How a value that stands without quotes is written.
    """

    name: str
    lines: Mapping[Key, int] = field(default_factory=dict)
    raws: Mapping[Key, str] = field(default_factory=dict)

    def line(self, key: Key) -> int | None:
        """Return the line of the key, or of the nearest key that holds it."""
        for length in range(len(key), 0, -1):
            if key[:length] in self.lines:
                return self.lines[key[:length]]
        return min(self.lines.values(), default=None)

    def where(self, key: Key) -> str:
        """Return file, line and key, as in ``params/x.yml:14 design.first_treated``."""
        line = self.line(key)
        file = self.name if line is None else f"{self.name}:{line}"
        return f"{file} {dotted(key)}" if key else file


def dotted(key: Key) -> str:
    """Return the key as a reader writes it; positions in a list count from 1.

    Examples
    --------
    >>> dotted(("outcomes", 0, "scale"))
    'outcomes[1].scale'
    """
    said = ""
    for part in key:
        if isinstance(part, int):
            said += f"[{part + 1}]"
        else:
            said += f".{printable(part)}" if said else printable(part)
    return said


def value_at(data: Any, key: Key) -> Any:
    """Return what stands at the key, or None where nothing does."""
    for part in key:
        if not holds(data, part):
            return None
        data = data[part]
    return data


def holds(data: Any, part: str | int) -> bool:
    """Whether a group of keys has that key, or a list that position."""
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data
