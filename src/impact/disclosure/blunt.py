"""Steps of an estimate from which nobody can tell how many people stand behind it.

An error falls with the root of their number: two digits of it, or an interval as exact, would tell
that number where the spread is known. Degrees of freedom count people, too: the half width of an
interval over its error is the critical value of Student's t, and a p-value beside its statistic
says the same. So of people and households

- errors have two digits, and fewer where they are of few people (`impact.disclosure.widths`);
- an estimate and its interval are told by steps of the same size as the error's last digit, on a
  yes or no by whole percents at least: a difference of shares of few people is the difference of
  few fractions;
- a statistic is the ratio of what is told of both; p-values have two digits, or one, and those
  below a thousandth are told as half of it;
- error, statistic and p-value are left out where the degrees of freedom that fit them leave out a
  number of people that is nearer to the true one than the minimum.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from impact.disclosure.degrees import CENTRES, ERRORS, MOST, half_of_last, possible
from impact.disclosure.rule import Rule, significant
from impact.disclosure.widths import nice
from impact.disclosure.withheld import Withheld

__all__ = ["WIDTH", "blunted", "step_of", "stepped"]

DIGITS, CENTRE_DIGITS = 2, 3
MANY = 200
"""Of as many people two digits of an error leave their number unsure."""
PERCENT = 0.01
ALONE, CHANGERS = "before_after", 1.25
LEAST_P = 0.001
WIDTH, RATIO = 4.0, 0.02
CONSTANTS = 3
"""So many degrees of freedom, or fewer, go to means that are estimated."""


def blunted(
    released: pd.DataFrame, frame: pd.DataFrame, rule: Rule, withheld: Withheld
) -> pd.DataFrame:
    """Return the rows by steps.

    Parameters
    ----------
    released : pandas.DataFrame
        Rows in which what is not told is blank.
    frame : pandas.DataFrame
        The same rows in full.
    rule : Rule
    withheld : Withheld
        ``yes_no`` names the outcomes that are told by shares.
    """
    if not rule.guarded or "std_error" not in released or "n_units" not in frame:
        return released
    told = released.copy()
    names = [name for name in (*CENTRES, *ERRORS) if name in told]
    full, kept = frame.to_dict("records"), told.to_dict("records")
    rows = [_blunt(row, own, rule, withheld) for row, own in zip(kept, full, strict=True)]
    for name in names:
        told[name] = pd.Series([row[name] for row in rows], index=told.index, dtype=float)
    return told


def _blunt(
    row: Mapping[Any, Any], full: Mapping[Any, Any], rule: Rule, withheld: Withheld
) -> dict[Any, Any]:
    people, yes_no = _people(full), row.get("outcome") in withheld.yes_no
    step = step_of(full, rule, yes_no=yes_no)
    alone = _of_changers(full, rule) if yes_no else 0.0
    halves = {}
    told = dict(row)
    for name in CENTRES:
        if name in row:
            told[name] = stepped(float(row[name]), step)
            halves[name] = step / 2
    for name in ("std_error", "statistic"):
        value = float(row.get(name, math.nan))
        own = max(_fine(abs(value), people, rule), alone)
        told[name], halves[name] = stepped(value, own), own / 2
    if _is_ratio(row) and told["std_error"] > 0:
        # A ratio of what is told tells no more than that.
        told["statistic"] = significant(told["estimate"] / told["std_error"], DIGITS)
    p_value = float(row.get("p_value", math.nan))
    digits = DIGITS if people >= MANY else 1
    told["p_value"] = significant(p_value, digits) if not p_value < LEAST_P else LEAST_P / 2
    halves["p_value"] = LEAST_P / 2 if p_value < LEAST_P else half_of_last(told["p_value"])
    clear = _counts_people(full) and _narrows(possible(told, halves), full, rule)
    return told | dict.fromkeys(ERRORS, math.nan) if clear else told


def _narrows(free: np.ndarray, row: Mapping[Any, Any], rule: Rule) -> bool:
    """Whether degrees of freedom that fit leave out numbers of people near the true ones.

    Satterthwaite's are between those of the smaller group and those of all.
    """
    people, treated = _people(row), _known(row.get("n_treated"))
    smaller = min(treated, people - treated) if 0 < treated < people else people
    least, most = smaller - rule.minimum_cell - CONSTANTS, min(people + rule.minimum_cell, MOST - 1)
    return len(free) < rule.minimum_cell or free.min() > max(least, 1.0) or free.max() < most


def _is_ratio(row: Mapping[Any, Any]) -> bool:
    """Whether the statistic is the estimate over its error."""
    numbers = (float(row.get(name, math.nan)) for name in ("estimate", "std_error", "statistic"))
    estimate, error, statistic = numbers
    return error > 0 and math.isclose(estimate / error, statistic, rel_tol=RATIO)


def step_of(row: Mapping[Any, Any], rule: Rule, *, yes_no: bool = False) -> float:
    """Return by which steps an estimate and its interval are told; zero where they are not.

    Parameters
    ----------
    row : mapping
        The estimate's row in full, with the columns of `impact.results.GLOSSARY`.
    rule : Rule
    yes_no : bool
        Whether the outcome is told by shares.

    Examples
    --------
    >>> row, rule = {"estimate": 0.1268, "std_error": 0.0952, "n_units": 46}, Rule(10, guarded=True)
    >>> step_of(row, rule), step_of(row | {"n_units": 343}, rule)
    (0.05, 0.001)
    """
    if not rule.guarded:
        return 0.0
    numbers = {name: float(row.get(name, math.nan)) for name in (*CENTRES, "std_error")}
    error = numbers["std_error"]
    if not error > 0:
        error = (numbers["conf_high"] - numbers["conf_low"]) / WIDTH
    if math.isfinite(error) and error > 0:
        step = _fine(error, _people(row), rule)
    else:
        step = _last(abs(numbers["estimate"]), CENTRE_DIGITS)
    return max(step, PERCENT, _of_changers(row, rule)) if yes_no else step


def _of_changers(row: Mapping[Any, Any], rule: Rule) -> float:
    """Return the step of an error that hides how many said yes before and no after, or no and yes.

    Of one group alone its square times that of the number of people is how many changed.
    """
    error, people = float(row.get("std_error", math.nan)), _people(row)
    if row.get("method") != ALONE or not (error > 0 and people > 0):
        return 0.0
    return nice(CHANGERS * rule.minimum_cell / (people**2 * error))


def stepped(value: float, step: float) -> float:
    """Return the multiple of a step that is nearest to a value; the value where there is none."""
    if not (math.isfinite(value) and math.isfinite(step) and step > 0):
        return value
    return significant(round(value / step) * step, 12) + 0.0


def _fine(error: float, people: float, rule: Rule) -> float:
    """Return the step of an error that leaves the number of people behind it unsure."""
    if not (math.isfinite(error) and error > 0):
        return 0.0
    two = _last(error, DIGITS)
    return two if people >= MANY else max(two, nice(error * rule.minimum_cell / max(people, 1.0)))


def _last(value: float, digits: int) -> float:
    """Return the size of the last of so many digits; zero of nothing."""
    if not (math.isfinite(value) and value > 0):
        return 0.0
    return 10.0 ** (math.floor(math.log10(value)) - digits + 1)


def _people(row: Mapping[Any, Any]) -> float:
    return _known(row.get("n_units"))


def _known(number: Any) -> float:
    return 0.0 if number is None or pd.isna(number) else float(number)


def _counts_people(row: Mapping[Any, Any]) -> bool:
    """Whether clusters are not much more than one unit each."""
    units, clusters = (row.get(name, math.nan) for name in ("n_units", "n_clusters"))
    return bool(pd.isna(units) or pd.isna(clusters) or units < 2 * clusters)
