"""Every estimate of one pilot: the headline, what stands beside it, and why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np

from impact.data.panel import Panel
from impact.did.ancova import ancova
from impact.did.before_after import before_after
from impact.did.callaway_santanna import callaway_santanna
from impact.did.choose import Choice, asked, choose
from impact.did.did import did
from impact.did.difference_in_means import difference_in_means
from impact.did.event_study import event_study
from impact.did.imputation import imputation
from impact.did.observed import cluster_codes
from impact.did.several import adjusted
from impact.did.stacked import stacked
from impact.did.sun_abraham import sun_abraham
from impact.did.synthetic_control import synthetic_control
from impact.did.synthetic_did import synthetic_did
from impact.did.triple_difference import triple_difference
from impact.did.twfe import twfe
from impact.did.two_stage import two_stage
from impact.did.uncertainty import Inference, inference_for
from impact.errors import DesignError
from impact.results import EffectResult, Effects, Sentence
from impact.spec.design_rules import BOOTSTRAPPED

__all__ = ["OWN_ERRORS", "as_ruled", "estimate"]

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
CONVENTION = Sentence(
    "This is the error structure of the published source, shown to repeat its table; the rule "
    "of this report does not hold it to be valid here."
)


def estimate(panel: Panel) -> Effects:
    """Estimate every outcome with the method and inference of the rule.

    Per outcome the headline, then the alternatives: the params file's further methods, or
    by default `twfe` beside several starts, `event_study` and `twfe` beside a difference in
    differences with three periods or more, `difference_in_means` beside `ancova`. Where
    units were seen on one side of the start only, the headline is of the others' own
    changes (with several starts: of the changes of those seen in both periods of each
    comparison), and the means of all rows stand beside it (term ``ATT all rows``); the other way
    round (term ``ATT balanced``) where the params file names `did`. Where the rule declines
    what the params file names, that stands as convention.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    Effects
        In the order of the outcomes. The headlines of primary outcomes carry the adjusted
        p-value in ``details["p_adjusted"]``.

    Raises
    ------
    DesignError
        A headline cannot be estimated. An alternative that cannot be is told in the
        headline's notes.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.estimate(panel).to_frame()  # doctest: +SKIP
    """
    choices = [choose(panel, outcome.column) for outcome in panel.outcomes]
    groups = [
        _one_outcome(panel, outcome.column, choice)
        for outcome, choice in zip(panel.outcomes, choices, strict=True)
    ]
    # What is said of every outcome is said once, with the first one's counts.
    reasons: dict[str, Sentence] = {}
    for reason in (reason for choice in choices for reason in choice.reasons):
        reasons.setdefault(reason.text, reason)
    headlines = adjusted(panel, [group[0] for group in groups], choices)
    results = (
        effect
        for headline, group in zip(headlines, groups, strict=True)
        for effect in (headline, *group[1:])
    )
    return Effects(tuple(results), tuple(reasons.values()))


def as_ruled(panel: Panel, outcome: str, choice: Choice, method: str | None = None) -> EffectResult:
    """Estimate by a method, the headline's unless said, with the inference of the choice."""
    found = _run(panel, method or choice.method, outcome, choice)
    return _untested(found, panel) if choice.inference == "none" else found


def _one_outcome(panel: Panel, outcome: str, choice: Choice) -> list[EffectResult]:
    headline = as_ruled(panel, outcome, choice)
    beside, notes = [], []
    methods = _alternatives(panel, choice)
    for method in methods:
        found = _attempt(panel, method, outcome, choice)
        if isinstance(found, Sentence):
            notes.append(found)
        else:
            if choice.inference == "none":
                found = _untested(found, panel)
            beside.append(replace(found, role="alternative"))
    for method in (choice.method, *methods) if choice.beside else ():
        by_source = _convention(panel, method, outcome)
        if isinstance(by_source, EffectResult):
            beside.append(by_source)
        elif by_source is not None:
            notes.append(by_source)
    return [replace(headline, notes=(*headline.notes, *notes)), *beside]


def _run(panel: Panel, method: str, outcome: str, how: Choice | Inference) -> EffectResult:
    kind, over = how.inference if isinstance(how, Choice) else how.kind, how.over
    if method == ALL_CELLS:
        rest = replace(how, balanced=False) if isinstance(how, Choice) else how
        return _first_row(_run(panel, "callaway_santanna", outcome, rest))
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


def _attempt(
    panel: Panel, method: str, outcome: str, how: Choice | Inference
) -> EffectResult | Sentence:
    try:
        return _run(panel, method, outcome, how)
    except DesignError as error:
        reason = str(error).rstrip(".")
        if any(letter.isdigit() for letter in reason):
            # It may count people, and what is said here goes past the disclosure gate.
            text = "%(method)s could not be shown beside it: it does not fit these data."
            return Sentence(text, {"method": method})
        text = "%(method)s could not be shown beside it: %(reason)s."
        return Sentence(text, {"method": method, "reason": reason})


def _alternatives(panel: Panel, choice: Choice) -> tuple[str, ...]:
    methods = panel.spec.analysis.methods if panel.spec is not None else "auto"
    further: tuple[str, ...] = ()
    if methods != "auto":
        further = tuple(method for method in methods if method != choice.method)
    elif choice.method == "callaway_santanna":
        further = ("twfe",)
    elif choice.method == "ancova":
        further = ("difference_in_means",)
    elif choice.method == "did" and len(panel.periods) > 2:
        further = ("event_study", "twfe")
    if choice.balanced:
        return (*further, ALL_ROWS if choice.method == "did" else ALL_CELLS)
    return (*further, BALANCED) if choice.method == "did" and _part_seen(panel) else further


def _part_seen(panel: Panel) -> bool:
    """Tell whether some units are seen on one side of the start only."""
    if not panel.is_panel:
        return False
    after = panel.under_treatment | (panel.times[panel.period] >= panel.start.min())
    known = panel.values[panel.primary.column].notna().to_numpy()
    later, earlier = (np.unique(panel.unit[known & side]) for side in (after, ~after))
    return len(np.setxor1d(later, earlier)) > 0


def _convention(panel: Panel, method: str, outcome: str) -> EffectResult | Sentence | None:
    wanted = asked(panel)
    if wanted is None or method in OWN_ERRORS or wanted.kind in ("permutation", "none"):
        return None
    kind = "cr1" if wanted.kind == "auto" else wanted.kind
    found = _attempt(panel, method, outcome, Inference(kind, wanted.over))
    if isinstance(found, Sentence):
        return found
    return replace(found, role="convention", notes=(CONVENTION, *found.notes))


def _untested(effect: EffectResult, panel: Panel) -> EffectResult:
    """Take standard errors, p-values and intervals out of an effect, and say why."""
    reasons = inference_for(panel, effect.outcome, level=effect.level).reasons
    missing = ("std_error", "statistic", "p_value", "conf_low", "conf_high")
    rows = effect.rows.assign(**dict.fromkeys(missing, np.nan), inference="none")
    said = {str(note) for note in effect.notes}
    added = tuple(reason for reason in reasons if str(reason) not in said)
    details = {name: value for name, value in effect.details.items() if name not in TESTS}
    return replace(effect, rows=rows, vcov=None, notes=(*added, *effect.notes), details=details)
