"""How wide intervals are, and the steps by which their ends leave unsure how many answered."""

from __future__ import annotations

import math

import pandas as pd

__all__ = ["ENDS", "ENDS_OF_ALPHA", "ends_step", "nice", "width"]

ENDS, ENDS_OF_ALPHA = ("low", "high"), ("alpha_low", "alpha_high")
WIDTH = 4.0
"""Standard errors in a 95 % interval."""
ROW = ["section", "variable", "category", "group", "period"]


def width(cells: pd.DataFrame, names: tuple[str, str] = ENDS) -> pd.Series:
    """Return the standard error that the interval of each row of a table has."""
    row = cells.groupby(ROW, sort=False, dropna=False).ngroup()
    low, high = (
        cells["value"].where(cells["statistic"] == name).groupby(row).transform("max")
        for name in names
    )
    error: pd.Series = (high - low) / WIDTH
    return error.where(error > 0)


def ends_step(error: float, people: float, minimum: int) -> float:
    """Return the step of an interval's ends, and of its centre, that hides how many are behind it.

    An error falls with the root of their number. Steps of twice the error times the minimum over
    the number leave it twice as unsure as the minimum: the smallest of 1, 2, 5, 10 … that reaches
    this.

    Parameters
    ----------
    error : float
        The standard error, or a quarter of the interval's width.
    people : float
        How many are behind it.
    minimum : int
        The rule's.

    Returns
    -------
    float
        Not a number where there is no error.

    Examples
    --------
    >>> ends_step(0.095, 46, 10), ends_step(0.033, 343, 10)
    (0.05, 0.002)
    """
    return nice(2 * error * minimum / people) if people > 0 else math.nan


def nice(size: float) -> float:
    """Return the smallest of 1, 2, 5, 10 … times a power of ten that reaches a size.

    Not a number where the size is none.
    """
    if not (math.isfinite(size) and size > 0):
        return math.nan
    power = 10.0 ** math.floor(math.log10(size))
    return next(times * power for times in (1, 2, 5, 10) if times * power >= size * (1 - 1e-9))
