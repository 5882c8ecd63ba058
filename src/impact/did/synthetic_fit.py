"""The weights and effects of every cohort, and of single places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.places import Places
from impact.did.synthetic_weights import Block, Recipe, Weights, block_of, weigh
from impact.errors import DesignError

__all__ = ["Synthetic", "fit_synthetic"]

STEADY = 1e-12


@dataclass(frozen=True, eq=False)
class Synthetic:
    """A synthetic comparison with each of C cohorts.

    Parameters
    ----------
    places : Places
    recipe : Recipe
    blocks : tuple of Block
    weights : tuple of Weights
        Of one target each: the mean of the cohort's places.
    effects : numpy.ndarray, shape (C,)
    """

    places: Places
    recipe: Recipe
    blocks: tuple[Block, ...]
    weights: tuple[Weights, ...]
    effects: np.ndarray

    @property
    def estimate(self) -> float:
        """The cohorts' effects, averaged by treated places and periods."""
        return float(self.places.shares @ self.effects)

    def misfit(self, at: int) -> float:
        """Return how far a cohort is from its comparison before the start, root mean square.

        An intercept, where the method has one, is left aside.
        """
        cohort, block = self.places.cohorts[at], self.blocks[at]
        mean = self.places.y[cohort.rows].mean(axis=0)[cohort.before]
        gap = mean - self.weights[at].place[0] @ block.before
        if self.recipe.differences:
            gap = gap - gap.mean()
        return float(np.sqrt((gap**2).mean()))

    def contrast(self, at: int) -> np.ndarray:
        """Return what an effect is of a place's outcomes, shape (T,)."""
        cohort = self.places.cohorts[at]
        out = np.zeros(len(self.places.times))
        out[cohort.before] = -self.weights[at].period[0]
        out[cohort.after] = 1 / cohort.n_after
        return out

    def against(self, at: int, y: np.ndarray, closed: np.ndarray, treated: int = 1) -> np.ndarray:
        """Return the effects that targets would show had they started with a cohort.

        Parameters
        ----------
        at : int
            Which cohort.
        y : numpy.ndarray, shape (R, T)
            The targets' outcomes.
        closed : numpy.ndarray of bool, shape (R, n)
            Comparison places that may not be used.
        treated : int
            Places behind a target.
        """
        block = self.blocks[at]
        weights = weigh(
            block,
            self.recipe,
            y[:, block.cohort.before],
            ~closed,
            treated=treated,
            begin=self.weights[at].without(closed),
        )
        return block.effects(y, weights)


def fit_synthetic(places: Places, recipe: Recipe) -> Synthetic:
    """Weigh the comparison places for every cohort.

    Parameters
    ----------
    places : Places
    recipe : Recipe

    Raises
    ------
    DesignError
        The comparison places all move alike.
    """
    blocks, weights, effects = [], [], []
    every = np.ones((1, len(places.compared)), dtype=bool)
    for cohort in places.cohorts:
        block = block_of(places.y[places.compared], places.course, cohort)
        _need_noise(places, block, recipe)
        target = places.y[cohort.rows].mean(axis=0, keepdims=True)
        found = weigh(block, recipe, target[:, cohort.before], every, treated=len(cohort.rows))
        blocks.append(block)
        weights.append(found)
        effects.append(float(block.effects(target, found)[0]))
    return Synthetic(places, recipe, tuple(blocks), tuple(weights), np.array(effects))


def _need_noise(places: Places, block: Block, recipe: Recipe) -> None:
    """Refuse places that nothing tells apart."""
    scale = max(float(np.abs(places.y).max()), float(np.abs(places.course).max()))
    if block.noise <= STEADY * scale:
        raise DesignError(
            f"{recipe.method} tells places apart by how they change before the start; here all "
            "comparison places change by the same amount: take did"
        )
