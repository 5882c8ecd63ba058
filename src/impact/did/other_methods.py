"""The headline beside other methods on the same data: whether the method makes the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from impact.data.panel import Panel
from impact.did.choose import Choice, choose
from impact.did.imputation import imputation
from impact.did.robustness import compares, headline_of, looked, not_done, untested_rows
from impact.did.ruled import as_ruled
from impact.did.stacked import stacked
from impact.did.sun_abraham import sun_abraham
from impact.did.uncertainty import inference_for
from impact.errors import DesignError
from impact.locale import N_
from impact.results import EffectResult, Effects, Statement

__all__ = ["PLAIN_TERM", "other_methods"]

SECTION = "other_methods"
PLAIN_TERM = "ATT without covariates"
STAGGERED: dict[str, Callable[..., EffectResult]] = {
    "imputation": imputation,
    "sun_abraham": sun_abraham,
    "stacked": stacked,
}
STRICT = frozenset({"cr2", "none", "permutation"})
EXACT = frozenset({"permutation", "placebo", "wild_bootstrap"})
THEIR_OWN = frozenset({"analytic", "placebo", "wild_bootstrap"})


def other_methods(
    panel: Panel, effects: Effects, *, outcome: str | None = None
) -> EffectResult | Statement:
    """Put the headline beside every other method that fits the design.

    Those among the effects, but for published conventions, which are of errors and not of
    methods; the headline's own method without covariates; `callaway_santanna` beside a
    difference in differences; `imputation`, `sun_abraham` and `stacked` beside several
    starts.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    EffectResult or Statement
        A row a method, the headline first. Where clusters are few or nothing is tested,
        methods without errors that are valid for that stand without an interval. A
        statement where no other method fits.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.other_methods(panel, did.estimate(panel)).plot()  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    if not compares(headline):
        return not_done(SECTION)
    choice = choose(panel, headline.outcome)
    same = [e for e in effects if e.outcome == headline.outcome and e.role != "convention"]
    tried = {effect.method for effect in same}
    for run in _further(panel, headline, choice, tried):
        try:
            same.append(run())
        except DesignError:
            continue
    if len(same) < 2:
        return not_done(SECTION, N_("No other method fits this design and these data."))
    # What a method's own test is worth says nothing of how many clusters the others have.
    own = choice.inference in THEIR_OWN
    kind = inference_for(panel, headline.outcome).kind if own else choice.inference
    rows = [_valid(effect, kind) for effect in same]
    return looked(SECTION, rows, min(effect.base for effect in same))


def _further(
    panel: Panel, headline: EffectResult, choice: Choice, tried: set[str]
) -> Iterator[Callable[[], EffectResult]]:
    """Yield what else to run."""
    outcome = str(headline.outcome)

    def among_cohorts(method: str) -> EffectResult:
        kind = "none" if choice.inference == "none" else "auto"
        return STAGGERED[method](panel, outcome=outcome, inference=kind, cluster=choice.over)

    if panel.covariates and choice.method in ("did", "twfe", "callaway_santanna"):
        bare = replace(panel, covariates=())
        yield lambda: _without_covariates(as_ruled(bare, outcome, choice))
    if choice.method == "callaway_santanna":
        for method in STAGGERED:
            if method not in tried:
                yield partial(among_cohorts, method)
    elif panel.design.kind != "randomised" and "callaway_santanna" not in tried:
        yield lambda: as_ruled(panel, outcome, choice, "callaway_santanna")


def _without_covariates(effect: EffectResult) -> EffectResult:
    return replace(effect, rows=effect.rows.assign(term=PLAIN_TERM))


def _valid(effect: EffectResult, kind: str) -> pd.DataFrame:
    """Return the first row, without an interval that the rule would not give."""
    row = effect.rows.iloc[[0]]
    if kind in STRICT and effect.inference not in {kind, *EXACT}:
        return untested_rows(row)
    return row
