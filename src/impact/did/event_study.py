"""Effects by time from the start, before and after it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from impact.data.panel import Panel
from impact.did.absorbing import absorbed_sets
from impact.did.event_times import EventTimes, event_times
from impact.did.grid import grid_of
from impact.did.observed import Observed, cluster_codes, observe
from impact.did.regression import Regression
from impact.did.result import (
    Estimates,
    dropped_columns,
    effect,
    level_of,
    size_of,
    without_rounding,
)
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.linear import LinearFit, fit
from impact.inference.wald import FEW, few_clusters_test, joint_test
from impact.locale import N_
from impact.results import EffectResult, Sentence

__all__ = ["event_study", "regression"]


def event_study(
    panel: Panel,
    *,
    outcome: str | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
    leads: int | None = None,
    lags: int | None = None,
) -> EffectResult:
    """Regress the outcome on time from the start, with unit and period effects.

    Parameters
    ----------
    panel : Panel
        One start or several, unbalanced too; repeated cross-sections as in `twfe`.
    outcome : str, optional
        Column; the first primary outcome unless said.
    inference : str
        ``auto`` (the rule of `impact.did.choose`), ``classical hc1 hc2 hc3 cr1 cr2``,
        ``wild_bootstrap`` (each term by itself) or ``none``. Where the rule takes a
        permutation, nothing is tested here: a permutation tests one number.
    level : float, optional
        Of the intervals, each by itself; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place``, ``other`` or a column.
    leads, lags : int, optional
        Bin the ends: all times so far before the start or farther share one term
        (``-4 and before``), and so do all times so far after it or farther (``3 and
        after``). An end that holds a single time is shown as that time. A term of several
        times supposes that they differ alike; that before the start enters the pre-test,
        that after it does not enter the mean ``ATT``, which is then over the single times.

    Returns
    -------
    EffectResult
        ``ATT`` first, the plain mean of the effects from the start on; then one term a
        time from the start (``-3``, ``-2``, ``0``, ``1`` …), each a difference from the
        last period before the start, or before anticipation. ``details`` names that
        ``reference`` and holds ``pre_test``: the joint test that all terms before it are
        zero, as F with the number of clusters less one.

    Raises
    ------
    DesignError
        No period before the start, or nobody to compare; binned ends that leave no time
        of their own to the reference or to the mean.

    Notes
    -----
    Identified by parallel trends and no anticipation; with several starts also by effects
    that differ only by time from the start, since otherwise each term mixes in the
    effects of others (Sun & Abraham 2021). Absorbed effects and errors as in `twfe`.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.event_study(panel).plot()  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    share = level_of(panel, level)
    chosen = settled(panel, said, inference, cluster, share)
    seen = observe(panel, said)
    times = event_times(seen, leads, lags)
    sets, notes = absorbed_sets(seen)
    clusters = seen.taken(cluster_codes(panel, chosen.over))
    grid = grid_of(seen, clusters) if chosen.kind == "cr1" else None
    if grid is None:
        fitted = _fitted(seen, times, sets)
        # A permutation tests one number; a regression has several.
        told = replace(chosen, kind="none") if chosen.kind == "permutation" else chosen
        model = Regression(seen, fitted, _contrasts(fitted, times), clusters, seen.period)
        found = model.read(told, share)
    else:
        by_cohort = grid.fit(times.columns(grid.since), times.terms)
        fitted = by_cohort.means
        found = grid.read(by_cohort, _contrasts(fitted, times), share)
    found = without_rounding(found, seen.y)
    return effect(
        seen,
        found,
        size_of(seen) if grid is None else grid.size,
        method="event_study",
        level=share,
        notes=(*_why(chosen), *times.notes, *notes, *dropped_columns(fitted)),
        details=_details(found, times, seen, chosen),
    )


def regression(panel: Panel, outcome: str, over: str) -> Regression:
    """Return the regression on time from the start, with clusters of a level."""
    seen = observe(panel, outcome)
    times = event_times(seen, None, None)
    fitted = _fitted(seen, times, absorbed_sets(seen)[0])
    clusters = seen.taken(cluster_codes(panel, over))
    return Regression(seen, fitted, _contrasts(fitted, times), clusters, seen.period)


def _fitted(seen: Observed, times: EventTimes, sets: tuple[np.ndarray, np.ndarray]) -> LinearFit:
    columns = times.columns(seen.time - seen.start)
    return fit(
        seen.y,
        np.column_stack([columns, seen.X]),
        weights=seen.weight,
        absorb=sets,
        names=(*times.terms, *seen.names),
    )


def _contrasts(fitted: LinearFit, times: EventTimes) -> dict[str, np.ndarray]:
    kept = {
        term: (np.arange(fitted.rank) == fitted.position(term)).astype(float)
        for term in times.terms
        if term in fitted.names
    }
    after = [kept[term] for term in times.averaged if term in kept]
    if not after:
        raise DesignError(
            "event_study finds nobody to compare after the start; take did, or before_after "
            "where there is no comparison group"
        )
    return {"ATT": np.mean(after, axis=0), **kept}


def _why(chosen: Inference) -> tuple[Sentence, ...]:
    if chosen.kind != "permutation":
        return chosen.reasons if chosen.declines else ()
    said = N_("A permutation tests one number, so the terms by time are shown without a test.")
    return (*chosen.reasons[:1], Sentence(said))


def _details(
    found: Estimates, times: EventTimes, seen: Observed, chosen: Inference
) -> dict[str, Any]:
    details: dict[str, Any] = {
        "reference": times.reference,
        "covariates": list(seen.names),
        "clusters": chosen.over,
    }
    early = [at for at, term in enumerate(found.terms) if term in times.early]
    if not early or found.vcov is None:
        return details
    vcov = found.vcov[np.ix_(early, early)]
    joint = few_clusters_test if found.inference in FEW else joint_test
    test = joint(found.estimate[early], vcov, min(found.details["dof"]))
    details["pre_test"] = {
        "statistic": test.statistic,
        "restrictions": test.restrictions,
        "dof": test.dof,
        "p_value": test.p_value,
        "terms": [found.terms[at] for at in early],
    }
    return details
