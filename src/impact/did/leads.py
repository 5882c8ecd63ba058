"""The pre-test of imputation: whether untreated rows move before the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.imputed import Imputed
from impact.did.influence import Influence
from impact.inference.propensity import RANK

__all__ = ["Leads", "leads"]


@dataclass(frozen=True, eq=False)
class Leads:
    """Coefficients of the times before the start, on untreated rows only.

    Parameters
    ----------
    since : numpy.ndarray, shape (E,)
        Times since the start.
    estimate : numpy.ndarray, shape (E,)
    influence : Influence
        Of every unit on the E coefficients, with the root of the factor of CR1.
    factor : float
        Of CR1.
    """

    since: np.ndarray
    estimate: np.ndarray
    influence: Influence
    factor: float


@dataclass(frozen=True, eq=False)
class Normal:
    """The normal equations of E indicators of times before the start, and c covariates.

    Parameters
    ----------
    since : numpy.ndarray, shape (E,)
    times : numpy.ndarray, shape (T,)
    period : numpy.ndarray, shape (T, E)
        Period effects that fit every indicator.
    gram : numpy.ndarray, shape (E + c, E + c)
    right : numpy.ndarray, shape (E + c,)
    """

    since: np.ndarray
    times: np.ndarray
    period: np.ndarray
    gram: np.ndarray
    right: np.ndarray

    def left(self, start: float) -> np.ndarray:
        """Return the indicators of a unit's periods less their period effects, (T, E)."""
        left: np.ndarray = _indicators(self.times, start, self.since) - self.period
        return left


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
    since = _times_before(found)
    if not len(since):
        return None
    normal = _normal(found, since)
    gram, count = normal.gram, len(since)
    if np.diag(gram)[:count].min() <= RANK * float(found.carried.effects.weight.sum()):
        return None
    values = np.linalg.eigvalsh(gram / np.sqrt(np.outer(np.diag(gram), np.diag(gram))))
    if values[0] <= RANK * values[-1]:
        return None
    solved = np.linalg.solve(gram, normal.right)
    factor = _factor(found, len(gram))
    pull = np.linalg.inv(gram)[:count] * np.sqrt(factor)

    def of(units: slice) -> tuple[np.ndarray, np.ndarray]:
        return np.arange(count), pull @ _scores(found, normal, solved, units)

    return Leads(since, solved[:count], Influence(found.data, count, of), factor)


def _times_before(found: Imputed) -> np.ndarray:
    """Return the times from the start at which some are seen untreated, but the last."""
    data, seen = found.data, {np.inf}
    for units in data.stretches(len(data.times)):
        held = found.carried.effects.weight[:, units].any(axis=1)
        seen.update((data.times[held] - data.start[units.start]).tolist())
    return np.sort([e for e in seen if np.isfinite(e)])[:-1]


def _indicators(times: np.ndarray, start: float, since: np.ndarray) -> np.ndarray:
    """Tell which periods of a unit are so far from its start, shape (T, E)."""
    return np.asarray(np.equal.outer(times - start, since), dtype=float)


def _normal(found: Imputed, since: np.ndarray) -> Normal:
    """Add up the normal equations, unit and period effects taken out."""
    data, two_way, tilted = found.data, found.carried.effects, found.carried.tilted
    periods, count = len(data.times), len(since)
    gram = np.zeros((count + len(tilted), count + len(tilted)))
    right, by_period = np.zeros(len(gram)), np.zeros((periods, count))
    for units in data.stretches((3 + 2 * len(tilted)) * periods):
        weight, leans = two_way.weight[:, units], tilted[:, :, units]
        lead = _indicators(data.times, data.start[units.start], since)
        left = two_way.equations(units) @ lead
        by_period += left
        gram[:count, :count] += lead.T @ left
        gram[:count, count:] += lead.T @ (leans * weight).sum(axis=2).T
        gram[count:, count:] += np.einsum("ktn,ltn,tn->kl", leans, leans, weight)
        right[:count] += lead.T @ (weight * found.carried.gap[:, units]).sum(axis=1)
    period = two_way.periods(by_period)
    gram[:count, :count] -= by_period.T @ period
    gram[count:, :count] = gram[:count, count:].T
    return Normal(since, data.times, period, (gram + gram.T) / 2, right)


def _scores(found: Imputed, normal: Normal, solved: np.ndarray, units: slice) -> np.ndarray:
    """Return the scores of some units of one cohort, shape (E + c, units)."""
    carried, count = found.carried, len(normal.since)
    lead, leans = normal.left(found.data.start[units.start]), carried.tilted[:, :, units]
    course = lead @ solved[:count]
    rest = carried.gap[:, units] - course[:, None]
    rest += course @ carried.effects.shares(units)
    rest -= np.einsum("k,ktn->tn", solved[count:], leans)
    rest *= carried.effects.weight[:, units]
    return np.vstack([lead.T @ rest, np.einsum("ktn,tn->kn", leans, rest)])


def _factor(found: Imputed, columns: int) -> float:
    """Return CR1's factor; unit effects are nested in the clusters and not counted."""
    weight = found.carried.effects.weight
    rows, seen = 0, np.zeros(weight.shape[1], dtype=bool)
    periods = np.zeros(len(weight), dtype=bool)
    for units in found.data.stretches(len(weight)):
        held = weight[:, units] > 0
        rows += int(np.count_nonzero(held))
        seen[units], periods = held.any(axis=0), periods | held.any(axis=1)
    clusters = int(np.count_nonzero(np.bincount(found.data.cluster[seen])))
    used = columns + int(periods.sum())
    if clusters < 2 or rows <= used:
        return float("nan")
    return clusters / (clusters - 1) * (rows - 1) / (rows - used)
