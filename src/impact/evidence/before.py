"""What a passed test of the periods before the start is worth, in one sentence."""

from __future__ import annotations

import math

from impact.data.panel import Panel
from impact.did.pre_power import findable_slope
from impact.evidence.amounts import amount, telling
from impact.evidence.facts import Facts
from impact.evidence.sensitivity import few_behind
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence
from impact.spec.models import Outcome

__all__ = ["passed_before"]

PASSED = Sentence(
    "A test of the periods before the start found no difference between the groups; how small a "
    "difference it would have found is not known."
)
POWER = N_(
    "A test of the periods before the start found no difference between the groups. It would find "
    "courses that part by %(slope)s each period in 80 of 100 cases, and slower ones less often."
)


def passed_before(
    panel: Panel, known: Facts, outcome: Outcome, found: tuple[EffectResult, Effects], digits: int
) -> tuple[Sentence, ...]:
    """Say how slowly parting courses the passed test of the periods before would have found.

    Parameters
    ----------
    panel : Panel
    known : Facts
    outcome : Outcome
    found : (EffectResult, Effects)
        The headline, and all effects.
    digits : int
        Decimals that amounts of the outcome are worth.

    Returns
    -------
    tuple of Sentence
        Nothing where no such test was passed.
    """
    if known.pre_periods != "compatible" or known.randomised:
        return ()
    headline, effects = found
    slope = findable_slope(panel, effects, headline)
    if not math.isfinite(slope):
        return (PASSED,)
    said = amount(outcome, slope, telling(outcome, digits, slope))
    values = {"slope": said, "about": outcome.column}
    return (Sentence(POWER, values, few_behind(panel, headline.base)),)
