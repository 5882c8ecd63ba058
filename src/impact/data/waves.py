"""Files of one wave each, joined on the unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from impact.data.columns import coded
from impact.data.faults import rows_of, source_faults
from impact.data.matching import match_notes, match_of
from impact.data.roles import NOT_PUT, Roles
from impact.data.table import Origin, Table, is_mark
from impact.errors import DataError, Fault
from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["joined"]

CARRIED = N_("Asked in some waves and carried to the others of the same unit: %(columns)s.")
IN_WAVE = N_("In wave %(wave)s: %(note)s")


def joined(tables: Sequence[Table], periods: Sequence[str], roles: Roles) -> Table:
    """Join files of one wave each into a table of one row a unit and wave.

    Parameters
    ----------
    tables : sequence of Table
        One a wave.
    periods : sequence of str
        The period of each.
    roles : Roles
        Which column is the unit, which the period, and what stays the same in a unit.

    Returns
    -------
    Table
        ``matched`` counts how the units match. A column that one wave did not ask is
        carried from another where it stays the same in a unit by its role (treatment,
        cohort, assignment, place, covariates, subgroups, weight, reason for leaving); an
        outcome is "not asked" there.

    Raises
    ------
    DataError
        A file lacks the unit, has a named column twice, or holds another wave than it is
        said to.
    """
    waves = _Waves(tables, periods, roles)
    faults = [*waves.without_columns(), *waves.of_other_periods()]
    if faults:
        raise DataError([*faults, *(fault for table in tables for fault in table.faults)])
    columns = {name: waves.column(name) for name in waves.names if name != roles.period}
    n = waves.edges[-1]
    frame = pd.DataFrame(columns, index=pd.RangeIndex(n))
    assert roles.period is not None
    frame[roles.period] = np.repeat(np.array(periods, dtype=object), waves.sizes)
    matched = {} if waves.unit is None else match_of(waves.unit, waves.edges, periods)
    return Table(
        frame=frame,
        header=tuple(dict.fromkeys([*waves.header(), roles.period])),
        doubled=(),
        where=" and ".join(dict.fromkeys(table.where for table in tables)),
        described={k: v for table in reversed(tables) for k, v in table.described.items()},
        notes=(*waves.notes_of_files(), *waves.notes(matched)),
        lost=dict(sum((Counter(table.lost) for table in tables), Counter())),
        numbered=all(table.numbered for table in tables),
        origin=_origin(tables),
        choices=waves.choices(),
        matched=matched,
        faults=tuple(fault for table in tables for fault in table.faults),
        broken=frozenset().union(*(table.broken for table in tables)),
    )


def _origin(tables: Sequence[Table]) -> Origin:
    parts = [table.behind() for table in tables]
    files = tuple(table.where for table in tables)
    at = np.repeat(np.arange(len(tables)), [len(table.frame) for table in tables])
    return Origin(files, at, np.concatenate([part.row for part in parts]))


@dataclass
class _Waves:
    """The tables of the waves, side by side."""

    tables: Sequence[Table]
    periods: Sequence[str]
    roles: Roles

    def __post_init__(self) -> None:
        self.sizes = [len(table.frame) for table in self.tables]
        self.edges = np.cumsum([0, *self.sizes])
        self.carried: list[str] = []

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(str(name) for table in self.tables for name in table.frame))

    @cached_property
    def unit(self) -> np.ndarray | None:
        """Codes of the units over all waves; None where rows are other people each time."""
        name = self.roles.unit
        if name is None or any(name not in table.frame for table in self.tables):
            return None
        return coded(self._stacked(name)).codes

    def _stacked(self, name: str) -> pd.Series[Any]:
        """Return a column of all waves; nothing where a wave does not have it."""
        parts = [
            table.frame[name]
            if name in table.frame
            else pd.Series([None] * len(table.frame), dtype=object)
            for table in self.tables
        ]
        alike = len({str(part.dtype) for part in parts}) == 1
        parts = parts if alike else [part.astype(object) for part in parts]
        return pd.concat(parts, ignore_index=True)

    def column(self, name: str) -> pd.Series[Any]:
        """Return a column of all waves, with what the waves that did not ask it take."""
        whole = self._stacked(name)
        given = coded(whole).codes >= 0
        silent = np.repeat(
            [not given[a:b].any() for a, b in zip(self.edges, self.edges[1:], strict=False)],
            self.sizes,
        )
        if not silent.any() or is_mark(name) or name == self.roles.unit:
            return whole
        if name in self._constant and self.unit is not None and self.roles.unit is not None:
            return self._carry(name, whole, given, silent)
        lacks = np.repeat([name not in table.frame for table in self.tables], self.sizes)
        if lacks.any() and name in self._answers:
            return whole.astype(object).mask(pd.Series(lacks), NOT_PUT)
        return whole

    @cached_property
    def _constant(self) -> frozenset[str]:
        roles = self.roles
        if roles.design.sample != "panel":
            return frozenset()
        one = (roles.group, roles.start, roles.design.assignment, roles.design.place)
        other = (roles.cluster, roles.weight, roles.lost_because)
        names = {*one, *other, *roles.covariates, *roles.subgroups}
        names |= {
            part for whole in self.choices().items() if whole[0] in names for part in whole[1]
        }
        return frozenset(name for name in names if name is not None) - self._answers

    @cached_property
    def _answers(self) -> frozenset[str]:
        return frozenset(self.roles.answered())

    def _carry(
        self, name: str, whole: pd.Series[Any], given: np.ndarray, silent: np.ndarray
    ) -> pd.Series[Any]:
        unit = self.unit
        assert unit is not None
        known = np.flatnonzero(given & (unit >= 0))
        first = np.full(int(unit.max()) + 1, -1)
        first[unit[known[::-1]]] = known[::-1]
        source = np.where(unit >= 0, first[unit], -1)
        takes = silent & (source >= 0)
        if takes.any():
            self.carried.append(name)
        at = np.where(takes, source, np.arange(len(whole)))
        return whole.iloc[at].reset_index(drop=True)

    def choices(self) -> dict[str, tuple[str, ...]]:
        """Return the choices of each question with several answers, of all waves."""
        found: dict[str, tuple[str, ...]] = {}
        for table in self.tables:
            for question, names in table.choices.items():
                found[question] = tuple(dict.fromkeys([*found.get(question, ()), *names]))
        return found

    def header(self) -> Iterator[str]:
        for table in self.tables:
            yield from table.header

    def without_columns(self) -> Iterator[Fault]:
        """Tell files that lack the unit or have a named column twice, each by its name."""
        for table in self.tables:
            named = {
                name: key
                for name, key in self.roles.named().items()
                if name in table.header or name == self.roles.unit
            }
            named.pop(self.roles.period or "", None)
            yield from source_faults(table, named, self.roles.drop)

    def of_other_periods(self) -> Iterator[Fault]:
        """Tell rows that say of themselves that they are of another wave."""
        name = self.roles.period
        for table, period in zip(self.tables, self.periods, strict=True):
            if name is None or name not in table.frame:
                continue
            seen = coded(table.frame[name])
            other = np.array([*(label != period for label in seen.labels), False])[seen.codes]
            if other.any():
                found = f"{int(other.sum())} rows say another period than '{period}'"
                advice = "is this the file of that wave? else take the column out of the file"
                where = f"{table.where}, column '{name}'"
                rows = tuple(table.behind().row[np.array(rows_of(other)) - 2].tolist())
                yield Fault("other-period", where, found, "", advice, rows)

    def notes_of_files(self) -> Iterator[Sentence]:
        for table, period in zip(self.tables, self.periods, strict=True):
            for note in table.notes:
                yield Sentence(IN_WAVE, {"wave": period, "note": note})

    def notes(self, matched: dict[str, int]) -> Iterator[Sentence]:
        if self.carried:
            yield Sentence(CARRIED, {"columns": ", ".join(self.carried)})
        if self.roles.design.sample == "panel":
            yield from match_notes(matched, self.periods)
