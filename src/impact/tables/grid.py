"""A table as it is read: caption, headers, bodies; and its one template."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from impact.locale import _, ngettext

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["Body", "Box", "Column", "Grid", "Line", "columns_of", "render"]


@dataclass(frozen=True)
class Box:
    """One data cell: its text, empty where nothing is available, and what kind it is.

    Parameters
    ----------
    text : str
    kind : str
        The CSS class: ``number``, ``text`` or ``withheld``.
    note : str
        A remark on it, in small print under it.
    """

    text: str
    kind: str = "number"
    note: str = ""


@dataclass(frozen=True)
class Column:
    """A column header, with the headers below it where it spans several."""

    label: str
    below: tuple[str, ...] = ()
    kind: str = "number"

    @property
    def width(self) -> int:
        """How many columns it spans."""
        return max(1, len(self.below))


@dataclass(frozen=True)
class Line:
    """A row: its header and its data cells, as many as there are columns."""

    label: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Body:
    """Rows that belong together, under a header of their own where ``label`` is not empty."""

    lines: tuple[Line, ...]
    label: str = ""


@dataclass(frozen=True)
class Grid:
    """A whole table.

    Parameters
    ----------
    caption : str
    corner : str
        Header of the column of row headers.
    columns : tuple of Column
    bodies : tuple of Body
    notes : tuple of str
        Paragraphs under the table.
    """

    caption: str
    corner: str
    columns: tuple[Column, ...]
    bodies: tuple[Body, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def nested(self) -> bool:
        """Whether the header has two rows."""
        return any(column.below for column in self.columns)

    @property
    def width(self) -> int:
        """How many columns there are, with the one of row headers."""
        return 1 + sum(column.width for column in self.columns)


def render(grid: Grid, *, name: str | None = None) -> str:
    """Write the table as HTML.

    Parameters
    ----------
    grid : Grid
    name : str, optional
        What the ids begin with; derived from the content unless said, so that two different
        tables on a page never share one.
    """
    if name is None:
        name = "table-" + hashlib.blake2b(repr(grid).encode(), digest_size=5).hexdigest()
    return _template().render(grid=grid, name=name).strip()


def columns_of(labels: Sequence[str]) -> tuple[Column, ...]:
    """Return plain columns of numbers with these headers."""
    return tuple(Column(label) for label in labels)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("impact", "tables"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        _, ngettext, newstyle=True
    )
    return environment.get_template("table.html")
