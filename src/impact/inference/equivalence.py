"""Is the effect too small to matter? Two one-sided tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from impact.errors import DesignError

__all__ = ["Equivalence", "equivalence"]


@dataclass(frozen=True)
class Equivalence:
    """Two one-sided tests against the smallest effect that matters, m.

    Parameters
    ----------
    p_value : float
        That the effect is −m or less, or m or more: the larger of the two.
    p_low, p_high : float
        That the effect is −m or less; that it is m or more.
    conf_low, conf_high : float
        The 1 − 2α interval: it lies inside ±m exactly when ``equivalent``.
    equivalent : bool
        Whether both are rejected at α = 1 − level.
    """

    p_value: float
    p_low: float
    p_high: float
    conf_low: float
    conf_high: float
    equivalent: bool


def equivalence(
    estimate: float,
    std_error: float,
    dof: float,
    *,
    smallest_effect: float,
    level: float = 0.95,
) -> Equivalence:
    """Test whether an effect is smaller than the smallest one that matters.

    A large p-value of the usual test says nothing of this kind. Here the burden is turned
    around: the nulls are that the effect matters, in either direction (Schuirmann 1987).

    Parameters
    ----------
    estimate, std_error : float
        In the outcome's units.
    dof : float
        Degrees of freedom of t; inf is the normal.
    smallest_effect : float
        m, over 0, in the outcome's units; set before the data were seen.
    level : float
        1 − α; each of the two tests is at α.

    Returns
    -------
    Equivalence
        With missing values, and not ``equivalent``, where there is no standard error.

    Raises
    ------
    DesignError
        The smallest effect that matters is not a number over 0.

    Examples
    --------
    >>> found = equivalence(0.01, 0.02, float("inf"), smallest_effect=0.05)
    >>> round(found.p_value, 4), found.equivalent
    (0.0228, True)
    """
    if not (np.isfinite(smallest_effect) and smallest_effect > 0):
        raise DesignError(
            f"the smallest effect that matters must be a number over 0; found {smallest_effect}"
        )
    if not (np.isfinite(estimate) and np.isfinite(std_error) and std_error > 0 and dof > 0):
        missing = float("nan")
        return Equivalence(missing, missing, missing, missing, missing, False)
    low = _below(-(estimate + smallest_effect) / std_error, dof)
    high = _below((estimate - smallest_effect) / std_error, dof)
    wide = (special.ndtri(level) if np.isinf(dof) else special.stdtrit(dof, level)) * std_error
    worst = max(low, high)
    return Equivalence(
        worst, low, high, float(estimate - wide), float(estimate + wide), bool(worst < 1 - level)
    )


def _below(statistic: float, dof: float) -> float:
    return float(special.ndtr(statistic) if np.isinf(dof) else special.stdtr(dof, statistic))
