"""An interval that goes with an adjusted p-value."""

from __future__ import annotations

import math

from scipy import special

__all__ = ["adjusted_interval"]

NEAR = 1e-9


def adjusted_interval(
    estimate: float,
    ends: tuple[float, float],
    p_values: tuple[float, float],
    *,
    family: int,
    level: float = 0.95,
    std_error: float = math.nan,
) -> tuple[float, float]:
    """Widen an interval so that it leaves zero out only where the adjusted p-value rejects.

    Its level is one less (1 − ``level``) over the factor that the adjustment put on the
    p-value, at least 1 and at most the number of outcomes: with Holm's rule the smallest
    p-value's interval is Bonferroni's.

    Parameters
    ----------
    estimate : float
    ends : (float, float)
        Of the interval at ``level``; missing ends stay missing.
    p_values : (float, float)
        As tested, and adjusted.
    family : int
        Outcomes that the adjustment counts.
    level : float
    std_error : float
        With it an interval of the form estimate ± t · error is widened by Student's t, with
        the degrees of freedom that the interval has; others by the normal distribution.

    Returns
    -------
    (float, float)

    Examples
    --------
    >>> low, high = adjusted_interval(1.0, (0.02, 1.98), (0.045, 0.09), family=2, std_error=0.5)
    >>> low < 0, round(high, 2)
    (True, 2.12)
    """
    plain, adjusted = p_values
    if not (math.isfinite(plain) and math.isfinite(adjusted)):
        return ends
    alpha = 1 - level
    factor = min(max(adjusted / plain, 1.0), family) if plain > 0 else float(family)
    low, high = (estimate + _stretch(end, estimate, std_error, alpha, factor) for end in ends)
    clear, rejects = ends[0] > 0 or ends[1] < 0, adjusted <= alpha + 1e-12
    if rejects and clear and not (low > 0 or high < 0):
        return ends
    if not rejects:
        low, high = (min(low, 0.0), high) if estimate > 0 else (low, max(high, 0.0))
    return low, high


def _stretch(end: float, estimate: float, std_error: float, alpha: float, factor: float) -> float:
    """Return how far from the estimate the end lies at the level that the factor leaves."""
    usual, wider = (float(special.ndtri(1 - alpha / 2 / by)) for by in (1.0, factor))
    reach = end - estimate
    critical = abs(reach) / std_error if std_error > 0 else math.nan
    if critical > usual * (1 + NEAR):
        dof = float(special.stdtridf(1 - alpha / 2, critical))
        usual, wider = critical, float(special.stdtrit(dof, 1 - alpha / 2 / factor))
    return reach * wider / usual
