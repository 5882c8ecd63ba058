"""What earlier editions of a page have told: the difference to this one is about few, too.

An edition is what the gate released, with the true numbers behind it; it is private, and kept
with the record of the run. Whoever has both editions can subtract. So a value is hidden where
it rests on fewer people more, or less, than the minimum than the same value did when it was last
shown, or on the same people with another answer. What is hidden now and was shown before counts
as known, and other cells are hidden for it (`impact.disclosure.audit`).

All values that were ever shown are remembered, not the last ones alone: a reader may have kept
any edition. What was hidden between two editions is no secret any more when it comes back.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from impact.disclosure.rule import Rule
from impact.results import EffectResult, Effects, Part, SummaryTable
from impact.results.summary import COUNTS

__all__ = ["NOTHING_BEFORE", "Edition", "apart_from", "known_from", "remember", "rows_apart"]

Edition = Mapping[str, Mapping[str, Sequence[Sequence[float]]]]
NOTHING_BEFORE: Edition = {"cells": {}, "rows": {}}
KEYS = ["section", "variable", "category", "group", "period", "statistic"]
ROW = ("outcome", "method", "term", "inference")
SAME = 1e-9
UNIT = "\x1f"


def _cells(table: SummaryTable) -> Iterator[tuple[str, float, float]]:
    """Yield key, value and base of every cell that has a value."""
    keys = table.cells.assign(section=table.section)
    numbers = table.cells[["value", "base"]].to_numpy(dtype=float)
    for key, (value, base) in zip(_keys(keys), numbers, strict=True):
        if not math.isnan(value):
            yield key, float(value), float(base)


def _rows(part: Part) -> Iterator[tuple[str, dict[str, Any]]]:
    every = part.results if isinstance(part, Effects) else (part,)
    for one in every:
        if isinstance(one, EffectResult):
            for row in one.rows.to_dict("records"):
                if not pd.isna(row["estimate"]):
                    own = {str(name): value for name, value in row.items()}
                    yield UNIT.join([one.role, *(str(own[name]) for name in ROW)]), own


def remember(before: Edition, given: Sequence[Part], gated: Sequence[Part]) -> Edition:
    """Return what a reader of this edition, and of those before, has seen.

    Parameters
    ----------
    before : mapping
        What `remember` returned for the edition before this one.
    given, gated : sequence of Part
        The parts with their true numbers, and as they were released, in the same order.

    Returns
    -------
    mapping
        ``cells``: by cell the true value and base of each time that it was shown; ``rows``: by
        row of an estimate its numbers of units and of rows of data. Private.
    """
    cells = {key: [list(each) for each in seen] for key, seen in before["cells"].items()}
    rows = {key: [list(each) for each in seen] for key, seen in before["rows"].items()}
    for part, shown in zip(given, gated, strict=True):
        if isinstance(part, SummaryTable) and isinstance(shown, SummaryTable):
            told = {key for key, _, _ in _cells(shown)}
            for key, value, base in _cells(part):
                if key in told:
                    _add(cells, key, [value, base])
        if isinstance(part, Effects | EffectResult):
            told = {key for key, _ in _rows(shown)}
            for key, row in _rows(part):
                if key in told:
                    _add(rows, key, [_number(row["n_units"]), _number(row["n_obs"])])
    return {"cells": cells, "rows": rows}


def _number(value: Any) -> float:
    return -1.0 if pd.isna(value) else float(value)


def _add(seen: dict[str, list[list[float]]], key: str, numbers: list[float]) -> None:
    found = seen.setdefault(key, [])
    if not any(np.allclose(each, numbers, rtol=SAME, atol=0) for each in found):
        found.append(numbers)


def _keys(cells: pd.DataFrame) -> list[str]:
    return [UNIT.join(map(str, row)) for row in cells[KEYS].itertuples(index=False)]


def apart_from(before: Edition, cells: pd.DataFrame, rule: Rule) -> np.ndarray:
    """Return the cells that, less what was shown before, would tell about few.

    Parameters
    ----------
    before : mapping
    cells : pandas.DataFrame, shape (n, columns of a summary table and ``section``)
        With true values.
    rule : Rule

    Returns
    -------
    numpy.ndarray of bool, shape (n,)
    """
    apart = np.zeros(len(cells), dtype=bool)
    numbers = cells[["value", "base"]].to_numpy(dtype=float)
    for at, (key, statistic) in enumerate(zip(_keys(cells), cells["statistic"], strict=True)):
        now = (float(numbers[at][0]), float(numbers[at][1]))
        for value, base in before["cells"].get(key, ()) if rule.guarded else ():
            apart[at] |= _tells(str(statistic), now, (value, base), rule)
    return apart


def _tells(statistic: str, now: tuple[float, float], then: tuple[float, float], rule: Rule) -> bool:
    """Whether a value of now, less the one of then, tells about few."""
    counts = statistic in COUNTS
    few = abs(now[0] - then[0]) if counts else abs(now[1] - then[1])
    if counts or few:
        return 0 < few < rule.minimum_cell
    # The same people: somebody's answer is another one.
    people = abs(now[0] - then[0]) * now[1]
    other = people > SAME * max(abs(then[0] * then[1]), 1.0)
    return other and (statistic != "share" or people < rule.minimum_cell - SAME)


def known_from(before: Edition, cells: pd.DataFrame) -> tuple[int, ...]:
    """Return the cells that an earlier edition showed as they still are."""
    found = []
    for at, (key, value) in enumerate(zip(_keys(cells), cells["value"], strict=True)):
        seen = before["cells"].get(key, ())
        if any(math.isclose(value, each[0], rel_tol=SAME) for each in seen):
            found.append(at)
    return tuple(found)


def rows_apart(before: Edition, effect: EffectResult, rule: Rule) -> list[bool]:
    """Return which rows of an effect rest on a few people more or less than when last shown."""
    found = []
    for row in effect.rows.to_dict("records"):
        key = UNIT.join([effect.role, *(str(row[name]) for name in ROW)])
        seen = before["rows"].get(key, ()) if rule.guarded else ()
        own = (_number(row["n_units"]), _number(row["n_obs"]))
        few = [abs(a - b) for each in seen for a, b in zip(own, each, strict=True)]
        found.append(any(0 < people < rule.minimum_cell for people in few))
    return found
