"""What stands in one cell of a summary: a count, a mean with its spread, or that it is hidden."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from impact.locale import N_, _
from impact.tables import numerals
from impact.tables.grid import Box

__all__ = ["ASIDE", "COUNTS", "OWN_LINE", "Cells", "centre", "line_boxes", "withheld"]

Row = Mapping[Any, Any]
Cells = dict[tuple[str, str], list[Row]]
COUNTS = {
    "units": N_("number"),
    "n": N_("answered"),
    "missing": N_("no answer given"),
    "refused": N_("refused"),
    "not_known": N_("did not know"),
    "not_asked": N_("not asked"),
    "lost": N_("number lost"),
    "clusters": N_("number"),
    "places": N_("number"),
}
OWN_LINE = {"smd_lost": N_("lost less stayed, in standard deviations")}
"""Statistics that stand on a line of their own, under the mean."""
ASIDE = {
    "smd": N_("Standardised difference"),
    "smd_unweighted": N_("The same without weights"),
    "variance_ratio": N_("Variance ratio"),
    "difference": N_("Difference"),
    "alpha": N_("Cronbach's alpha (95% interval)"),
    "item_rest": N_("Item and rest, correlation"),
    "alpha_without": N_("Alpha without it"),
}
BESIDE = {"p_value": "smd", "alpha_low": "alpha", "alpha_high": "alpha"}
SPREAD = ("sd", "low", "high", "q1", "q3", "alpha_low", "alpha_high")
ENDS = (("low", "high"), ("q1", "q3"), ("alpha_low", "alpha_high"))
CENTRES = ("share", "mean", "change", "median", "total")
TOLD = {
    ("share", ""): N_("share"),
    ("mean", ""): N_("mean"),
    ("change", ""): N_("change"),
    ("median", ""): N_("median"),
    ("total", ""): N_("total"),
    ("difference", ""): N_("difference"),
    ("share", "low"): N_("share (95% interval)"),
    ("mean", "low"): N_("mean (95% interval)"),
    ("change", "low"): N_("change (95% interval)"),
    ("median", "low"): N_("median (95% interval)"),
    ("total", "low"): N_("total (95% interval)"),
    ("difference", "low"): N_("difference (95% interval)"),
    ("mean", "sd"): N_("mean (SD)"),
    ("change", "sd"): N_("change (SD)"),
    ("median", "q1"): N_("median (quartiles)"),
}
ALONE = {"p_value": N_("joint test"), "alpha": N_("all items")}


def centre(found: Iterable[str]) -> str:
    """Return what a cell tells, by the statistics in it, such as ``mean (SD)``."""
    found = set(found)
    for aside, told in ALONE.items():
        if aside in found:
            return _(told)
    name = next((name for name in CENTRES if name in found), "difference")
    beside = (spread for spread in ("low", "q1", "sd") if spread in found)
    return _(TOLD[name, next((spread for spread in beside if (name, spread) in TOLD), "")])


def withheld(row: Row) -> bool:
    """Whether the disclosure gate took the value out."""
    return bool(row.get("hidden", False))


def line_boxes(cells: Cells, columns: Sequence[tuple[str, str]], threshold: int) -> tuple[Box, ...]:
    """Write the cells of one row, all with the same number of decimals.

    Parameters
    ----------
    cells : mapping of (group, period) to rows of the tidy frame
        A column that is not among them has nothing available.
    columns : sequence of (group, period)
    threshold : int
        The smallest group that is shown.
    """
    places = _places([row for rows in cells.values() for row in rows])
    return tuple(_box(cells.get(column, []), places, threshold) for column in columns)


def _places(rows: Sequence[Row]) -> tuple[int, int]:
    """Return the decimals of centres and ends, and of standard deviations.

    As many as show two digits of the smallest spread, and no invented zeros.
    """
    spreads = _values(rows, ["sd"])
    for low, high in (("low", "high"), ("q1", "q3")):
        ends = zip(_values(rows, [low]), _values(rows, [high]), strict=False)
        spreads += [above - below for below, above in ends]
    centres = _values(rows, CENTRES)
    known = [spread for spread in spreads if math.isfinite(spread) and spread > 0]
    largest = max((abs(value) for value in centres if math.isfinite(value)), default=0.0)
    places = numerals.decimals(min(known), 2) if known else numerals.decimals(largest)

    def own(statistics: Iterable[str]) -> int:
        values = map(numerals.own_decimals, _values(rows, statistics))
        return min(places, max(values, default=places))

    least = own((*CENTRES, *SPREAD[1:]))
    return least, max(least, own(["sd"]))


def _values(rows: Sequence[Row], statistics: Iterable[str]) -> list[float]:
    names = set(statistics)
    return [float(row["value"]) for row in rows if row["statistic"] in names]


def _box(rows: Sequence[Row], places: tuple[int, int], threshold: int) -> Box:
    by = {row["statistic"]: row for row in rows}
    main = next((row for name, row in by.items() if name not in SPREAD), None)
    if main is None:
        return Box(numerals.DASH)
    if withheld(main):
        few = main["statistic"] in COUNTS and 0 < main["base"] < threshold
        fewer = _("fewer than %(minimum)s") % {"minimum": numerals.count(threshold)}
        return Box(fewer if few else _("not shown"), "withheld")
    value = float(main["value"])
    if main["statistic"] in COUNTS:
        return Box(numerals.count(value))
    if main["statistic"] == "p_value":
        return Box(numerals.p_value(value))
    aside = main["statistic"] in ASIDE or main["statistic"] in OWN_LINE
    write = (lambda number: numerals.number(number, 2)) if aside else _writer(main, places[0])
    low, high = next((pair for pair in ENDS if pair[0] in by), ENDS[0])
    ends = numerals.span(write(_value(by, low)), write(_value(by, high)))
    spread = _writer(main, places[1])(_value(by, "sd")) or ends
    return Box(f"{write(value)} ({spread})" if spread and write(value) else write(value))


def _writer(main: Row, places: int) -> Callable[[float], str]:
    if main["statistic"] == "share":
        return lambda share: numerals.percent(share, float(main["base"]))
    return lambda value: numerals.number(value, places)


def _value(by: Mapping[str, Row], statistic: str) -> float:
    row = by.get(statistic)
    return math.nan if row is None or withheld(row) else float(row["value"])
