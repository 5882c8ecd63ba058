"""Difference-in-differences and its kin: a panel in, an effect out.

Every estimator takes the panel, then keywords only, and returns an `EffectResult`;
`choose` tells which one is the headline and why, `estimate` makes all of a pilot's.
"""

from impact.did.ancova import ancova
from impact.did.before_after import before_after
from impact.did.callaway_santanna import callaway_santanna
from impact.did.choose import Choice, choose
from impact.did.did import did
from impact.did.difference_in_means import difference_in_means
from impact.did.estimate import estimate
from impact.did.event_study import event_study
from impact.did.replicate import replicate
from impact.did.twfe import twfe

__all__ = [
    "Choice",
    "ancova",
    "before_after",
    "callaway_santanna",
    "choose",
    "did",
    "difference_in_means",
    "estimate",
    "event_study",
    "replicate",
    "twfe",
]
