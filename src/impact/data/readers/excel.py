"""An Excel workbook: one sheet, its first row the header, values as Excel last counted them.

What CSV cannot hold and a sheet can - merged cells, formulas that failed or were never
counted, a title above the header - is told and not guessed.
"""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from impact.data.readers.rows import sound
from impact.data.readers.sheet import Book, Sheet, read_sheet
from impact.data.readers.workbook import WORKBOOK, parts_of
from impact.data.spelling import spelled
from impact.data.table import Table, doubled, kept, refuse
from impact.errors import DataError, Fault
from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["read_excel"]

TITLES = 20
MOST_DIGITS = 10**15
MOST_ROWS = 1000


def read_excel(
    path: Path, wanted: Collection[str], where: str, *, sheet: str | None = None
) -> Table:
    """Read the wanted columns of one sheet of a workbook.

    Parameters
    ----------
    path : Path
        An ``.xlsx`` or ``.xlsm`` file.
    wanted : collection of str
        Columns to keep; those the sheet does not have are left out.
    where : str
        The file as faults name it.
    sheet : str, optional
        Its name; needed where several sheets hold something.

    Returns
    -------
    Table
        Numbers where a column holds nothing else, else text spelled as in a CSV file:
        days as 2021-03-01. Empty rows above the header and below the last row are left out.

    Raises
    ------
    DataError
        It is no workbook, is protected, has several sheets and none is named; its header
        is not its first row or is merged; cells hold formulas that failed or have no
        result; or reading it would need more than 2 GiB.
    """
    parts_of(path, where)
    try:
        return _read(path, wanted, where, sheet)
    except (DataError, PermissionError):
        raise
    except Exception:
        # The parsers let through whatever broken XML makes of a number or a reference.
        advice = "it may be cut off or damaged: open it and save it again as .xlsx"
        refuse("not-a-workbook", where, WORKBOOK, advice=advice)


def _read(path: Path, wanted: Collection[str], where: str, sheet: str | None) -> Table:
    book, pages = _opened(path)
    part = _page(path, book, pages, sheet, where)
    above, header = _header(read_sheet(path, part, book, most=2 * TITLES), wanted, where)
    at = kept(header, wanted)
    page = read_sheet(path, part, book, wanted=at)
    names = {place: header[place] for place in at}
    _not_merged(page, above, names, where)
    if not at:
        return Table(pd.DataFrame(), header, doubled(header), where)
    if page.length <= above + 1:
        refuse("no-rows", where, "the sheet has a header and no rows", "rows are expected")
    faults = list(_not_counted(page, above, names, where))
    columns = {
        name: _column(page.columns[place][above + 1 :], _at(where, name), faults)
        for place, name in names.items()
    }
    if faults:
        raise DataError(faults)
    hidden = N_("%(file)s has rows that are not shown; they are read like all others.")
    notes = (Sentence(hidden, {"file": where}),) if page.hidden else ()
    frame = pd.DataFrame(columns)
    return sound(Table(frame, header, doubled(header), where, notes=notes, numbered=not above))


def _opened(path: Path) -> tuple[Book, dict[str, str]]:
    """Return what cells refer to, and the part of each sheet by its name."""
    import openpyxl

    with warnings.catch_warnings():
        # The parser warns of charts and styles that it leaves aside.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    try:
        sheets = book.worksheets
        if not sheets:
            raise ValueError
        found = Book(
            sheets[0]._shared_strings, book._date_formats, book._timedelta_formats, book.epoch
        )
        return found, {sheet.title: sheet._worksheet_path for sheet in sheets}
    finally:
        book.close()


