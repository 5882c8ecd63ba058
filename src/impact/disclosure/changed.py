"""What the mean change of whole numbers, and its interval, tell of how many changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact.disclosure.rule import Rule
from impact.disclosure.steps import find_ends
from impact.disclosure.widths import ENDS

__all__ = ["find_few_changed"]

LINE = ["variable", "group", "period"]
FARTHEST = (2, 4, 12)
"""By how many points anybody may have changed: on a scale of three or five, on a sum of three."""
MANY = 10
"""Times the minimum, as people and as sum of squared changes, from which nothing is narrow."""
NEAR = 1e-6
WAYS = {"fell": -1, "stayed": 0, "rose": 1}


@dataclass(frozen=True)
class _Told:
    """A mean change with its interval, rounded by a step, and shares of those who went some way."""

    change: float
    low: float
    high: float
    step: float
    shares: Sequence[tuple[frozenset[int], float, float]] = ()


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
    found = np.zeros(len(cells), dtype=bool)
    here = (cells["section"] == "changes") & (cells["category"] == "")
    if not rule.guarded or not here.any() or (cells["variable"] == "clusters").any():
        return pd.Series(found, index=cells.index)
    value, base = (cells[name].to_numpy(dtype=float) for name in ("value", "base"))
    steps = find_ends(cells, rule).to_numpy(dtype=float)
    told = np.round(value / steps) * steps
    for line, parts in _lines(cells, here).items():
        at = parts.get("change", -1)
        if not {"change", *ENDS} <= parts.keys() or rule.small(base[at]) or not steps[at] > 0:
            continue
        if abs(value[at] * base[at] - round(value[at] * base[at])) > NEAR:
            continue  # no mean of whole numbers
        change, low, high = (float(told[parts[name]]) for name in ("change", *ENDS))
        one = _Told(change, low, high, float(steps[at]), _shares(cells, line))
        found[at] = _tells(one, float(base[at]), rule)
    return pd.Series(found, index=cells.index)


def _lines(cells: pd.DataFrame, here: pd.Series) -> dict[tuple[str, ...], dict[str, int]]:
    """Return of each variable, group and period where every statistic of its change stands."""
    found: dict[tuple[str, ...], dict[str, int]] = {}
    lines = list(cells[[*LINE, "statistic"]].itertuples(index=False, name=None))
    for at in np.flatnonzero(here):
        *line, statistic = lines[at]
        found.setdefault(tuple(line), {})[statistic] = int(at)
    return found


def _shares(
    cells: pd.DataFrame, line: tuple[str, ...]
) -> list[tuple[frozenset[int], float, float]]:
    """Return between which shares those lie who rose, fell or stayed, as they would be told.

    Those as well that the gate hides: of them few are left to be told apart by the mean.
    """
    own = (cells["section"] == "changes") & (cells["statistic"] == "share")
    for name, wanted in zip(LINE, line, strict=True):
        own &= cells[name] == wanted
    found = []
    told = cells.loc[own, ["category", "value", "step"]].itertuples(index=False, name=None)
    for category, value, step in told:
        ways = frozenset(WAYS[way] for way in str(category).partition(": ")[2].split(" or "))
        near = round(value / step) * step
        found.append((ways, near - step / 2, near + step / 2))
    return found


def _tells(told: _Told, people: float, rule: Rule) -> bool:
    """Whether what is told of changes leaves few numbers of those who rose, fell or stayed."""
    minimum = rule.minimum_cell
    near, half = rule.near(people), minimum / 2
    size = np.arange(max(minimum, math.ceil(near - half)), math.ceil(near + half))
    if size[-1] < 2 * minimum:
        return True
    least, most = _squares(told, size)
    if size[0] >= MANY * minimum and least >= MANY * minimum:
        return False
    ends = (float(size[0]), float(size[-1]), least, most)
    return any(_narrow(far, told, ends, minimum) for far in FARTHEST)


def _squares(told: _Told, size: np.ndarray) -> tuple[float, float]:
    """Return between which numbers the sum of squared differences from the mean change lies.

    Half an interval is Student's threshold times the error, whose square times n (n - 1) it is.
    """
    from scipy.special import stdtrit

    half, by = (told.high - told.low) / 2, size * (size - 1) / stdtrit(size - 1, 0.975) ** 2
    least, most = max(half - told.step / 2, 0.0), half + told.step / 2
    return float((least**2 * by).min()), float((most**2 * by).max())


def _narrow(far: int, told: _Told, ends: tuple[float, float, float, float], minimum: int) -> bool:
    """Whether those who rose, fell or stayed may be fewer than so many different numbers."""
    from scipy.optimize import linprog

    fewest, largest, least, most = ends
    moved, off = np.arange(-far, far + 1, dtype=float), told.step / 2
    apart, one = moved - told.change, np.ones(2 * far + 1)
    rows = [one, -one, apart - off, -apart - off, np.square(apart) - off**2, -np.square(apart)]
    limits = [largest, -fewest, 0.0, 0.0, most, -least]
    for ways, low, high in told.shares:
        went = np.isin(np.sign(moved), list(ways)).astype(float)
        rows += [went - high, low - went]
        limits += [0.0, 0.0]
    for way in (moved > 0, moved < 0, moved == 0):
        found = [linprog(sign * way, rows, limits, method="highs") for sign in (1.0, -1.0)]
        if any(one.status != 0 for one in found):
            return False  # no such people: the answers lie further apart
        low, high = math.ceil(found[0].fun - NEAR), math.floor(-found[1].fun + NEAR)
        if low < minimum and high - low + 1 < minimum:
            return True
    return False
