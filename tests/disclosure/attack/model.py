"""What a page says, as inequalities: the attacker's reading of one edition."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from attack.alts import cells_of
from attack.beside import listed_estimates, said_estimates, shown_estimates
from attack.cells import say_cell
from attack.counted import say_counts
from attack.estimates import differences, intervals, narrowed, plain_rows
from attack.frame import say_frame, say_levels
from attack.joint import say_joint
from attack.listed import say_listed
from attack.numerals import kind_of
from attack.press import Issue
from attack.published import Cell, estimates_of, read
from attack.reading import MOST, Reading
from attack.sentences import say_sentences
from attack.silent import say_silence
from attack.spreads import say_intervals
from attack.system import System
from attack.twice import say_shifts

__all__ = ["reading"]

WITHHELD = "not shown"
COUNTED = ("participants", "start", "comparison", "flow", "data")


def reading(
    issue: Issue,
    *,
    scales: Mapping[str, tuple[int, int]],
    names: Mapping[str, str],
    parts: Mapping[str, int],
    indicators: Mapping[str, str],
    title: str,
    only: int = 0,
) -> Reading:
    """Read a page and its estimates.

    Parameters
    ----------
    issue : Issue
    scales : mapping
        Of each outcome the scale that the page's codebook tells.
    parts : mapping
        Of each outcome of how many whole numbers an answer is the mean, as it tells as well.
    names : mapping
        From an outcome's label, as the page has it, to its column.
    indicators : mapping
        From an indicator's label, as the index has it, to the outcome's column.
    title : str
        Of the pilot.
    only : int
        Where above zero: read what a page would show that leaves out no more than counts of
        fewer than this and shares that give such away.
    """
    tables, texts = read(issue.page)
    guarded = any("To protect people" in text.said for text in texts)
    told = [re.search(r"groups of fewer than (\d+)", text.said) for text in texts]
    minimum = next((int(one.group(1)) for one in told if one), 0)
    found = Reading(System(MOST), (), (), guarded, minimum, scales, names, parts)
    found.tables, found.texts = tables, texts
    cells = [cell for table in tables for cell in table.cells()]
    _shape(found, cells)
    cells += cells_of(texts)
    if only:
        cells = list(_first_only(cells, only))
    say_frame(found)
    for cell in cells:
        if not cell.hidden or (cell.text == WITHHELD and kind_of(cell) in COUNTED):
            where = (cell.section, cell.body, cell.row, *cell.column)
            found.system.source = f"{' / '.join(filter(None, where))} = {cell.text}"
            say_cell(found, cell)
    if not found.system.places:
        return found
    say_levels(found)
    estimates = estimates_of(issue)
    say_sentences(found, estimates)
    say_counts(found, estimates)
    say_silence(found, estimates)
    say_listed(found, cells, estimates)
    shown = shown_estimates(found, cells, estimates)
    shown += said_estimates(found, cells, estimates)
    shown += listed_estimates(found, issue.index, title, indicators, estimates)
    rows = list(plain_rows(found, estimates, shown))
    intervals(found, rows)
    say_intervals(found, cells)
    narrowed(found)
    differences(found, rows)
    narrowed(found)
    say_joint(found, rows, cells)
    say_shifts(found, rows)
    return found


def _first_only(cells: Sequence[Cell], minimum: int) -> Iterable[Cell]:
    """Leave out what is small by itself: primary suppression, as people do it by hand."""
    people = {_where(cell): cell.text for cell in cells if cell.row.endswith("answered")}
    for cell in cells:
        if kind_of(cell) not in ("participants", "comparison", "flow", "data"):
            continue
        if kind_of(cell) == "flow" and "%" in cell.text:
            continue
        answered = people.get(_where(cell), "")
        if re.fullmatch(r"[\d,]+", cell.text):
            small = _whole(cell.text) < minimum
        elif re.fullmatch(r"[\d,]+", answered) and "%" in cell.text:
            part = float(cell.text.rstrip("%")) / 100 * _whole(answered)
            small = min(part, _whole(answered) - part) < minimum
        else:
            small = not re.fullmatch(r"[\d,]+", answered) or _whole(answered) < minimum
        if not small:
            yield cell


def _where(cell: Cell) -> tuple[str, ...]:
    return (cell.section, cell.body, cell.row.rpartition(", ")[0], *cell.column)


def _whole(text: str) -> float:
    return float(text.replace(",", ""))


def _shape(found: Reading, cells: Sequence[Cell]) -> None:
    """Find the groups, the periods in their order and the baseline."""
    heads = {name for cell in cells if kind_of(cell) == "participants" for name in cell.column}
    known = {"Pilot group": "t", "Comparison group": "c"}
    found.groups = tuple(key for name, key in known.items() if name in heads) or ("t",)
    waves: dict[str, None] = {}
    for cell in cells:
        if kind_of(cell) == "participants":
            waves |= dict.fromkeys(cell.column[1:])
    for cell in cells if waves else ():
        if kind_of(cell) == "trends":
            waves.setdefault(cell.row.rpartition(", ")[2])
    found.waves = tuple(sorted(waves, key=lambda one: (len(one), one))) or ("1",)
    for cell in cells:
        at = re.match(r"At the baseline \((.+)\)", cell.row)
        if at:
            found.baseline = at.group(1)
