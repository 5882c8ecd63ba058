"""From a fit, or a permutation, to the rows of an effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.labels import covariate_names
from impact.did.observed import Observed, smallest_cell
from impact.did.uncertainty import Inference
from impact.errors import DesignError
from impact.inference.clusters import effective_clusters
from impact.inference.covariance import CLUSTERED, Covariance, covariance
from impact.inference.linear import LinearFit
from impact.inference.shared_shocks import guarded_dof
from impact.inference.wald import read
from impact.results import GLOSSARY, EffectResult, Sentence

__all__ = [
    "Estimates",
    "Size",
    "by_fit",
    "by_term",
    "dropped_columns",
    "effect",
    "level_of",
    "net_of",
    "size_of",
    "told",
    "undecided",
]

KINDS = ("classical", "hc1", "hc2", "hc3", "cr1", "cr2", "cr3")
FLAT = 1e-12


@dataclass(frozen=True, eq=False)
class Estimates:
    """Estimates of K terms and what is known of their error.

    Parameters
    ----------
    terms : tuple of str
    estimate, std_error, statistic, p_value, conf_low, conf_high : numpy.ndarray, shape (K,)
        Not a number where unknown.
    inference : str
    n_clusters : int
        Independent pieces that the error structure assumes.
    vcov : numpy.ndarray or None, shape (K, K)
    notes : tuple of Sentence
    details : mapping
    """

    terms: tuple[str, ...]
    estimate: np.ndarray
    std_error: np.ndarray
    statistic: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray
    inference: str
    n_clusters: int
    vcov: np.ndarray | None = None
    notes: tuple[Sentence, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Size:
    """How many rows, units and treated units an estimate rests on.

    Parameters
    ----------
    n_obs, n_units, n_treated : int
    base : int
        The smallest number of units behind any mean in it.
    """

    n_obs: int
    n_units: int
    n_treated: int
    base: int


def size_of(seen: Observed) -> Size:
    """Count rows and units; every mean is over one cohort in one period.

    Those who start alone at some time stand alone behind the effects at some times from
    the start, so a cell is a cohort in a period, not all the treated.
    """
    base = smallest_cell(seen.unit, seen.cohort, seen.period)
    return Size(len(seen), seen.n_units, seen.n_treated, base)


def level_of(panel: Panel, level: float | None) -> float:
    """Return the confidence level: as said, else the params file's, else 0.95."""
    if level is None:
        return panel.spec.analysis.level if panel.spec is not None else 0.95
    if not 0 < level < 1:
        raise DesignError(f"a confidence level lies between 0 and 1; it is {level}")
    return level


def by_fit(
    fit: LinearFit,
    contrasts: Mapping[str, np.ndarray],
    kind: str,
    *,
    cluster: np.ndarray | None = None,
    level: float = 0.95,
    alike: np.ndarray | None = None,
) -> Estimates:
    """Read named sums of coefficients with the error structure that was chosen.

    Parameters
    ----------
    fit : LinearFit
        N rows, K coefficients.
    contrasts : mapping of str to numpy.ndarray, each shape (K,)
        By term.
    kind : str
        As in `impact.inference.covariance.covariance`.
    cluster : numpy.ndarray of int, shape (N,), optional
    level : float
        Of the intervals.
    alike : numpy.ndarray of int, shape (N,), optional
        Codes of rows that may err alike, a cluster in a period: CR2's degrees of freedom
        then allow for it (see `impact.inference.shared_shocks`).

    Raises
    ------
    DesignError
        The kind is none of a regression's, or the rows do not allow it.
    """
    if kind not in KINDS:
        raise DesignError(
            f"inference '{kind}' is not available for this method; it takes {', '.join(KINDS)}"
        )
    matrix = np.array(list(contrasts.values()), dtype=float)
    errors = covariance(fit, kind, cluster=cluster, contrasts=matrix)
    if alike is not None and cluster is not None and kind == "cr2":
        dof = guarded_dof(fit, cluster, alike, matrix, errors.dof, level=level)
        errors = replace(errors, dof=dof)
    effective = None
    if kind in CLUSTERED and cluster is not None:
        effective = float(effective_clusters(fit, cluster, matrix[:1])[0])
    return told(tuple(contrasts), fit, matrix, errors, level, effective)


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
    scale = FLAT * max(float(np.abs(fit.beta).max(initial=0.0)), np.finfo(float).tiny)
    flat = errors.std_error <= scale
    std_error = np.where(flat, 0.0, errors.std_error)
    seen = read(estimate, std_error, errors.dof, level=level)
    notes = (Sentence("The data fit without any error, so nothing is tested."),) if flat[0] else ()
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


