"""A table as plain text, for a terminal: headers, rows, notes, in columns that line up."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from impact.tables.grid import Grid

__all__ = ["text_of"]

WIDE = 100
LABEL = 60
MISSING = "–"


def text_of(grid: Grid) -> str:
    """Write a table as text.

    Parameters
    ----------
    grid : Grid

    Returns
    -------
    str
        Caption, headers, rows and notes; a row header longer than 60 characters is cut.

    Examples
    --------
    >>> from impact.tables.grid import Body, Box, Line, columns_of
    >>> lines = (Line("Age", (Box("33"), Box(""))),)
    >>> print(text_of(Grid("Who", "Measure", columns_of(("Pilot", "Others")), (Body(lines),))))
    Who
    Measure  Pilot  Others
    Age         33       –
    """
    rows = list(_rows(grid))
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    written = [
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    notes = [line for note in grid.notes for line in textwrap.wrap(note, WIDE)]
    return "\n".join([grid.caption, *written, *notes])


def _rows(grid: Grid) -> Iterator[list[str]]:
    """Yield every line of the table, all of one length."""
    tops = [column.label for column in grid.columns]
    if grid.nested:
        spans = [[column.label, *[""] * (column.width - 1)] for column in grid.columns]
        yield ["", *(label for span in spans for label in span)]
        tops = [label for column in grid.columns for label in column.below or ("",)]
    yield [grid.corner, *tops]
    for body in grid.bodies:
        if body.label:
            yield [_short(body.label), *("" for _ in tops)]
        indent = "  " if body.label else ""
        for line in body.lines:
            yield [indent + _short(line.label), *(box.text or MISSING for box in line.boxes)]


def _short(label: str) -> str:
    return textwrap.shorten(label, LABEL, placeholder=" …")
