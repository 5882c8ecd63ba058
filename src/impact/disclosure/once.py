"""What averages of all, beside the mean change of some, tell of those who answered only once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from impact.disclosure.knowledge import Knowledge
from impact.results.summary import BETWEEN

if TYPE_CHECKING:
    import numpy as np

    from impact.disclosure.published import Page

__all__ = ["add_once"]

FARTHEST = (2.0, 4.0)
"""How far an answer may lie from the middle of a scale; no spread is larger."""
Means = Mapping[tuple[str, str, str], int]
"""The cell of the most exact average of an outcome, group and period."""


def add_once(page: Page, made: Knowledge, hidden: np.ndarray) -> None:
    """Note how many answered only once, at least, for the averages to differ from the change.

    The averages of all at the end and at the start differ by the mean change of those who
    answered twice, and by what those answered who did so only once.
    """
    means: dict[tuple[str, str, str], int] = {}
    spreads: dict[str, float] = {}
    for at, row in enumerate(page.rows):
        if row.statistic == "sd" and not row.category:
            spreads[row.variable] = max(spreads.get(row.variable, 0.0), float(row.value))
        if row.statistic == "mean" and not row.category and not (hidden[at] or page.shares[at]):
            where = (str(row.variable), str(row.group), str(row.period))
            if where not in means or page.halves[at] < page.halves[means[where]]:
                means[where] = at
    for at, row in enumerate(page.rows):
        if row.statistic == "change" and not hidden[at] and page.is_whole(at):
            far = [one for one in FARTHEST if one >= spreads.get(row.variable, math.inf)]
            _note(page, made, at, means, far)


def _note(
    page: Page, made: Knowledge, change: int, means: Means, farthest: Sequence[float]
) -> None:
    row = page.rows[change]
    first, _, last = str(row.period).partition(BETWEEN)
    ends = [means.get((row.variable, row.group, one)) for one in (first, last)]
    people = [made.find("n", row.variable, "", row.group, one) for one in (first, last)]
    twice = made.find("changes n", row.variable, "", row.group, row.period)
    before, after = ends
    start, end = people
    if before is None or after is None or start is None or end is None or twice is None:
        return
    told = [float(page.told[at]) for at in (before, after)]
    middle = math.fsum(told) / 2
    for far in farthest:
        for sign in (1.0, -1.0):
            # What is known of the gap between the two, less what those answered once can add.
            terms = [
                (end, sign * (told[1] - middle) - float(page.halves[after]) - far),
                (start, -sign * (told[0] - middle) - float(page.halves[before]) - far),
                (twice, -sign * float(page.told[change]) - float(page.halves[change]) + 2 * far),
            ]
            made.know(terms, high=0.0, cells=(change,), cost=page.cost(change))
