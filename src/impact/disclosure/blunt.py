"""Digits of an estimate from which nobody can tell how many people stand behind it.

Where clusters are people, degrees of freedom count them: the half width of an interval over
its standard error is the critical value of Student's t, and a p-value beside its statistic
says the same. So error, statistic and p-value have only as many digits as leave the threshold
of different degrees of freedom possible, and are left out where one digit is too many.

Where it is not told exactly how many answered, the estimate on a yes or no has whole percents,
any other three digits: a difference of shares of few people is the difference of few fractions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from impact.disclosure.rule import Rule, significant
from impact.disclosure.withheld import Withheld

__all__ = ["blunted", "possible"]

CENTRES = ("estimate", "conf_low", "conf_high")
ERRORS = ("std_error", "statistic", "p_value")
DIGITS = (3, 2, 1)
BLURRED_DIGITS = 3
MOST = 5000
PERCENT = 2


def blunted(
    released: pd.DataFrame, frame: pd.DataFrame, rule: Rule, withheld: Withheld
) -> pd.DataFrame:
    """Return the rows with fewer digits where more would count people.

    Parameters
    ----------
    released : pandas.DataFrame
        Rows with the digits of the rule.
    frame : pandas.DataFrame
        The same rows in full.
    rule : Rule
    withheld : Withheld
        ``blurred`` names the outcomes of which it is not told how many answered.
    """
    if not rule.guarded or "std_error" not in released or "n_units" not in frame:
        return released
    told = released.copy()
    for at in range(len(told)):
        full: dict[str, Any] = {str(k): v for k, v in frame.iloc[at].items()}
        row: dict[str, Any] = {str(k): v for k, v in told.iloc[at].items()}
        row = _blurred(row, withheld)
        if _counts_people(full):
            row = _unclear(row, full, rule)
        for name in (*CENTRES, *ERRORS):
            if name in told:
                told.loc[told.index[at], name] = row[name]
    return told


def _counts_people(row: Mapping[str, Any]) -> bool:
    """Whether clusters are not much more than one unit each."""
    units, clusters = (row.get(name, math.nan) for name in ("n_units", "n_clusters"))
    return bool(pd.isna(units) or pd.isna(clusters) or units < 2 * clusters)


def _blurred(row: dict[str, Any], withheld: Withheld) -> dict[str, Any]:
    if row.get("outcome") not in withheld.blurred:
        return row
    yes_no = row["outcome"] in withheld.yes_no

    def told(value: float) -> float:
        return round(value, PERCENT) if yes_no else significant(value, BLURRED_DIGITS)

    known = {name: float(row[name]) for name in CENTRES if name in row}
    return row | {name: told(value) for name, value in known.items() if math.isfinite(value)}


def _unclear(row: dict[str, Any], full: Mapping[str, Any], rule: Rule) -> dict[str, Any]:
    """Take digits from error, statistic and p-value until they fit enough numbers of people."""
    if pd.isna(row["std_error"]) or len(possible(row, rule)) >= rule.minimum_cell:
        return row
    for digits in DIGITS:
        fewer = {n: significant(float(full[n]), digits) for n in ERRORS if not pd.isna(row[n])}
        if len(possible(row | fewer, rule)) >= rule.minimum_cell:
            return row | fewer
    return row | dict.fromkeys(ERRORS, math.nan)


def possible(row: Mapping[str, Any], rule: Rule) -> np.ndarray:
    """Return the degrees of freedom that fit the numbers of a row as they are told."""
    from scipy.special import stdtr, stdtrit

    free = np.arange(1, MOST, dtype=float)
    fits = np.ones(len(free), dtype=bool)
    estimate, low, high, error = (float(row[n]) for n in (*CENTRES, "std_error"))
    statistic, p_value = float(row["statistic"]), float(row["p_value"])
    if math.isfinite(low) and math.isfinite(high) and error > 0:
        slack = (_half(low) + _half(high)) / 2
        half = (high - low) / 2
        least = (half - slack) / (error + _half(error))
        most = (half + slack) / max(error - _half(error), 1e-300)
        reach = stdtrit(free, 0.5 + float(row.get("level", 0.95)) / 2)
        fits &= (reach >= least) & (reach <= most)
    if math.isfinite(p_value) and math.isfinite(statistic):
        ends = [abs(statistic) - _half(statistic), abs(statistic) + _half(statistic)]
        if error > 0 and math.isfinite(estimate):
            own = (abs(estimate) - _half(estimate)) / (error + _half(error))
            other = (abs(estimate) + _half(estimate)) / max(error - _half(error), 1e-300)
            ends = [max(ends[0], own), min(ends[1], other)]
        tails = [2 * stdtr(free, -max(end, 0.0)) for end in ends]
        fits &= (tails[1] <= p_value + _half(p_value)) & (tails[0] >= p_value - _half(p_value))
    # Where nothing fits, the numbers are not Student's t, and tell nothing.
    return free[fits] if fits.any() else free


def _half(value: float) -> float:
    """Return how far the true value may lie from one that is written with its digits."""
    if not math.isfinite(value) or value == 0:
        return 0.0
    text = f"{value:.10g}"
    mantissa, _, power = text.partition("e")
    places = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (-places + int(power or 0))
