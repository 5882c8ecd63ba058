"""Rows of the glossary for methods with many terms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.plan import Plan
from impact.did.result import PERFECT, Estimates
from impact.inference.wald import FEW, few_clusters_test, joint_test, read
from impact.results import GLOSSARY

__all__ = ["by_error", "early_test", "smallest_group", "term_rows"]

NUMBERS = ("estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high")


def term_rows(
    panel: Panel,
    labels: tuple[str, str],
    data: Adoption,
    found: Estimates,
    about: Sequence[tuple[str, int]],
    level: float,
) -> pd.DataFrame:
    """Write estimates as rows of the glossary.

    Parameters
    ----------
    panel : Panel
    labels : (str, str)
        Outcome and method.
    data : Adoption
        The rows and units behind the estimates.
    found : Estimates
        K terms.
    about : sequence of (str, int), length K
        The estimand of each term, and the treated units behind it.
    level : float
        Of the intervals.

    Returns
    -------
    pandas.DataFrame, shape (K, 17)
        The columns of the glossary.
    """
    fixed = {
        "pilot": panel.pilot,
        "outcome": labels[0],
        "method": labels[1],
        "level": float(level),
        "n_obs": data.n_rows,
        "n_units": len(data.start),
        "n_clusters": found.n_clusters,
        "inference": found.inference,
    }
    columns = {name: [value] * len(found.terms) for name, value in fixed.items()}
    columns["term"] = list(found.terms)
    columns["estimand"] = [estimand for estimand, _ in about]
    columns["n_treated"] = [treated for _, treated in about]
    for name in NUMBERS:
        columns[name] = [float(value) for value in getattr(found, name)]
    return pd.DataFrame(columns).loc[:, list(GLOSSARY)]


def by_error(
    terms: Sequence[str],
    estimate: np.ndarray,
    vcov: np.ndarray,
    inference: tuple[str, np.ndarray | float, int],
    level: float,
    *,
    std_error: np.ndarray | None = None,
    untested: np.ndarray | None = None,
) -> Estimates:
    """Read estimates by their covariance and Student's t.

    Parameters
    ----------
    terms : sequence of str, length K
    estimate : numpy.ndarray, shape (K,)
    vcov : numpy.ndarray, shape (K, K)
    inference : (str, float or numpy.ndarray of shape (K,), int)
        Its name, the degrees of freedom, the number of clusters.
    level : float
    std_error : numpy.ndarray, shape (K,), optional
        Instead of the roots of the diagonal.
    untested : numpy.ndarray of bool, shape (K,), optional
        Terms whose test and interval are missing though they have an error.
    """
    error = np.sqrt(np.maximum(np.diag(vcov), 0)) if std_error is None else std_error
    error = np.where(error > 0, error, np.nan)
    trusted = error if untested is None else np.where(untested, np.nan, error)
    name, dof, clusters = inference
    held_back = untested is not None and bool(untested[0])
    shown = read(estimate, trusted, dof, level=level)
    return Estimates(
        tuple(terms),
        np.asarray(estimate),
        error,
        shown.statistic,
        shown.p_value,
        shown.conf_low,
        shown.conf_high,
        name,
        clusters,
        vcov,
        () if error[0] > 0 or held_back else (PERFECT,),
    )


def smallest_group(data: Adoption) -> int:
    """Return the fewest units of any cohort, or of the never-treated, in any period.

    Periods in which none of them was seen do not count: no mean is made of them.
    """
    starts, cohort, sizes = np.unique(data.start, return_inverse=True, return_counts=True)
    if data.balanced:
        return int(sizes.min())
    cell = cohort[data.unit] * len(data.times) + data.period
    seen = np.bincount(cell, minlength=len(starts) * len(data.times))
    return int(seen[seen > 0].min())


def early_test(
    found: Estimates, plan: Plan, reference: float, dof: float
) -> dict[str, float] | None:
    """Test jointly that all terms before a time from the start are zero.

    Parameters
    ----------
    found : Estimates
    plan : Plan
        The first terms of the estimates.
    reference : float
        Time from the start.
    dof : float
        Degrees of freedom of F's denominator; with CR2 Satterthwaite's, of Hotelling's T².
    """
    early = [
        at
        for at, (term, estimand) in enumerate(plan.kinds)
        if estimand == "ATT(e)" and float(term) < reference
    ]
    if not early or found.vcov is None:
        return None
    joint = few_clusters_test if found.inference in FEW else joint_test
    test = joint(found.estimate[early], found.vcov[np.ix_(early, early)], dof)
    return {
        "statistic": test.statistic,
        "dof": test.restrictions,
        "p_value": test.p_value,
    }
