"""From a fit to estimates, with the inference that was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from impact.did.result import PERFECT, Estimates, rounding_of, undecided
from impact.did.uncertainty import Inference
from impact.did.wild import by_wild_bootstrap
from impact.errors import DesignError
from impact.inference.clusters import effective_clusters
from impact.inference.covariance import CLUSTERED, Covariance, covariance
from impact.inference.linear import LinearFit
from impact.inference.shared_shocks import MOST_CLUSTERS, guarded_dof
from impact.inference.wald import read
from impact.locale import N_
from impact.results import Sentence

__all__ = ["by_fit", "by_term", "one_term", "told"]

KINDS = ("classical", "hc1", "hc2", "hc3", "cr1", "cr2", "cr3", "wild_bootstrap")
UNGUARDED = Sentence(
    "Clusters are many but unequal: the degrees of freedom are Satterthwaite's as they are, "
    "without allowing for what befalls the largest cluster as a whole."
)
NOT_FREE = N_(
    "No degrees of freedom can be given for the standard error of: %(terms)s. So nothing is "
    "tested there."
)


def by_fit(
    fitted: LinearFit,
    contrasts: Mapping[str, np.ndarray],
    chosen: Inference,
    clusters: np.ndarray,
    *,
    level: float = 0.95,
    period: np.ndarray | None = None,
) -> Estimates:
    """Read named sums of coefficients with the inference that was chosen.

    Parameters
    ----------
    fitted : LinearFit
        N rows, K coefficients.
    contrasts : mapping of str to numpy.ndarray, each shape (K,)
        By term.
    chosen : Inference
        A kind of `impact.inference.covariance.covariance`, ``wild_bootstrap`` or ``none``.
        Where it is guarded, CR2's degrees of freedom of every term allow for rows of a
        cluster in a period that err alike (see `impact.inference.shared_shocks`).
    clusters : numpy.ndarray of int, shape (N,)
        Codes.
    level : float
        Of the intervals.
    period : numpy.ndarray of int, shape (N,), optional
        Of the rows; one for all unless said.

    Raises
    ------
    DesignError
        The kind is none of a regression's, or the rows do not allow it.
    """
    terms, matrix = tuple(contrasts), np.array(list(contrasts.values()), dtype=float)
    kind = chosen.kind
    if kind == "none":
        return undecided(terms, matrix @ fitted.beta, len(np.unique(clusters)))
    if kind not in KINDS:
        raise DesignError(
            f"inference '{kind}' is not available for this method; it takes {', '.join(KINDS)}"
        )
    if kind == "wild_bootstrap":
        return by_wild_bootstrap(fitted, contrasts, clusters, chosen, level=level)
    errors = covariance(fitted, kind, cluster=clusters, contrasts=matrix)
    notes: tuple[Sentence, ...] = ()
    unguarded: dict[str, Any] = {}
    # HC2 is CR2 of clusters of one row.
    if chosen.guarded and (kind == "cr2" or (kind == "hc2" and not fitted.effects.codes)):
        clusters = np.arange(fitted.n) if kind == "hc2" else clusters
        when = np.zeros(fitted.n, dtype=np.int64) if period is None else period
        alike = clusters.astype(np.int64) * (int(when.max(initial=0)) + 1) + when
        dof = guarded_dof(fitted, clusters, alike, matrix, errors.dof, level=level)
        unguarded = {"dof_satterthwaite": errors.dof.tolist()}
        errors = replace(errors, dof=dof)
        notes = (UNGUARDED,) if errors.n_clusters > MOST_CLUSTERS else ()
    effective = None
    if kind in CLUSTERED:
        effective = float(effective_clusters(fitted, clusters, matrix[:1])[0])
    found = told(terms, fitted, matrix, errors, level, effective)
    details = {**found.details, **unguarded}
    return replace(found, notes=(*found.notes, *notes), details=details)


def by_term(
    fitted: LinearFit,
    term: str,
    chosen: Inference,
    clusters: np.ndarray,
    level: float,
    period: np.ndarray | None = None,
) -> Estimates:
    """Read one coefficient with the inference that was chosen; ``period`` of the rows, (N,)."""
    return by_fit(fitted, one_term(fitted, term), chosen, clusters, level=level, period=period)


def one_term(fitted: LinearFit, term: str) -> dict[str, np.ndarray]:
    """Return the coefficient of a column as a sum of coefficients."""
    return {term: (np.arange(fitted.rank) == fitted.position(term)).astype(float)}


def told(
    terms: tuple[str, ...],
    fit: LinearFit,
    contrasts: np.ndarray,
    errors: Covariance,
    level: float,
    effective: float | None,
) -> Estimates:
    """Read sums of coefficients, shape (L, K), with the errors that were found."""
    estimate = contrasts @ fit.beta
    # Rounding left over by a perfect fit is no standard error.
    flat = errors.std_error <= rounding_of(fit)
    std_error = np.where(flat, 0.0, errors.std_error)
    seen = read(estimate, std_error, errors.dof, level=level)
    notes = (PERFECT,) if flat[0] else ()
    free = [term for term, no in zip(terms, ~flat & ~(errors.dof > 0), strict=True) if no]
    if free:
        notes = (*notes, Sentence(NOT_FREE, {"terms": ", ".join(free)}))
    details: dict[str, Any] = {"dof": errors.dof.tolist()}
    if effective is not None:
        details["effective_clusters"] = effective
    return Estimates(
        terms,
        estimate,
        std_error,
        seen.statistic,
        seen.p_value,
        seen.conf_low,
        seen.conf_high,
        errors.kind,
        errors.n_clusters or fit.n,
        errors.matrix,
        notes,
        details,
    )
