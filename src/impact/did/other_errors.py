"""The headline's uncertainty by every usual error structure, side by side."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.choose import Choice, choose
from impact.did.look_terms import QUOTED
from impact.did.observed import cluster_codes
from impact.did.picked import PERMUTED
from impact.did.robustness import INTERVAL, compares, headline_of, looked, not_done
from impact.did.ruled import as_ruled
from impact.errors import DesignError
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence, Statement
from impact.spec.design_rules import BOOTSTRAPPED
from impact.tables.effects import INFERENCE

__all__ = ["other_errors"]

SECTION = "other_errors"
REGRESSED = ("cr1", "cr2", "wild_bootstrap", "permutation")
BY_INFLUENCE = {
    "callaway_santanna": ("analytic", "cr2"),
    "imputation": ("cr1", "cr2"),
    "two_stage": ("cr1", "cr2"),
    "stacked": ("cr1", "cr2"),
    "sun_abraham": ("cr1", "cr2"),
}
TESTS = ("permutation", "wild_bootstrap")
MOST_CLUSTERS = 2000
COMPARED = N_(
    "For comparison: the page quotes one of these by a rule that is fixed beforehand, %(quoted)s."
)
UNQUOTED = Sentence(
    "For comparison: by its fixed rule the page quotes none of these, since none is valid here."
)
INVALID = Sentence(
    "The rule finds no standard error over these clusters valid, so the others are shown without "
    "a p-value and an interval."
)
SO_MANY = N_(
    "There are more than %(most)s clusters, so bootstrap and permutation are left out: they say "
    "the same."
)


def other_errors(
    panel: Panel, effects: Effects, *, outcome: str | None = None
) -> EffectResult | Statement:
    """Put the error structures that are usual beside the one that the rule quotes.

    CR1, CR2 (with Satterthwaite's degrees of freedom alone, without the rule's guard), the
    restricted wild cluster bootstrap and a permutation of the clusters, as far as the
    headline's method has them; for estimators read by influences the sum over clusters and
    CR2 within cohorts. All over the clusters that the rule counts.

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
        A row an error structure, the quoted one first; all of the same estimate. Where the
        rule finds no standard error over clusters valid, the others stand without p-value
        and interval. A statement where the method has no other errors.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.other_errors(panel, did.estimate(panel))  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    if not compares(headline):
        return not_done(SECTION)
    choice = choose(panel, headline.outcome)
    kinds, notes = _kinds(panel, headline, choice)
    quoted = headline.rows.iloc[[0]]
    rows = [quoted.assign(term=QUOTED % {"errors": _called(headline.inference)})]
    for kind in kinds:
        found = _by(panel, str(headline.outcome), choice, kind)
        if found is None:
            continue
        rows.append(_shown(found.rows.iloc[[0]], choice).assign(term=_called(found.inference)))
        if kind in TESTS:
            notes += [note for note in found.notes if "p-value" in note.text]
    if len(rows) < 2:
        return not_done(SECTION, N_("This method has no other errors to set beside its own."))
    first = UNQUOTED
    if headline.inference != "none":
        first = Sentence(COMPARED, {"quoted": _called(headline.inference)})
    said = [first, *([INVALID] if choice.declines else []), *notes]
    kept = tuple({str(note): note for note in said}.values())
    return looked(SECTION, rows, headline.base, kept)


def _called(kind: str) -> str:
    return INFERENCE.get(kind, kind)


def _kinds(
    panel: Panel, headline: EffectResult, choice: Choice
) -> tuple[tuple[str, ...], list[Sentence]]:
    """Return which other errors the method has, and what is left out of them."""
    kinds: tuple[str, ...] = BY_INFLUENCE.get(headline.method, ())
    notes: list[Sentence] = []
    if headline.method in (*PERMUTED, *BOOTSTRAPPED):
        few = len(np.unique(cluster_codes(panel, choice.over))) <= MOST_CLUSTERS
        tests = {"permutation": headline.method in PERMUTED and few}
        tests["wild_bootstrap"] = headline.method in BOOTSTRAPPED and few
        kinds = tuple(kind for kind in REGRESSED if tests.get(kind, True))
        notes = [] if few else [Sentence(SO_MANY, {"most": MOST_CLUSTERS})]
    return tuple(kind for kind in kinds if kind != headline.inference), notes


def _by(panel: Panel, outcome: str, choice: Choice, kind: str) -> EffectResult | None:
    """Return the headline's estimate with other errors; None where the data do not allow them."""
    try:
        found = as_ruled(
            panel, outcome, replace(choice, inference=kind, ruled=False, declines=False)
        )
    except DesignError:
        return None
    return found if found.inference == kind else None


def _shown(row: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Take test and interval from errors beside a rule that finds none over clusters valid."""
    if not choice.declines:
        return row
    return row.assign(**dict.fromkeys(INTERVAL[1:], np.nan))
