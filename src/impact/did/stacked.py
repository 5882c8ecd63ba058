"""Staggered adoption stack by stack: each cohort beside units that stay untreated long enough."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.carried_by import FEWER, too_few
from impact.did.courses import stacked_courses
from impact.did.labels import listed, time_label, times_since
from impact.did.pre_periods import Lead, small_sample
from impact.did.read_adoption import read_adoption
from impact.did.result import PERFECT, Estimates, level_of, undecided, without_rounding
from impact.did.stacks import Means, Stack, shown_times, stack_means, stacks_of
from impact.did.terms import by_error, term_rows
from impact.did.uncertainty import settled
from impact.did.within_cohorts import FewClusters, few_clusters
from impact.errors import DesignError
from impact.inference.clusters import cluster_sums
from impact.inference.wald import joint_test
from impact.locale import N_
from impact.results import EffectResult, Sentence

__all__ = ["stacked"]

TRIMMED = N_(
    "Cohorts first reached in %(period)s are left out: they are not seen from %(first)s to "
    "%(last)s periods around their start, or nobody stays untreated that long."
)
SHOWN = N_("Every stack runs from %(first)s to %(last)s periods around the start.")


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
        ``auto`` (the rule of `impact.did.choose`); ``cr1``; ``cr2``: within cohorts, for
        few clusters (`impact.did.within_cohorts`); ``none``: nothing is tested.
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
    stacked_up = _Stacked(data, stacks, stack_means(data, stacks, base), since, base)
    found = _read(stacked_up, chosen.kind, share)
    found = without_rounding(found, panel.values[said].to_numpy(dtype=float))
    treated = sum(len(stack.units) for stack in stacks)
    why = chosen.reasons if chosen.declines else ()
    ends = {"first": times_since(since[0]), "last": times_since(since[-1])}
    gone = listed([time_label(panel, cohort) for cohort in lost])
    trimmed = (Sentence(TRIMMED, {"period": gone, **ends}),) if lost else ()
    notes = (Sentence(SHOWN, ends), *trimmed)
    about = [("ATT", treated), *(("ATT(e)", treated) for _ in found.terms[1:])]
    return EffectResult(
        term_rows(panel, (said, "stacked"), data, found, about, share),
        base=min(min(len(stack.units), len(stack.controls)) for stack in stacks),
        notes=(*why, *notes, *found.notes, *data.notes),
        vcov=found.vcov,
        details={
            "pre_test": _pre_test(found, stacked_up),
            "window": list(ends.values()),
            "clusters": chosen.over,
            **found.details,
        },
    )


def _refuse(panel: Panel, inference: str) -> None:
    if not panel.is_panel:
        raise DesignError(
            "stacked needs the same units again; for repeated cross-sections take callaway_santanna"
        )
    if inference not in ("auto", "cr1", "cr2", "permutation", "none"):
        raise DesignError(
            f"inference '{inference}' is not available for stacked; it takes auto, cr1, cr2 or none"
        )


@dataclass(frozen=True, eq=False)
class _Stacked:
    """The stacks with their means, by time from the start; ``base`` is the place of the base."""

    data: Adoption
    stacks: list[Stack]
    means: Means
    since: np.ndarray
    base: int

    @property
    def shown(self) -> np.ndarray:
        """The times that have a term, shape (E,), as truth values."""
        shown: np.ndarray = np.arange(len(self.since)) != self.base
        return shown

    @property
    def contrasts(self) -> np.ndarray:
        """The overall effect and each time, as weights of the shown times."""
        after = (self.since >= 0)[self.shown]
        return np.vstack([after / after.sum(), np.eye(len(after))])

    @cached_property
    def clusters(self) -> np.ndarray:
        """The codes of the clusters that have units in a stack."""
        codes: np.ndarray = np.unique(self.data.cluster[self.means.units])
        return codes

    @cached_property
    def sums(self) -> np.ndarray:
        """The influence of every such cluster on the shown times, shape (E, G)."""
        data = self.data
        sums = cluster_sums(self.means.influence[self.shown].T, data.cluster, data.n_clusters)
        kept: np.ndarray = sums[self.clusters].T
        return kept

    @property
    def short(self) -> bool:
        """Whether the terms rest on fewer than three clusters on a side."""
        cluster = self.data.cluster
        compared = [len(np.unique(cluster[stack.controls])) for stack in self.stacks]
        mass = np.array([[self.data.unit_weight[stack.units].sum() for stack in self.stacks]])
        cohort = np.array([stack.cohort for stack in self.stacks])
        return bool(too_few(self.data, cohort, np.array(compared), mass)[0])

    def few(self, contrasts: np.ndarray, level: float) -> FewClusters:
        """Return how to read few clusters' influences on sums of the shown times."""
        data, units = self.data, self.means.units
        courses = stacked_courses(data, self.stacks, self.base)[self.shown]
        courses = courses[:, np.isin(np.unique(data.start), data.start[units])]
        entered = replace(
            data,
            start=data.start[units],
            unit_weight=data.unit_weight[units],
            cluster=np.searchsorted(self.clusters, data.cluster[units]),
        )
        return few_clusters(entered, np.einsum("me,ect->mct", contrasts, courses), level=level)


def _read(found: _Stacked, kind: str, level: float) -> Estimates:
    """Read the differences, a unit in several stacks being one."""
    means, contrasts, since = found.means, found.contrasts, found.since
    terms = ("ATT", *(times_since(e) for e in since[found.shown]))
    value = contrasts @ means.estimate[found.shown]
    clusters = len(found.clusters)
    if kind in ("none", "permutation") or clusters < 2:
        return undecided(terms, value, clusters)
    free = means.rows - 2 * len(since)
    if not free:
        return replace(undecided(terms, value, clusters), notes=(PERFECT,))
    if kind == "cr2":
        return _few(found, terms, value, level)
    factor = clusters / (clusters - 1) * (means.rows - 1) / free
    vcov = contrasts @ (found.sums @ found.sums.T) @ contrasts.T * factor
    return by_error(terms, value, vcov, ("cr1", clusters - 1, clusters), level)


def _few(found: _Stacked, terms: tuple[str, ...], value: np.ndarray, level: float) -> Estimates:
    """Read the differences by CR2 within cohorts."""
    vcov, dof = found.few(found.contrasts, level).errors(found.contrasts @ found.sums)
    clusters = len(found.clusters)
    untested = np.full(len(terms), found.short)
    read = by_error(terms, value, vcov, ("cr2", dof, clusters), level, untested=untested)
    notes = (Sentence(FEWER, {"terms": listed(list(terms))}),) if found.short else ()
    return replace(read, notes=(*read.notes, *notes), details={"dof": dof.tolist()})


def _pre_test(read: Estimates, found: _Stacked) -> dict[str, Any] | None:
    """Test that all terms before the base are zero: as published, and with few clusters."""
    times = found.since[found.shown]
    early = np.flatnonzero(times < found.since[found.base])
    if not len(early) or read.vcov is None:
        return None
    pick = np.ix_(early + 1, early + 1)
    test = joint_test(read.estimate[early + 1], read.vcov[pick], read.n_clusters - 1)
    values = found.means.estimate[found.shown][early]
    leads = [
        Lead(times_since(times[at]), float(value), not found.short)
        for at, value in zip(early, values, strict=True)
    ]
    few = found.few(np.eye(len(times))[early], 0.95)
    return {
        "statistic": test.statistic,
        "dof": test.restrictions,
        "p_value": test.p_value,
        **small_sample(leads, found.sums[early], few),
    }
