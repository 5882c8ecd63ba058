"""Whether the groups differ at the baseline by more than chance, all characteristics at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from impact.data.panel import Panel
from impact.inference.absorb import compact
from impact.inference.clusters import effective_number
from impact.inference.permutation import assignments
from impact.results.text import Sentence

__all__ = ["JointBalance", "Side", "assigned", "joint_balance"]

ENOUGH = 100
"""Units of assignment of equal size that each group must be worth for a Wald test."""
AT_ONCE = 20_000_000
"""Entries of a matrix of choices that are held in memory."""
LEVEL = 0.05
NOTHING = 1e-10
WALD = Sentence(
    "All together: a joint test that none of these averages differs (Wald test over the units of "
    "assignment, each group with its own spread). A large p-value does not show that they are "
    "alike."
)
PERMUTED = Sentence(
    "All together: a joint test that none of these averages differs. The units of assignment are "
    "few, so it deals the pilot to other choices of as many of them and counts those whose "
    "averages lie as far apart. A large p-value does not show that they are alike."
)
TOO_FEW = Sentence(
    "There is no valid joint test of these differences: the units of assignment are so few that no "
    "p-value under 0.05 could be reached."
)
MIXED = Sentence(
    "There is no valid joint test of these differences: the units of assignment are few, and some "
    "of them have people in both groups."
)
APART = Sentence(
    "There is no joint test of these differences: in one of them everybody in a group is the same, "
    "and the groups differ."
)


@dataclass(frozen=True)
class Side:
    """The rows that are compared.

    Parameters
    ----------
    values : numpy.ndarray of float, shape (n, K)
        Characteristics; NaN where not known.
    treated : numpy.ndarray of bool, shape (n,)
    cluster : numpy.ndarray of int, shape (n,)
        Unit of assignment.
    weight : numpy.ndarray of float, shape (n,)
    """

    values: np.ndarray
    treated: np.ndarray
    cluster: np.ndarray
    weight: np.ndarray


@dataclass(frozen=True)
class JointBalance:
    """A joint test that no characteristic differs in the mean.

    Parameters
    ----------
    kind : str
        ``wald``, ``permutation``, or ``none`` where no test is valid.
    statistic : float
        F of the Wald test; the squared Mahalanobis distance of a permutation.
    restrictions : int
        Characteristics that are tested, linear combinations of others left out.
    dof : float
        Of the denominator of F; not a number otherwise.
    p_value : float
        Not a number where nothing is valid.
    said : Sentence
        What was done, or why nothing was.
    """

    kind: str
    statistic: float
    restrictions: int
    dof: float
    p_value: float
    said: Sentence


def joint_balance(rows: Side, *, replications: int = 999, seed: int = 0) -> JointBalance:
    r"""Test that the two groups have the same mean of every characteristic.

    With enough units of assignment on either side (each side worth 100 of equal size, and
    degrees of freedom left), a Wald test: the differences of the weighted means over the sum
    of each group's covariance of its clusters' influences, read as the multivariate Welch test
    of Krishnamoorthy and Yu. Where units of assignment have people in both groups, their
    influences are summed first and T² has the number of clusters less one.

    With fewer, a permutation of the pilot over the units of assignment, of the squared
    Mahalanobis distance between the groups' means in the spread of all rows; exact where
    every such choice was as likely as the one made. None where its smallest possible p-value
    is above 0.05.

    Parameters
    ----------
    rows : Side
    replications : int
        All choices are listed where there are no more; else so many are drawn.
    seed : int
        Of the draws.

    References
    ----------
    Krishnamoorthy and Yu (2004), Statistics & Probability Letters 66 (2); Hansen and Bowers
    (2008), Statistical Science 23 (2).
    """
    used = rows.weight > 0
    rows = Side(rows.values[used], rows.treated[used], rows.cluster[used], rows.weight[used])
    codes, many = compact(rows.cluster)
    sides = [np.bincount(codes[rows.treated == side], minlength=many) for side in (True, False)]
    mixed = bool((np.minimum(*sides) > 0).any())
    worth = [effective_number(side[side > 0]) for side in sides]
    if (effective_number(np.add(*sides)) / 2 if mixed else min(worth)) >= ENOUGH:
        found = _wald(rows, codes, many, mixed)
        if found is not None:
            return found
    if mixed:
        return _no_test(MIXED)
    return _permuted(rows, codes, sides[0] > 0, replications, seed)


def _no_test(said: Sentence) -> JointBalance:
    return JointBalance("none", np.nan, 0, np.nan, np.nan, said)


def _wald(rows: Side, codes: np.ndarray, many: int, mixed: bool) -> JointBalance | None:
    """Return the Wald test; nothing where it has no degrees of freedom left."""
    means, influences = [], []
    for side in (rows.treated, ~rows.treated):
        mean, influence = _influences(rows, side, codes, many)
        means.append(mean)
        influences.append(influence)
    gap = means[0] - means[1]
    if mixed:
        influences = [influences[0] - influences[1]]
    spreads, free = [], []
    for influence in influences:
        there = np.flatnonzero((influence != 0).any(axis=1))
        count = max(len(there), 2)
        spreads.append(count / (count - 1) * influence.T @ influence)
        free.append(count - 1)
    flat = np.diag(sum(spreads)) <= NOTHING * np.maximum(gap**2, 1e-300)
    if (np.abs(gap[flat]) > 0).any():
        return _no_test(APART)
    turn = _whitening(sum(spreads)[np.ix_(~flat, ~flat)])
    z, rank = turn.T @ gap[~flat], turn.shape[1]
    inner = [turn.T @ spread[np.ix_(~flat, ~flat)] @ turn for spread in spreads]
    shares = [
        (np.trace(part @ part) + np.trace(part) ** 2) / n
        for part, n in zip(inner, free, strict=True)
    ]
    dof = (rank + rank**2) / sum(shares)
    left = dof - rank + 1
    if rank == 0 or left < rank:
        return None
    statistic = float(z @ z) * left / (dof * rank)
    p_value = float(special.fdtrc(rank, left, statistic))
    return JointBalance("wald", statistic, rank, float(left), p_value, WALD)


def _influences(
    rows: Side, side: np.ndarray, codes: np.ndarray, many: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return a group's weighted means, (K,), and each cluster's influence on them, (G, K)."""
    x = rows.values[side]
    w = np.where(np.isfinite(x), rows.weight[side][:, None], 0.0)
    total = w.sum(axis=0)
    mean = (w * np.nan_to_num(x)).sum(axis=0) / total
    scores = w * (np.nan_to_num(x) - mean) / total
    return mean, _summed(scores, codes[side], many)


