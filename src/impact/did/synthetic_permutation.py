"""A synthetic comparison, tested by giving the starts to all places in every other way.

A place that was treated is a comparison place like any other when another's effect is
looked at, its own less the effect under test. So every place is looked at in the same
way, and the test is exact if any place might as well have been the treated one.
Placebos among the comparison places alone are nearly that with one treated place; with
more they reject a true null too often, since they never mix treated and comparison places
(7 in 100 at 5 %, two treated places of twenty with independent effects).

The mean of a small place moves more by chance than that of a large one: where places are
of unlike size every assignment's effect is divided by its standard deviation, as the sizes
and weights have it, and the most cautious of three shares counts (`impact.inference.unequal`).

For that symmetry the statistic differs a little from the estimate: its weights of periods
and its ridge come from all places, and all solvers start from even weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.did.places import Cohort
from impact.did.synthetic_fit import Synthetic
from impact.did.synthetic_weights import block_of, period_weights, place_weights
from impact.inference.permutation import Permutation, judged, most_cautious
from impact.inference.relabel import Relabelled, relabelled
from impact.inference.unequal import SHARES, Differences

__all__ = ["DONOR", "permuted"]

DONOR = -1
ROUNDS = 12
STEADY = 1e-6


def permuted(fitted: Synthetic, level: float, replications: int, seed: int) -> Permutation:
    """Test the effect, and find those that the test does not reject.

    Weights of periods depend on the effect under test: the interval's ends are found by
    weighting anew with the effect at the end, until it stays. Weights of places depend on
    it only with several starts; there they are those of the data less the estimate.

    Parameters
    ----------
    fitted : Synthetic
    level : float
        Of the interval.
    replications : int
        All assignments are looked at where there are no more than this.
    seed : int
    """
    labels = np.full(len(fitted.places.treated) + len(fitted.places.compared), DONOR)
    sizes = [len(cohort.rows) for cohort in fitted.places.cohorts]
    labels[len(fitted.places.compared) :] = np.repeat(np.arange(len(sizes)), sizes)
    drawn = relabelled(labels, replications=replications, seed=seed)
    swap = _Swap(fitted, drawn)
    null = swap.judged(0.0, 0.0, level)
    ends = [_end(swap, level, side) for side in (0, 1)]
    return Permutation(**{**vars(null), "conf_low": ends[0], "conf_high": ends[1]})


@dataclass(frozen=True, eq=False)
class _Swap:
    """Assignments of the starts, and what each of them shows."""

    fitted: Synthetic
    drawn: Relabelled

    @cached_property
    def y(self) -> np.ndarray:
        """Outcomes of the comparison places, then the treated, shape (N, T)."""
        places = self.fitted.places
        return np.vstack([places.y[places.compared], places.y[places.treated]])

    @cached_property
    def sizes(self) -> np.ndarray:
        """Units of the comparison places, then the treated, shape (N,)."""
        places = self.fitted.places
        order = np.concatenate([places.compared, places.treated])
        return np.asarray(places.sizes[order], dtype=float)

    @cached_property
    def under(self) -> np.ndarray:
        """Whether the place is treated in the period, shape (N, T)."""
        places = self.fitted.places
        out = np.zeros(self.y.shape)
        at = len(places.compared)
        for cohort in places.cohorts:
            out[at : at + len(cohort.rows), cohort.after] = 1.0
            at += len(cohort.rows)
        return out

    @cached_property
    def _kept(self) -> dict[float, list[np.ndarray]]:
        return {}

    def places(self, effect: float) -> list[np.ndarray]:
        """Return by cohort each assignment's weights, positive for the treated, (R, N)."""
        cohorts = self.fitted.places.cohorts
        key = effect if len(cohorts) > 1 else 0.0
        if key not in self._kept:
            y = self.y - key * self.under
            self._kept[key] = [self._weighed(y, at, one) for at, one in enumerate(cohorts)]
        return self._kept[key]

    def _weighed(self, y: np.ndarray, at: int, cohort: Cohort) -> np.ndarray:
        block = block_of(y, self.fitted.places.course, cohort)
        size = len(cohort.rows)
        chosen = (self.drawn.labels == at) / size
        allowed = self.drawn.labels == DONOR
        weights = place_weights(
            block,
            self.fitted.recipe,
            (chosen @ y)[:, cohort.before],
            allowed,
            treated=size,
            begin=allowed / allowed.sum(axis=1, keepdims=True),
        )
        left: np.ndarray = chosen - weights
        return left

    def contrast(self, cohort: Cohort, effect: float) -> np.ndarray:
        """Return the weights of the periods, negative before the start, shape (T,)."""
        out = np.zeros(self.y.shape[1])
        out[cohort.after] = 1 / cohort.n_after
        if self.fitted.recipe.differences:
            y = self.y - effect * self.under
            block = block_of(y, self.fitted.places.course, cohort)
            count = block.before.shape[1]
            every = np.ones((1, len(y)), dtype=bool)
            out[cohort.before] = -period_weights(block, every, np.full((1, count), 1 / count))[0]
        return out

    def judged(self, effect: float, near: float, level: float) -> Permutation:
        """Test with the weights that an effect leaves: of periods, and (near it) of places."""
        rows = np.zeros((4, len(self.drawn.labels)))
        places = self.fitted.places
        by_cohort = zip(places.shares, places.cohorts, self.places(near), strict=True)
        scale = 1 / (1 / self.sizes).mean()
        for share, cohort, weights in by_cohort:
            contrast = self.contrast(cohort, effect)
            # What the outcomes show, and how much of an effect on the treated is in it.
            parts = [weights @ (part @ contrast) for part in (self.y, self.under)]
            rows[:2] += share * np.vstack(parts)
            # Its variance when units err each by itself, and when those of a place err alike.
            loads = (share**2 * (contrast @ contrast)) * weights**2
            rows[2:] += np.vstack([loads @ (scale / self.sizes), loads.sum(axis=1)])
        shown = Differences(*rows)
        alike = np.ptp(self.sizes) == 0
        found = []
        for share in SHARES[:1] if alike else SHARES:
            by = 1.0 if alike else shown.levelled(share)
            values, slopes = shown.values * by, shown.slopes * by
            counts = (self.drawn.possible, self.drawn.enumerated)
            found.append(judged(values, slopes, *counts, level=level))
        return most_cautious(found)


def _end(swap: _Swap, level: float, side: int) -> float:
    """Return an end of the interval: where the test, with that end's own weights, turns."""
    estimate = swap.fitted.estimate
    at = estimate
    passed: list[float] = []
    for _ in range(ROUNDS):
        test = swap.judged(at, estimate, level)
        end = (test.conf_low, test.conf_high)[side]
        if not np.isfinite(end):
            return float(end)
        if abs(end - at) <= STEADY * abs(end - estimate) or not swap.fitted.recipe.differences:
            return float(end)
        passed.append(end)
        at = end
    # Two weights take turns: the wider of the two.
    return float(min(passed[-2:]) if side == 0 else max(passed[-2:]))
