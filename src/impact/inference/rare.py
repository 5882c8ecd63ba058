"""Two groups compared where few people differ from the rest, or a few lie far out.

A standard error learns a group's spread from the group. Where an event is rare, the smaller
of two unlike groups often has none: its spread looks like nothing, and the difference like a
certainty. In a lottery of 15 and 150 people of whom 5 in 100 have the event, the usual test
rejects a true null in two cases of five. Here the spread comes from both groups together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

__all__ = ["Pooled", "lopsided", "pooled_spread", "sparse"]

GRID = 801
STEPS = 50
NEAR = 1e-9
MOST, FEW, UNLIKE = 0.5, 10, 1.5


def lopsided(values: np.ndarray, weights: np.ndarray, treated: np.ndarray) -> float:
    """Return how skewed a difference in means is by chance: its third moment, standardised.

    Parameters
    ----------
    values, weights : numpy.ndarray, shape (n,)
    treated : numpy.ndarray of bool, shape (n,)

    Returns
    -------
    float
        Never negative; 0 for groups of one size, where nothing varies, and for values no
        more skewed than normal ones often are by chance (two standard errors).

    Notes
    -----
    The values' shape is read from both groups together, since a small group may hold none
    of the rare values. A t-test's error from skewness grows with this number (Hall 1992).

    Examples
    --------
    >>> import numpy as np
    >>> event = np.repeat([0.0, 1.0, 0.0, 1.0], [9, 1, 81, 9])
    >>> round(lopsided(event, np.ones(100), np.arange(100) < 10), 2)
    0.71
    """
    share, left = np.empty(len(values)), np.empty(len(values))
    for side, sign in ((treated, 1.0), (~treated, -1.0)):
        own = weights[side] / weights[side].sum()
        share[side] = sign * own
        left[side] = values[side] - own @ values[side]
    square = float((share**2).sum() * (left**2).mean())
    # What rounding leaves of values that are all alike is no spread.
    if square <= (1e-12 * float(np.abs(values).max(initial=0.0))) ** 2:
        return 0.0
    third = abs(float((left**3).mean()))
    if third <= 2 * np.sqrt(6 / len(values)) * float((left**2).mean()) ** 1.5:
        return 0.0
    return float(abs((share**3).sum()) * third / square**1.5)


def sparse(values: np.ndarray, treated: np.ndarray) -> bool:
    """Tell whether hardly anybody in the smaller of two unlike groups differs from the most.

    More than half of all have one and the same value, as where few had an event or changed;
    one group is half as large again as the other; and by the share of both together fewer
    than ten of the smaller one have another value.

    Examples
    --------
    >>> import numpy as np
    >>> sparse(np.repeat([0.0, 1.0], [190, 10]), np.arange(200) < 40)
    True
    """
    others = np.abs(values - np.median(values)) > NEAR * np.ptp(values)
    arms = sorted((int(treated.sum()), int((~treated).sum())))
    unlike = arms[1] >= UNLIKE * arms[0]
    return bool(unlike and 0 < others.mean() < MOST and others.mean() * arms[0] < FEW)


@dataclass(frozen=True)
class Pooled:
    """What a spread of both groups together says of a difference in means.

    Parameters
    ----------
    p_value : float
        That the difference is zero.
    conf_low, conf_high : float
    """

    p_value: float
    conf_low: float
    conf_high: float


def pooled_spread(
    difference: float,
    values: np.ndarray,
    weights: np.ndarray,
    treated: np.ndarray,
    *,
    level: float = 0.95,
) -> Pooled:
    """Test a difference in means with the spread that it would have if it were true.

    Under an effect the two groups' means lie apart by it, around what both show together.
    A group whose mean lies above that of all is taken for a mixture: of all values, and of
    the largest one (the smallest, where it lies below). For values of 0 and 1 this is the
    score test of two shares with Wallenstein's (1997) closed form of the shares under the
    null; without an effect its variance is that of a permutation.

    Parameters
    ----------
    difference : float
        The estimate; without covariates the difference of the groups' means.
    values, weights : numpy.ndarray, shape (n,)
    treated : numpy.ndarray of bool, shape (n,)
    level : float
        Of the interval.

    Examples
    --------
    No event among ten people, four among ninety: the interval is that of two shares.

    >>> import numpy as np
    >>> event, pilot = np.repeat([0.0, 1.0], [96, 4]), np.arange(100) < 10
    >>> found = pooled_spread(-4 / 90, event, np.ones(100), pilot)
    >>> [round(end, 2) for end in (found.conf_low, found.conf_high)]
    [-0.09, 0.22]
    """
    apart = _distance(difference, values, weights, treated)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = float(np.nan_to_num(apart(np.zeros(1))[0]))
    widest = float(np.ptp(values))
    critical = float(special.ndtri(0.5 + level / 2))
    ends = [_end(apart, critical, difference, side * widest) for side in (-1, 1)]
    return Pooled(float(2 * special.ndtr(-abs(far))), *ends)


def _distance(
    difference: float, values: np.ndarray, weights: np.ndarray, treated: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function from effects to standardised distances of the estimate."""
    part = np.array([weights[side].sum() for side in (treated, ~treated)])
    loads = np.array([(weights[side] ** 2).sum() for side in (treated, ~treated)]) / part**2
    own = weights / weights.sum()
    mean, square = float(own @ values), float(own @ values**2)
    low, high = float(values.min()), float(values.max())
    sides = np.array([part[1], -part[0]]) / part.sum()
    small = len(values) / (len(values) - 1)

    def spread(means: np.ndarray) -> np.ndarray:
        held = np.clip(means, low, high)
        end = np.where(held > mean, high, low)
        moved = np.divide(held - mean, end - mean, out=np.zeros_like(held), where=end != mean)
        return np.asarray(np.maximum((1 - moved) * square + moved * end**2 - held**2, 0.0))

    def apart(effects: np.ndarray) -> np.ndarray:
        variance = sum(
            load * spread(mean + side * effects) for load, side in zip(loads, sides, strict=True)
        )
        return np.asarray((difference - effects) / np.sqrt(small * variance))

    return apart


def _end(
    apart: Callable[[np.ndarray], np.ndarray], critical: float, difference: float, span: float
) -> float:
    """Return the effect farthest from the estimate, toward one side, that is not rejected."""
    effects = difference + np.linspace(0.0, 2 * span, GRID)[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        kept = np.flatnonzero(np.abs(apart(effects)) <= critical)
        if not len(kept):
            return difference
        inside = effects[kept[-1]]
        outside = effects[min(kept[-1] + 1, len(effects) - 1)]
        for _ in range(STEPS):
            middle = np.array([(inside + outside) / 2])
            if abs(apart(middle)[0]) <= critical:
                inside = float(middle[0])
            else:
                outside = float(middle[0])
    return float(inside)
