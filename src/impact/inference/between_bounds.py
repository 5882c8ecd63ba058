"""An interval for an effect of which only a lower and an upper bound are known."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from scipy import optimize, special

__all__ = ["reaching"]


def reaching(
    ends: Iterable[float], errors: Iterable[float], *, dof: float = np.inf, level: float = 0.95
) -> tuple[float, float]:
    """Return the interval that covers the effect, wherever it lies between its bounds.

    Parameters
    ----------
    ends : pair of float
        Lower and upper bound.
    errors : pair of float
        Their standard errors.
    dof : float
        Degrees of freedom of Student's t; inf is the normal.
    level : float
        The least probability with which the interval covers the effect.

    References
    ----------
    Imbens and Manski (2004), Econometrica 72 (6), equations 6 and 7.

    Examples
    --------
    >>> [round(end, 3) for end in reaching((0.0, 0.0), (1.0, 1.0))]
    [-1.96, 1.96]
    >>> [round(end, 3) for end in reaching((0.0, 9.0), (1.0, 1.0))]
    [-1.645, 10.645]
    """
    (low, high), (below, above) = ends, errors
    largest = max(below, above)
    if not (np.isfinite(largest) and largest > 0 and high >= low):
        return np.nan, np.nan
    wide = (high - low) / largest

    def below_of(value: float) -> float:
        return float(special.ndtr(value) if np.isinf(dof) else special.stdtr(dof, value))

    def short(c: float) -> float:
        return below_of(c + wide) - below_of(-c) - level

    c = optimize.brentq(short, 0.0, 1e3, xtol=1e-12)
    return low - c * below, high + c * above
