"""What shares lost say of how many were lost, and of how many were there at the start."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from impact.disclosure.beside import LOST_ON
from impact.disclosure.knowledge import Knowledge

if TYPE_CHECKING:
    from impact.disclosure.published import Page

__all__ = ["add_lost_share"]

OTHER = 1.0


def add_lost_share(page: Page, made: Knowledge, at: int, hidden: np.ndarray) -> None:
    """Note the shares lost: of all who were there at the start."""
    row = page.rows[at]
    if not (row.section == "flow" and row.statistic == "share" and not math.isnan(row.value)):
        return
    start = made.find("flow units", "baseline", "", row.group, "")
    people = float(round(row.value * row.base))
    if row.variable.startswith(LOST_ON):
        gone = made.unknown((LOST_ON, row.variable, row.group), people)
        if hidden[at]:
            return
        step = page.rule.minimum_cell
        near = page.rule.near(people)
        low, high = math.ceil(near - step / 2), math.ceil(near + step / 2) - 1
        made.know([(gone, 1.0)], low, high, cells=(at,), cost=OTHER)
        return
    found = made.find("flow lost", "lost", "", row.group, "")
    if found is None or start is None or hidden[at]:
        return
    half, share = float(page.halves[at]) + 1e-9, float(page.told[at])
    made.know([(found, 1.0), (start, -(share + half))], high=0.0, cells=(at,), cost=OTHER)
    made.know([(found, 1.0), (start, -(share - half))], low=0.0, cells=(at,), cost=OTHER)
