"""Which degrees of freedom fit an estimate's numbers as they are told: they count people."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

__all__ = ["CENTRES", "ERRORS", "MOST", "half_of_last", "possible"]

CENTRES = ("estimate", "conf_low", "conf_high")
ERRORS = ("std_error", "statistic", "p_value")
MOST = 5000
"""Up to so many degrees of freedom are told apart."""


@lru_cache(maxsize=8)
def _reach(level: float) -> np.ndarray:
    """Return the critical values of Student's t, by degrees of freedom."""
    from scipy.special import stdtrit

    return np.asarray(stdtrit(np.arange(1, MOST, dtype=float), 0.5 + level / 2))


def possible(row: Mapping[Any, Any], halves: Mapping[str, float]) -> np.ndarray:
    """Return the degrees of freedom that fit the numbers of a row as they are told.

    Parameters
    ----------
    row : mapping
    halves : mapping
        How far each number may lie from the true one.
    """
    free = np.arange(1, MOST, dtype=float)
    fits = np.ones(len(free), dtype=bool)
    span = {name: _span(row, halves, name) for name in (*CENTRES, *ERRORS)}
    error = span["std_error"]
    if span["conf_low"] and span["conf_high"] and error and error[1] > 0:
        low, high = span["conf_low"], span["conf_high"]
        reach = _reach(float(row.get("level", 0.95)))
        fits &= reach >= (high[0] - low[1]) / 2 / error[1]
        fits &= reach <= (high[1] - low[0]) / 2 / max(error[0], 1e-300)
    fits &= _tails(free, span)
    # Where nothing fits, the numbers are not Student's t, and tell nothing.
    return free[fits] if fits.any() else free


def _tails(free: np.ndarray, span: Mapping[str, tuple[float, float] | None]) -> np.ndarray:
    """Return the degrees of freedom by which a statistic has its p-value."""
    from scipy.special import stdtr

    p_value, statistic = span["p_value"], span["statistic"]
    estimate, error = span["estimate"], span["std_error"]
    if p_value is None or statistic is None:
        return np.ones(len(free), dtype=bool)
    ends = list(_size(statistic))
    if estimate and error and error[0] > 0:
        size = _size(estimate)
        ends = [max(ends[0], size[0] / error[1]), min(ends[1], size[1] / error[0])]
    tails = [2 * stdtr(free, -max(end, 0.0)) for end in ends]
    out: np.ndarray = (tails[1] <= p_value[1]) & (tails[0] >= p_value[0])
    return out


def _size(span: tuple[float, float]) -> tuple[float, float]:
    """Return how large a number is at least and at most, whatever its sign."""
    least = 0.0 if span[0] <= 0 <= span[1] else min(abs(span[0]), abs(span[1]))
    return least, max(abs(span[0]), abs(span[1]))


def _span(
    row: Mapping[Any, Any], halves: Mapping[str, float], name: str
) -> tuple[float, float] | None:
    value = float(row.get(name, math.nan))
    half = halves.get(name, 0.0)
    return (value - half, value + half) if math.isfinite(value) else None


def half_of_last(value: float) -> float:
    """Return how far the true value may lie from one that is written with its digits."""
    if not math.isfinite(value) or value == 0:
        return 0.0
    text = f"{value:.10g}"
    mantissa, _, power = text.partition("e")
    places = len(mantissa.partition(".")[2])
    return 0.5 * 10.0 ** (-places + int(power or 0))
