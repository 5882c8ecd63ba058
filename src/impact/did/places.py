"""A panel as places by periods: what synthetic comparisons are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.left_out import left_out, periods_ahead
from impact.did.observed import Observed, cluster_codes, observe
from impact.did.place_needs import (
    need_equal_weight,
    need_every_cell,
    need_panel,
    one_start,
)
from impact.did.uncertainty import inference_for
from impact.errors import DesignError
from impact.locale import N_
from impact.results import Sentence

__all__ = ["Cohort", "Places", "read_places"]

FEWEST_BEFORE = 2
FEWEST_COMPARED = 2
EARLY = Sentence(
    "%(n)s unit is left out: its course before the start is too short to weight others by "
    "(periods needed: %(few)s).",
    many="%(n)s units are left out: their course before the start is too short to weight others "
    "by (periods needed: %(few)s).",
)
LATE = Sentence(
    "%(n)s unit that starts after the last period is left out, since the pilot may have been "
    "anticipated.",
    many="%(n)s units that start after the last period are left out, since the pilot may have "
    "been anticipated.",
)


@dataclass(frozen=True, eq=False)
class Cohort:
    """Places that start together.

    Parameters
    ----------
    start : float
        First treated time.
    rows : numpy.ndarray of int
        Which places.
    before, after : slice
        Periods before the start (and before it could be anticipated), and from it on.
    """

    start: float
    rows: np.ndarray
    before: slice
    after: slice

    @property
    def n_after(self) -> int:
        """How many periods are treated."""
        return int(self.after.stop - self.after.start)


@dataclass(frozen=True, eq=False)
class Places:
    """Mean outcomes of N places in T periods.

    Parameters
    ----------
    seen : Observed
        The rows behind them.
    y : numpy.ndarray, shape (N, T)
        Less ``course``, on which no synthetic comparison depends: its weights sum to one.
    course : numpy.ndarray, shape (T,)
        The mean of the comparison places in each period.
    times : numpy.ndarray, shape (T,)
    cohorts : tuple of Cohort
    compared : numpy.ndarray of int, shape (n,)
        Which places are never treated in these periods.
    sizes : numpy.ndarray of int, shape (N,)
        Units in each place.
    names : tuple of str
        What the places are called; empty where a place may be a person.
    over : str
        What a place is: ``place``, ``assignment`` or ``unit``.
    notes : tuple of Sentence
    """

    seen: Observed
    y: np.ndarray
    course: np.ndarray
    times: np.ndarray
    cohorts: tuple[Cohort, ...]
    compared: np.ndarray
    sizes: np.ndarray
    names: tuple[str, ...]
    over: str
    notes: tuple[Sentence, ...]

    @cached_property
    def treated(self) -> np.ndarray:
        """Which places are treated, by cohort."""
        return np.concatenate([cohort.rows for cohort in self.cohorts])

    @property
    def shares(self) -> np.ndarray:
        """Share of each cohort in all treated places and periods, shape (C,)."""
        sizes = np.array([len(one.rows) * one.n_after for one in self.cohorts], dtype=float)
        shares: np.ndarray = sizes / sizes.sum()
        return shares


def read_places(panel: Panel, outcome: str | None, method: str) -> Places:
    """Lay a panel out as places by periods.

    Parameters
    ----------
    panel : Panel
        One or several starts; every unit is seen in every period.
    outcome : str, optional
        Column; the first primary outcome unless said.
    method : str
        Named in the errors.

    Raises
    ------
    DesignError
        Repeated cross-sections, covariates, an unbalanced panel, nobody to compare with,
        or too few periods before the start; the text names a method that does.
    """
    said = panel.outcome(outcome).column
    need_panel(panel, method)
    over = _level(panel, said)
    seen = observe(panel, said, covariates=False)
    codes = np.unique(cluster_codes(panel, over)[seen.rows], return_inverse=True)[1]
    need_every_cell(panel, seen.rows, method)
    count = int(codes.max()) + 1
    present = np.unique(seen.period)
    period = np.searchsorted(present, seen.period)
    weight, total = seen.weights, (count, len(present))
    cell = codes * len(present) + period
    mass = np.bincount(cell, weight, count * len(present)).reshape(total)
    y = np.bincount(cell, weight * seen.y, mass.size).reshape(total) / mass
    first = np.unique(codes, return_index=True)[1]
    sizes = np.bincount(codes[np.unique(seen.unit, return_index=True)[1]], minlength=count)
    need_equal_weight(panel, sizes, method)
    start = one_start(seen.start, codes, first, method)
    times = panel.times[present]
    cohorts, compared, notes = _cohorts(panel, start, times, sizes, method)
    course = y[compared].mean(axis=0)
    names = _names(panel, over, seen.rows[first], sizes)
    notes = (*notes, *_means(sizes))
    return Places(seen, y - course, course, times, cohorts, compared, sizes, names, over, notes)


def _level(panel: Panel, outcome: str) -> str:
    """Return what a place is: the level over which the rule for the inference counts."""
    if panel.design.kind == "before_after" or panel.treated.all():
        return "assignment"
    over = inference_for(panel, outcome).over
    return "assignment" if over == "unit" else over


def _cohorts(
    panel: Panel, start: np.ndarray, times: np.ndarray, sizes: np.ndarray, method: str
) -> tuple[tuple[Cohort, ...], np.ndarray, tuple[Sentence, ...]]:
    ahead = panel.design.anticipation
    first = np.searchsorted(times, start)
    never = ~np.isfinite(start) | ((first == len(times)) & (ahead == 0))
    late = ~never & (first == len(times))
    early = ~never & ~late & (first - ahead < FEWEST_BEFORE)
    if never.sum() < FEWEST_COMPARED:
        raise DesignError(
            f"{method} needs two or more places that are never treated; there are "
            f"{int(never.sum())}: take callaway_santanna where starts differ, did where one "
            "place is compared with one, before_after where all are treated"
        )
    notes = []
    for some, text in ((early, EARLY), (late, LATE)):
        if some.any():
            few = {"few": FEWEST_BEFORE + ahead} if text is EARLY else {}
            notes.append(left_out(text, int(sizes[some].sum()), **few))
    kept = np.flatnonzero(~never & ~late & ~early)
    if not len(kept):
        raise DesignError(
            f"{method} weights places by their course before the start and needs at least "
            f"{FEWEST_BEFORE} periods before it and one after it; no treated place has them: "
            "take did"
        )
    if ahead:
        notes.append(periods_ahead(ahead))
    cohorts = []
    for time in np.unique(start[kept]):
        rows = kept[start[kept] == time]
        at = int(first[rows[0]])
        cohorts.append(Cohort(float(time), rows, slice(0, at - ahead), slice(at, len(times))))
    return tuple(cohorts), np.flatnonzero(never), tuple(notes)


def _names(panel: Panel, over: str, rows: np.ndarray, sizes: np.ndarray) -> tuple[str, ...]:
    """Return the places' names, but nothing that could be the name of a person."""
    labels: Sequence[object] | pd.Index
    if over == "place":
        labels = panel.places[panel.place[rows]]
    elif (sizes > 1).all():
        labels = panel.clusters[panel.cluster[rows]]
    else:
        return ()
    return tuple(str(label) for label in labels)


def _means(sizes: np.ndarray) -> tuple[Sentence, ...]:
    if (sizes == 1).all():
        return ()
    said = N_(
        "The units of a place are taken together: a place's course is the mean of its units, "
        "and every treated place counts alike."
    )
    return (Sentence(said),)
