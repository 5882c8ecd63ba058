"""Pre-tests and bands of staggered pilots, many draws at once.

One person a place, normal errors. As in `calibration.roll_out`, the estimates and every
cluster's influence are fixed sums of the outcomes, read off the package once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from calibration.roll_out import HOW
from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.aggregate import Window, aggregate
from impact.did.carried_by import clusters_among, too_few
from impact.did.courses import group_time_courses
from impact.did.group_time import group_time_effects
from impact.did.group_time_tests import Cells, leads_of
from impact.did.influence import influence_basis
from impact.did.pre_periods import Lead, small_sample
from impact.did.read_adoption import read_adoption
from impact.did.within_cohorts import FewClusters, few_clusters
from impact.inference.uniform import uniform_criticals

__all__ = ["STARTS", "EventTimes", "Held", "errors", "held", "read_off_times"]

LEVEL = 0.05

# By name: when each place starts, 0 for never, and how many periods there are.
STARTS: dict[str, tuple[tuple[int, ...], int]] = {
    "3+3+6": ((3,) * 3 + (4,) * 3 + (0,) * 6, 6),
    "4+3+3+10": ((3,) * 4 + (4,) * 3 + (5,) * 3 + (0,) * 10, 6),
    "4×3+12, 8 periods": ((4, 5, 6, 7) * 3 + (0,) * 12, 8),
    "2×6+12, 8 periods": ((4, 6) * 6 + (0,) * 12, 8),
    "5×2+10, 8 periods": ((3, 4, 5, 6, 7) * 2 + (0,) * 10, 8),
    "10×1+10, 12 periods": (tuple(range(2, 12)) + (0,) * 10, 12),
    "2+1+30, 8 periods": ((4, 4, 5) + (0,) * 30, 8),
    "5+5+2, all reached": ((3,) * 5 + (4,) * 5 + (5,) * 2, 8),
    "5+5+5+5, all reached": ((3, 4, 5, 6) * 5, 6),
    "6×10 people+60, 9 periods": ((3, 4, 5, 6, 7, 8) * 10 + (0,) * 60, 9),
}


@dataclass(frozen=True, eq=False)
class EventTimes:
    """How terms and leads are made of G places in T periods.

    Parameters
    ----------
    names : tuple of str
        Of the m terms; the E leads of the pre-test follow them.
    estimate : numpy.ndarray, shape (m + E, G, T)
    influence : numpy.ndarray, shape (m + E, G, T, G)
    few : tuple of FewClusters
        Of the terms, and of the leads.
    short : numpy.ndarray of bool, shape (m + E,)
        Those that rest on fewer than three places on a side.
    """

    names: tuple[str, ...]
    estimate: np.ndarray
    influence: np.ndarray
    few: tuple[FewClusters, FewClusters]
    short: np.ndarray


@dataclass(frozen=True)
class Held:
    """Shares of draws without any effect.

    Parameters
    ----------
    pre_test : float
        In which the pre-test finds a difference; not a number where nothing can be tested.
    worst : float
        In which the row with the most false rejections is rejected.
    covered : float
        In which the band over event times holds zero at all of them.
    """

    pre_test: float
    worst: float
    covered: float


def errors(shape: tuple[int, int, int], *, serial: float, seed: int) -> np.ndarray:
    """Draw outcomes without effects, shape (R, G, T): places of their own, then AR(1)."""
    rng = np.random.default_rng(seed)
    drawn = rng.normal(size=shape)
    for t in range(1, shape[2]):
        drawn[..., t] = serial * drawn[..., t - 1] + np.sqrt(1 - serial**2) * drawn[..., t]
    return drawn + rng.normal(size=(*shape[:2], 1))


def read_off_times(starts: Sequence[int], periods: int) -> EventTimes:
    """Read estimates and influences off the package, place by place and period by period."""
    count = len(starts)
    frame = pd.DataFrame(
        {
            "unit": np.repeat([f"u{at:04d}" for at in range(count)], periods),
            "period": np.tile(np.arange(1, periods + 1), count),
            "first": np.repeat(starts, periods),
            "y": errors((1, count, periods), serial=0.0, seed=0).ravel(),
        }
    )
    panel = Panel.from_frame(
        frame, unit="unit", period="period", outcomes=["y"], first_treated="first"
    )
    data = read_adoption(panel, "y", ())
    names, few, short = _described(data)
    shape = (len(short), count, periods)
    estimate, influence = np.zeros(shape), np.zeros((*shape, count))
    for place in range(count):
        for period in range(periods):
            outcome = np.zeros_like(data.outcome)
            outcome[period, data.cluster == place] = 1.0
            estimate[:, place, period], influence[:, place, period] = _terms(
                replace(data, outcome=outcome)
            )
    return EventTimes(names, estimate, influence, few, short)


def _cells(data: Adoption) -> Cells:
    effects = group_time_effects(data, HOW)
    compared = clusters_among(data, effects.cohort, effects.controls)
    return Cells(data, effects, HOW, influence_basis(effects, data), compared)


def _described(data: Adoption) -> tuple[tuple[str, ...], tuple[FewClusters, ...], np.ndarray]:
    cells = _cells(data)
    found = aggregate(cells.effects, data, Window(), lambda time: f"{time:g}")
    terms = [term for kind in ("event", "overall", "group", "calendar") for term in found[kind]]
    weights = np.array([term.cells for term in terms])
    few = few_clusters(data, group_time_courses(data, cells.effects, HOW, weights))
    short = too_few(data, cells.effects.cohort, cells.compared, weights)
    leads = leads_of(cells, cells.effects.time < cells.effects.cohort)
    earlier = np.array([term.cells for term in leads])
    few_leads = few_clusters(data, group_time_courses(data, cells.effects, HOW, earlier))
    short_leads = too_few(data, cells.effects.cohort, cells.compared, earlier)
    names = tuple(term.name for term in terms)
    return names, (few, few_leads), np.concatenate([short, short_leads])


def _terms(data: Adoption) -> tuple[np.ndarray, np.ndarray]:
    cells = _cells(data)
    found = aggregate(cells.effects, data, Window(), lambda time: f"{time:g}")
    terms = [term for kind in ("event", "overall", "group", "calendar") for term in found[kind]]
    terms += leads_of(cells, cells.effects.time < cells.effects.cohort)
    return np.array([term.estimate for term in terms]), cells.basis.influence(terms)


def held(found: EventTimes, outcomes: np.ndarray, *, bands: int) -> Held:
    """Return the shares of draws, shape (R, G, T), that hold; ``bands`` of them for the bands."""
    flat = outcomes.reshape(len(outcomes), -1)
    size, count = len(found.short), outcomes.shape[1]
    estimate = flat @ found.estimate.reshape(size, -1).T
    influence = np.stack([flat @ one.reshape(-1, count) for one in found.influence], axis=1)
    m = len(found.names)
    rejected, covered = [], []
    for at, (values, by_place) in enumerate(zip(estimate, influence, strict=True)):
        vcov, dof = found.few[0].errors(by_place[:m])
        error = np.sqrt(np.diag(vcov))
        tested = ~found.short[:m] & (error > 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            chance = 2 * special.stdtr(dof, -np.abs(values[:m] / error))
        rejected.append(np.where(tested, chance <= LEVEL, np.nan))
        if at < bands:
            shown = np.array([_is_time(name) for name in found.names]) & tested
            wide = uniform_criticals(vcov[np.ix_(shown, shown)], dof[shown], seed=at)
            covered.append((np.abs(values[:m][shown]) <= wide * error[shown]).all())
    rows = np.array(rejected)
    within = float(np.mean(covered)) if covered else float("nan")
    rates = rows[:, np.isfinite(rows).all(axis=0)].mean(axis=0)
    return Held(_pre_tests(found, estimate[:, m:], influence[:, m:]), rates.max(), within)


def _pre_tests(found: EventTimes, estimate: np.ndarray, influence: np.ndarray) -> float:
    short = found.short[len(found.names) :]
    chances = []
    for values, by_place in zip(estimate, influence, strict=True):
        leads = [Lead("", float(v), not no) for v, no in zip(values, short, strict=True)]
        chances.append(small_sample(leads, by_place, found.few[1])["p_value_small_sample"])
    tested = np.array(chances)[np.isfinite(chances)]
    return float((tested <= LEVEL).mean()) if len(tested) else float("nan")


def _is_time(name: str) -> bool:
    return name.lstrip("-").isdigit()
