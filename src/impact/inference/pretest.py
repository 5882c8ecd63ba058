"""What a test of the periods before can see, and what it does to those who pass it.

A test of parallel trends before the start that is passed is weak comfort where it would
have been passed with trends that matter; and estimates kept because it was passed are off
in a way of their own (Roth 2022). Everything here is in large samples: the estimates are
normal with the given covariance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates
from impact.inference.passing import TESTS, Rule, wide, within

__all__ = [
    "AfterPassing",
    "Pretest",
    "after_passing",
    "detectable_slope",
    "pretest_power",
    "straight_line",
]

Pretest = Literal["individual", "joint"]
MOST_DOUBLINGS = 60


@dataclass(frozen=True)
class AfterPassing:
    """The estimate among those who pass the pre-test, when trends deviate as supposed.

    Parameters
    ----------
    passing : float
        Chance to pass: one less the test's power.
    bias : float
        Of the estimate among those who pass.
    bias_always : float
        Without a pre-test.
    coverage : float
        Of the usual interval among those who pass.
    coverage_always : float
        Without a pre-test.
    """

    passing: float
    bias: float
    bias_always: float
    coverage: float
    coverage_always: float


def straight_line(estimates: EventEstimates, slope: float) -> np.ndarray:
    """Return a deviation from parallel trends that grows by ``slope`` a period, shape (P + L,)."""
    before = np.arange(-estimates.n_pre, 0)
    return slope * np.concatenate([before, np.arange(1, estimates.n_post + 1)])


def pretest_power(
    estimates: EventEstimates,
    deviation: np.ndarray,
    *,
    test: Pretest = "individual",
    level: float = 0.95,
) -> float:
    """Return the chance that the pre-test finds a deviation from parallel trends.

    Parameters
    ----------
    estimates : EventEstimates
        Only the covariance is used.
    deviation : numpy.ndarray, shape (P,) or (P + L,)
        The true difference in trends against the reference period; what follows the first
        P is not used.
    test : str
        ``individual``: one of the P estimates is apart from zero, each at 1 − level;
        ``joint``: their Wald test rejects.
    level : float

    Examples
    --------
    >>> import numpy as np
    >>> course = EventEstimates(np.array([0.0, 1.0]), np.eye(2), n_pre=1)
    >>> round(pretest_power(course, np.array([2.8])), 3)
    0.8
    """
    return 1 - _known(test).chance(estimates, deviation[: estimates.n_pre], level)


def detectable_slope(
    estimates: EventEstimates,
    power: float,
    *,
    test: Pretest = "individual",
    level: float = 0.95,
) -> float:
    """Return the slope of a straight line that the pre-test finds with the given chance.

    Parameters
    ----------
    estimates : EventEstimates
        Only the covariance is used.
    power : float
        Usually 0.5 and 0.8.
    test : str
        ``individual`` or ``joint``.
    level : float

    Returns
    -------
    float
        0 or more, in the outcome's units a period; 0 where the test rejects parallel
        trends as often.

    Examples
    --------
    >>> import numpy as np
    >>> course = EventEstimates(np.array([0.0, 1.0]), np.eye(2), n_pre=1)
    >>> round(detectable_slope(course, 0.8), 3)
    2.802
    """
    if not 0 < power < 1:
        raise DesignError(f"a power lies between 0 and 1; found {power}")

    def missing(slope: float) -> float:
        line = straight_line(estimates, slope)
        return pretest_power(estimates, line, test=test, level=level) - power

    if missing(0.0) >= 0:
        return 0.0
    high = float(np.sqrt(np.diag(estimates.vcov)[: estimates.n_pre].min()))
    for _ in range(MOST_DOUBLINGS):
        if missing(high) > 0:
            break
        high *= 2
    return float(optimize.brentq(missing, 0.0, high, xtol=1e-10 * high))


def after_passing(
    estimates: EventEstimates,
    deviation: np.ndarray,
    *,
    test: Pretest = "individual",
    level: float = 0.95,
) -> AfterPassing:
    """Return bias and coverage of the estimate among those who pass the pre-test.

    Parameters
    ----------
    estimates : EventEstimates
        The covariance, and what is asked for.
    deviation : numpy.ndarray, shape (P + L,)
        The true difference in trends against the reference period.
    test : str
        ``individual`` or ``joint``.
    level : float
        Of the pre-test and of the interval.
    """
    before, after = np.split(np.asarray(deviation, dtype=float), [estimates.n_pre])
    bias = float(estimates.toward @ after)
    look = _known(test)
    chance = look.chance(estimates, before, level)
    given = look.given(estimates, before, bias, level)
    error = estimates.std_error
    always = within(bias, error, wide(level) * error)
    return AfterPassing(chance, given[0], bias, given[1], always)


def _known(test: str) -> Rule:
    if test not in TESTS:
        raise DesignError(f"there is no pre-test '{test}'; there are {' and '.join(TESTS)}")
    return TESTS[test]
