"""From estimates to the rows of an effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.labels import covariate_names
from impact.did.observed import Observed, smallest_cell
from impact.errors import DesignError
from impact.inference.linear import LinearFit
from impact.locale import N_
from impact.results import GLOSSARY, EffectResult, Sentence

__all__ = [
    "AFTER",
    "PERFECT",
    "Estimates",
    "Size",
    "dropped_columns",
    "effect",
    "level_of",
    "net_of",
    "rounding_of",
    "size_of",
    "undecided",
    "without_rounding",
]

PERFECT = Sentence("The data fit without any error, so nothing is tested.")
PARTLY = Sentence("Some terms fit without any error, so these are not tested.")
AFTER = " after"
# An error below this share of the largest outcome is what rounding leaves of none.
ROUNDING = 1e-12


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


def dropped_columns(fitted: LinearFit) -> tuple[Sentence, ...]:
    """Say which columns add nothing to the others."""
    # A covariate that is left out takes its part in the change with it.
    dropped = tuple(
        name
        for name in fitted.dropped
        if not (name.endswith(AFTER) and name.removesuffix(AFTER) in fitted.dropped)
    )
    if not dropped:
        return ()
    text = N_("Left out: %(names)s. Other columns, or the fixed effects, already say the same.")
    return (Sentence(text, {"names": covariate_names(dropped)}),)


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


def rounding_of(fitted: LinearFit) -> float:
    """Return the largest standard error that is no more than what rounding leaves of none."""
    outcome = fitted.design @ fitted.beta + fitted.residuals
    return ROUNDING * max(float(np.abs(outcome).max(initial=0.0)), np.finfo(float).tiny)


def without_rounding(found: Estimates, y: np.ndarray) -> Estimates:
    """Take for zero the errors that are no more than the rounding of the outcome.

    Parameters
    ----------
    found : Estimates
        Of K terms.
    y : numpy.ndarray, shape (N,)
        The outcome; what is missing does not count.
    """
    largest = max(float(np.fmax.reduce(y)), -float(np.fmin.reduce(y)))
    none = (found.std_error > 0) & (found.std_error <= ROUNDING * largest)
    if not none.any():
        return found
    tested = ("statistic", "p_value", "conf_low", "conf_high")
    missing: dict[str, Any] = {
        name: np.where(none, np.nan, getattr(found, name)) for name in tested
    }
    vcov = None if found.vcov is None else np.where(none | none[:, None], 0.0, found.vcov)
    notes = (PERFECT if none[0] else PARTLY, *found.notes)
    error = np.where(none, 0.0, found.std_error)
    return replace(found, std_error=error, vcov=vcov, notes=notes, **missing)


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
    found = without_rounding(found, seen.y)
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
