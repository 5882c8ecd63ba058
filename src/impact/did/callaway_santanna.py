"""Staggered adoption, cohort by cohort: the estimator of Callaway and Sant'Anna."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from impact.data.panel import Panel
from impact.did.aggregate import Term, Window, aggregate
from impact.did.cells import Comparison
from impact.did.group_time import group_time_effects
from impact.did.group_time_result import Errors, Found, told_effect
from impact.did.labels import time_label
from impact.did.paired import in_some_pair
from impact.did.read_adoption import read_adoption
from impact.did.result import level_of
from impact.errors import DesignError
from impact.inference.bootstrap import Multiplier
from impact.results import EffectResult
from impact.spec.models import Analysis

__all__ = ["callaway_santanna"]

Aggregation = Literal["group", "simple", "event", "calendar"]


def callaway_santanna(
    panel: Panel,
    *,
    outcome: str | None = None,
    covariates: Sequence[str] | None = None,
    control_group: Literal["not_yet_treated", "never_treated"] | None = None,
    estimation: Literal["doubly_robust", "regression", "weighting"] | None = None,
    anticipation: int | None = None,
    base_period: Literal["varying", "universal"] = "varying",
    aggregation: Aggregation = "group",
    window: tuple[float, float] = (-np.inf, np.inf),
    balanced: float | None = None,
    complete: bool = False,
    pairs: bool = False,
    cluster: str = "assignment",
    level: float | None = None,
    errors: Literal["analytic", "cr2", "bootstrap"] = "analytic",
    bands: bool = False,
    multiplier: Multiplier = "mammen",
    replications: int | None = None,
    seed: int | None = None,
) -> EffectResult:
    """Estimate effects by cohort and period and average them.

    Estimand: ATT(g, t), the average effect in period t on those first treated in g, and
    weighted means of it. Identified by parallel trends between each cohort and the
    comparison units (given the covariates in the earlier of the two periods), and no
    effect before the start less ``anticipation``.

    Parameters
    ----------
    panel : Panel
        Staggered or with one start; balanced, unbalanced, or repeated cross-sections;
        sampling weights count. An unbalanced panel keeps all its rows: each cell then
        compares group means of its two periods, and rows of one unit vary together; see
        ``pairs``.
    outcome : str, optional
        Column; the first primary outcome unless said.
    covariates : sequence of str, optional
        The panel's covariates unless said; ``()`` for none.
    control_group, estimation, anticipation, level, replications, seed
        As the params file says, unless said: those not yet treated (or only the never
        treated), doubly robust (or regression, or weighting by the odds of treatment).
    base_period : str
        ``varying``: before the start each period is compared with the one before it;
        ``universal``: always with the last period before the start.
    aggregation : str
        The overall effect that stands in the first row: ``group`` (each cohort's mean
        effect, by the cohort's size), ``simple`` (all effects since the start),
        ``event`` (mean over event times) or ``calendar`` (mean over periods).
    window : (float, float)
        First and last event time that is shown.
    balanced : float, optional
        Only cohorts seen this long after their start enter the event times.
    complete : bool
        Leave out units that are not seen in every period.
    pairs : bool
        In an unbalanced panel each cell compares the changes of those units that are seen
        in both its base period and the period that is looked at, so that who is there
        does not count as an effect; means over cohorts weigh those that are in some cell.
    cluster : str
        ``assignment``, ``unit``, ``place`` or a column.
    errors : str
        ``analytic``: from the influence function, summed within clusters, with Student's
        t and clusters - 1 degrees of freedom; ``cr2``: the same within cohorts, corrected
        for few clusters (`impact.did.within_cohorts`); ``bootstrap``: from the
        interquartile range of the multiplier bootstrap.
    bands : bool
        Add uniform bands over the event times to ``details["bands"]``.
    multiplier : str
        ``mammen`` or ``rademacher``.

    Returns
    -------
    EffectResult
        Terms ``ATT`` (the headline); event times ``-2 … 3``; ``simple group event
        calendar``; ``group:2004``; ``calendar:2005``; ``ATT(2004,2005)``.
        ``details["pre_test"]`` is the published joint Wald test that all effects before
        the start are zero (``p_value``), which with small cohorts rejects far too often, and
        beside it a test of the leads nearest to the start that holds its size
        (``p_value_small_sample``; `impact.did.pre_periods`). With ``cr2`` each row has the
        degrees of freedom of the clusters that carry it. Rows that rest on fewer than three
        clusters on a side are not tested.

    Raises
    ------
    DesignError
        No cohort can be compared with anybody; the text names a method that fits. Pairs are
        asked of people who are seen once each.

    References
    ----------
    Callaway and Sant'Anna (2021), Journal of Econometrics 225(2).

    Examples
    --------
    >>> import pandas as pd
    >>> from impact.data.panel import Panel
    >>> frame = pd.DataFrame(
    ...     {
    ...         "id": list("aaabbbcccddd"),
    ...         "year": [1, 2, 3] * 4,
    ...         "start": [2.0] * 6 + [0.0] * 6,
    ...         "y": [1.0, 4, 5, 2, 6, 6, 0, 1, 1, 1, 2, 3],
    ...     }
    ... )
    >>> panel = Panel.from_frame(
    ...     frame, unit="id", period="year", outcomes=["y"], first_treated="start"
    ... )
    >>> effect = callaway_santanna(panel)
    >>> effect.rows.set_index("term").loc["ATT(2,3)", "estimate"].round(12)
    np.float64(2.5)
    """
    plan = panel.spec.analysis if panel.spec else Analysis()
    column = panel.outcome(outcome).column
    ahead = panel.design.anticipation if anticipation is None else anticipation
    how = Comparison(
        control_group or plan.control_group,
        estimation or plan.estimation,
        ahead,
        base_period,
        pairs,
    )
    told = Errors(
        level_of(panel, level),
        errors,
        bands,
        multiplier,
        replications or plan.replications,
        plan.seed if seed is None else seed,
    )
    names = tuple(panel.covariates if covariates is None else covariates)
    _refuse_unknown(panel, names)
    _refuse_strangers(panel, pairs=pairs)
    data = read_adoption(
        panel, column, names, anticipation=ahead, complete=complete, cluster=cluster
    )
    data = in_some_pair(data, how) if pairs and not data.balanced else data
    effects = group_time_effects(data, how)
    found = aggregate(effects, data, Window(*window, balanced), lambda t: time_label(panel, t))
    result = told_effect(
        Found(panel, column, data, effects, how), told, _ordered(found, aggregation)
    )
    used = {"clusters": cluster, "covariates": list(names)}
    return replace(result, details={**result.details, **used})


def _refuse_unknown(panel: Panel, covariates: Sequence[str]) -> None:
    unknown = [name for name in covariates if name not in panel.values]
    if unknown:
        raise DesignError(
            f"the panel has no column {', '.join(unknown)}; name covariates in the params file"
        )


def _refuse_strangers(panel: Panel, *, pairs: bool) -> None:
    if pairs and not panel.is_panel:
        raise DesignError(
            "pairs are units that are seen again, and each wave of this panel asked other "
            "people: leave 'pairs' out"
        )


def _ordered(found: dict[str, list[Term]], aggregation: Aggregation) -> dict[str, list[Term]]:
    """Put the overall effect that was asked for first, as ``ATT``."""
    chosen = [term for term in found["overall"] if term.name == aggregation]
    if not chosen:
        raise DesignError(
            f"no effect after a start can be averaged by {aggregation}: no cohort is seen "
            "both before and after its start beside units that were not reached yet; "
            "'before_after' describes the change without a comparison"
        )
    first = replace(chosen[0], name="ATT")
    order = ("event", "overall", "group", "calendar", "cell")
    return {"headline": [first], **{kind: found[kind] for kind in order}}
