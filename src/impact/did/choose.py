"""The rule from design and data to headline method and inference, with its reasons.

Method
    randomised → `ancova` where the outcome before is known, else `difference_in_means`;
    several starts → `callaway_santanna` (`twfe` is never the headline there), each cell of
    the units seen in both of its periods where a panel has gaps;
    one start and a comparison group → `did`, of the units' own changes where some units of
    a panel are seen on one side of the start only;
    before and after only → `before_after`, which claims no effect.
    Where the params file lists methods, the first one is the headline, unless it is one
    that several starts can mislead.

Inference
    The rule of `impact.did.uncertainty`; ``benchmarks/CALIBRATION.md`` shows that it holds
    its level. Where the params file names an inference or a
    cluster, the headline uses them, unless the rule finds that no standard error is
    valid, or clusters more coarsely (`impact.did.as_coarse`): then the headline follows
    the rule, and what the params file names stands beside it as the convention of the
    published source.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from impact.data.followed import followed
from impact.data.panel import Panel
from impact.did.as_coarse import as_coarse
from impact.did.endline import baseline_period
from impact.did.paired import pairs_wanted
from impact.did.picked import picked_for
from impact.did.result import level_of
from impact.did.uncertainty import Inference, inference_for
from impact.locale import N_
from impact.results import Sentence

__all__ = ["MISLED", "Choice", "asked", "choose"]

MISLED = frozenset({"did", "twfe", "event_study"})
FINER = Sentence(
    "The params file names an error structure that is finer than these clusters; it stands "
    "beside the headline, as the convention of its source."
)
FOLLOWED = Sentence(
    "Some were seen on one side of the start only. The changes of those seen on both sides are "
    "compared, so that who is still there does not count as an effect; the means of all stand "
    "beside them."
)
PAIRS = Sentence(
    "Some were not seen every time. Each starting group is compared by the changes of those seen "
    "in both of the two periods that a comparison is of, so that who is still there does not "
    "count as an effect; the means of all stand beside them."
)


@dataclass(frozen=True)
class Choice:
    """The headline's method and inference, and why.

    Parameters
    ----------
    method : str
        Name of a function of `impact.did`.
    inference : str
        ``classical hc1 hc2 hc3 cr1 cr2 wild_bootstrap permutation``, the method's own
        (``analytic placebo``), or ``none``.
    reasons : tuple of Sentence
    tested : bool
        Whether the headline carries a p-value and an interval.
    over : str
        Level of the clusters.
    declines : bool
        Whether the rule found no valid standard error.
    ruled : bool
        Whether the inference is the rule's own, not the params file's.
    balanced : bool
        Whether only units that were seen on both sides of the start count; with several
        starts, in both periods of each comparison.
    beside : bool
        Whether what the params file names stands beside the headline, as a convention.
    """

    method: str
    inference: str
    reasons: tuple[Sentence, ...]
    tested: bool
    over: str = "assignment"
    declines: bool = False
    ruled: bool = True
    balanced: bool = False
    beside: bool = False


def choose(panel: Panel, outcome: str | None = None) -> Choice:
    """Choose the headline's method and inference by the rule of this module.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    Choice
        With its reasons as whole sentences.

    Raises
    ------
    DesignError
        The params file names the wild cluster bootstrap, which the method does not have.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> [str(reason) for reason in did.choose(panel).reasons]  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    method, why = _method(panel, said)
    by_rule = inference_for(panel, said, level=level_of(panel, None))
    wanted = asked(panel)
    overruled = by_rule.declines or not as_coarse(panel, method, by_rule, wanted)
    picked = picked_for(method, by_rule, None if overruled else wanted)
    if wanted is not None and overruled and not by_rule.declines:
        picked = replace(picked, reasons=(*picked.reasons, FINER))
    gaps = _gaps(panel, said, method)
    return Choice(
        method,
        picked.kind,
        (*why, *gaps, *picked.reasons),
        picked.kind != "none",
        picked.over,
        by_rule.declines,
        wanted is None or overruled,
        bool(gaps),
        wanted is not None and overruled,
    )


def _gaps(panel: Panel, outcome: str, method: str) -> tuple[Sentence, ...]:
    """Say whose changes are compared, where not all units are seen every time."""
    if method == "did" and followed(panel, outcome) is not None:
        return (FOLLOWED,)
    by_rule = panel.spec is None or panel.spec.analysis.methods == "auto"
    if method == "callaway_santanna" and by_rule and pairs_wanted(panel, outcome):
        return (PAIRS,)
    return ()


def asked(panel: Panel) -> Inference | None:
    """Return the inference that the params file names; kind ``auto`` if only a cluster."""
    if panel.spec is None:
        return None
    kind, column = panel.spec.analysis.inference, panel.spec.analysis.cluster
    if kind == "auto" and column is None:
        return None
    over = "assignment" if column is None else "other"
    if column is None:
        named = Sentence("The params file names the standard errors: %(kind)s.", {"kind": kind})
        if kind == "wild_bootstrap":
            named = Sentence("The params file names the test: the wild cluster bootstrap.")
        return Inference(kind, over, (named,))
    said = Sentence(
        "The params file names the level of the clusters: %(column)s.", {"column": column}
    )
    return Inference(kind, over, (said,))


def _method(panel: Panel, outcome: str) -> tuple[str, tuple[Sentence, ...]]:
    rule, why = _by_design(panel, outcome)
    if panel.spec is None or panel.spec.analysis.methods == "auto":
        return rule, (why,)
    first = panel.spec.analysis.methods[0]
    if first == rule:
        return rule, (why,)
    if rule == "callaway_santanna" and first in MISLED:
        text = N_(
            "The params file asks for %(method)s first, but with several starts it can be "
            "misled; it stands beside the headline."
        )
        return rule, (why, Sentence(text, {"method": first}))
    return first, (Sentence("The params file names the method: %(method)s.", {"method": first}),)


def _by_design(panel: Panel, outcome: str) -> tuple[str, Sentence]:
    kind = panel.design.kind
    if kind == "randomised":
        if baseline_period(panel, outcome) is not None:
            return "ancova", Sentence(
                "Assignment was by lottery and the outcome before is known: the groups are "
                "compared at the end, given the outcome before."
            )
        return "difference_in_means", Sentence(
            "Assignment was by lottery and nothing is known of the outcome before: the groups' "
            "means are compared at the end."
        )
    if kind == "before_after":
        return "before_after", Sentence(
            "There is no comparison group: the change is shown, and no effect is claimed."
        )
    starts = panel.start[np.isfinite(panel.start)]
    one_start = bool(len(starts)) and not np.ptp(starts)
    if kind == "staggered" and (not one_start or panel.treated.all()):
        return "callaway_santanna", Sentence(
            "The pilot started at different times: each cohort is compared with those not yet "
            "reached, or never (Callaway and Sant'Anna)."
        )
    return "did", Sentence(
        "There are two groups and one start: the change of one is compared with the change of "
        "the other (difference in differences)."
    )