def by_term(
    fitted: LinearFit,
    term: str,
    chosen: Inference,
    clusters: np.ndarray,
    level: float,
    period: np.ndarray | None = None,
) -> Estimates:
    """Read one coefficient with the inference that was chosen; ``period`` of the rows, (N,)."""
    at = fitted.position(term)
    if chosen.kind == "none":
        return undecided((term,), fitted.beta[[at]], len(np.unique(clusters)))
    pick = {term: (np.arange(fitted.rank) == at).astype(float)}
    alike = None
    if chosen.guarded:
        when = np.zeros(fitted.n, dtype=np.int64) if period is None else period
        alike = clusters.astype(np.int64) * (int(when.max(initial=0)) + 1) + when
    return by_fit(fitted, pick, chosen.kind, cluster=clusters, level=level, alike=alike)


def dropped_columns(fitted: LinearFit) -> tuple[Sentence, ...]:
    """Say which columns add nothing to the others."""
    if not fitted.dropped:
        return ()
    text = "%(names)s left out: other columns, or the fixed effects, already say the same."
    return (Sentence(text, {"names": covariate_names(fitted.dropped)}),)


def net_of(y: np.ndarray, fitted: LinearFit, covariates: tuple[str, ...]) -> np.ndarray:
    """Return the outcome less what a fit without absorbed effects says of the covariates."""
    at = [place for place, name in enumerate(fitted.names) if name in covariates]
    out: np.ndarray = y - fitted.design[:, at] @ fitted.beta[at]
    return out


def undecided(terms: tuple[str, ...], estimate: np.ndarray, n_clusters: int) -> Estimates:
    """Return estimates of which nothing is tested."""
    nothing = np.full(len(terms), np.nan)
    return Estimates(
        terms, estimate, nothing, nothing, nothing, nothing, nothing, "none", n_clusters
    )


def effect(
    seen: Observed,
    found: Estimates,
    size: Size,
    *,
    method: str,
    estimand: str = "ATT",
    level: float = 0.95,
    notes: tuple[Sentence, ...] = (),
    details: Mapping[str, Any] | None = None,
) -> EffectResult:
    """Write estimates as the glossary's rows.

    Parameters
    ----------
    seen : Observed
        Names the pilot and the outcome, and says what was left out.
    found : Estimates
    size : Size
    method, estimand : str
    level : float
        Of the intervals.
    notes : tuple of Sentence
        Put before those on what was left out.
    details : mapping, optional
        Added to those of the estimates.
    """
    fixed = {
        "pilot": seen.panel.pilot,
        "outcome": seen.outcome.column,
        "method": method,
        "estimand": estimand,
        "level": float(level),
        "n_obs": size.n_obs,
        "n_units": size.n_units,
        "n_treated": size.n_treated,
        "n_clusters": found.n_clusters,
        "inference": found.inference,
    }
    columns = {name: [value] * len(found.terms) for name, value in fixed.items()}
    columns["term"] = list(found.terms)
    for name in ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"):
        columns[name] = [float(value) for value in getattr(found, name)]
    return EffectResult(
        pd.DataFrame(columns).loc[:, list(GLOSSARY)],
        size.base,
        notes=(*notes, *found.notes, *seen.notes),
        vcov=found.vcov,
        details={**found.details, **(details or {})},
    )
