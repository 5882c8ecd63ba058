"""What compares two averages, computed from these as they are told: so it tells no more."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact.disclosure.beside import is_share
from impact.disclosure.rule import DIGITS, significant
from impact.locale import N_

__all__ = ["FROM_TOLD", "from_told"]

FROM_TOLD = N_(
    "Standardised differences and variance ratios are computed from the rounded averages and "
    "standard deviations."
)
ACROSS = ["section", "variable", "category", "period"]


def from_told(cells: pd.DataFrame, told: pd.Series) -> pd.Series:
    """Return the told values with the comparisons of the balance table computed from them.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table and ``section``)
        With true values.
    told : pandas.Series of float, shape (n,)
        The values as they are told.
    """
    here = cells["section"].eq("balance")
    line = cells.groupby(ACROSS, sort=False, dropna=False).ngroup()

    def of(group: str, which: np.ndarray | pd.Series) -> pd.Series:
        own = told.where(here & cells["group"].eq(group) & which)
        found: pd.Series = own.groupby(line).transform("max")
        return found

    share, sd = is_share(cells), cells["statistic"].eq("sd")
    centre = cells["statistic"].isin(("mean", "share"))
    first, second = of("treated", centre), of("comparison", centre)
    spreads = [
        of(group, sd).pow(2).fillna(p * (1 - p).where(of(group, share).notna()))
        for group, p in (("treated", first), ("comparison", second))
    ]
    pooled = ((spreads[0] + spreads[1]) / 2).pow(0.5)
    smd = ((first - second) / pooled.where(pooled > 0)).map(lambda one: significant(one, DIGITS))
    ratio = (spreads[0] / spreads[1].where(spreads[1] > 0)).map(
        lambda one: significant(one, DIGITS)
    )
    told = told.mask(here & cells["statistic"].eq("smd"), smd)
    return told.mask(here & cells["statistic"].eq("variance_ratio"), ratio)
