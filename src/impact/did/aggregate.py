"""From group-time effects to the numbers one reads: overall, by event time, by cohort."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from impact.did.adoption import Adoption
from impact.did.group_time import GroupTime
from impact.did.labels import times_since

__all__ = ["Term", "Window", "aggregate", "average"]


@dataclass(frozen=True, eq=False)
class Term:
    """A weighted mean of group-time effects, and how its influence is put together.

    Parameters
    ----------
    name : str
        ``2``: two periods after the start; ``group:2004``; ``calendar:2005``;
        ``ATT(2004,2005)``; ``simple``, ``group``, ``event``, ``calendar``: the four
        overall effects.
    estimand : str
        ``ATT``, ``ATT(e)``, ``ATT(g)``, ``ATT(t)`` or ``ATT(g,t)``.
    estimate : float
    cells : numpy.ndarray, shape (K,)
        Weight of each group-time effect.
    shares : numpy.ndarray, shape (C,)
        Weight of each cohort's membership: what not knowing the cohorts' true shares adds.
    """

    name: str
    estimand: str
    estimate: float
    cells: np.ndarray
    shares: np.ndarray


@dataclass(frozen=True, slots=True)
class Window:
    """Which event times are shown.

    Parameters
    ----------
    low, high : float
        First and last event time.
    balanced : float or None
        Only cohorts that are seen this long after their start count, so that every
        event time up to it rests on the same cohorts.
    """

    low: float = -np.inf
    high: float = np.inf
    balanced: float | None = None


@dataclass(frozen=True, eq=False)
class Shelf:
    """The group-time effects with what their weights need."""

    effects: GroupTime
    cohorts: np.ndarray
    mass: np.ndarray
    label: Callable[[float], str]

    @property
    def which(self) -> np.ndarray:
        """The place of each cell's cohort among the cohorts, shape (K,)."""
        return np.searchsorted(self.cohorts, self.effects.cohort)

    def mean(self, name: str, estimand: str, kept: np.ndarray) -> Term:
        """Average the kept cells, each weighing as much as its cohort."""
        effects, which = self.effects, self.which
        weight = self.mass[which] * kept
        total = weight.sum()
        estimate = float(weight @ effects.estimate / total)
        gap = kept * (effects.estimate - estimate) / total
        shares = np.bincount(which, gap, minlength=len(self.cohorts))
        return Term(name, estimand, estimate, weight / total, shares)


def aggregate(
    effects: GroupTime, data: Adoption, window: Window, label: Callable[[float], str]
) -> dict[str, list[Term]]:
    """Return all aggregations of group-time effects.

    Parameters
    ----------
    effects : GroupTime
    data : Adoption
        The units behind them.
    window : Window
        Limits the event times, and with them the overall effect ``event``.
    label : callable
        Turns a time into what a reader calls it.

    Returns
    -------
    dict of str to list of Term
        ``overall`` (simple, group, event, calendar, as far as there are effects after a
        start), ``event``, ``group``, ``calendar`` and ``cell``.

    Notes
    -----
    Callaway and Sant'Anna (2021), section 3. Only effects at or after the start enter
    an overall effect: periods of anticipation never do.
    """
    cohorts = np.unique(effects.cohort)
    mass = np.array([data.unit_weight[data.members(g)].sum() for g in cohorts])
    shelf = Shelf(effects, cohorts, mass, label)
    groups, event, calendar = _by_group(shelf), _by_event(shelf, window), _by_calendar(shelf)
    after = effects.time >= effects.cohort
    overall = []
    if after.any():
        overall = [shelf.mean("simple", "ATT", after), _overall_group(shelf, groups)]
        reached = [term for term in event if float(term.name) >= 0]
        if reached:
            overall.append(average("event", reached))
        overall.append(average("calendar", calendar))
    return {
        "overall": overall,
        "event": event,
        "group": [term for _, term in groups],
        "calendar": calendar,
        "cell": list(_cells(shelf)),
    }


def average(name: str, terms: Sequence[Term]) -> Term:
    """Return the plain mean of several terms."""
    return Term(
        name,
        "ATT",
        float(np.mean([term.estimate for term in terms])),
        np.mean([term.cells for term in terms], axis=0),
        np.mean([term.shares for term in terms], axis=0),
    )


def _by_group(shelf: Shelf) -> list[tuple[int, Term]]:
    """Average each cohort's effects since its start; returned with its cohort's place."""
    effects, terms = shelf.effects, []
    for at, cohort in enumerate(shelf.cohorts):
        kept = (effects.cohort == cohort) & (effects.time >= cohort)
        if kept.any():
            weight = kept / kept.sum()
            name = f"group:{shelf.label(cohort)}"
            estimate = float(weight @ effects.estimate)
            terms.append((at, Term(name, "ATT(g)", estimate, weight, np.zeros(len(shelf.mass)))))
    return terms


def _overall_group(shelf: Shelf, groups: Sequence[tuple[int, Term]]) -> Term:
    """Average the cohorts' effects by the cohorts' sizes."""
    mass = shelf.mass[[at for at, _ in groups]]
    weight = mass / mass.sum()
    estimates = np.array([term.estimate for _, term in groups])
    estimate = float(weight @ estimates)
    shares = np.zeros(len(shelf.mass))
    shares[[at for at, _ in groups]] = (estimates - estimate) / mass.sum()
    cells = weight @ np.array([term.cells for _, term in groups])
    return Term("group", "ATT", estimate, cells, shares)


def _by_event(shelf: Shelf, window: Window) -> list[Term]:
    """Average over cohorts at each time since the start."""
    effects = shelf.effects
    since = effects.time - effects.cohort
    kept = (since >= window.low) & (since <= window.high)
    if window.balanced is not None:
        span = effects.time.max() - effects.time.min()
        kept &= (since <= window.balanced) & (since >= window.balanced - span)
        kept &= np.isin(effects.cohort, _seen_until(effects, window.balanced))
    return [
        shelf.mean(times_since(e), "ATT(e)", kept & (since == e)) for e in np.unique(since[kept])
    ]


def _seen_until(effects: GroupTime, last: float) -> np.ndarray:
    """Return the cohorts that are seen at every event time from the start to the last."""
    since = effects.time - effects.cohort
    long = np.unique(effects.cohort[since >= last])
    due = np.unique(since[np.isin(effects.cohort, long) & (since >= 0) & (since <= last)])
    seen = [np.isin(due, since[effects.cohort == cohort]).all() for cohort in long]
    return np.asarray(long[np.array(seen, dtype=bool)])


def _by_calendar(shelf: Shelf) -> list[Term]:
    """Average over the cohorts reached so far in each period."""
    effects = shelf.effects
    after = effects.time >= effects.cohort
    return [
        shelf.mean(f"calendar:{shelf.label(t)}", "ATT(t)", after & (effects.time == t))
        for t in np.unique(effects.time[after])
    ]


def _cells(shelf: Shelf) -> Iterator[Term]:
    """Return every group-time effect as a term of its own."""
    effects, none = shelf.effects, np.zeros(len(shelf.mass))
    for at, row in enumerate(np.eye(len(effects.estimate))):
        name = f"ATT({shelf.label(effects.cohort[at])},{shelf.label(effects.time[at])})"
        yield Term(name, "ATT(g,t)", float(effects.estimate[at]), row, none)
