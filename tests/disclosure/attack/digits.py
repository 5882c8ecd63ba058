"""What the numbers of an estimate may have been before they were rounded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy.stats import t as student

from attack.numerals import COARSE, nice
from attack.published import Span, significant
from attack.reading import MOST, Reading

__all__ = ["freedom", "spans_of"]

Row = Mapping[str, Any]
CENTRES = ("estimate", "conf_low", "conf_high")
ERRORS = ("std_error", "statistic", "p_value")
MOST_DIGITS = 4
FULL = 7
LEAST_P = 0.001
"""A p-value below it is told as below it, or as half of it."""


def spans_of(found: Reading, row: Row) -> dict[str, Span]:
    """Return the numbers of a row that are told, each as wide as its rounding.

    Estimate and ends of the interval are rounded alike: the one with most digits says how many
    all of them have. Where all are multiples of a step, they may be rounded to that, and so may
    the error. A p-value has its own digits, and a statistic is of the numbers that are told.
    """
    if "spans" in row:
        return _shown(found, row)
    names = (*CENTRES, *ERRORS)
    known = {n: float(row[n]) for n in names if n in row and math.isfinite(float(row[n]))}
    if not found.guarded:
        return {name: significant(value, FULL) for name, value in known.items()}
    centres = [known[name] for name in CENTRES if name in known]
    digits = min(MOST_DIGITS, max(map(_digits, centres), default=1))
    steps, told = _steps(known, _most(found, row, known)), {}
    for name, value in known.items():
        own = digits if name in CENTRES else min(MOST_DIGITS, _digits(value))
        span = significant(value, own) if value else Span(0.0, 0.0)
        half = (span.high - span.low) / 2
        half = max(half, steps.get(name, 0.0) / 2) * (1 + 1e-9)
        told[name] = Span(value - half, value + half)
    if known.get("p_value", 1.0) < LEAST_P:
        told["p_value"] = Span(0.0, LEAST_P)
    return _without_ratio(told)


def _most(found: Reading, row: Row, known: Mapping[str, float]) -> float:
    """Return the largest step that the code gives an estimate whose error is told like this.

    As large as the error times the minimum over the people, or as the error itself where a row is
    told beside another one of nearly the same people, which leaves it without a test; its two
    digits; on a yes or no a hundredth, and of one group alone what hides who changed.
    """
    error = known.get("std_error", 0.0)
    if not error > 0 and {"conf_low", "conf_high"} <= known.keys():
        error = (known["conf_high"] - known["conf_low"]) / 4
    if not error > 0:
        return math.inf
    least = float(max(found.minimum, 1))
    units = float(row.get("n_units", math.nan))
    people = max(units - found.minimum / 2, least) if math.isfinite(units) else least
    # The error is told by a step itself, and may be half as large again.
    whole = "p_value" in known and "std_error" in known
    size = 1.5 * error * (least / people if whole else 1.0)
    steps = [nice(size), 10.0 ** (math.floor(math.log10(1.5 * error)) - 1)]
    if found.codes(str(row.get("outcome", ""))) == (0, 1):
        steps.append(0.01)
        if row.get("method") == "before_after":
            steps.append(nice(1.25 * least / (people**2 * error / 1.5)))
    return max(steps)


def _steps(known: Mapping[str, float], most: float) -> dict[str, float]:
    """Return the largest steps that the estimate, its interval and its error may have."""
    centres = [known[name] for name in CENTRES if name in known]
    coarse = [by for by in COARSE if by <= most * (1 + 1e-9)]
    step = next((by for by in coarse if all(_multiple(v, by) for v in centres)), 0.0)
    error = known.get("std_error", math.nan)
    own = next((by for by in coarse if by <= step and _multiple(error, by)), 0.0)
    return {**dict.fromkeys(CENTRES, step), "std_error": own}


def _without_ratio(told: dict[str, Span]) -> dict[str, Span]:
    """Leave out a statistic that is the ratio of the estimate and the error as they are told."""
    if all(name in told for name in ("statistic", "estimate", "std_error")):
        statistic, estimate, error = (
            told[n].middle for n in ("statistic", "estimate", "std_error")
        )
        if error and abs(estimate / error - statistic) <= 0.06 * abs(estimate / error):
            del told["statistic"]
    return told


def _shown(found: Reading, row: Row) -> dict[str, Span]:
    """Return the numbers of a table as wide as they are written, or as the step that all have."""
    shown: Mapping[str, Span] = row["spans"]
    if not found.guarded:
        return dict(shown)
    told = dict(shown)
    known = {name: span.middle for name, span in shown.items()}
    steps = _steps(known, _most(found, row, known))
    for name, span in shown.items():
        three = significant(span.middle, 3) if span.middle else Span(0.0, 0.0)
        halves = [(one.high - one.low) / 2 for one in (span, three)]
        half = max(*halves, steps.get(name, 0.0) / 2) * (1 + 1e-9)
        told[name] = Span(span.middle - half, span.middle + half)
    return _without_ratio(told)


def _digits(value: float) -> int:
    return max(len(f"{abs(value):.10g}".partition("e")[0].replace(".", "").strip("0")), 1)


def _multiple(value: float, step: float) -> bool:
    return math.isfinite(value) and abs(value / step - round(value / step)) < 1e-6


def freedom(told: Mapping[str, Span], level: float) -> tuple[float, float]:
    """Return between which numbers the degrees of freedom lie; not a number where not known."""
    grid = np.arange(1.0, MOST, 0.05)
    fits = fits_freedom(told, level, grid)
    if fits.all() or not fits.any():
        return math.nan, math.nan
    inside = grid[fits]
    return float(inside[0]) - 0.05, float(inside[-1]) + 0.05


def fits_freedom(told: Mapping[str, Span], level: float, free: np.ndarray) -> np.ndarray:
    """Return which degrees of freedom fit the interval and the p-value beside the error."""
    fits = np.ones(len(free), dtype=bool)
    if "std_error" not in told or told["std_error"].low <= 0:
        return fits
    error = told["std_error"]
    if "conf_low" in told and "conf_high" in told:
        low, high = told["conf_low"], told["conf_high"]
        reach = student.ppf(0.5 + level / 2, free)
        fits &= reach >= (high.low - low.high) / 2 / error.high
        fits &= reach <= (high.high - low.low) / 2 / error.low
    if "p_value" in told and "estimate" in told:
        size = told["estimate"]
        least = max(size.low, -size.high, 0.0) / error.high
        most = max(abs(size.low), abs(size.high)) / error.low
        if "statistic" in told:
            own = told["statistic"]
            least = max(least, own.low, -own.high)
            most = min(most, max(abs(own.low), abs(own.high)))
        fits &= 2 * student.sf(least, free) >= told["p_value"].low
        fits &= 2 * student.sf(most, free) <= told["p_value"].high
    return fits
