"""The rule for the inference: what is counted, and which error structure it allows.

A standard error over clusters treats the clusters' own changes as chance. It needs
several of them on either side. The rule counts places where the params file names them
and each place is wholly treated or wholly comparison, else units of assignment:

1. Assigned one by one by lottery: HC2 with Bell and McCaffrey's degrees of freedom.
2. Two or fewer treated, or two or fewer comparison clusters: no standard error over
   clusters is valid. Permutation over the clusters where its smallest possible p-value
   is at most 1 − level, else nothing is tested.
3. Fewer than 20 effective clusters on either side: CR2 with Satterthwaite's degrees of
   freedom.
4. Else CR1.

Before against after, of one group: HC2 over units where each is assigned by itself, CR2
over three or more clusters, else nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.did.observed import cluster_codes
from impact.inference.clusters import effective_number
from impact.results import Sentence

__all__ = ["MANY", "TOO_FEW", "Inference", "inference_for", "settled"]

MANY = 20
TOO_FEW = 2


@dataclass(frozen=True)
class Inference:
    """An error structure, over what, and why.

    Parameters
    ----------
    kind : str
        ``classical hc1 hc2 hc3 cr1 cr2 permutation`` or ``none``.
    over : str
        Level of the clusters, as `impact.did.observed.cluster_codes` reads it.
    reasons : tuple of Sentence
    declines : bool
        Whether the rule found no valid standard error: a permutation, or nothing.
    """

    kind: str
    over: str = "assignment"
    reasons: tuple[Sentence, ...] = ()
    declines: bool = False


@dataclass(frozen=True)
class Sides:
    """How many clusters there are on either side, and how many they are worth."""

    over: str
    treated: int
    comparison: int
    effective: float

    @property
    def few(self) -> int:
        return min(self.treated, self.comparison)

    @property
    def counts(self) -> dict[str, int]:
        return {"treated": self.treated, "comparison": self.comparison}


def settled(
    panel: Panel, outcome: str | None, inference: str, cluster: str, level: float
) -> Inference:
    """Return the inference that was asked for, or by rule where it is ``auto``."""
    if inference == "auto":
        by_rule = inference_for(panel, outcome, level=level)
        if cluster == "assignment" or by_rule.declines:
            return by_rule
        return Inference(by_rule.kind, cluster, by_rule.reasons)
    return Inference(inference, cluster)


def inference_for(panel: Panel, outcome: str | None = None, *, level: float = 0.95) -> Inference:
    """Apply the rule to a panel.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        Clusters are counted on rows that hold it; the first primary one unless said.
    level : float
        Confidence level: the test is at 1 − level.
    """
    known = panel.values[panel.outcome(outcome).column].notna().to_numpy() & (panel.weight > 0)
    if panel.design.kind == "before_after":
        return _one_group(panel, known)
    sides = _sides(panel, known)
    one_by_one = sides.over == "assignment" and _each_by_itself(panel)
    if panel.design.kind == "randomised" and _each_by_itself(panel):
        return _lottery(panel, known)
    if sides.few <= TOO_FEW:
        return _too_few(panel, sides, level)
    if sides.effective < MANY:
        return Inference("cr2", sides.over, (_few_sentence(sides),))
    said = "Standard errors are clustered by the unit of assignment (CR1)."
    if one_by_one:
        said = "Standard errors are clustered by unit (CR1), since each was assigned by itself."
    elif sides.over == "place":
        said = "Standard errors are clustered by place (CR1), since places share their course."
    return Inference("cr1", sides.over, (Sentence(said),))


def _each_by_itself(panel: Panel) -> bool:
    return len(np.unique(panel.cluster)) == len(np.unique(panel.unit))


def _sides(panel: Panel, known: np.ndarray) -> Sides:
    treated = panel.treated
    comparison = ~treated
    if panel.design.kind == "staggered" and not comparison[known].any():
        # Those who start later are the comparison of those who start first.
        comparison = panel.start > panel.start[known].min()
    over = "assignment"
    if len(panel.places) and (panel.place[known] >= 0).all():
        place = panel.place
        mixed = np.intersect1d(place[known & treated], place[known & ~treated])
        over = "assignment" if len(mixed) else "place"
    codes = cluster_codes(panel, over)
    sizes = [
        np.bincount(codes[known & side], panel.weight[known & side])
        for side in (treated, comparison)
    ]
    sizes = [size[size > 0] for size in sizes]
    effective = min(effective_number(size) for size in sizes)
    return Sides(over, len(sizes[0]), len(sizes[1]), effective)


def _lottery(panel: Panel, known: np.ndarray) -> Inference:
    arms = [len(np.unique(panel.unit[known & side])) for side in (panel.treated, ~panel.treated)]
    if min(arms) < 2:
        said = "A group of one gives no standard error, so nothing is tested."
        return Inference("none", "unit", (Sentence(said),), declines=True)
    said = (
        "Assignment was by lottery, one by one: standard errors are robust to unequal spread "
        "(HC2), with degrees of freedom for small groups."
    )
    return Inference("hc2", "unit", (Sentence(said),))


def _one_group(panel: Panel, known: np.ndarray) -> Inference:
    if _each_by_itself(panel):
        if len(np.unique(panel.unit[known])) <= TOO_FEW:
            said = "With two units or fewer no range can be given for the change."
            return Inference("none", "unit", (Sentence(said),), declines=True)
        said = (
            "The range of the change treats each unit's own change as chance; it says nothing "
            "about what would have happened without the pilot."
        )
        return Inference("hc2", "unit", (Sentence(said),))
    if len(np.unique(panel.cluster[known])) <= TOO_FEW:
        said = "With two clusters or fewer no range can be given for the change."
        return Inference("none", "assignment", (Sentence(said),), declines=True)
    said = (
        "The range of the change is over clusters (CR2); it says nothing about what would "
        "have happened without the pilot."
    )
    return Inference("cr2", "assignment", (Sentence(said),))


def _too_few(panel: Panel, sides: Sides, level: float) -> Inference:
    total, chosen = sides.treated + sides.comparison, sides.treated
    replications = panel.spec.analysis.replications if panel.spec is not None else 999
    twins = 2 if 2 * chosen == total else 1
    smallest = max(twins / math.comb(total, chosen), 1 / (replications + 1))
    why = _why_too_few(sides)
    staggered = panel.design.kind == "staggered"
    if smallest <= 1 - level + 1e-12 and not staggered and _apart(panel, sides.over):
        said = (
            "The test is a permutation: the pilot is assigned to every other choice of as many "
            "places or units of assignment; the smallest p-value it can reach is %(smallest).3f."
        )
        reasons = (why, Sentence(said, {"smallest": smallest}))
        return Inference("permutation", sides.over, reasons, declines=True)
    if staggered:
        reasons = (why, Sentence("So the difference is shown without a test."))
    else:
        said = (
            "A permutation cannot reach the level either: its smallest possible p-value is "
            "%(smallest).3f. So the difference is shown without a test."
        )
        reasons = (why, Sentence(said, {"smallest": smallest}))
    return Inference("none", sides.over, reasons, declines=True)


def _apart(panel: Panel, over: str) -> bool:
    """Tell whether every cluster is wholly treated or wholly comparison."""
    codes = cluster_codes(panel, over)
    return not len(np.intersect1d(codes[panel.treated], codes[~panel.treated]))


def _why_too_few(sides: Sides) -> Sentence:
    if sides.treated == 1 and sides.over == "place":
        return Sentence(
            "Only one place was treated, so what happened to that place alone cannot be told "
            "from the pilot by any standard error."
        )
    if sides.treated == 1:
        return Sentence(
            "Only one unit of assignment was treated, so what happened to it alone cannot be "
            "told from the pilot by any standard error."
        )
    if sides.over == "place":
        return Sentence(
            "With %(treated)s treated and %(comparison)s comparison places, two or fewer on "
            "one side, no standard error over places is valid.",
            sides.counts,
        )
    return Sentence(
        "With %(treated)s treated and %(comparison)s comparison units of assignment, two or "
        "fewer on one side, no standard error over them is valid.",
        counts=sides.counts,
    )


def _few_sentence(sides: Sides) -> Sentence:
    values = {"effective": sides.effective, "many": MANY}
    if sides.over == "place":
        return Sentence(
            "Places are few (%(treated)s treated, %(comparison)s comparison; the smaller side "
            "is worth %(effective).1f of equal size, under %(many)s): standard errors are CR2 "
            "with Satterthwaite's degrees of freedom.",
            {**values, **sides.counts},
        )
    return Sentence(
        "Units of assignment are few (%(treated)s treated, %(comparison)s comparison; the "
        "smaller side is worth under %(many)s of equal size): standard errors are CR2 with "
        "Satterthwaite's degrees of freedom.",
        {"many": MANY},
        sides.counts,
    )
