"""The steps of the flow of participants, and what is told of each."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from impact.figures.words import called, percent, say_group, valued, written
from impact.locale import _

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BESIDE", "STEPS", "Box", "alt_flow", "columns_of"]

STEPS = ("eligible", "enrolled", "baseline", "lost", "endline", "both", "analysed")
ROUNDED = frozenset({"eligible", "enrolled", "analysed"})
"""Steps of which the disclosure gate tells tens: they may seem to exceed the one before."""
BESIDE = "lost"
"""Those lost leave the flow: their box stands beside it."""


@dataclass(frozen=True)
class Box:
    """What stands in one box.

    Parameters
    ----------
    title : str
        With its number, where it has one.
    parts : tuple of str
        What it falls into.
    counted : bool
        Whether the title has a number.
    """

    title: str
    parts: tuple[str, ...] = ()
    counted: bool = False


def columns_of(
    cells: pd.DataFrame, labels: Mapping[str, str], threshold: int
) -> dict[str, dict[str, Box]]:
    """Return by group, in the order of the page, a box for every step."""
    found: dict[str, dict[str, Box]] = {}
    ends = cells[cells["variable"].isin(("baseline", "endline"))]
    # Who was there both times tells something new only where one of the two is withheld.
    told = [step for step in STEPS if step != "both" or ends["value"].isna().any()]
    kept = cells[cells["variable"].isin(told)]
    for group in ("treated", "comparison", "all"):
        own = kept[kept["group"] == group]
        for step in STEPS:
            rows = own[own["variable"] == step].to_dict("records")
            if rows:
                found.setdefault(group, {})[step] = _box(rows, labels, threshold)
    if not found:
        raise ValueError("a flow is drawn of units at its steps; there are none")
    if len(found) > 1:
        # What is told of all is drawn only where it comes before there are groups.
        others = {step for group, steps in found.items() if group != "all" for step in steps}
        whole = {s: box for s, box in found.pop("all", {}).items() if s not in others}
        found |= {"all": whole} if whole else {}
    return found


def _box(rows: list[dict[Any, Any]], labels: Mapping[str, str], threshold: int) -> Box:
    name = called(rows[0]["variable"], labels)
    counts = [row for row in rows if row["statistic"] != "share"]
    whole = [row for row in counts if not row["category"]]
    share = [float(row["value"]) for row in rows if row["statistic"] == "share"]
    parts = tuple(
        valued(called(row["category"], labels), _number(row, threshold))
        for row in counts
        if row["category"]
    )
    if not whole:
        return Box(name, parts)
    rate = f" ({percent(share[0])})" if share and math.isfinite(share[0]) else ""
    return Box(valued(name, f"{_number(whole[0], threshold)}{rate}"), parts, counted=True)


def _number(row: Mapping[Any, Any], threshold: int) -> str:
    value = float(row["value"])
    if not math.isfinite(value) and 0 < row["base"] < threshold:
        return _("fewer than %(n)s") % {"n": written(threshold, 0)}
    # What the gate let through of these is a multiple of the threshold.
    near = row["variable"] in ROUNDED and "hidden" in row and value % threshold == 0
    number = written(value, 0)
    return _("about %(n)s") % {"n": number} if near else number


def alt_flow(cells: pd.DataFrame, labels: Mapping[str, str], threshold: int = 10) -> str:
    """Say in words what `flow` draws of the same cells.

    Parameters
    ----------
    cells : pandas.DataFrame
        The section ``flow``.
    labels : mapping of str to str
        The table's labels.
    threshold : int
        The smallest group that is shown.

    Returns
    -------
    str
        Every number, step by step.
    """
    columns = columns_of(cells, labels, threshold)
    said = [_("Flow of participants, in boxes from top to bottom.")]
    for group in ("all", "treated", "comparison"):
        if group in columns:
            said.append(valued(say_group(group, labels), _("; ").join(_told(columns[group]))) + ".")
    return " ".join(said)


def _told(steps: Mapping[str, Box]) -> Iterator[str]:
    for box in steps.values():
        parts = ", ".join(box.parts)
        inside = f" ({parts})" if box.counted else f", {parts}"
        yield box.title + inside if parts else box.title
