"""What the mean change of whole numbers, and its interval, tell of how many changed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from impact.disclosure.rule import Rule
from impact.disclosure.widths import nice, width

__all__ = ["find_few_changed"]

LINE = ["variable", "group", "period"]
FARTHEST = (2, 4, 12)
"""By how many points anybody may have changed: on a scale of three or five, on a sum of three."""
MANY = 10
"""Times the minimum, as people and as sum of squared changes, from which nothing is narrow."""
NEAR = 1e-6
Interval = tuple[float, float, float]
"""A mean change and the ends of its interval, as they are told."""


def find_few_changed(cells: pd.DataFrame, rule: Rule) -> pd.Series:
    """Return the mean changes that would tell how many rose, fell or stayed the same.

    The sum of all changes is a mean times its people, and the sum of their squares follows from
    the interval. Where few were asked twice, or few changed, these two leave less than the
    minimum of numbers for those who rose.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table and ``section``)
        With true values.
    rule : Rule

    Returns
    -------
    pandas.Series of bool, shape (n,)
        Cells of the statistic ``change``.
    """
    found = pd.Series(data=False, index=cells.index)
    here = (cells["section"] == "changes") & (cells["category"] == "")
    if not rule.guarded or not here.any() or (cells["variable"] == "clusters").any():
        return found
    line = cells[here].groupby(LINE, sort=False).ngroup()
    steps = width(cells[here]).map(nice)
    told = (cells["value"] / steps).round() * steps
    ends = {
        name: told.where(cells["statistic"] == name).groupby(line).transform("max")
        for name in ("low", "high")
    }
    for at in line.index[(cells.loc[here, "statistic"] == "change") & (steps > 0)]:
        people, value = float(cells["base"].loc[at]), float(cells["value"].loc[at])
        if rule.small(people) or abs(value * people - round(value * people)) > NEAR:
            continue  # hidden anyway, or no mean of whole numbers
        interval = (float(told.loc[at]), float(ends["low"].loc[at]), float(ends["high"].loc[at]))
        found.loc[at] = _tells(interval, float(steps.loc[at]), people, rule)
    return found


def _tells(told: Interval, step: float, people: float, rule: Rule) -> bool:
    """Whether a change with its interval, told by a step, leaves few numbers of those who rose."""
    minimum = rule.minimum_cell
    near, half = rule.near(people), minimum / 2
    size = np.arange(max(minimum, math.ceil(near - half)), math.ceil(near + half))
    if size[-1] < 2 * minimum:
        return True
    least, most = _squares(told, step, size)
    if size[0] >= MANY * minimum and least >= MANY * minimum:
        return False
    ends = (told[0], step / 2, float(size[0]), float(size[-1]), least, most)
    return any(_narrow(far, ends, minimum) for far in FARTHEST)


def _squares(
    told: tuple[float, float, float], step: float, size: np.ndarray
) -> tuple[float, float]:
    """Return between which numbers the sum of squared differences from the mean change lies.

    Half an interval is Student's threshold times the error, whose square times n (n - 1) it is.
    """
    from scipy.special import stdtrit

    half, by = (told[2] - told[1]) / 2, size * (size - 1) / stdtrit(size - 1, 0.975) ** 2
    least, most = max(half - step / 2, 0.0), half + step / 2
    return float((least**2 * by).min()), float((most**2 * by).max())


def _narrow(far: int, ends: tuple[float, ...], minimum: int) -> bool:
    """Whether those who rose, fell or stayed may be fewer than so many different numbers."""
    from scipy.optimize import linprog

    mean, off, fewest, largest, least, most = ends
    moved = np.arange(-far, far + 1, dtype=float)
    apart, one = moved - mean, np.ones(2 * far + 1)
    rows = [one, -one, apart - off, -apart - off, np.square(apart) - off**2, -np.square(apart)]
    limits = [largest, -fewest, 0.0, 0.0, most, -least]
    for way in (moved > 0, moved < 0, moved == 0):
        found = [linprog(sign * way, rows, limits, method="highs") for sign in (1.0, -1.0)]
        if any(one.status != 0 for one in found):
            return False  # no such people: the answers lie further apart
        low, high = math.ceil(found[0].fun - NEAR), math.floor(-found[1].fun + NEAR)
        if low < minimum and high - low + 1 < minimum:
            return True
    return False
