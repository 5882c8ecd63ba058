"""What the columns of an unknown file may be, by their names and by what stands in them.

A guess is a start for whoever writes the params file, and says of itself that it is one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from impact.data.columns import GIVEN, Coded, Numbers, coded, numbers
from impact.data.hints import (
    AFTER,
    COVARIATE,
    FIRST,
    HOUSEHOLD,
    METADATA,
    PERIOD,
    PLACE,
    PRIVATE,
    TREATED,
    UNIT,
    WEIGHT,
    says,
)
from impact.data.periods import Timeline, timeline
from impact.data.private import kind_of
from impact.data.roles import NO_CODES
from impact.data.table import Table, is_mark
from impact.errors import Fault

__all__ = ["Guess", "guess"]


@dataclass(frozen=True)
class Guess:
    """What the columns of a file may be.

    Parameters
    ----------
    kind, sample, unit_is : str
        As in the params file.
    unit, period, treated, first_treated, weight, place : str or None
        Columns.
    starts : int, float, str or None
        The second period: whether the pilot started there is for a person to say.
    outcomes : tuple of (str, str)
        Columns and kinds.
    covariates, drop : tuple of str
        Columns.
    """

    kind: str
    sample: str
    unit_is: str
    unit: str | None
    period: str | None
    treated: str | None
    first_treated: str | None
    weight: str | None
    place: str | None
    starts: int | float | str | None
    outcomes: tuple[tuple[str, str], ...]
    covariates: tuple[str, ...]
    drop: tuple[str, ...]


def guess(table: Table, *, export: bool = False) -> Guess:
    """Guess the roles of a table's columns.

    Parameters
    ----------
    table : Table
        All columns of the file.
    export : bool
        Whether a survey tool wrote it, whose own columns are known.

    Returns
    -------
    Guess
        Each column in at most one role; what looks personal is in ``drop``.
    """
    return _Look(table.frame, export=export).guess()


class _Look:
    """One look at a frame; every column is examined once, and taken by one role."""

    def __init__(self, frame: pd.DataFrame, *, export: bool) -> None:
        self.frame, self.export = frame, export
        self.free = [str(name) for name in frame.columns if name and not is_mark(name)]

    def take(self, *names: str | None) -> None:
        self.free = [name for name in self.free if name not in names]

    @cached_property
    def labels(self) -> dict[str, Coded]:
        return {name: coded(self.frame[name]) for name in self.frame.columns}

    @cached_property
    def numbers(self) -> dict[str, Numbers]:
        return {name: numbers(self.frame[name], NO_CODES) for name in self.frame.columns}

    def named(self, pattern: re.Pattern[str]) -> Iterator[str]:
        return (name for name in self.free if says(pattern, name))

    def guess(self) -> Guess:
        drop = self._personal()
        self.take(*drop)
        weight = next(filter(self._is_weight, self.named(WEIGHT)), None)
        self.take(weight)
        period, line = self._period()
        self.take(period)
        first = next((n for n in self.named(FIRST) if line and self._is_start(n, line)), None)
        self.take(first)
        unit = self._unit(period)
        self.take(unit)
        treated = next((n for n in self.named(TREATED) if self._is_group(n, unit)), None)
        self.take(treated)
        place = next((n for n in self.named(PLACE) if len(self.labels[n].labels) > 1), None)
        self.take(place)
        kind = _kind(period, treated, first)
        return Guess(
            kind=kind,
            sample="cross_sections" if unit is None or self._once(unit, period) else "panel",
            unit_is=_unit_is(unit),
            unit=unit,
            period=period,
            treated=treated if kind != "staggered" else None,
            first_treated=first if kind == "staggered" else None,
            weight=weight,
            place=place,
            starts=_starts(line) if kind in ("did", "before_after") else None,
            covariates=self._covariates(),
            outcomes=self._outcomes(),
            drop=drop,
        )

    def _personal(self) -> tuple[str, ...]:
        own = {n for n in self.free if self.export and kind_of(n) is not None}
        return tuple(n for n in self.free if says(PRIVATE, n) or METADATA.match(n) or n in own)

    def _is_number(self, name: str) -> bool:
        got = self.numbers[name]
        return not got.bad.any() and bool((got.answers == GIVEN).any())

    def _is_weight(self, name: str) -> bool:
        return self._is_number(name) and bool((self.numbers[name].values >= 0).all())

    def _period(self) -> tuple[str | None, Timeline | None]:
        for name in self.named(PERIOD):
            found = timeline(self.labels[name], name)
            if not isinstance(found, Fault) and 1 < len(found[0].labels) < len(self.frame):
                return name, found[0]
        return None, None

    def _is_start(self, name: str, line: Timeline) -> bool:
        starts = np.array([line.start_of(label) for label in self.labels[name].labels])
        return bool(len(starts)) and not np.isnan(starts).any() and bool(np.isfinite(starts).any())

    def _unit(self, period: str | None) -> str | None:
        """Return the column whose labels stand once a period, people before places."""
        when = self.labels[period].codes if period else np.zeros(len(self.frame), dtype=np.int64)
        again = (name for name in self.free if period and self._is_seen_again(name))
        for name in (*self.named(UNIT), *self.named(PLACE), *again):
            who = self.labels[name]
            pairs = who.codes * (int(when.max()) + 1) + when
            several = len(who.labels) > 1 and bool((who.codes >= 0).all())
            if several and len(np.unique(pairs)) == len(pairs):
                return name
        return None

    def _is_seen_again(self, name: str) -> bool:
        times = len(self.frame) / max(1, len(self.labels[name].labels))
        return times >= 1.5 and not says(COVARIATE, name)

    def _is_group(self, name: str, unit: str | None) -> bool:
        value = self.numbers[name].values
        if not self._is_number(name) or set(value[~np.isnan(value)]) != {0.0, 1.0}:
            return False
        if unit is None:
            return True
        pairs = {*zip(self.labels[unit].codes.tolist(), value.tolist(), strict=True)}
        return len(pairs) == len(self.labels[unit].labels)

    def _once(self, unit: str | None, period: str | None) -> bool:
        if unit is None or period is None:
            return False
        return len(self.labels[unit].labels) == len(self.frame)

    def _covariates(self) -> tuple[str, ...]:
        found = tuple(n for n in self.named(COVARIATE) if len(self.labels[n].labels) > 1)
        few = tuple(n for n in found if self._is_number(n) or len(self.labels[n].labels) <= 30)
        self.take(*found)
        return few

    def _outcomes(self) -> tuple[tuple[str, str], ...]:
        self.take(*list(self.named(AFTER)))
        varied = (n for n in self.free if self._is_number(n))
        return tuple((n, self._measure(n)) for n in varied if len(self.labels[n].labels) > 1)

    def _measure(self, name: str) -> str:
        value = self.numbers[name].values
        different = np.unique(value[~np.isnan(value)])
        if set(different) <= {0.0, 1.0}:
            return "binary"
        whole = bool((different == np.floor(different)).all())
        return "ordinal" if whole and len(different) <= 11 else "continuous"


def _kind(period: str | None, treated: str | None, first: str | None) -> str:
    # A lottery is never guessed: no column shows one, and the page would claim it.
    if period is None:
        return "did"
    if first is not None:
        return "staggered"
    return "did" if treated else "before_after"


def _unit_is(unit: str | None) -> str:
    if unit is not None and says(HOUSEHOLD, unit):
        return "household"
    return "place" if unit is not None and says(PLACE, unit) else "person"


def _starts(line: Timeline | None) -> int | float | str | None:
    if line is None:
        return None
    second = line.labels[1]
    return second.item() if hasattr(second, "item") else str(second)
