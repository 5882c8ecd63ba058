"""Staggered adoption stack by stack: each cohort beside units that stay untreated long enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.labels import listed, time_label, times_since
from impact.did.read_adoption import read_adoption
from impact.did.result import PERFECT, Estimates, level_of, undecided, without_rounding
from impact.did.stacks import Means, shown_times, stack_means, stacks_of
from impact.did.terms import by_error, term_rows
from impact.did.uncertainty import settled
from impact.errors import DesignError
from impact.inference.clusters import cluster_sums
from impact.inference.wald import joint_test
from impact.results import EffectResult, Sentence

__all__ = ["stacked"]

TRIMMED = (
    "Cohorts first reached in %(cohorts)s are left out: they are not seen from %(first)s to "
    "%(last)s periods around their start, or nobody stays untreated that long."
)
SHOWN = "Every stack runs from %(first)s to %(last)s periods around the start."


def stacked(
    panel: Panel,
    *,
    outcome: str | None = None,
    window: tuple[int, int] | None = None,
    anticipation: int | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Stack cohorts with comparison units that stay untreated throughout, and compare means.

    Parameters
    ----------
    panel : Panel
        Staggered or with one start; the same units again, weighted or not. A unit enters
        a stack where it is seen in every period of its window. Covariates do not enter.
    outcome : str, optional
        Column; the first primary outcome unless said.
    window : (int, int), optional
        First and last time from the start (``(-3, 2)``); unless said the widest in
        which every cohort is seen.
    anticipation : int, optional
        As the design says unless said.
    inference : str
        ``auto`` or ``cr1``; ``none``: nothing is tested.
    level : float, optional
        Of the intervals; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place`` or a column.

    Returns
    -------
    EffectResult
        ``ATT``, the mean over the times from the start on; one term a time from the
        start, against the last one before it less anticipation.

    Raises
    ------
    DesignError
        Repeated cross-sections, or no stack has both sides.

    Notes
    -----
    Estimand: the average effect by time from the start, over the same cohorts at every
    time, cohorts weighing as much as their units. Identified by parallel trends between
    each cohort and the units that stay untreated through its window, and no
    anticipation. Wing, Freedman and Hollingsworth (2024): comparison rows are weighted
    so that each stack's comparison counts as much as its cohort. CR1 of the weighted
    regression on group, time and their products; a unit in several stacks is one.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.stacked(panel, window=(-3, 2)).plot()  # doctest: +SKIP
    """
    _refuse(panel, inference)
    said, share = panel.outcome(outcome).column, level_of(panel, level)
    chosen = settled(panel, said, inference, cluster, share)
    ahead = panel.design.anticipation if anticipation is None else anticipation
    data = read_adoption(panel, said, (), anticipation=ahead, cluster=chosen.over)
    since = shown_times(data, window, ahead)
    stacks, lost = stacks_of(data, since, ahead)
    if not stacks:
        raise DesignError(
            f"stacked finds no cohort that is seen from {since[0]} to {since[-1]} periods "
            "around its start beside units untreated that long; take a narrower window, or "
            "callaway_santanna"
        )
    base = int(np.flatnonzero(since == -1 - ahead)[0])
    found = _read(data, stack_means(data, stacks, base), since, base, (chosen.kind, share))
    found = without_rounding(found, panel.values[said].to_numpy(dtype=float))
    treated = sum(len(stack.units) for stack in stacks)
    why = chosen.reasons if chosen.declines else ()
    ends = {"first": times_since(since[0]), "last": times_since(since[-1])}
    notes = [Sentence(SHOWN, ends)]
    if lost:
        cohorts = listed([time_label(panel, cohort) for cohort in lost])
        notes.append(Sentence(TRIMMED, {"cohorts": cohorts, **ends}))
    about = [("ATT", treated), *(("ATT(e)", treated) for _ in found.terms[1:])]
    return EffectResult(
        term_rows(panel, (said, "stacked"), data, found, about, share),
        base=min(min(len(stack.units), len(stack.controls)) for stack in stacks),
        notes=(*why, *notes, *found.notes, *data.notes),
        vcov=found.vcov,
        details={"pre_test": _pre_test(found, -1 - ahead), "window": list(ends.values())},
    )


def _refuse(panel: Panel, inference: str) -> None:
    if not panel.is_panel:
        raise DesignError(
            "stacked needs the same units again; for repeated cross-sections take callaway_santanna"
        )
    if inference not in ("auto", "cr1", "cr2", "permutation", "none"):
        raise DesignError(
            f"inference '{inference}' is not available for stacked; it takes auto, cr1 or none"
        )


def _read(
    data: Adoption, means: Means, since: np.ndarray, base: int, how: tuple[str, float]
) -> Estimates:
    """Read the differences with CR1, a unit in several stacks being one."""
    shown = np.arange(len(since)) != base
    after = (since >= 0)[shown]
    contrasts = np.vstack([after / after.sum(), np.eye(int(shown.sum()))])
    terms = ("ATT", *(times_since(e) for e in since[shown]))
    value = contrasts @ means.estimate[shown]
    clusters = len(np.unique(data.cluster[means.units]))
    if how[0] in ("none", "permutation") or clusters < 2:
        return undecided(terms, value, clusters)
    free = means.rows - 2 * len(since)
    if not free:
        return replace(undecided(terms, value, clusters), notes=(PERFECT,))
    factor = clusters / (clusters - 1) * (means.rows - 1) / free
    sums = cluster_sums(means.influence[shown].T, data.cluster, data.n_clusters)
    vcov = contrasts @ (sums.T @ sums) @ contrasts.T * factor
    return by_error(terms, value, vcov, ("cr1", clusters - 1, clusters), how[1])


def _pre_test(found: Estimates, base: int) -> dict[str, float] | None:
    """Test that all terms before the base are zero."""
    early = [at for at, term in enumerate(found.terms) if term != "ATT" and float(term) < base]
    if not early or found.vcov is None:
        return None
    pick = np.ix_(early, early)
    test = joint_test(found.estimate[early], found.vcov[pick], found.n_clusters - 1)
    return {
        "statistic": test.statistic,
        "dof": test.restrictions,
        "p_value": test.p_value,
    }
