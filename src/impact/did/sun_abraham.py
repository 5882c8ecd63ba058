"""Staggered adoption in one regression: a coefficient for every cohort and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.cells import Comparison, planned_cells
from impact.did.group_time import group_time_effects
from impact.did.influence import influence_basis
from impact.did.labels import listed, time_label
from impact.did.plan import Plan, plan_of
from impact.did.read_adoption import read_adoption
from impact.did.reading import by_fit
from impact.did.result import Estimates, level_of, without_rounding
from impact.did.terms import by_error, early_test, smallest_group, term_rows
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.linear import fit
from impact.locale import N_
from impact.results import EffectResult, Sentence

__all__ = ["sun_abraham"]

UNLINKED = N_(
    "No effect is given for the cohorts first reached in %(period)s: they are not seen in "
    "their base period."
)


def sun_abraham(
    panel: Panel,
    *,
    outcome: str | None = None,
    covariates: Sequence[str] | None = None,
    anticipation: int | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Regress the outcome on cohort by period, with unit and period effects.

    Parameters
    ----------
    panel : Panel
        Staggered or with one start; balanced or not, weighted or not. Repeated
        cross-sections have effects of the cohort instead of the unit.
    outcome : str, optional
        Column; the first primary outcome unless said.
    covariates : sequence of str, optional
        The panel's unless said; one that never changes within a unit says nothing.
    anticipation : int, optional
        As the design says unless said.
    inference : str
        ``auto`` (the rule of `impact.did.choose`), ``classical hc1 hc2 hc3 cr1 cr2``,
        ``wild_bootstrap`` or ``none``. Where the rule takes a permutation, nothing is tested here.
    level : float, optional
        Of the intervals; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place`` or a column.

    Returns
    -------
    EffectResult
        ``ATT``, the mean over all treated rows; one term an event time; ``ATT(g,t)``.

    Raises
    ------
    DesignError
        Nobody is left to compare with.

    Notes
    -----
    Estimand: the average effect by time since the start, cohorts weighing as much as
    their rows. Identified by parallel trends with those never reached (where everybody
    is reached: with the last cohort, before its start) and no anticipation. Sun and
    Abraham (2021). The cohorts' shares count as known. Errors as in `twfe`; CR1 equals
    fixest's ``sunab``.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.sun_abraham(panel).plot()  # doctest: +SKIP
    """
    said, share = panel.outcome(outcome).column, level_of(panel, level)
    chosen = settled(panel, said, inference, cluster, share)
    ahead = panel.design.anticipation if anticipation is None else anticipation
    names = tuple(panel.covariates if covariates is None else covariates)
    data = read_adoption(
        panel, said, names, anticipation=ahead, cluster=chosen.over, last_compares=True
    )
    how = Comparison("never_treated", "regression", ahead, "universal")
    plan, lost = _planned(panel, data, how)
    steady = data.balanced and len(data.weight) == 1 and data.design.shape[1] == 1
    if panel.is_panel and steady and chosen.kind == "cr1":
        found = _by_means(data, how, plan, share)
    else:
        found = _by_regression(panel, data, plan, chosen, share, names)
    found = without_rounding(found, panel.values[said].to_numpy(dtype=float))
    why = chosen.reasons if chosen.declines else ()
    return EffectResult(
        term_rows(panel, (said, "sun_abraham"), data, found, plan.about(data), share),
        base=smallest_group(data),
        notes=(*why, *lost, *found.notes, *data.notes),
        vcov=found.vcov,
        details={
            "pre_test": early_test(found, plan, -ahead, _free(found, data)),
            "covariates": list(names),
            "clusters": chosen.over,
            **found.details,
        },
    )


def _free(found: Estimates, data: Adoption) -> float:
    """Return degrees of freedom of a joint test: with CR2 the fewest of any term."""
    if found.inference != "cr2":
        return data.n_clusters - 1
    return float(np.nanmin(found.details["dof"]))


def _planned(panel: Panel, data: Adoption, how: Comparison) -> tuple[Plan, tuple[Sentence, ...]]:
    """Plan the regression's cells and the means that are read."""
    size = data.mass()
    place = {float(g): at for at, g in enumerate(data.cohorts)}
    cells = [
        cell
        for cell in planned_cells(data, how)
        if cell.period != cell.base and size[place[cell.cohort], cell.period] > 0
    ]
    unlinked = sorted({c.cohort for c in cells if size[place[c.cohort], c.base] == 0})
    shown = np.array([cell.cohort not in unlinked for cell in cells], dtype=bool)
    mass = np.array([size[place[cell.cohort], cell.period] for cell in cells]) * shown
    plan = plan_of(panel, data, [(cell.cohort, cell.period) for cell in cells], mass)
    if not (mass * (plan.since >= 0)).any():
        raise DesignError(
            "sun_abraham finds no cohort that is seen in its base period and after its start; "
            "take callaway_santanna"
        )
    cohorts = listed([time_label(panel, cohort) for cohort in unlinked])
    return plan, (Sentence(UNLINKED, {"period": cohorts}),) if unlinked else ()


def _by_means(data: Adoption, how: Comparison, plan: Plan, level: float) -> Estimates:
    """Read the coefficients off the cohorts' means: on a balanced panel they are that."""
    effects = group_time_effects(data, how)
    place = {key: at for at, key in enumerate(zip(effects.cohort, effects.time, strict=True))}
    order = [place[key] for key in zip(plan.cohort, data.times[plan.period], strict=True)]
    gram = influence_basis(effects, data).gram[np.ix_(order, order)]
    count, rows = data.n_clusters, data.n_rows
    if count < 2:
        raise DesignError("cr1 needs two clusters or more; there is 1")
    factor = count / (count - 1) * (rows - 1) / (rows - len(plan.names) - len(data.times))
    weights = plan.contrasts
    vcov = weights @ gram @ weights.T * factor
    estimate = weights @ effects.estimate[order]
    return by_error(plan.terms, estimate, vcov, ("cr1", count - 1, count), level)


def _by_regression(
    panel: Panel,
    data: Adoption,
    plan: Plan,
    chosen: Inference,
    level: float,
    names: tuple[str, ...],
) -> Estimates:
    """Run the regression itself."""
    rows = data.rows()
    start = data.start[rows.unit]
    columns = [
        (start == g) & (rows.period == t) for g, t in zip(plan.cohort, plan.period, strict=True)
    ]
    inner = rows.unit if panel.is_panel else np.unique(start, return_inverse=True)[1]
    fitted = fit(
        rows.outcome,
        np.column_stack([*columns, rows.covariates]),
        weights=rows.weight if panel.weighted else None,
        absorb=(inner, rows.period),
        names=(*plan.names, *names),
    )
    lost = [name for name in plan.names if name in fitted.dropped]
    used = np.zeros((len(plan.terms), fitted.rank))
    for at, name in enumerate(plan.names):
        if name not in lost:
            used[:, fitted.position(name)] = plan.contrasts[:, at]
        elif plan.contrasts[:, at].any():
            raise DesignError(
                f"sun_abraham cannot tell {name} from the unit and period effects: too few "
                "units are seen in both of its periods; take callaway_santanna"
            )
    contrasts = dict(zip(plan.terms, used, strict=True))
    # A permutation tests one number; a regression has several.
    told = replace(chosen, kind="none") if chosen.kind == "permutation" else chosen
    clusters = data.cluster[rows.unit]
    return by_fit(fitted, contrasts, told, clusters, level=level, period=rows.period)
