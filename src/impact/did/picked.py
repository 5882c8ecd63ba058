"""The inference of the headline's method: the rule's, or what the params file names."""

from __future__ import annotations

from dataclasses import replace

from impact.did.uncertainty import Inference
from impact.errors import DesignError
from impact.locale import N_
from impact.results import Sentence
from impact.spec.design_rules import BOOTSTRAPPED

__all__ = ["PERMUTED", "picked_for"]

PLACES = frozenset({"synthetic_control", "synthetic_did"})
PERMUTED = ("ancova", "did", "difference_in_means", "triple_difference", "twfe")
# Methods whose errors come from influences where the rule picks that kind.
BY_INFLUENCE = {
    "imputation": ("cr1", "cr2"),
    "two_stage": ("cr1", "cr2"),
    "stacked": ("cr2",),
}
BY_PLACEBO = Sentence(
    "The test is the method's own: the effects that comparison places show when they are taken "
    "for the pilot's."
)
UNPERMUTED = N_(
    "The method that is named, %(method)s, has no permutation test. So the difference is shown "
    "without a test."
)


def picked_for(method: str, by_rule: Inference, wanted: Inference | None) -> Inference:
    """Return the inference of a method.

    Parameters
    ----------
    method : str
    by_rule : Inference
    wanted : Inference or None
        What the params file names and the rule does not overrule.

    Raises
    ------
    DesignError
        The wild cluster bootstrap is named, and the method has none.
    """
    if wanted is not None and wanted.kind == "wild_bootstrap":
        _need_bootstrap(method)
    if method in PLACES and (not by_rule.declines or by_rule.pooled):
        return Inference("placebo", by_rule.over, (BY_PLACEBO,))
    if by_rule.kind == "permutation" and method not in (*PERMUTED, *PLACES):
        why = Sentence(UNPERMUTED, {"method": method})
        return replace(by_rule, kind="none", reasons=(*by_rule.reasons, why))
    if method == "callaway_santanna" and not by_rule.declines:
        return _by_influence(by_rule, wanted)
    if wanted is None:
        by_influence = by_rule.kind in BY_INFLUENCE.get(method, ())
        return _by_influence(by_rule, None) if by_influence else by_rule
    kind = by_rule.kind if wanted.kind == "auto" else wanted.kind
    return Inference(kind, wanted.over, wanted.reasons)


def _need_bootstrap(method: str) -> None:
    if method not in BOOTSTRAPPED:
        raise DesignError(
            f"the wild cluster bootstrap is of a regression, and the headline's method, {method}, "
            "is none: take inference: auto, which corrects for few clusters, or put one of "
            f"{', '.join(sorted(BOOTSTRAPPED))} first under 'methods' where it fits the design"
        )


def _by_influence(by_rule: Inference, wanted: Inference | None) -> Inference:
    over = by_rule.over if wanted is None else wanted.over
    if by_rule.kind == "cr2":
        few = Sentence(
            "Clusters are few: standard errors come from each cluster's influence on the "
            "estimate, within cohorts, with CR2's correction and Welch's degrees of freedom."
        )
        return replace(by_rule, over=over, reasons=(few,))
    said = Sentence(
        "Standard errors come from each unit's influence on the estimate, summed within "
        "clusters, with Student's t and the number of clusters less one."
    )
    return Inference("analytic", over, (said,))
