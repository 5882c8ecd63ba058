"""What estimates tell of counts: degrees of freedom, differences of means, their errors."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from attack.digits import freedom, spans_of
from attack.published import Span
from attack.reading import Reading
from attack.system import total

__all__ = ["Row", "differences", "intervals", "narrowed", "plain_rows"]

Row = Mapping[str, Any]
TERMS = ("ATT", "ITT", "change")
PLAIN = ("did", "before_after", "difference_in_means")
PAIRS = 400


def intervals(found: Reading, rows: Sequence[Row]) -> None:
    """Take degrees of freedom out of intervals and errors, and numbers of people out of those."""
    by_unit = found.says("clustered by unit")
    for row in rows:
        found.system.source = str(row["source"])
        low, high = freedom(spans_of(found, row), float(row["level"]))
        if math.isfinite(high):
            _from_freedom(found, row, low, high, by_unit=by_unit)


def plain_rows(found: Reading, rows: pd.DataFrame, shown: Sequence[Row] = ()) -> Iterator[Row]:
    """Yield the estimates that are differences of plain means, of the file and of tables."""
    if found.weighted or rows.empty:
        return
    for row in rows.to_dict("records"):
        plain = row["method"] in PLAIN and (
            row["method"] == "difference_in_means" or not found.adjusted
        )
        known = row["outcome"] in found.names.values() and str(row["term"]) in TERMS
        if plain and known and math.isfinite(row["estimate"]):
            said = f"{row['method']} {row['term']} on {row['outcome']} = {row['estimate']}"
            yield {**row, "source": f"estimates.csv {said}"}
    yield from (row for row in shown if row["term"] in TERMS)


def _from_freedom(found: Reading, row: Row, low: float, high: float, *, by_unit: bool) -> None:
    analysed = total(_people(found, row))
    kind, source = str(row["inference"]), f"degrees of freedom of {row['source']}"
    if (kind == "cr1" and by_unit) or (kind == "hc2" and len(analysed) == 1):
        sizes = frozenset(range(max(2, math.ceil(low + 1)), math.floor(high + 1) + 1))
        found.sets.append((analysed, sizes, source))
    elif (kind == "hc2" or (kind == "cr2" and by_unit)) and len(analysed) == 2:
        size = np.arange(2, 160, dtype=float)
        a, b = np.meshgrid(size, size, indexing="ij")
        free = (1 / a + 1 / b) ** 2 / (1 / (a * a * (a - 1)) + 1 / (b * b * (b - 1)))
        fits = np.argwhere((free >= low) & (free <= high)) + 2
        first, second = analysed
        found.sets.append(({first: 1.0}, frozenset(int(one) for one in fits[:, 0]), source))
        found.sets.append(({second: 1.0}, frozenset(int(one) for one in fits[:, 1]), source))
        found.sets.append((analysed, frozenset(int(one) for one in fits.sum(axis=1)), source))


def _people(found: Reading, row: Row) -> list[Hashable]:
    name = str(row["outcome"])
    if row["method"] == "difference_in_means":
        return [("n", name, one, found.waves[-1]) for one in found.groups]
    return [("A", name, one) for one in found.groups]


def narrowed(found: Reading) -> None:
    """Take in what leaves only some whole numbers, such as degrees of freedom."""
    for terms, fits, source in found.sets:
        found.system.source = source
        if any(name not in found.system.places for name in terms):
            continue
        low, high = found.system.at_least(terms), found.system.at_most(terms)
        if low is None or high is None:
            return
        inside = [n for n in fits if low - 1e-5 <= n <= high + 1e-5]
        if inside and (min(inside) > low or max(inside) < high):
            found.system.say(terms, min(inside), max(inside))
    found.sets.clear()


def differences(found: Reading, rows: Sequence[Row]) -> None:
    """Read an estimate as a difference of means of whole numbers, where their numbers are known."""
    for row in rows:
        name = str(row["outcome"])
        codes = found.codes(name)
        if not codes:
            continue
        sizes = [_known(found, one) for one in _people(found, row)]
        if any(size is None or size < 2 for size in sizes):
            continue
        found.system.source = str(row["source"])
        known = [float(size) for size in sizes if size]
        span = spans_of(found, row)["estimate"]
        if row["method"] == "difference_in_means" and len(known) == 2:
            _at_the_end(found, row, known, span)
        elif row["term"] == "ATT" and len(found.waves) == 2 and len(known) == 2:
            _four_means(found, name, known, span)


def _known(found: Reading, name: Hashable) -> int | None:
    if name not in found.system.places:
        return None
    low, high = found.system.at_least({name: 1.0}), found.system.at_most({name: 1.0})
    if low is None or high is None or high - low > 0.5:
        return None
    return round(high)


def _at_the_end(found: Reading, row: Row, sizes: list[float], span: Span) -> None:
    name, last = str(row["outcome"]), found.waves[-1]
    sums = {
        ("k", name, group, last, code): sign * code / size
        for group, sign, size in zip(found.groups, (1, -1), sizes, strict=True)
        for code in found.codes(name)
    }
    found.system.say(sums, span.low, span.high)
    if found.codes(name) != (0, 1) or row["inference"] != "hc2":
        return
    error = spans_of(found, row).get("std_error")
    if error is None:
        return
    fits = []
    for a in range(int(sizes[0]) + 1):
        for b in range(int(sizes[1]) + 1):
            parts = [(k / n, n) for k, n in zip((a, b), sizes, strict=True)]
            own = math.sqrt(sum(p * (1 - p) / (n - 1) for p, n in parts))
            near = span.low <= parts[0][0] - parts[1][0] <= span.high
            if near and error.low <= own <= error.high:
                fits.append((a, b))
    if 0 < len(fits) < PAIRS:
        for at, group in enumerate(found.groups):
            yes = {("k", name, group, last, 1): 1.0}
            found.sets.append((yes, frozenset(pair[at] for pair in fits), str(row["source"])))


def _four_means(found: Reading, name: str, sizes: list[float], span: Span) -> None:
    """Read the difference of four means of those who answered in both of two periods."""
    sums = {
        ("fk", name, group, wave, code): sign * side * code / size
        for group, sign, size in zip(found.groups, (1, -1), sizes, strict=True)
        for wave, side in zip(found.waves, (-1, 1), strict=True)
        for code in found.codes(name)
    }
    found.system.say(sums, span.low, span.high)
