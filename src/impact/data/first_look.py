"""What an unknown file shows before any column has a role: an export, several answers, waves."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from impact.data.columns import coded
from impact.data.hints import WAVE_END
from impact.data.naming import naming
from impact.data.table import Table

__all__ = ["Look", "first_look"]

FIRST_WORDS = ("pre", "baseline", "before", "bl")
ZERO_OR_ONE = frozenset(("0", "1", "true", "false"))


@dataclass(frozen=True, eq=False)
class Look:
    """A file at first sight.

    Parameters
    ----------
    table : Table
        Columns of an export under the end of their headers, where one column alone has it.
    is_export : bool
        Whether KoBoToolbox, ODK or SurveyCTO wrote the file.
    identifier : str or None
        The column of the submissions' ids.
    several : tuple of str
        Questions with several answers.
    wide : mapping of str to mapping of str to str
        Columns that look like waves side by side, as ``data.wide`` would say it.
    """

    table: Table
    is_export: bool = False
    identifier: str | None = None
    several: tuple[str, ...] = ()
    wide: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def first_look(table: Table) -> Look:
    """Look at all columns of a file.

    Parameters
    ----------
    table : Table
        The whole file.
    """
    wide = _side_by_side(table.header)
    found = naming(table.header, ())
    if not found.is_export:
        return Look(table, wide=wide)
    several = _several(table)
    short = _short_names(table.header, several)
    renamed = replace(
        table,
        frame=table.frame.rename(columns=short),
        header=tuple(short.get(name, name) for name in table.header),
    )
    questions = tuple(short.get(name, name) for name in several)
    return Look(renamed, True, found.identifier, questions, wide)


def _several(table: Table) -> tuple[str, ...]:
    """Return the questions that have a column of their own and 0/1 columns of choices."""
    choices: dict[str, list[str]] = {}
    for name in table.frame:
        parent = str(name).rpartition("/")[0]
        if parent in table.frame:
            choices.setdefault(parent, []).append(str(name))
    return tuple(
        parent
        for parent, names in choices.items()
        if all(
            label.lower() in ZERO_OR_ONE
            for name in names
            for label in coded(table.frame[name]).labels
        )
    )


def _short_names(header: Sequence[str], several: Sequence[str]) -> dict[str, str]:
    """Return the end of each header by which the params file can name it."""
    parts = {name: 2 if name.rpartition("/")[0] in several else 1 for name in header if "/" in name}
    ends = {name: "/".join(name.split("/")[-n:]) for name, n in parts.items()}
    times = Counter([*ends.values(), *(name for name in header if name not in ends)])
    return {
        name: end
        for name, end in ends.items()
        if times[end] == 1 and naming(header, [end]).columns.get(end) == (name,)
    }


def _side_by_side(header: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the columns of which the same name stands in the same two or more waves."""
    stems: dict[str, dict[str, str]] = {}
    for name in header:
        if found := WAVE_END.match(name):
            word = found["word"]
            period = found["number"] or ("1" if word.lower() in FIRST_WORDS else "2")
            stems.setdefault(found["stem"].rstrip("_."), {}).setdefault(period, name)
    several = {stem: columns for stem, columns in stems.items() if len(columns) > 1}
    most = Counter(tuple(sorted(columns)) for columns in several.values()).most_common(1)
    if not most:
        return {}
    periods = most[0][0]
    return {
        stem: {period: columns[period] for period in periods}
        for stem, columns in several.items()
        if set(columns) >= set(periods)
    }
