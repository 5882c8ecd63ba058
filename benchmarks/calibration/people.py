"""Tests of people assigned or counted one by one, all draws at once.

A second road to the rule's choice draw by draw: HC2 of a lottery's difference or of its
regression on the outcome before, permutation of people, and the spread of both groups
together. `calibration.study` holds the two roads together on the first draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import special

from impact.inference.permutation import assignments

__all__ = ["People"]

BATCH = 250
LOPSIDED = 0.1
NONE = 1e-12


@dataclass(frozen=True, eq=False)
class People:
    """R draws of n people in two groups, with at most one covariate.

    Parameters
    ----------
    values : numpy.ndarray, shape (R, n)
        The outcome at the end, or its change.
    given : numpy.ndarray or None, shape (R, n)
        What is known of before.
    treated : numpy.ndarray of bool, shape (n,)
    """

    values: np.ndarray
    given: np.ndarray | None
    treated: np.ndarray

    def slope(self, y: np.ndarray) -> np.ndarray:
        """Return slopes on what is given, in both groups together, shape (R, 1)."""
        if self.given is None:
            return np.zeros((len(y), 1))
        x = self.given - self.given.mean(axis=1, keepdims=True)
        square = (x**2).sum(axis=1, keepdims=True)
        return np.divide(
            (x * y).sum(axis=1, keepdims=True), square, where=square > 0, out=0 * square
        )

    @cached_property
    def net(self) -> np.ndarray:
        """Values less what the covariate says of all alike, shape (R, n)."""
        if self.given is None:
            return self.values
        x = self.given - self.given.mean(axis=1, keepdims=True)
        return self.values - self.slope(self.values) * x

    @cached_property
    def lopsided(self) -> np.ndarray:
        """Which draws the rule takes for lopsided, shape (R,)."""
        left = self.net.copy()
        for side in (self.treated, ~self.treated):
            left[:, side] -= left[:, side].mean(axis=1, keepdims=True)
        n, sizes = left.shape[1], (self.treated.sum(), (~self.treated).sum())
        second, third = (left**2).mean(axis=1), np.abs((left**3).mean(axis=1))
        pull = abs(1 / sizes[0] ** 2 - 1 / sizes[1] ** 2) / (1 / sizes[0] + 1 / sizes[1]) ** 1.5
        with np.errstate(divide="ignore", invalid="ignore"):
            skewed = third / second**1.5
        skewed = np.where(second > NONE, skewed, 0.0)
        return (skewed > 2 * np.sqrt(6 / n)) & (pull * skewed > LOPSIDED) | self.sparse

    @cached_property
    def sparse(self) -> np.ndarray:
        """In which draws fewer than ten of the smaller, unlike group differ, shape (R,)."""
        middle = np.median(self.net, axis=1, keepdims=True)
        near = 1e-9 * np.ptp(self.net, axis=1, keepdims=True)
        others = (np.abs(self.net - middle) > near).mean(axis=1)
        small, large = sorted((self.treated.sum(), (~self.treated).sum()))
        return (others > 0) & (others < 0.5) & (others * small < 10) & (large >= 1.5 * small)

    @cached_property
    def flat(self) -> np.ndarray:
        """Which draws hold nothing that varies, shape (R,)."""
        return np.ptp(self.values, axis=1) < NONE

    def shifted(self, effect: float) -> np.ndarray:
        """Return the values without an effect on the treated."""
        return self.values - effect * self.treated

    @cached_property
    def estimate(self) -> np.ndarray:
        """Differences, given the covariate, shape (R,)."""
        return self._differences(self.values, self.treated[:, None].astype(float))[:, 0]

    def _differences(self, y: np.ndarray, chosen: np.ndarray) -> np.ndarray:
        """Return the coefficients of assignments, chosen of shape (n, M), shape (R, M)."""
        own, n = chosen.sum(axis=0), y.shape[1]

        def apart(v: np.ndarray, of: slice = slice(None)) -> np.ndarray:
            inside = v[of] @ chosen
            return inside / own - (v[of].sum(axis=1, keepdims=True) - inside) / (n - own)

        out = apart(y)
        if self.given is None:
            return out
        x = self.given - self.given.mean(axis=1, keepdims=True)
        y = y - y.mean(axis=1, keepdims=True)
        weight = own * (n - own) / n
        between = apart(x)
        square = (x**2).sum(axis=1, keepdims=True) - weight * between**2
        product = (x * y).sum(axis=1, keepdims=True) - weight * between * out
        slope = np.divide(product, square, out=np.zeros_like(product), where=square > NONE)
        return out - between * slope

    def hc2(self, effect: float = 0.0) -> np.ndarray:
        """Test by HC2 with Bell and McCaffrey's degrees of freedom, shape (R,)."""
        y, n = self.shifted(effect), self.values.shape[1]
        p = np.empty(len(y))
        for at in range(0, len(y), BATCH):
            rows = slice(at, at + BATCH)
            p[rows] = self._hc2(y[rows], None if self.given is None else self.given[rows], n)
        return p

    def _hc2(self, y: np.ndarray, given: np.ndarray | None, n: int) -> np.ndarray:
        columns = [np.ones_like(y), np.broadcast_to(self.treated, y.shape).astype(float)]
        if given is not None:
            columns.append(given - given.mean(axis=1, keepdims=True))
        X = np.stack(columns, axis=-1)
        bread = np.linalg.pinv(np.einsum("rik,ril->rkl", X, X), rcond=1e-10, hermitian=True)
        beta = np.einsum("rkl,ril,ri->rk", bread, X, y)
        pull = np.einsum("rik,rk->ri", X, bread[:, 1])
        lever = np.einsum("rik,rkl,ril->ri", X, bread, X)
        left = y - np.einsum("rik,rk->ri", X, beta)
        with np.errstate(divide="ignore", invalid="ignore"):
            load = pull**2 / (1 - lever)
            variance = (load * left**2).sum(axis=1)
            P = np.einsum("ri,rik,ril->rkl", load, X, X)
            turned = bread @ P
            square = (load**2 * (1 - 2 * lever)).sum(axis=1)
            square += np.einsum("rkl,rlk->r", turned, turned)
            dof = (pull**2).sum(axis=1) ** 2 / square
            p = 2 * special.stdtr(dof, -np.abs(beta[:, 1]) / np.sqrt(variance))
        return np.where(variance > NONE, p, np.nan)

    def permuted(self, effect: float, *, replications: int, seed: int) -> np.ndarray:
        """Test by permutation of people, shape (R,)."""
        drawn, _ = assignments(self.treated, replications=replications, seed=seed)
        chosen, y = drawn.T.astype(float), self.shifted(effect)
        p = np.empty(len(y))
        for at in range(0, len(y), BATCH):
            rows = slice(at, at + BATCH)
            some = People(y[rows], None if self.given is None else self.given[rows], self.treated)
            far = np.abs(some._differences(y[rows], chosen))
            margin = 1e-10 * far.max(axis=1, keepdims=True)
            p[rows] = (far >= far[:, :1] - margin).mean(axis=1)
        return p

    def pooled(self, effect: float = 0.0) -> np.ndarray:
        """Test with the spread of both groups together, shape (R,)."""
        y, n = self.net, self.values.shape[1]
        own = self.treated.sum()
        mean, square = y.mean(axis=1), (y**2).mean(axis=1)
        low, high = y.min(axis=1), y.max(axis=1)
        variance = 0.0
        for size, side in ((own, (n - own) / n), (n - own, -own / n)):
            held = np.clip(mean + side * effect, low, high)
            end = np.where(held > mean, high, low)
            moved = np.divide(
                held - mean, end - mean, out=0 * held, where=np.abs(end - mean) > NONE
            )
            spread = (1 - moved) * square + moved * end**2 - held**2
            variance = variance + np.maximum(spread, 0.0) / size
        with np.errstate(divide="ignore", invalid="ignore"):
            far = np.abs(self.estimate - effect) / np.sqrt(variance * n / (n - 1))
        return 2 * special.ndtr(-np.nan_to_num(far, nan=0.0, posinf=np.inf))
