"""Where a rising function meets a value."""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["root"]


def root(rising: Callable[[float], float], low: float, high: float) -> float | None:
    """Return where a rising function is zero between two points, or None if it is nowhere.

    Parameters
    ----------
    rising : callable
        Continuous.
    low, high : float

    Examples
    --------
    >>> round(root(lambda x: x**3 - 8, 0.0, 5.0), 6)
    2.0
    """
    from scipy.optimize import brentq

    ends = rising(low), rising(high)
    if min(ends) > 0 or max(ends) < 0:
        return None
    return float(brentq(rising, low, high, xtol=1e-10, rtol=1e-10))
