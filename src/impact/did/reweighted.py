"""The result, if those who were lost had fared as those like them who stayed."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.everybody import FEW_LOST, Everybody, everybody, tested
from impact.did.labels import covariate_names
from impact.did.left_out import left_out
from impact.did.look_terms import STAYED, WEIGHTED
from impact.did.lost_rows import rows_beside
from impact.did.robustness import guarded_minimum, headline_of, not_done
from impact.inference.logit import Separated
from impact.inference.propensity import Collinear
from impact.inference.staying import (
    CAP,
    PER_COLUMN,
    Reweighted,
    Stayed,
    reweighted_covariance,
)
from impact.inference.staying import reweighted as weighed
from impact.inference.wald import read
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence, Statement

__all__ = ["reweighted"]

SECTION = "reweighted"
MEANING = N_(
    "Each of those who stayed is weighted by the chances that people like them had to stay "
    "(inverse probability weights, by group, %(names)s). That makes up for those who were lost if "
    "they would have fared as people of their group with the same characteristics who stayed."
)
ERRORS = Sentence(
    "Standard errors allow for the chances being estimated (influence functions, summed within "
    "clusters)."
)
LEFT_OUT = Sentence(
    "Standard errors come from leaving out each cluster in turn, the chances estimated anew."
)
UNTESTED = Sentence("No range is given, since no standard error is valid here.")
CAPPED = Sentence(
    "%(n)s weight above %(cap)s is set to %(cap)s.",
    many="%(n)s weights above %(cap)s are set to %(cap)s.",
)
NOTHING_KNOWN = N_(
    "Nothing is known from the start that could tell who was lost, so those who stayed cannot be "
    "weighted."
)
CERTAIN = N_(
    "What is known from the start tells almost for certain who was lost, so nobody who stayed can "
    "stand for them."
)


def reweighted(
    panel: Panel, effects: Effects, *, outcome: str | None = None
) -> EffectResult | Statement:
    """Estimate again with those who stayed weighted to stand for those who were lost.

    Of a lottery the outcome at the end on the group, the outcome before and the covariates
    (as they were at the start); of one start and a comparison the change of units that were
    seen before on the group and the covariates before.

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
        Three rows: the headline, the regression of those who stayed, and the same weighted by
        one over the chance of staying. ``base`` is the smallest number that a group lost or
        kept. A statement where nobody can be followed, few were lost, or nothing foretells
        who was.

    Notes
    -----
    Identified if those lost would have fared as others of their group who were alike at the
    start, beside what identifies the headline. See `impact.inference.staying.reweighted`.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.reweighted(panel, did.estimate(panel))  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    found = everybody(panel, headline, SECTION, covariates=True)
    if isinstance(found, Statement):
        return found
    units, names = _units(found)
    if not units.known.shape[1]:
        return not_done(SECTION, NOTHING_KNOWN)
    if min(int(found.lost.sum()), int((~found.lost).sum())) < PER_COLUMN * (2 + len(names)):
        return not_done(SECTION, FEW_LOST)
    chosen, clusters, dof, level = tested(found)
    few = chosen.kind == "cr2"
    try:
        fitted = weighed(units)
        spread = reweighted_covariance(units, fitted, clusters, few=few)
    except (Separated, Collinear):
        guarded = guarded_minimum(panel)
        return not_done(SECTION, FEW_LOST if guarded and found.fewest() < guarded else CERTAIN)
    errors = np.sqrt(np.diag(spread))[::-1] if dof > 0 else np.full(2, np.nan)
    estimates = np.array([fitted.plain, fitted.estimate])
    ranges = read(estimates, errors, dof, level=level)
    rows = rows_beside(
        found,
        headline,
        method="reweighted",
        terms=(STAYED, WEIGHTED),
        numbers=(estimates, errors, ranges.conf_low, ranges.conf_high),
        inference=("cluster_jackknife" if few else "analytic") if dof > 0 else "none",
        clusters=clusters,
    )
    notes = _notes(found, fitted, names, few=few, tests=dof > 0)
    base = min(headline.base, found.fewest())
    details = {"largest_weight": float(fitted.weights.max()), "capped": fitted.capped}
    return EffectResult(rows, base, SECTION, notes, details=details)


def _units(found: Everybody) -> tuple[Stayed, tuple[str, ...]]:
    """Return what the regression takes, and the names of what foretells who stays."""
    known, names = found.controls, found.names
    if found.estimand == "ATT":
        # Changes are regressed on the covariates; the outcome before may tell who leaves, too.
        known, names = np.column_stack([found.before, known]), ("baseline", *names)
    centre, spread = known.mean(axis=0), known.std(axis=0)
    varies = spread > 0
    known = (known[:, varies] - centre[varies]) / spread[varies]
    names = tuple(name for name, some in zip(names, varies, strict=True) if some)
    return Stayed(found.y, found.treated, found.weight, known, found.controls), names


def _notes(
    found: Everybody, fitted: Reweighted, names: tuple[str, ...], *, few: bool, tests: bool
) -> tuple[Sentence, ...]:
    said = [
        Sentence(MEANING, {"names": _known(found, names)}),
        (LEFT_OUT if few else ERRORS) if tests else UNTESTED,
    ]
    if fitted.capped:
        said.append(left_out(CAPPED, fitted.capped, cap=f"{CAP:.0f}"))
    return (*said, *found.notes)


def _known(found: Everybody, names: tuple[str, ...]) -> Sentence | str:
    """List what foretells who stays; what is known of the outcome comes first."""
    others = covariate_names([name for name in names if name != "baseline"])
    if "baseline" not in names:
        return others
    label = {"label": found.panel.outcome(found.outcome).label}
    if not others:
        return Sentence("%(label)s before", label)
    return Sentence("%(label)s before, %(others)s", {**label, "others": others})
