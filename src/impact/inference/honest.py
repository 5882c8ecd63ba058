"""How far the trends would have to differ for the result to vanish."""

from __future__ import annotations

from typing import Literal

import numpy as np

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates, HonestInterval
from impact.inference.relative_magnitudes import relative_magnitudes
from impact.inference.smoothness import smoothness

__all__ = ["Restriction", "breakdown", "honest_interval"]

Restriction = Literal["smoothness", "relative_magnitudes"]
SCAN = 16
STEPS = 26
MOST_DOUBLINGS = 24


def honest_interval(
    estimates: EventEstimates, restriction: Restriction, limit: float, *, level: float = 0.95
) -> HonestInterval:
    """Return the interval under a restriction on how the trends may have differed.

    Parameters
    ----------
    estimates : EventEstimates
    restriction : str
        ``smoothness`` (see `impact.inference.smoothness`) or ``relative_magnitudes`` (see
        `impact.inference.relative_magnitudes`).
    limit : float
        M, in the outcome's units, or M̄, a multiple of the largest earlier move.
    level : float

    Raises
    ------
    DesignError
        There is no such restriction, or the limit is not a number from 0 on.
    """
    if restriction == "smoothness":
        return smoothness(estimates, limit, level=level)
    if restriction == "relative_magnitudes":
        return relative_magnitudes(estimates, limit, level=level)
    raise DesignError(
        f"there is no restriction '{restriction}'; there are smoothness and relative_magnitudes"
    )


def breakdown(estimates: EventEstimates, restriction: Restriction, *, level: float = 0.95) -> float:
    """Return the smallest limit at which the interval holds zero.

    The result would vanish if the comparison's course were off by that much: by a bend of
    so much from one period to the next (smoothness), or by so many times what it was off
    at worst before the start (relative magnitudes).

    Parameters
    ----------
    estimates : EventEstimates
    restriction : str
        ``smoothness`` or ``relative_magnitudes``.
    level : float

    Returns
    -------
    float
        0 where the interval holds zero already with a limit of 0: under smoothness, with
        trends that differ by a straight line. Infinite where no limit was found.

    Examples
    --------
    >>> import numpy as np
    >>> course = EventEstimates(np.array([0.1, 0.0, 1.0]), np.eye(3) * 0.01, n_pre=2)
    >>> round(breakdown(course, "smoothness"), 2)
    0.77
    """

    def holds_zero(limit: float) -> bool:
        return honest_interval(estimates, restriction, limit, level=level).holds_zero

    if holds_zero(0.0):
        return 0.0
    # Bends have the outcome's unit, multiples have none.
    high = abs(estimates.value) / 4 if restriction == "smoothness" else 0.5
    for _ in range(MOST_DOUBLINGS):
        if holds_zero(high):
            break
        high *= 2
    else:
        return float("inf")
    # The intervals are not nested to the last digit, so the first crossing is looked for.
    steps = np.linspace(0.0, high, SCAN + 1)
    first = next(at for at, limit in enumerate(steps) if at and holds_zero(float(limit)))
    low, high = float(steps[first - 1]), float(steps[first])
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if holds_zero(middle) else (middle, high)
    return high
