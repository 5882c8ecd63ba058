"""Difference-in-differences and its kin: a panel in, an effect out.

Every estimator takes the panel, then keywords only, and returns an `EffectResult`;
`choose` tells which one is the headline and why, `estimate` makes all of a pilot's.
"""

from impact.did.ancova import ancova
from impact.did.bacon import bacon
from impact.did.before_after import before_after
from impact.did.bounds import bounds
from impact.did.by_subgroup import by_subgroup
from impact.did.by_time import by_time
from impact.did.callaway_santanna import callaway_santanna
from impact.did.choose import Choice, choose
from impact.did.did import did
from impact.did.difference_in_means import difference_in_means
from impact.did.estimate import estimate
from impact.did.event_study import event_study
from impact.did.imputation import imputation
from impact.did.leave_one_out import leave_one_out
from impact.did.other_errors import other_errors
from impact.did.other_methods import other_methods
from impact.did.placebo import placebo
from impact.did.replicate import replicate
from impact.did.reweighted import reweighted
from impact.did.stacked import stacked
from impact.did.sun_abraham import sun_abraham
from impact.did.synthetic_control import synthetic_control
from impact.did.synthetic_did import synthetic_did
from impact.did.triple_difference import triple_difference
from impact.did.twfe import twfe
from impact.did.two_stage import two_stage

__all__ = [
    "Choice",
    "ancova",
    "bacon",
    "before_after",
    "bounds",
    "by_subgroup",
    "by_time",
    "callaway_santanna",
    "choose",
    "did",
    "difference_in_means",
    "estimate",
    "event_study",
    "imputation",
    "leave_one_out",
    "other_errors",
    "other_methods",
    "placebo",
    "replicate",
    "reweighted",
    "stacked",
    "sun_abraham",
    "synthetic_control",
    "synthetic_did",
    "triple_difference",
    "twfe",
    "two_stage",
]
