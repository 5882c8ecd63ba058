"""The rule for the inference: what is counted, and which error structure it allows.

A standard error over clusters treats the clusters' own changes as chance. It needs
several of them on either side. The rule counts places where the params file names them,
unless the comparison people live beside the treated ones (`impact.did.sides`), else units
of assignment:

0. People (or small clusters) whose chance is lopsided, since events are rare or a few lie
   far out and the groups are of unlike size (`impact.did.rare_changes`): permutation of
   them; its interval is joined with that of `impact.inference.rare`.
1. Assigned one by one by lottery: HC2 with Bell and McCaffrey's degrees of freedom.
2. Two or fewer treated, or two or fewer comparison clusters: no standard error over
   clusters is valid. Permutation over the clusters where its smallest possible p-value
   is at most 1 − level, there is one start and, with two, all clusters are worth three
   quarters of their number or more; else nothing is tested. What clusters' sizes do to
   chance is allowed for (`impact.did.permuted`). Likewise where those who start later are
   the comparison and most of it rests on two or fewer of them: nothing is tested.
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
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from impact.data.panel import Panel
from impact.did.draws import Draws, draws_of
from impact.did.magnitude import refuse_extremes
from impact.did.observed import cluster_codes
from impact.did.rare_changes import too_lopsided
from impact.did.reasons import (
    few_clusters,
    few_later,
    lopsided,
    many_clusters,
    permutation,
    too_few,
)
from impact.did.sides import Sides, each_by_itself, known_rows, sides_of
from impact.did.started_later import compared_with
from impact.inference.absorb import compact
from impact.locale import N_
from impact.results import Sentence

__all__ = ["MANY", "TOO_FEW", "Inference", "inference_for", "settled"]

MANY = 50
TOO_FEW = 2
EVEN = 0.75
UNTESTED = N_("So the difference is shown without a test.")


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
    pooled : bool
        Whether a permutation's interval also holds the effects that the spread of both
        groups together allows (`impact.inference.rare`).
    """

    kind: str
    over: str = "assignment"
    reasons: tuple[Sentence, ...] = ()
    declines: bool = False
    guarded: bool = False
    draws: Draws = field(default_factory=Draws)
    alone: bool = False
    pooled: bool = False


def settled(
    panel: Panel, outcome: str | None, inference: str, cluster: str, level: float
) -> Inference:
    """Return the inference that was asked for, or by rule where it is ``auto``."""
    if inference == "auto":
        by_rule = inference_for(panel, outcome, level=level)
        if cluster == "assignment" or by_rule.declines:
            return by_rule
        return replace(by_rule, over=cluster)
    alone = cluster == "unit" or (cluster == "assignment" and each_by_itself(panel))
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
    said = panel.outcome(outcome).column
    refuse_extremes(panel, said)
    known = known_rows(panel, said)
    if panel.design.kind == "before_after":
        return _one_group(panel, known)
    alone = panel.design.kind == "randomised" and each_by_itself(panel)
    sides = None if alone else sides_of(panel, known)
    if sides is not None and sides.few <= TOO_FEW:
        return _too_few(panel, sides, level)
    if sides is None or sides.over == "assignment":
        people = too_lopsided(panel, said, known)
        if people is not None:
            return _lopsided(panel, people, level)
    if sides is None:
        return _lottery(panel, known)
    later = compared_with(panel, known, sides.over)
    if later <= TOO_FEW:
        why = (few_later(later, sides.over), Sentence(UNTESTED))
        return Inference("none", sides.over, why, declines=True)
    if sides.effective < MANY:
        return Inference("cr2", sides.over, (few_clusters(sides, MANY),), guarded=True)
    many = many_clusters(sides, one_by_one=each_by_itself(panel))
    return Inference("cr1", sides.over, (many,))


def _lottery(panel: Panel, known: np.ndarray) -> Inference:
    arms = [compact(panel.unit[known & side])[1] for side in (panel.treated, ~panel.treated)]
    if min(arms) < 2:
        said = N_("A group of one gives no standard error, so nothing is tested.")
        return Inference("none", "unit", (Sentence(said),), declines=True)
    said = N_(
        "Assignment was by lottery, one by one: standard errors are robust to unequal spread "
        "(HC2), with degrees of freedom for small groups."
    )
    return Inference("hc2", "unit", (Sentence(said),), guarded=panel.weighted)


def _lopsided(panel: Panel, people: Mapping[str, int], level: float) -> Inference:
    smallest = _smallest(panel, people["treated"], sum(people.values()))
    kind = "permutation" if smallest <= 1 - level + 1e-12 else "none"
    why = (lopsided(smallest, level=level),)
    return Inference(kind, "assignment", why, declines=True, pooled=True)


def _smallest(panel: Panel, chosen: int, total: int) -> float:
    """Return the smallest p-value that a permutation can reach."""
    replications = panel.spec.analysis.replications if panel.spec is not None else 999
    twins = 2 if 2 * chosen == total else 1
    return max(twins / math.comb(total, chosen), 1 / (replications + 1))


def _one_group(panel: Panel, known: np.ndarray) -> Inference:
    if each_by_itself(panel):
        if compact(panel.unit[known])[1] <= TOO_FEW:
            said = N_("With two units or fewer no range can be given for the change.")
            return Inference("none", "unit", (Sentence(said),), declines=True)
        said = N_(
            "The range of the change treats each unit's own change as chance; it says nothing "
            "about what would have happened without the pilot."
        )
        return Inference("hc2", "unit", (Sentence(said),))
    if compact(panel.cluster[known])[1] <= TOO_FEW:
        said = N_("With two clusters or fewer no range can be given for the change.")
        return Inference("none", "assignment", (Sentence(said),), declines=True)
    said = N_(
        "The range of the change is over clusters (CR2); it says nothing about what would "
        "have happened without the pilot."
    )
    return Inference("cr2", "assignment", (Sentence(said),), guarded=True)


def _too_few(panel: Panel, sides: Sides, level: float) -> Inference:
    smallest = _smallest(panel, sides.treated, sides.treated + sides.comparison)
    starts = panel.start[np.isfinite(panel.start)]
    staggered = bool(len(starts)) and starts.min() < starts.max()
    unlike = sides.few > 1 and sides.even < EVEN
    allowed = smallest <= 1 - level + 1e-12 and not unlike and not staggered
    allowed = allowed and not sides.straddled and _apart(panel, sides.over)
    why = permutation(smallest, sides, unlike=unlike, staggered=staggered, level=level)
    kind = "permutation" if allowed else "none"
    return Inference(kind, sides.over, (too_few(sides), why), declines=True)


def _apart(panel: Panel, over: str) -> bool:
    """Tell whether every cluster is wholly treated or wholly comparison."""
    codes = cluster_codes(panel, over)
    return not len(np.intersect1d(codes[panel.treated], codes[~panel.treated]))
