"""Stata and SPSS files: the columns, and what the file itself says of them.

Value labels, variable labels and codes of answers not given are kept in
``Table.described``; the values stay codes, as text or numbers, so that the params file's own
``data.missing`` meets them as it does in a CSV file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from impact.data.readers.apart import Facts, read_apart
from impact.data.readers.encodings import WINDOWS, is_western, not_known
from impact.data.readers.rows import sound
from impact.data.readers.unanswered import why
from impact.data.spelling import spelled
from impact.data.table import SIMULATED, Described, Table, doubled, kept, refuse
from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["read_labelled"]

Period = Callable[[Any], str]

STATA, SPSS = "Stata", "SPSS"
# No name in SPSS begins with an underscore; SPSS itself puts an @ before one that does.
MARKS_IN_SPSS = ("simulated", "@_simulated")
# Stata's releases before 13 begin with a number of their own; 14 is the first in UTF-8.
OLD_STATA = bytes(range(0x68, 0x74))
UNICODE_STATA = 118


def read_labelled(path: Path, wanted: Collection[str], where: str) -> Table:
    """Read the wanted columns of a Stata or SPSS file.

    Parameters
    ----------
    path : Path
        A ``.dta``, ``.sav`` or ``.zsav`` file.
    wanted : collection of str
        Columns to keep; those the file does not have are left out.
    where : str
        The file as faults name it.

    Returns
    -------
    Table
        Numbers, and text where a column holds words, dates or codes such as ``.a``.
        Months and quarters of Stata are spelled 2021-03 and 2021Q1. The mark of simulated
        data, which SPSS cannot call ``_simulated``, may be called ``simulated`` there.

    Raises
    ------
    DataError
        The file is of another format, cut off, has no rows, is of an older program and
        of letters that cannot be known, or needs more than 2 GiB.
    """
    kind = STATA if path.suffix.lower() == ".dta" else SPSS
    release = _release(path, kind, where)
    marks = _marks_in_spss(kind, wanted)
    read = read_apart(path, kind, {*wanted, *marks}, where)
    if read is None:
        found = f"the file cannot be read as one of {kind}"
        refuse("not-labelled", where, found, advice="it may be cut off: write it again")
    columns, meta = read
    header = tuple(_named(name, marks) for name in meta.column_names)
    names = [meta.column_names[at] for at in kept(header, wanted)]
    if not names:
        return Table(pd.DataFrame(), header, doubled(header), where)
    _whole(columns, meta, names, where)
    frame = pd.DataFrame({name: _column(columns[name], meta, name) for name in names})
    described = {name: _described(frame[name], meta, name) for name in names}
    notes = _letters(frame, described, meta, release, where)
    frame = frame.set_axis([_named(name, marks) for name in names], axis=1)
    described = {_named(name, marks): said for name, said in described.items()}
    return sound(Table(frame, header, doubled(header), where, described, notes))


def _marks_in_spss(kind: str, wanted: Collection[str]) -> frozenset[str]:
    """Return what the mark of simulated data may be called, unless that name has a role."""
    marked = kind == SPSS and SIMULATED in wanted
    return frozenset(MARKS_IN_SPSS) - frozenset(wanted) if marked else frozenset()


def _named(name: str, marks: frozenset[str]) -> str:
    return SIMULATED if name.strip().casefold() in marks else name.strip()


def _release(path: Path, kind: str, where: str) -> int:
    """Return the release of the file's format (Stata), or say that it is of another one."""
    with path.open("rb") as file:
        head = file.read(64)
    if not head:
        refuse("empty-file", where, "the file is empty", "a table with rows is expected")
    new = re.match(rb"<stata_dta><header><release>(\d{3})</release>", head)
    sav = head.startswith((b"$FL2", b"$FL3"))
    if kind == SPSS and sav:
        return 0
    if kind == STATA and (new or head[0] in OLD_STATA):
        return int(new[1]) if new else head[0]
    found = f"this is no {kind} file"
    other = STATA if new else SPSS if sav else ""
    advice = f"it is one of {other}: name it so" if other else "write it again, or name what it is"
    refuse("not-labelled", where, found, advice=advice)