def _page(path: Path, book: Book, pages: dict[str, str], sheet: str | None, where: str) -> str:
    """Return the part of the sheet that is named, or of the only one that holds something."""
    if sheet is not None:
        if sheet in pages:
            return pages[sheet]
        near = difflib.get_close_matches(sheet, pages, 1, 0.5)
        advice = f"did you mean '{near[0]}'?" if near else "mend data.sheet"
        refuse("sheet-missing", where, f"no sheet '{sheet}'", f"it has {_quoted(pages)}", advice)
    full = [
        name
        for name, part in pages.items()
        if read_sheet(path, part, book, wanted=(), most=TITLES).length
    ]
    if len(full) > 1:
        found = f"{len(full)} sheets hold something: {_quoted(full)}"
        refuse("several-sheets", where, found, advice="name one of them in data.sheet")
    if not full:
        refuse("empty-sheet", where, "no sheet holds anything", "a header and rows are expected")
    return pages[full[0]]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _header(top: Sheet, wanted: Collection[str], where: str) -> tuple[int, tuple[str, ...]]:
    """Return how many empty rows stand above the header, and the names in it."""
    width = 1 + max(top.columns, default=-1)
    rows = [
        tuple(
            spelled(top.columns[at][row]) or "" if at in top.columns else "" for at in range(width)
        )
        for row in range(top.length)
    ]
    above = next((at for at, row in enumerate(rows) if any(row)), None)
    if above is None:
        refuse("empty-sheet", where, "the sheet is empty", "a header and rows are expected")
    first = rows[above]
    for at, row in enumerate(rows[above + 1 : above + TITLES], start=above + 2):
        if len(set(row) & set(wanted)) > max(1, len(set(first) & set(wanted))):
            found = f"the names of the columns stand in row {at}, not in the first one"
            refuse("header-not-first", where, found, advice="remove the rows above it")
    filled = max(at for at, name in enumerate(first) if name)
    return above, first[: filled + 1]


def _column(values: list[Any], where: str, faults: list[Fault]) -> pd.Series[Any]:
    """Return a column as numbers where it holds nothing else, else as text."""
    kinds = {type(value) for value in values} - {type(None)}
    if kinds <= {int, float} and kinds:
        series = _numbers(values, whole=kinds == {int})
        beyond = (series.abs() >= MOST_DIGITS).fillna(False).to_numpy(dtype=bool)
        if beyond.any():
            found = f"{int(beyond.sum())} numbers have more digits than Excel keeps (15)"
            advice = "if they name somebody, store them as text where they come from"
            rows = tuple(int(row) + 2 for row in np.flatnonzero(beyond)[:MOST_ROWS])
            faults.append(Fault("digits-lost", where, found, "", advice, rows))
        return series
    return pd.Series([spelled(value) for value in values], dtype=str)


def _numbers(values: list[Any], *, whole: bool) -> pd.Series[Any]:
    if whole and all(value is None or abs(value) < 2**63 for value in values):
        return pd.Series(pd.array(values, dtype="Int64"))
    return pd.Series([np.nan if value is None else float(value) for value in values])


def _not_merged(page: Sheet, header: int, names: dict[int, str], where: str) -> None:
    """Refuse names that stand over several columns or rows, and values over several rows."""
    over = [box for box in page.merged if box[1] <= header <= box[3]]
    if over:
        found = f"{len(over)} merged cells stand in the header"
        expected = "each column needs a name of its own, in one row"
        refuse("merged-header", where, found, expected, "unmerge them and name every column")
    faults = []
    for place, name in names.items():
        inside = [box for box in page.merged if box[1] > header and box[0] <= place <= box[2]]
        if inside:
            found = f"{len(inside)} merged cells: all but the first of their rows are empty"
            rows = tuple(box[1] + 1 for box in inside[:MOST_ROWS])
            advice = "unmerge them and fill in every row"
            faults.append(Fault("merged-cells", _at(where, name), found, "", advice, rows))
    if faults:
        raise DataError(faults)


def _not_counted(page: Sheet, header: int, names: dict[int, str], where: str) -> Iterator[Fault]:
    """Tell formulas of wanted columns whose result the file does not hold."""
    for place, name in names.items():
        rows = tuple(row + 1 for row, at in page.not_counted if at == place and row > header)
        if rows:
            found = f"{len(rows)} cells hold a formula without its result"
            advice = "open the workbook in Excel, let it calculate, and save it"
            code = "formula-not-counted"
            yield Fault(code, _at(where, name), found, "", advice, rows[:MOST_ROWS])


def _at(where: str, name: str) -> str:
    return f"{where}, column '{name}'"
