"""Weights of comparison places, and of periods before the start."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.places import Cohort
from impact.inference.frank_wolfe import Problems, frank_wolfe

__all__ = [
    "CONTROL",
    "DIFFERENCE",
    "Block",
    "Recipe",
    "Weights",
    "block_of",
    "period_weights",
    "place_weights",
    "weigh",
]

FIRST_STEPS = 100
STEPS = 10_000
SPARSE = 4
LEAST = 1e-5
ALMOST_NOTHING = 1e-6
AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Recipe:
    """Which synthetic comparison is made.

    Parameters
    ----------
    method : str
    differences : bool
        Whether the comparison may run at another level than the treated (an intercept),
        with weights of periods and a ridge on the places' weights; else levels are met.
    """

    method: str
    differences: bool

    def ridge(self, treated: int, periods: int) -> float:
        """Return the ridge on the places' weights, in units of the noise."""
        return (treated * periods) ** 0.25 if self.differences else ALMOST_NOTHING


DIFFERENCE = Recipe("synthetic_did", True)
CONTROL = Recipe("synthetic_control", False)


@dataclass(frozen=True, eq=False)
class Block:
    """The comparison places around one start.

    Parameters
    ----------
    before : numpy.ndarray, shape (n, T0)
    after : numpy.ndarray, shape (n,)
        Mean over the treated periods.
    cohort : Cohort
    noise : float
        Standard deviation of the places' changes from one period to the next.
    """

    before: np.ndarray
    after: np.ndarray
    cohort: Cohort
    noise: float

    def effects(self, y: np.ndarray, weights: Weights) -> np.ndarray:
        """Return the effect on R targets.

        Parameters
        ----------
        y : numpy.ndarray, shape (R, T)
            Their outcomes in all periods.
        weights : Weights
        """
        before, after = y[:, self.cohort.before], y[:, self.cohort.after].mean(axis=1)
        gap = before - weights.place @ self.before
        earlier = np.einsum("rt,rt->r", gap, weights.period)
        effects: np.ndarray = after - weights.place @ self.after - earlier
        return effects


@dataclass(frozen=True, eq=False)
class Weights:
    """Weights for R targets: of places, shape (R, n), and of periods, shape (R, T0)."""

    place: np.ndarray
    period: np.ndarray

    def without(self, closed: np.ndarray) -> Weights:
        """Repeat one target's weights, less some places', shape (R, n), for R targets."""
        place = np.where(closed, 0.0, self.place)
        total = place.sum(axis=1, keepdims=True)
        even = ~closed / (~closed).sum(axis=1, keepdims=True)
        place = np.where(total > 0, place / np.where(total > 0, total, 1.0), even)
        return Weights(place, np.repeat(self.period, len(closed), axis=0))


def block_of(y: np.ndarray, course: np.ndarray, cohort: Cohort) -> Block:
    """Take the places to compare with around one start.

    Parameters
    ----------
    y : numpy.ndarray, shape (n, T)
        Their outcomes, less ``course``.
    course : numpy.ndarray, shape (T,)
    cohort : Cohort
    """
    steps = np.diff((y + course)[:, cohort.before], axis=1)
    after = y[:, cohort.after].mean(axis=1)
    return Block(y[:, cohort.before], after, cohort, float(steps.std(ddof=1)))


def weigh(
    block: Block,
    recipe: Recipe,
    target: np.ndarray,
    allowed: np.ndarray,
    *,
    treated: int,
    begin: Weights | None = None,
) -> Weights:
    """Find the weights of R targets.

    Parameters
    ----------
    block : Block
    recipe : Recipe
    target : numpy.ndarray, shape (R, T0)
        The targets' course before the start.
    allowed : numpy.ndarray of bool, shape (R, n)
        Which comparison places may have weight.
    treated : int
        Places behind a target: the more, the larger the ridge.
    begin : Weights, optional
        Weights to start from, shape (R, …); even ones unless said.
    """
    count, periods = len(target), block.before.shape[1]
    if begin is None:
        begin = Weights(
            allowed / allowed.sum(axis=1, keepdims=True), np.full((count, periods), 1 / periods)
        )
    place = place_weights(block, recipe, target, allowed, treated=treated, begin=begin.place)
    if not recipe.differences:
        return Weights(place, np.zeros((count, periods)))
    size = max(1, AT_ONCE // max((periods + 1) ** 2, len(block.after)))
    parts = [
        period_weights(block, allowed[at : at + size], begin.period[at : at + size])
        for at in range(0, count, size)
    ]
    return Weights(place, np.vstack(parts))


def place_weights(
    block: Block,
    recipe: Recipe,
    target: np.ndarray,
    allowed: np.ndarray,
    *,
    treated: int,
    begin: np.ndarray,
) -> np.ndarray:
    """Weight places so that their course before the start is the target's, shape (R, n)."""
    columns, aim = block.before, target
    if recipe.differences:
        columns = columns - columns.mean(axis=1, keepdims=True)
        aim = aim - aim.mean(axis=1, keepdims=True)
    rows = columns.shape[1]
    zeta = recipe.ridge(treated, block.cohort.n_after) * block.noise
    least = rows * (LEAST * block.noise) ** 2
    problems = Problems(columns @ columns.T, aim @ columns.T, rows * zeta**2, least, allowed)
    return _solved(problems, begin)


def period_weights(block: Block, allowed: np.ndarray, begin: np.ndarray) -> np.ndarray:
    """Weight periods so that their mean is, but for a constant, the mean after it, (R, T0)."""
    both = np.column_stack([block.before, block.after])
    width = both.shape[1]
    chosen = allowed.astype(float)
    products = (both[:, :, None] * both[:, None, :]).reshape(len(both), -1)
    sums, rows = chosen @ both, chosen.sum(axis=1)
    cross = (chosen @ products).reshape(-1, width, width)
    cross -= sums[:, :, None] * sums[:, None, :] / rows[:, None, None]
    # Every target is left with as many places as the others.
    size = float(rows[0])
    problems = Problems(
        np.ascontiguousarray(cross[:, :-1, :-1]),
        cross[:, :-1, -1],
        size * (ALMOST_NOTHING * block.noise) ** 2,
        size * (LEAST * block.noise) ** 2,
        np.ones((len(allowed), width - 1), dtype=bool),
    )
    return _solved(problems, begin)


def _solved(problems: Problems, begin: np.ndarray) -> np.ndarray:
    """Take some steps, drop the small weights, and go on from there."""
    rough = frank_wolfe(problems, begin, FIRST_STEPS)
    rough = np.where(rough > rough.max(axis=1, keepdims=True) / SPARSE, rough, 0.0)
    return frank_wolfe(problems, rough / rough.sum(axis=1, keepdims=True), STEPS)
