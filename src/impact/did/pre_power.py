"""What the test of the periods before the start could have found."""

from __future__ import annotations

from impact.data.panel import Panel
from impact.did.sensitivity import course_of
from impact.inference.pretest import detectable_slope
from impact.results import EffectResult, Effects

__all__ = ["findable_slope"]

OFTEN = 0.8


def findable_slope(panel: Panel, effects: Effects, headline: EffectResult) -> float:
    """Return the slope of parting courses that the joint pre-test finds in 80 of 100 cases.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned.
    headline : EffectResult
        Of the outcome.

    Returns
    -------
    float
        In the outcome's units a period; not a number where no covariance of the periods
        before the start is known, as with a permutation.

    Notes
    -----
    Roth (2022): what a test that is passed is worth depends on what it would have found. In
    large samples, by the covariance that `impact.did.sensitivity` uses, which with few
    clusters is widened to Student's critical value.
    """
    course = course_of(panel, effects, headline)
    if course is None:
        return float("nan")
    return detectable_slope(course, OFTEN, test="joint", level=float(headline.level))