def _summed(columns: np.ndarray, codes: np.ndarray, many: int) -> np.ndarray:
    parts = [np.bincount(codes, column, many) for column in columns.T]
    return np.column_stack(parts) if parts else np.zeros((many, 0))


def _whitening(spread: np.ndarray) -> np.ndarray:
    """Return W with W W' a generalised inverse of a covariance; one column a restriction."""
    scale = np.sqrt(np.maximum(np.diag(spread), 0.0))
    scale = np.where(scale > 0, scale, 1.0)
    values, vectors = np.linalg.eigh(spread / np.outer(scale, scale))
    kept = values > NOTHING * max(float(values.max(initial=0.0)), np.finfo(float).tiny)
    turned: np.ndarray = vectors[:, kept] / np.sqrt(values[kept]) / scale[:, None]
    return turned


def _permuted(
    rows: Side, codes: np.ndarray, treated: np.ndarray, replications: int, seed: int
) -> JointBalance:
    """Deal the pilot to other choices of as many units of assignment."""
    known = np.isfinite(rows.values)
    w = np.where(known, rows.weight[:, None], 0.0)
    x = np.nan_to_num(rows.values)
    centre = (w * x).sum(axis=0) / w.sum(axis=0)
    off = np.where(known, x - centre, 0.0)
    turn = _whitening((rows.weight[:, None] * off).T @ off / rows.weight.sum())
    sums, counts = (_summed(part, codes, len(treated)) for part in (w * off, w))
    replications = min(replications, max(99, AT_ONCE // len(treated)))
    drawn, enumerated = assignments(treated, replications=replications, seed=seed)
    chosen = drawn.astype(float)
    inside, own = chosen @ sums, chosen @ counts
    with np.errstate(divide="ignore", invalid="ignore"):
        gaps = inside / own - (sums.sum(axis=0) - inside) / (counts.sum(axis=0) - own)
    gaps = gaps[np.isfinite(gaps).all(axis=1)]
    distance = ((gaps @ turn) ** 2).sum(axis=1)
    # A choice and its mirror image lie equally far apart, where both groups are of one size.
    twins = 2 if enumerated and 2 * treated.sum() == len(treated) else 1
    if not turn.shape[1] or twins / len(distance) > LEVEL + 1e-12:
        return _no_test(TOO_FEW)
    p_value = float((distance >= distance[0] * (1 - NOTHING)).mean())
    first, rank = float(distance[0]), int(turn.shape[1])
    return JointBalance("permutation", first, rank, np.nan, p_value, PERMUTED)


def assigned(panel: Panel, rows: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Return the codes of what was assigned: places that are wholly of one group, else clusters.

    Parameters
    ----------
    panel : Panel
    rows : numpy.ndarray of int, shape (n,)
    treated : numpy.ndarray of bool, shape (n,)
    """
    place = panel.place[rows]
    apart = not len(np.intersect1d(place[treated], place[~treated]))
    if len(panel.places) and (place >= 0).all() and apart:
        return np.asarray(place)
    return np.asarray(panel.cluster[rows])
