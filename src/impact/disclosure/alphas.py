"""What a score's alpha and its interval say of how many people answered all of its items."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from impact.disclosure.knowledge import Knowledge
from impact.disclosure.widths import ENDS_OF_ALPHA

if TYPE_CHECKING:
    from impact.disclosure.published import Page

__all__ = ["add_alphas"]

MOST = 5_000
"""People of whom an interval no longer tells their number."""
SHARES = (0.975, 0.025)
NEAR = 1e-9


def add_alphas(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note what Feldt's interval of an alpha says of how many answered all items.

    One less alpha, over one less its estimate, follows F with as many degrees of freedom as
    people less one: both ends tell these.
    """
    told: dict[tuple[str, str], dict[str, int]] = {}
    items: dict[tuple[str, str], set[str]] = {}
    for at, row in enumerate(page.rows):
        if row.section == "reliability" and not math.isnan(row.value):
            items.setdefault((row.variable, row.period), set()).add(row.category)
            if not hidden[at] and row.statistic in ("alpha", *ENDS_OF_ALPHA):
                told.setdefault((row.variable, row.period), {})[row.statistic] = at
    for where, parts in told.items():
        people = made.find("reliability n", where[0], "", "all", where[1])
        if people is None or len(parts) < 3:
            continue
        fits = _fits(page, parts, len(items[where] - {""}))
        if len(fits):
            cells = tuple(parts.values())
            cost = sum(page.cost(at) for at in cells)
            most = float(fits[-1]) if fits[-1] < MOST else math.inf
            made.know([(people, 1.0)], float(fits[0]), most, cells=cells, cost=cost)


def _fits(page: Page, parts: dict[str, int], items: int) -> np.ndarray:
    """Return the numbers of people that an alpha and its interval can be of, as they are told."""
    from scipy.special import fdtri

    size = np.arange(3, MOST + 1)
    value, half = float(page.told[parts["alpha"]]), float(page.halves[parts["alpha"]])
    least, most = np.full(len(size), 1 - value - half), np.full(len(size), 1 - value + half)
    for name, share in zip(ENDS_OF_ALPHA, SHARES, strict=True):
        end, slack = float(page.told[parts[name]]), float(page.halves[parts[name]])
        reach = fdtri(size - 1, (size - 1) * (items - 1), share)
        least = np.maximum(least, (1 - end - slack - NEAR) / reach)
        most = np.minimum(most, (1 - end + slack + NEAR) / reach)
    return size[least <= most]