def _whole(columns: dict[str, Any], meta: Facts, names: list[str], where: str) -> None:
    """Refuse a file without rows, or with other rows than it says of itself."""
    found = {len(columns.get(name, ())) for name in names}
    if found == {0}:
        refuse("no-rows", where, "the file has columns and no rows", "rows are expected")
    if len(found) > 1 or (meta.number_rows or max(found)) != max(found):
        told = "the file holds other rows than it says of itself"
        refuse("cut-off", where, told, advice="it is cut off, it seems: write it again")


def _column(column: Any, meta: Facts, name: str) -> pd.Series[Any]:
    """Return a column as numbers, or as text spelled as in any other file."""
    period = _period(meta.original_variable_types.get(name, ""))
    if not isinstance(column, list) and period is None:
        return pd.Series(np.frombuffer(column, dtype=float))
    coded = meta.readstat_variable_types.get(name) != "string"
    words = [_word(value, period, coded=coded) for value in column]
    return pd.Series(words, dtype=str)


def _word(value: Any, period: Period | None, *, coded: bool) -> str | None:
    if coded and isinstance(value, str):
        return _code(value, coded=True)
    word = spelled(value)
    return word if word is None or period is None else period(value)


def _code(value: Any, *, coded: bool) -> str | None:
    """Spell a code; Stata's missing ones as people write them (.a), the parser names them a."""
    return f".{value}" if coded and isinstance(value, str) else spelled(value)


def _period(form: str) -> Period | None:
    """Return how a column of months or quarters is spelled, by its format."""
    for beginning, period in PERIODS.items():
        if form.startswith(beginning):
            return period
    return None


# Stata counts months and quarters from 1960; of SPSS they arrive as days.
PERIODS: Mapping[str, Period] = {
    "%tm": lambda at: f"{1960 + int(at) // 12}-{int(at) % 12 + 1:02d}",
    "%tq": lambda at: f"{1960 + int(at) // 4}Q{int(at) % 4 + 1}",
    "MOYR": lambda day: f"{day.year}-{day.month:02d}",
    "QYR": lambda day: f"{day.year}Q{(day.month + 2) // 3}",
}


def _described(column: pd.Series[Any], meta: Facts, name: str) -> Described:
    """Return label, labels of values, and codes of answers not given with their reason."""
    coded = meta.readstat_variable_types.get(name) != "string"
    labels = meta.variable_value_labels.get(name, {})
    spelt = ((_code(code, coded=coded), str(label).strip()) for code, label in labels.items())
    values = {code: label for code, label in spelt if code and label}
    declared = dict.fromkeys(_declared(column, meta, name, coded=coded))
    missing = {code: why(values.get(code, "")) or "missing" for code in declared}
    for code, label in values.items():
        said = why(label, whole=True)
        if code not in missing and said is not None:
            missing[code] = said
    return Described((meta.column_names_to_labels.get(name) or "").strip(), values, missing)


def _declared(column: pd.Series[Any], meta: Facts, name: str, *, coded: bool) -> Iterator[str]:
    """Give the codes that the file itself calls missing; of a range, those that occur."""
    for code in meta.missing_user_values.get(name, ()):
        yield _code(code, coded=coded) or ""
    for span in meta.missing_ranges.get(name, ()):
        low, high = span["lo"], span["hi"]
        if low == high:
            yield spelled(low) or ""
        elif not isinstance(low, str) and column.dtype.kind in "biuf":
            seen = column[(column >= low) & (column <= high)].unique()
            yield from (spelled(value) or "" for value in sorted(seen))


def _letters(
    frame: pd.DataFrame, described: Mapping[str, Described], meta: Facts, release: int, where: str
) -> tuple[Sentence, ...]:
    """Say how letters were read that the file does not tell; refuse what is no such text."""
    told = (meta.file_encoding or "").upper().replace("-", "")
    if release >= UNICODE_STATA or told in ("UTF8", "USASCII", "ASCII"):
        return ()
    texts = {str(text) for name in frame if _is_words(frame[name]) for text in frame[name].unique()}
    for said in described.values():
        texts |= {said.label, *said.values.values()}
    beyond = [text for text in texts if not text.isascii()]
    if not beyond:
        return ()
    if not told and not is_western(beyond):
        not_known(where)
    encoding = meta.file_encoding or WINDOWS
    said_so = N_("%(file)s is not written in UTF-8; it is read as %(encoding)s.")
    return (Sentence(said_so, {"file": where, "encoding": encoding}),)


def _is_words(column: pd.Series[Any]) -> bool:
    return column.dtype.kind not in "biufM"
