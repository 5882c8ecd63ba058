"""The pre-test of imputation: whether untreated rows move before the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.imputed import Imputed
from impact.inference.doubly_robust import RANK

__all__ = ["Leads", "leads"]


@dataclass(frozen=True, eq=False)
class Leads:
    """Coefficients of the times before the start, on untreated rows only.

    Parameters
    ----------
    since : numpy.ndarray, shape (E,)
        Times since the start.
    estimate : numpy.ndarray, shape (E,)
    influence : numpy.ndarray, shape (E, n)
        Influence of every unit in sum form, with the factor of CR1.
    """

    since: np.ndarray
    estimate: np.ndarray
    influence: np.ndarray


@dataclass(frozen=True, eq=False)
class Dummies:
    """Indicators of times before the start, as the untreated cells they stand in.

    Parameters
    ----------
    since : numpy.ndarray, shape (E,)
    cells : list of (int, slice, int)
        Which indicator, which units, which period.
    """

    since: np.ndarray
    cells: list[tuple[int, slice, int]]


def leads(found: Imputed) -> Leads | None:
    """Regress untreated rows on the times before the start, unit and period effects.

    Parameters
    ----------
    found : Imputed
        The fit without leads, which is all that is needed of the outcome.

    Returns
    -------
    Leads or None
        None where there is no time before the last untreated one.

    Notes
    -----
    Borusyak, Jaravel and Spiess (2024), equation 8. The reference is the last untreated
    time before the start.
    """
    dummies = _dummies(found)
    if not len(dummies.since):
        return None
    two_way, tilted = found.carried.effects, found.carried.tilted
    weight, gap = two_way.weight, found.carried.gap
    period = two_way.periods(_left_for_periods(found, dummies))
    gram = _gram(found, dummies, period)
    values = np.linalg.eigvalsh(gram / np.sqrt(np.outer(np.diag(gram), np.diag(gram))))
    if values[0] <= RANK * values[-1]:
        return None
    right = np.zeros(len(gram))
    for at, units, when in dummies.cells:
        right[at] += weight[when, units] @ gap[when, units]
    solved = np.linalg.solve(gram, right)
    count = len(dummies.since)
    moved = np.zeros_like(gap)
    for at, units, when in dummies.cells:
        moved[when, units] = solved[at]
    rest = gap - (moved - two_way.fitted(moved))
    if len(tilted):
        rest -= np.einsum("k,ktn->tn", solved[count:], tilted)
    rest *= weight
    scores = np.zeros((len(gram), weight.shape[1]))
    scores[:count] = -period.T @ rest
    for at, units, when in dummies.cells:
        scores[at, units] += rest[when, units]
    if len(tilted):
        scores[count:] = np.einsum("ktn,tn->kn", tilted, rest)
    influence = np.linalg.solve(gram, scores)[:count]
    return Leads(dummies.since, solved[:count], influence * np.sqrt(_factor(found, len(gram))))


def _dummies(found: Imputed) -> Dummies:
    """Find the untreated cells of every time before the start but the last."""
    data, weight = found.data, found.carried.effects.weight
    places = [
        (float(data.times[when] - cohort), data.members(cohort), int(when))
        for cohort in data.cohorts
        for when in np.flatnonzero(weight[:, data.members(cohort)].any(axis=1))
    ]
    since = np.unique([e for e, _, _ in places])[:-1]
    cells = [
        (int(np.searchsorted(since, e)), units, when) for e, units, when in places if e in since
    ]
    return Dummies(since, cells)


def _left_for_periods(found: Imputed, dummies: Dummies) -> np.ndarray:
    """Return the indicators' sums by period once units are taken out, shape (T, E)."""
    two_way = found.carried.effects
    left = np.zeros((len(two_way.weight), len(dummies.since)))
    for at, units, when in dummies.cells:
        left[when, at] += two_way.weight[when, units].sum()
        left[:, at] -= two_way.weight[:, units] @ two_way.shares[when, units]
    return left


def _gram(found: Imputed, dummies: Dummies, period: np.ndarray) -> np.ndarray:
    """Return the cross product of indicators and covariates without the effects."""
    two_way, tilted = found.carried.effects, found.carried.tilted
    count = len(dummies.since)
    gram = np.zeros((count + len(tilted), count + len(tilted)))
    for at, units, when in dummies.cells:
        weight = two_way.weight[when, units]
        # What unit effects take: the unit's own mean of each indicator less its periods'.
        mean = -(period.T @ two_way.shares[:, units])
        for other, others, then in dummies.cells:
            if others == units:
                mean[other] += two_way.shares[then, units]
        gram[at, :count] -= mean @ weight + period[when] * weight.sum()
        gram[at, at] += weight.sum()
        gram[at, count:] = gram[at, count:] + tilted[:, when, units] @ weight
    gram[count:, :count] = gram[:count, count:].T
    if len(tilted):
        flat = tilted.reshape(len(tilted), -1)
        gram[count:, count:] = (flat * two_way.weight.ravel()) @ flat.T
    return (gram + gram.T) / 2


def _factor(found: Imputed, columns: int) -> float:
    """Return CR1's factor; unit effects are nested in the clusters and not counted."""
    weight = found.carried.effects.weight
    held = found.data.cluster[weight.any(axis=0)]
    clusters = int(np.count_nonzero(np.bincount(held)))
    rows = int((weight > 0).sum())
    used = columns + int(weight.any(axis=1).sum())
    if clusters < 2 or rows <= used:
        return float("nan")
    return clusters / (clusters - 1) * (rows - 1) / (rows - used)
