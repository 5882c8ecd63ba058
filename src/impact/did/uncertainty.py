"""The rule for the inference: what is counted, and which error structure it allows.

A standard error over clusters treats the clusters' own changes as chance. It needs
several of them on either side. The rule counts places where the params file names them
and each place is wholly treated or wholly comparison, else units of assignment:

1. Assigned one by one by lottery: HC2 with Bell and McCaffrey's degrees of freedom.
2. Two or fewer treated, or two or fewer comparison clusters: no standard error over
   clusters is valid. Permutation over the clusters where its smallest possible p-value
   is at most 1 − level, there is one start and, with two, all clusters are worth three
   quarters of their number or more; else nothing is tested. What clusters' sizes do to
   chance is allowed for (`impact.did.permuted`).
3. Fewer than 50 effective clusters on either side: CR2 with Satterthwaite's degrees of
   freedom, or fewer where a large cluster may outweigh the others
   (`impact.inference.shared_shocks`). With several starts CR2 within cohorts
   (`impact.did.within_cohorts`).
4. Else CR1; with several starts the sum over clusters of squared influences.

Before against after, of one group: HC2 over units where each is assigned by itself, CR2
over three or more clusters, else nothing.

``benchmarks/CALIBRATION.md`` shows size, coverage and power of what the rule picks, by
design, beside the other tests; `make calibrate` makes it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from impact.data.panel import Panel
from impact.did.draws import Draws, draws_of
from impact.did.observed import cluster_codes
from impact.did.reasons import Sides, few_clusters, many_clusters, permutation, too_few
from impact.inference.absorb import compact
from impact.inference.clusters import effective_number
from impact.results import Sentence

__all__ = ["MANY", "TOO_FEW", "Inference", "inference_for", "settled"]

MANY = 50
TOO_FEW = 2
EVEN = 0.75


@dataclass(frozen=True)
class Inference:
    """An error structure, over what, and why.

    Parameters
    ----------
    kind : str
        ``classical hc1 hc2 hc3 cr1 cr2 wild_bootstrap permutation`` or ``none``.
    over : str
        Level of the clusters, as `impact.did.observed.cluster_codes` reads it.
    reasons : tuple of Sentence
    declines : bool
        Whether the rule found no valid standard error: a permutation, or nothing.
    guarded : bool
        Whether degrees of freedom allow for a large cluster that outweighs the others.
    draws : Draws
        Of a bootstrap.
    alone : bool
        Whether each cluster may be a single unit.
    """

    kind: str
    over: str = "assignment"
    reasons: tuple[Sentence, ...] = ()
    declines: bool = False
    guarded: bool = False
    draws: Draws = field(default_factory=Draws)
    alone: bool = False


def settled(
    panel: Panel, outcome: str | None, inference: str, cluster: str, level: float
) -> Inference:
    """Return the inference that was asked for, or by rule where it is ``auto``."""
    if inference == "auto":
        by_rule = inference_for(panel, outcome, level=level)
        if cluster == "assignment" or by_rule.declines:
            return by_rule
        return replace(by_rule, over=cluster)
    alone = cluster == "unit" or (cluster == "assignment" and _each_by_itself(panel))
    return Inference(inference, cluster, draws=draws_of(panel), alone=alone)


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
    if panel.design.kind == "randomised" and _each_by_itself(panel):
        return _lottery(panel, known)
    sides = _sides(panel, known)
    if sides.few <= TOO_FEW:
        return _too_few(panel, sides, level)
    if sides.effective < MANY:
        return Inference("cr2", sides.over, (few_clusters(sides, MANY),), guarded=True)
    said = many_clusters(sides, one_by_one=_each_by_itself(panel))
    return Inference("cr1", sides.over, (said,))


def _each_by_itself(panel: Panel) -> bool:
    return compact(panel.cluster)[1] == compact(panel.unit)[1]


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
    every = np.concatenate(sizes)
    even = effective_number(every) / max(len(every), 1)
    return Sides(over, len(sizes[0]), len(sizes[1]), effective, even)


def _lottery(panel: Panel, known: np.ndarray) -> Inference:
    arms = [compact(panel.unit[known & side])[1] for side in (panel.treated, ~panel.treated)]
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
        if compact(panel.unit[known])[1] <= TOO_FEW:
            said = "With two units or fewer no range can be given for the change."
            return Inference("none", "unit", (Sentence(said),), declines=True)
        said = (
            "The range of the change treats each unit's own change as chance; it says nothing "
            "about what would have happened without the pilot."
        )
        return Inference("hc2", "unit", (Sentence(said),))
    if compact(panel.cluster[known])[1] <= TOO_FEW:
        said = "With two clusters or fewer no range can be given for the change."
        return Inference("none", "assignment", (Sentence(said),), declines=True)
    said = (
        "The range of the change is over clusters (CR2); it says nothing about what would "
        "have happened without the pilot."
    )
    return Inference("cr2", "assignment", (Sentence(said),), guarded=True)


def _too_few(panel: Panel, sides: Sides, level: float) -> Inference:
    total, chosen = sides.treated + sides.comparison, sides.treated
    replications = panel.spec.analysis.replications if panel.spec is not None else 999
    twins = 2 if 2 * chosen == total else 1
    smallest = max(twins / math.comb(total, chosen), 1 / (replications + 1))
    starts = panel.start[np.isfinite(panel.start)]
    staggered = bool(len(starts)) and starts.min() < starts.max()
    unlike = sides.few > 1 and sides.even < EVEN
    allowed = smallest <= 1 - level + 1e-12 and not unlike and not staggered
    allowed = allowed and _apart(panel, sides.over)
    why = permutation(smallest, sides, unlike=unlike, staggered=staggered, level=level)
    kind = "permutation" if allowed else "none"
    return Inference(kind, sides.over, (too_few(sides), why), declines=True)


def _apart(panel: Panel, over: str) -> bool:
    """Tell whether every cluster is wholly treated or wholly comparison."""
    codes = cluster_codes(panel, over)
    return not len(np.intersect1d(codes[panel.treated], codes[~panel.treated]))
