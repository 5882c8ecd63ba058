"""Imputed effects with their errors and tests, as a result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import block_diag

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.imputed import Imputed, impute
from impact.did.imputed_errors import few_imputed, imputed_pre_test
from impact.did.influence import Influence, joint
from impact.did.labels import covariate_names, times_since
from impact.did.leads import Leads, leads
from impact.did.read_adoption import read_adoption
from impact.did.result import PERFECT, Estimates, level_of, undecided, without_rounding
from impact.did.terms import by_error, smallest_group, term_rows
from impact.did.uncertainty import settled
from impact.errors import DesignError
from impact.locale import N_
from impact.results import EffectResult, Sentence

__all__ = ["How", "Method", "What", "imputed_effect"]

STILL = 1e-9
UNSAID = N_("Left out: %(names)s. Unit effects already say what never changes within a unit.")
UNTESTED = ("none", "permutation")
TESTED = ("analytic", "cr1", "cr2", "hc2")


@dataclass(frozen=True, slots=True)
class Method:
    """A name, influences of every unit with their weights, and whether leads are shown."""

    name: str
    influence: Callable[[Imputed], tuple[Influence, np.ndarray]]
    leads: bool


@dataclass(frozen=True, slots=True)
class What:
    """What is estimated; None is what the panel says."""

    outcome: str | None
    covariates: Sequence[str] | None
    anticipation: int | None


@dataclass(frozen=True, slots=True)
class How:
    """How uncertainty is told."""

    inference: str
    level: float | None
    cluster: str


def imputed_effect(panel: Panel, method: Method, what: What, how: How) -> EffectResult:
    """Impute, average, and put errors beside.

    Parameters
    ----------
    panel : Panel
    method : Method
    what : What
    how : How

    Raises
    ------
    DesignError
        Repeated cross-sections, an unknown inference, or nothing to impute.
    """
    _refuse(panel, method.name, how.inference)
    said, share = panel.outcome(what.outcome).column, level_of(panel, how.level)
    chosen = settled(panel, said, how.inference, how.cluster, share)
    ahead = panel.design.anticipation if what.anticipation is None else what.anticipation
    names = tuple(panel.covariates if what.covariates is None else what.covariates)
    data = read_adoption(panel, said, names, anticipation=ahead, cluster=chosen.over)
    data, unsaid = _changing(data, names)
    found = impute(panel, data, ahead)
    before = leads(found)
    shown = before if method.leads else None
    about = found.plan.about(data) + _about_leads(data, shown)
    terms = [*found.plan.terms, *(times_since(e) for e in (shown.since if shown else ()))]
    estimate = found.plan.contrasts @ found.estimate
    influence, weights = method.influence(found)
    gram = joint(data, influence, *([before.influence] if before else [])).gram()
    if shown:
        estimate = np.concatenate([estimate, shown.estimate])
        weights = block_diag(weights, np.eye(len(shown.since)))
    order = _reading_order(terms, about)
    terms, about = [terms[at] for at in order], [about[at] for at in order]
    if chosen.kind == "cr2":
        read = few_imputed(found, shown, (terms, estimate[order]), order, share)
    else:
        used = weights.shape[1]
        vcov = weights[order] @ gram[:used, :used] @ weights[order].T
        read = _read(terms, estimate[order], vcov, data, chosen.kind, share)
    read = without_rounding(read, panel.values[said].to_numpy(dtype=float))
    tested = None if PERFECT in read.notes else before
    why = chosen.reasons if chosen.declines else ()
    return EffectResult(
        term_rows(panel, (said, method.name), data, read, about, share),
        base=smallest_group(data),
        notes=(*why, *found.notes, *read.notes, *data.notes, *unsaid),
        vcov=read.vcov,
        details={
            "pre_test": imputed_pre_test(found, tested, gram[-_size(before) :, -_size(before) :]),
            "covariates": list(names),
            "clusters": chosen.over,
            **read.details,
        },
    )


def _size(before: Leads | None) -> int:
    return 0 if before is None else len(before.since)


def _refuse(panel: Panel, method: str, inference: str) -> None:
    if not panel.is_panel:
        raise DesignError(
            f"{method} needs the same units again; for repeated cross-sections take "
            "callaway_santanna"
        )
    known = ("auto", *TESTED, *UNTESTED)
    if inference not in known:
        raise DesignError(
            f"inference '{inference}' is not available for {method}; it takes auto, analytic, "
            "cr2 or none"
        )


def _changing(data: Adoption, names: tuple[str, ...]) -> tuple[Adoption, tuple[Sentence, ...]]:
    """Leave out covariates that never change within a unit: its own effect says them."""
    if len(names) == 0:
        return data, ()
    rows = data.rows()
    mean = np.array([np.bincount(rows.unit, x) for x in rows.covariates.T])
    mean /= np.bincount(rows.unit)
    moves = [
        bool(np.abs(x - own[rows.unit]).max() > STILL)
        for x, own in zip(rows.covariates.T, mean, strict=True)
    ]
    if all(moves):
        return data, ()
    still = covariate_names([name for name, moving in zip(names, moves, strict=True) if not moving])
    return replace(data, design=data.design[[True, *moves]]), (Sentence(UNSAID, {"names": still}),)


def _reading_order(terms: list[str], about: list[tuple[str, int]]) -> list[int]:
    """Put the overall effect first, then event times in order, then the cells."""
    rank = {"ATT": 0, "ATT(e)": 1, "ATT(g,t)": 2}

    def key(at: int) -> tuple[int, float]:
        estimand = about[at][0]
        return rank[estimand], float(terms[at]) if estimand == "ATT(e)" else 0.0

    return sorted(range(len(terms)), key=key)


def _about_leads(data: Adoption, shown: Leads | None) -> list[tuple[str, int]]:
    """Return the estimand of every lead and the units behind it."""
    if shown is None:
        return []
    first = data.times[0]
    sizes = {float(g): int((data.start == g).sum()) for g in data.cohorts}
    return [
        ("ATT(e)", sum(size for g, size in sizes.items() if g + e >= first)) for e in shown.since
    ]


def _read(
    terms: list[str],
    estimate: np.ndarray,
    vcov: np.ndarray,
    data: Adoption,
    kind: str,
    level: float,
) -> Estimates:
    """Read the terms by their covariance."""
    if kind in UNTESTED:
        return undecided(tuple(terms), estimate, data.n_clusters)
    inference = ("analytic", data.n_clusters - 1, data.n_clusters)
    return by_error(terms, estimate, (vcov + vcov.T) / 2, inference, level)
