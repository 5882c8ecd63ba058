"""One estimate by any method, with the inference that was chosen for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from impact.data.panel import Panel
from impact.did.ancova import ancova
from impact.did.before_after import before_after
from impact.did.callaway_santanna import callaway_santanna
from impact.did.choose import Choice, asked
from impact.did.did import did
from impact.did.difference_in_means import difference_in_means
from impact.did.event_study import event_study
from impact.did.imputation import imputation
from impact.did.observed import cluster_codes
from impact.did.stacked import stacked
from impact.did.sun_abraham import sun_abraham
from impact.did.synthetic_control import synthetic_control
from impact.did.synthetic_did import synthetic_did
from impact.did.triple_difference import triple_difference
from impact.did.twfe import twfe
from impact.did.two_stage import two_stage
from impact.did.uncertainty import Inference, inference_for
from impact.results import EffectResult
from impact.spec.design_rules import BOOTSTRAPPED

__all__ = [
    "ALL_CELLS",
    "ALL_ROWS",
    "BALANCED",
    "METHODS",
    "OWN_ERRORS",
    "as_ruled",
    "estimated",
    "untested",
]

METHODS: dict[str, Callable[..., EffectResult]] = {
    "ancova": ancova,
    "before_after": before_after,
    "callaway_santanna": callaway_santanna,
    "did": did,
    "difference_in_means": difference_in_means,
    "event_study": event_study,
    "imputation": imputation,
    "stacked": stacked,
    "sun_abraham": sun_abraham,
    "synthetic_control": synthetic_control,
    "synthetic_did": synthetic_did,
    "triple_difference": triple_difference,
    "two_stage": two_stage,
    "twfe": twfe,
}
METHODS_OWN = frozenset({"analytic", "placebo"})
OWN_ERRORS = frozenset({"callaway_santanna", "synthetic_control", "synthetic_did"})
BALANCED, ALL_ROWS, ALL_CELLS = "did_balanced", "did_all_rows", "callaway_santanna_all_rows"
TERMS = {BALANCED: "ATT balanced", ALL_ROWS: "ATT all rows"}
TESTS = frozenset({"bands", "dof", "pre_test"})


def as_ruled(panel: Panel, outcome: str, choice: Choice, method: str | None = None) -> EffectResult:
    """Estimate by a method, the headline's unless said, with the inference of the choice."""
    found = estimated(panel, method or choice.method, outcome, choice)
    return untested(found, panel) if choice.inference == "none" else found


def estimated(panel: Panel, method: str, outcome: str, how: Choice | Inference) -> EffectResult:
    """Estimate by a method, with the errors of a choice as far as the method has them.

    Parameters
    ----------
    panel : Panel
    method : str
        One of `METHODS`, or `BALANCED`, `ALL_ROWS`, `ALL_CELLS`.
    outcome : str
        Column.
    how : Choice or Inference

    Raises
    ------
    DesignError
        The method does not fit the data.
    """
    kind, over = how.inference if isinstance(how, Choice) else how.kind, how.over
    if method == ALL_CELLS:
        rest = replace(how, balanced=False) if isinstance(how, Choice) else how
        return _first_row(estimated(panel, "callaway_santanna", outcome, rest))
    if method == "callaway_santanna":
        # Its errors come from influence functions, summed within the same clusters.
        if kind in ("placebo", "wild_bootstrap"):
            kind = inference_for(panel, outcome).kind
        errors: Literal["cr2", "analytic"] = "cr2" if kind == "cr2" else "analytic"
        pairs = isinstance(how, Choice) and how.balanced
        return callaway_santanna(panel, outcome=outcome, cluster=over, errors=errors, pairs=pairs)
    if method in OWN_ERRORS:
        # Placebo places give theirs.
        return METHODS[method](panel, outcome=outcome)
    if isinstance(how, Choice) and how.balanced and method == "did":
        return did(panel, outcome=outcome, inference=_named(kind, how), cluster=over, balanced=True)
    by_rule = isinstance(how, Choice) and (how.declines or how.ruled)
    if by_rule and (method != BALANCED or kind == "cr2"):
        # The method applies the rule itself, and says why in its notes.
        kind, over = "auto", "assignment"
    if kind in METHODS_OWN:
        wanted = asked(panel)
        kind = "auto" if wanted is None else wanted.kind
    if kind == "wild_bootstrap" and method not in (*BOOTSTRAPPED, *TERMS):
        kind = "auto"
    if method not in TERMS:
        return METHODS[method](panel, outcome=outcome, inference=kind, cluster=over)
    balanced = method == BALANCED
    if balanced and kind == "cr1" and _units_alone(panel, over):
        # One row a unit leaves nothing to cluster: the two groups' spreads are told apart.
        kind = "hc2"
    found = did(panel, outcome=outcome, inference=kind, cluster=over, balanced=balanced)
    return replace(found, rows=found.rows.assign(term=TERMS[method]))


def _first_row(found: EffectResult) -> EffectResult:
    """Return the overall effect alone, of all rows."""
    rows = found.rows.iloc[[0]].assign(term=TERMS[ALL_ROWS])
    vcov = None if found.vcov is None else found.vcov[:1, :1]
    details = {name: value for name, value in found.details.items() if name not in TESTS}
    return replace(found, rows=rows, vcov=vcov, details=details)


def _named(kind: str, how: Choice) -> str:
    return "auto" if how.declines or how.ruled else kind


def _units_alone(panel: Panel, over: str) -> bool:
    return len(np.unique(cluster_codes(panel, over))) == len(panel.units)


def untested(effect: EffectResult, panel: Panel) -> EffectResult:
    """Take standard errors, p-values and intervals out of an effect, and say why."""
    reasons = inference_for(panel, effect.outcome, level=effect.level).reasons
    missing = ("std_error", "statistic", "p_value", "conf_low", "conf_high")
    rows = effect.rows.assign(**dict.fromkeys(missing, np.nan), inference="none")
    said = {str(note) for note in effect.notes}
    added = tuple(reason for reason in reasons if str(reason) not in said)
    details = {name: value for name, value in effect.details.items() if name not in TESTS}
    return replace(effect, rows=rows, vcov=None, notes=(*added, *effect.notes), details=details)
