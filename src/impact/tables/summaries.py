"""A tidy summary as a table that can be read across: variables down, groups and periods across."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from impact.locale import N_, _, spoken
from impact.tables import numerals
from impact.tables.boxes import ASIDE, BESIDE, COUNTS, OWN_LINE, Cells, centre, line_boxes, withheld
from impact.tables.grid import Body, Column, Grid, Line, render
from impact.tables.names import CAPTIONS, GROUPS
from impact.tables.parted import apart
from impact.tables.plain import text_of

if TYPE_CHECKING:
    import pandas as pd

    from impact.results.summary import SummaryTable

__all__ = ["summary_html", "summary_text"]

ORDER = ("treated", "comparison", "expected", "all")
WITHHELD = N_(
    "Not shown: numbers about fewer than %(minimum)s, and numbers that would give them away."
)
EMPTY = N_("There is nothing to show.")
OVERALL = N_("overall")
MANY_PERIODS = 4
PLAIN = ("units", "lost")
MIDDLE = frozenset({"median", "q1", "q3"})
"""Told on a line of their own, under the mean."""


class _Row(NamedTuple):
    variable: str
    category: str
    period: str
    line: str


@dataclass(frozen=True)
class _Layout:
    """Where each cell goes: periods down or across, and the order of everything."""

    down: bool
    columns: tuple[tuple[str, str], ...]
    labels: Mapping[str, str]
    threshold: int

    def group(self, name: str) -> str:
        """Return what a reader calls a group."""
        own = GROUPS | ASIDE
        return _(self.labels.get(f"group:{name}", own.get(name, name.capitalize())))

    def name(self, key: str) -> str:
        """Return what a reader calls a variable or a category."""
        return _(self.labels.get(key, key))

    def line(self, label: str, cells: Cells) -> Line:
        """Return a row of the table with that header."""
        return Line(label, line_boxes(cells, self.columns, self.threshold))


def summary_html(
    table: SummaryTable,
    *,
    threshold: int = 10,
    caption: str | None = None,
    name: str | None = None,
    notes: bool = True,
) -> str:
    """Write a summary table as HTML.

    Rows are the variables and what is told of each; columns the groups and, within them, the
    periods. With many periods, and for the outcomes' course, the periods go down. A mean and
    its spread share a cell: ``12.3 (4.5)``.

    Parameters
    ----------
    table : SummaryTable
        Its cells may have a column ``hidden``, true where the disclosure gate withheld a
        value. A withheld count whose ``base`` is still told, and is small, reads "fewer than"
        the threshold; every other one reads "not shown".
    threshold : int
        The smallest group that is shown.
    caption : str, optional
        The section's own unless said.
    name : str, optional
        What the ids of the table begin with.
    notes : bool
        Whether the table's notes follow it.

    Returns
    -------
    str
        A table without cells is told by its notes alone.

    Examples
    --------
    >>> impact.tables.summary_html(impact.describe.balance(panel))  # doctest: +SKIP
    """
    if table.cells.empty:
        said = _notes(table) or [_(EMPTY)]
        return "".join(f'<p class="table-note">{html.escape(note)}</p>' for note in said)
    parts = apart(table)
    if len(parts) > 1:
        return "".join(summary_html(p, threshold=threshold, notes=notes) for p in parts)
    return render(_grid(table, threshold, caption, notes=notes), name=name)


def summary_text(table: SummaryTable, *, threshold: int = 10) -> str:
    """Write a summary table as plain text, for a terminal: the same cells, the notes below.

    Parameters
    ----------
    table : SummaryTable
    threshold : int
        The smallest group that is shown.

    Returns
    -------
    str

    Examples
    --------
    >>> print(impact.tables.summary_text(impact.describe.balance(panel)))  # doctest: +SKIP
    """
    if table.cells.empty:
        return "\n".join(_notes(table) or [_(EMPTY)])
    parts = apart(table)
    if len(parts) > 1:
        return "\n\n".join(summary_text(part, threshold=threshold) for part in parts)
    return text_of(_grid(table, threshold, None, notes=True))


def _grid(table: SummaryTable, threshold: int, caption: str | None, *, notes: bool) -> Grid:
    said = _notes(table) if notes else []
    own = CAPTIONS.get(table.section, table.section.replace("_", " ").capitalize())
    rows = table.cells.to_dict("records")
    layout = _layout(table, threshold)
    if any(withheld(row) for row in rows):
        said.append(_(WITHHELD) % {"minimum": numerals.count(threshold)})
    corner = _("Outcome and period") if layout.down else _("Measure")
    bodies = tuple(_bodies(layout, rows))
    return Grid(caption or _(own), corner, _across(layout), bodies, tuple(said))


def _notes(table: SummaryTable) -> list[str]:
    return [spoken().say(note) for note in table.notes]


def _layout(table: SummaryTable, threshold: int) -> _Layout:
    cells: pd.DataFrame = table.cells
    periods = list(dict.fromkeys(cells["period"]))
    down = table.section == "trends" or len(periods) > MANY_PERIODS
    found = dict.fromkeys(_place(row, down) for row in cells.to_dict("records"))
    groups = dict.fromkeys([*ORDER, *(group for group, _ in found if group not in ASIDE), *ASIDE])
    columns = [(g, p) for g in groups for p in periods if (g, p) in found]
    if down:
        columns = [(g, "") for g in groups if (g, "") in found]
    return _Layout(down, tuple(columns), table.labels, threshold)


def _place(row: Mapping[Any, Any], down: bool) -> tuple[str, str]:
    """Return the column of a cell: group and period, or the comparing statistic itself."""
    statistic = BESIDE.get(row["statistic"], row["statistic"])
    if statistic in ASIDE:
        return str(statistic), "" if down else row["period"]
    return str(row["group"]), "" if down else row["period"]


def _across(layout: _Layout) -> tuple[Column, ...]:
    periods = {period for _, period in layout.columns}
    if len(periods) == 1:
        return tuple(Column(layout.group(group)) for group, _ in layout.columns)
    below: dict[str, list[str]] = {}
    for group, period in layout.columns:
        below.setdefault(group, []).append(_(period or OVERALL))
    return tuple(Column(layout.group(group), tuple(names)) for group, names in below.items())


def _bodies(layout: _Layout, rows: Sequence[Mapping[Any, Any]]) -> Iterable[Body]:
    """Yield one body a variable; one that has a single line needs no header of its own."""
    alone: list[Line] = []
    for variable, lines in _gathered(layout, rows).items():
        label = layout.name(variable) or _(GROUPS["all"])
        if len(lines) == 1:
            [(key, cells)] = lines.items()
            alone.append(layout.line(_alone(layout, label, key, cells), cells))
            continue
        if alone:
            yield Body(tuple(alone))
            alone = []
        told = [layout.line(_told(layout, key, cells), cells) for key, cells in lines.items()]
        yield Body(tuple(told), f"{label}, {centre(_statistics(lines))}" if layout.down else label)
    if alone:
        yield Body(tuple(alone))


def _gathered(layout: _Layout, rows: Sequence[Mapping[Any, Any]]) -> dict[str, dict[_Row, Cells]]:
    """Gather the cells by variable, line and column, in the order they come in."""
    found: dict[str, dict[_Row, Cells]] = {}
    for row in rows:
        line = row["statistic"] if row["statistic"] in COUNTS else "main"
        line = "middle" if row["statistic"] in MIDDLE else line
        line = row["statistic"] if row["statistic"] in OWN_LINE else line
        period = row["period"] if layout.down else ""
        key = _Row(row["variable"], row["category"], period, line)
        cells = found.setdefault(key.variable, {}).setdefault(key, {})
        cells.setdefault(_place(row, layout.down), []).append(row)
    return found


def _statistics(lines: Mapping[_Row, Cells]) -> set[str]:
    return {row["statistic"] for cells in lines.values() for rows in cells.values() for row in rows}


def _alone(layout: _Layout, label: str, key: _Row, cells: Cells) -> str:
    """Return the header of a variable's only line: its name, and what is told if that is open."""
    if key.line in (*PLAIN, "clusters", "places"):
        return label
    return f"{label}, {_told(layout, key, cells)}"


def _told(layout: _Layout, key: _Row, cells: Cells) -> str:
    """Return the header of a line under its variable: category, statistic, period."""
    own = (COUNTS | OWN_LINE).get(key.line)
    statistic = _(own) if own else centre(_statistics({key: cells}))
    period = _(key.period)
    if key.category:
        name = layout.name(key.category)
        name = f"{name}, {period}" if layout.down and period else name
        if layout.down and key.line == "main":
            return name
        plain = key.line in ("n", *PLAIN) and key.variable in (
            *PLAIN,
            "rows",
            "analysed",
            "matched",
        )
        return name if plain else f"{name}, {statistic}"
    if layout.down:
        return period if key.line == "main" else f"{period}, {statistic}"
    return statistic
