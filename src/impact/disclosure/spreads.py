"""What the interval of a mean says of how many people stand behind it."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from impact.disclosure.knowledge import FOLLOWED, Knowledge

if TYPE_CHECKING:
    from impact.disclosure.published import Page

__all__ = ["add_spreads"]

MOST_UNITS = 20_000
COST = 0.125


def add_spreads(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note what an interval says of how many people stand behind its mean.

    Its half width is t times the standard deviation over the root of their number, where
    each is drawn by itself.
    """
    if (page.cells["variable"] == "clusters").any():
        return
    told: dict[tuple[str, ...], dict[str, int]] = {}
    for at, row in enumerate(page.rows):
        kept = row.section in ("trends", "participants") and not hidden[at]
        if kept and row.statistic in ("low", "high", "sd", "share") and not math.isnan(row.value):
            line = (row.variable, row.category, row.group, row.period)
            told.setdefault(line, {})[row.statistic] = at
    for where, parts in told.items():
        if "low" not in parts or "high" not in parts:
            continue
        base = int(page.rows[parts["low"]].base)
        n = made.find("n", *where)
        if n is None or base < 2:
            continue
        low, high = _behind(page, parts)
        cells = (parts["low"], parts["high"])
        if page.followed:
            # Of all who answered then, but for those who were seen on one side only.
            part = made.unknown((FOLLOWED, *where), base)
            made.nest(part, n)
            n = part
        made.know([(n, 1.0)], low, high, cells=cells, cost=COST)
        # To the very number, where the interval is Student's; else it is not true, nor noted.
        made.know([(n, 1.0)], low + 1, cells=cells, cost=COST)


def _behind(page: Page, parts: dict[str, int]) -> tuple[float, float]:
    """Return between which numbers of people lie behind an interval."""
    ends = [float(page.told[parts[name]]) for name in ("low", "high")]
    if "share" in parts:
        share = float(page.told[parts["share"]])
        slack = float(page.steps[parts["share"]]) / 2
        near = [min(max(share + d, 0.0), 1.0) for d in (-slack, 0.0, slack)]
        spread = [math.sqrt(p * (1 - p)) for p in near]
        sd = (min(spread), max(spread, default=0.0))
        if near[0] < 0.5 < near[-1]:
            sd = (sd[0], 0.5)
    elif "sd" in parts:
        value = float(page.told[parts["sd"]])
        half = float(page.halves[parts["sd"]])
        sd = (value - half, value + half)
    else:
        return 0.0, math.inf
    half, unsure = (ends[1] - ends[0]) / 2, float(page.steps[parts["low"]]) / 2
    wide = (max(half - unsure, 1e-12), half + unsure)
    reach = _reach()
    # It falls with n: as wide as this, or wider, are those up to the place where it is passed.
    most = np.searchsorted(-reach, -wide[0] / max(sd[1], 1e-12), side="right") + 2
    least = np.searchsorted(-reach, -wide[1] / max(sd[0], 1e-12), side="left") + 1
    return float(max(int(least), 0)), float(most) if most < MOST_UNITS else math.inf


@lru_cache(maxsize=1)
def _reach() -> np.ndarray:
    """Return t over the root of n, for n people from two on."""
    from scipy.special import stdtrit

    n = np.arange(2, MOST_UNITS + 2)
    return np.asarray(stdtrit(n - 1, 0.975) / np.sqrt(n))
