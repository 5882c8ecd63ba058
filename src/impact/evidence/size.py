"""The size phrase: the interval against zero and against the smallest effect that matters."""

from __future__ import annotations

import math

from impact.spec.models import Outcome

__all__ = ["size", "turned"]


def turned(outcome: Outcome, low: float, high: float) -> tuple[float, float]:
    """Turn an interval so that plus is better; a neutral outcome stays as it is."""
    return (-high, -low) if outcome.direction == "lower" else (low, high)


def size(outcome: Outcome, low: float, high: float) -> str:
    """Name the cell of the matrix that an interval falls into.

    Parameters
    ----------
    outcome : Outcome
        Its direction says what is better, its smallest effect what matters.
    low, high : float
        The interval in the outcome's own units; not a number where none is valid.

    Returns
    -------
    str
        ``not_rated`` without an interval; ``important_``, ``possible_``, ``slight_`` or
        ``plain_`` (no smallest effect is known) followed by ``improvement``,
        ``worsening``, ``rise`` or ``fall``; ``little``; ``unclear`` (no smallest effect)
        or ``unclear_`` with ``improvement``, ``worsening``, ``rise``, ``fall`` or
        ``both``. Rise and fall belong to neutral outcomes, which are never good or bad.

    Examples
    --------
    >>> from impact.spec.models import Outcome
    >>> job = Outcome(column="job", label="Job", direction="higher", smallest_effect=0.05)
    >>> size(job, 0.06, 0.2)
    'important_improvement'
    >>> size(job, -0.2, -0.06)
    'important_worsening'
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return "not_rated"
    low, high = turned(outcome, low, high)
    up, down = ("rise", "fall") if outcome.direction == "neutral" else ("improvement", "worsening")
    if low > 0:
        return f"{_clear(low, high, outcome.smallest_effect)}_{up}"
    if high < 0:
        return f"{_clear(-high, -low, outcome.smallest_effect)}_{down}"
    return _unclear(low, high, outcome.smallest_effect, up, down)


def _clear(near: float, far: float, smallest: float | None) -> str:
    """Name an interval on one side of zero by its near and far ends."""
    if smallest is None:
        return "plain"
    if near >= smallest:
        return "important"
    return "possible" if far >= smallest else "slight"


def _unclear(low: float, high: float, smallest: float | None, up: str, down: str) -> str:
    """Name an interval that holds zero."""
    if smallest is None:
        return "unclear"
    if low > -smallest and high < smallest:
        return "little"
    if low <= -smallest and high >= smallest:
        return "unclear_both"
    return f"unclear_{up}" if high >= smallest else f"unclear_{down}"
