"""Group-time effects and their means, written down with errors, tests and notes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.aggregate import Term
from impact.did.carried_by import clusters_among, too_few
from impact.did.cells import Comparison
from impact.did.courses import group_time_courses
from impact.did.group_time import GroupTime
from impact.did.group_time_notes import group_time_notes
from impact.did.group_time_tests import Cells, drawn_bands, pre_test
from impact.did.influence import Basis, influence_basis, lone_cells
from impact.did.paired import clusters_in_pairs
from impact.did.result import Estimates, without_rounding
from impact.did.terms import by_error, smallest_group, term_rows
from impact.did.within_cohorts import few_clusters
from impact.inference.bootstrap import Draws, Multiplier, multiplier_bootstrap
from impact.results import EffectResult

__all__ = ["Errors", "Found", "told_effect"]

LONE = 0.1
FEW = 2


@dataclass(frozen=True, eq=False)
class Found:
    """Group-time effects, and what they come from."""

    panel: Panel
    outcome: str
    data: Adoption
    effects: GroupTime
    how: Comparison


@dataclass(frozen=True, slots=True)
class Errors:
    """How uncertainty is told."""

    level: float
    kind: Literal["analytic", "cr2", "bootstrap"]
    bands: bool
    multiplier: Multiplier
    replications: int
    seed: int


def told_effect(found: Found, told: Errors, terms: dict[str, list[Term]]) -> EffectResult:
    """Put errors beside the terms and write the result.

    Parameters
    ----------
    found : Found
    told : Errors
    terms : dict of str to list of Term
        By kind, in the order of the rows; ``event`` right after the headline, ``cell``
        last.
    """
    every = [term for kind in terms.values() for term in kind]
    data, effects = found.data, found.effects
    basis, lone = influence_basis(effects, data), lone_cells(effects, data)
    compared = clusters_among(data, effects.cohort, effects.controls, effects.inside)
    if effects.inside is not None:
        compared = clusters_in_pairs(data, effects.cohort, effects.inside)
    cells = Cells(data, effects, found.how, basis, compared)
    vcov, errors = _errors(cells, every, told)
    unsure = np.array([_unsure(term, found, lone) for term in every])
    short = too_few(data, effects.cohort, compared, np.array([term.cells for term in every]))
    estimates = by_error(
        [term.name for term in every],
        np.array([term.estimate for term in every]),
        vcov,
        (errors.name, errors.dof, data.n_clusters),
        told.level,
        std_error=errors.drawn,
        untested=unsure | short,
    )
    estimates = without_rounding(estimates, found.panel.values[found.outcome].to_numpy(float))
    last = slice(len(every) - len(terms["cell"]), None)
    vcov = vcov if estimates.vcov is None else estimates.vcov
    test, untested = pre_test(cells, vcov[last, last], lone[0] | lone[1])
    names = [
        [term.name for term, no in zip(every, some, strict=True) if no]
        for some in (unsure, short & ~unsure)
    ]
    notes = group_time_notes(found.panel, data, effects, unsure=names, untested=untested)
    labels = (found.outcome, "callaway_santanna")
    return EffectResult(
        rows=term_rows(found.panel, labels, data, estimates, _about(every, found), told.level),
        base=int(min(smallest_group(data), *effects.own, *effects.compared)),
        notes=(*estimates.notes, *notes),
        vcov=vcov,
        details={
            **asdict(found.how),
            "dof": float(errors.dof[0]),
            "pre_test": test,
            "bands": _bands(basis, terms["event"], estimates, (told, errors)),
        },
    )


@dataclass(frozen=True, eq=False, slots=True)
class _Read:
    """What the errors are called, their degrees of freedom, and those that were drawn."""

    name: str
    dof: np.ndarray
    drawn: np.ndarray | None = None


def _errors(found: Cells, terms: Sequence[Term], told: Errors) -> tuple[np.ndarray, _Read]:
    data, basis = found.data, found.basis
    if told.kind == "cr2":
        weights = np.array([term.cells for term in terms])
        courses = group_time_courses(data, found.effects, found.how, weights)
        few = few_clusters(data, courses, level=told.level)
        vcov, dof = few.errors(basis.influence(terms))
        return vcov, _Read("cr2", dof)
    dof = np.full(len(terms), data.n_clusters - 1.0)
    if told.kind == "analytic":
        return basis.vcov(terms), _Read("analytic", dof)
    drawn = _drawn(basis, terms, told).std_error
    return basis.vcov(terms), _Read("multiplier_bootstrap", dof, drawn)


def _drawn(basis: Basis, terms: Sequence[Term], told: Errors) -> Draws:
    return multiplier_bootstrap(
        basis.influence(terms),
        replications=told.replications,
        level=told.level,
        multiplier=told.multiplier,
        seed=told.seed,
    )


def _unsure(term: Term, found: Found, lone: np.ndarray) -> bool:
    """Tell whether too much of a term rests on cells whose variance cannot be told.

    A cohort that is one cluster has a variance in a mean over several cohorts: that of
    their effects, which the influence holds.
    """
    weight = np.abs(term.cells)
    cohorts = np.unique(found.effects.cohort[term.cells != 0])
    several = sum(found.data.clusters_by_cohort[float(g)] for g in cohorts)
    bad = lone[1] if several > FEW else lone[0] | lone[1]
    return float(weight @ bad / weight.sum()) > LONE


def _about(terms: Sequence[Term], found: Found) -> list[tuple[str, int]]:
    """Return the estimand of each term and the treated units behind it."""
    effects, behind = found.effects, []
    for term in terms:
        held = term.cells != 0
        most: dict[float, int] = {}
        for cohort, own in zip(effects.cohort[held], effects.own[held], strict=True):
            most[float(cohort)] = max(most.get(float(cohort), 0), int(own))
        behind.append((term.estimand, sum(most.values())))
    return behind


def _bands(
    basis: Basis, terms: Sequence[Term], seen: Estimates, how: tuple[Errors, _Read]
) -> dict[str, Any] | None:
    """Return intervals that hold for all event times at once."""
    told, errors = how
    if not told.bands:
        return None
    if told.kind == "cr2":
        dof = dict(zip(seen.terms, errors.dof, strict=True))
        return drawn_bands(terms, seen, dof, told.level, told.seed)
    trusted = np.where(np.isnan(seen.p_value), np.nan, seen.std_error)
    error = dict(zip(seen.terms, trusted, strict=True))
    shown = [(term, error[term.name]) for term in terms if np.isfinite(error[term.name])]
    if not shown:
        return None
    draws = _drawn(basis, [term for term, _ in shown], told)
    return {
        "term": [term.name for term, _ in shown],
        "conf_low": [term.estimate - draws.critical * e for term, e in shown],
        "conf_high": [term.estimate + draws.critical * e for term, e in shown],
        "critical": draws.critical,
        "replications": told.replications,
        "multiplier": told.multiplier,
    }
