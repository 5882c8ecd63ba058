"""Draws of the wild cluster bootstrap, all at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from impact.errors import DesignError
from impact.inference.clusters import cluster_sums
from impact.inference.hat import spanned
from impact.inference.linear import LinearFit

__all__ = ["POINTS", "Draws", "Scores", "Weights", "drawn", "scores_of"]

Weights = Literal["rademacher", "webb"]
POINTS = {"rademacher": 2, "webb": 6}
WEBB = np.sqrt([0.5, 1.0, 1.5])
PAIRS = ((0, 0), (0, 1), (1, 1))
AT_ONCE = 4_000_000
TIES = 1e-9
FAR = 1e100


@dataclass(frozen=True, eq=False)
class Scores:
    """What every cluster adds, with the null at zero and per unit of the null.

    ``own`` (G, 2) are the scores x̃'u, ``pull`` (G, K) the scores' share in the model's
    basis, ``load`` (G, K, 2) the basis' share in the residuals.
    """

    own: np.ndarray
    pull: np.ndarray
    load: np.ndarray


def scores_of(
    fit: LinearFit,
    contrast: np.ndarray,
    codes: np.ndarray,
    count: int,
    *,
    basis: np.ndarray | None = None,
) -> Scores:
    """Return what each of ``count`` clusters adds to a sum of coefficients, factors (K,).

    ``basis`` spans the model, as `impact.inference.covariance.spanned` finds it.
    """
    design, errors = fit.whitened
    pushed = fit.bread @ contrast
    toward = pushed / (contrast @ pushed)
    # The part of the columns that the sum alone is read from; the residuals under a null b
    # are those of the fit plus it times what the estimate is away from b.
    column = design @ toward
    under = np.column_stack([errors + (contrast @ fit.beta) * column, -column])
    basis = spanned(fit, codes) if basis is None else basis
    own = cluster_sums(under * column[:, None], codes, count)
    pull = cluster_sums(basis * column[:, None], codes, count)
    fixed = cluster_sums(basis * errors[:, None], codes, count) + (contrast @ fit.beta) * pull
    return Scores(own, pull, np.stack([fixed, -pull], axis=2))


@dataclass(frozen=True, eq=False)
class Draws:
    """t² of every draw as a ratio of two parabolas in the null; the first is the data's.

    Parameters
    ----------
    top : numpy.ndarray, shape (R + 1, 2)
    bottom : numpy.ndarray, shape (R + 1, 3)
    """

    top: np.ndarray
    bottom: np.ndarray

    def p_value(self, null: float) -> float:
        """Return the share of draws that are strictly farther out than the data."""
        top = (self.top @ [1.0, null]) ** 2
        bottom = self.bottom @ [1.0, null, null**2]
        # Cross-multiplied: a draw whose errors vanish is as far out as can be.
        farther = top[1:] * bottom[0] > top[0] * np.maximum(bottom[1:], 0.0) * (1 + TIES)
        return float(farther.mean())

    def distances(self, *, enumerated: bool) -> tuple[float, np.ndarray]:
        """Return |t| of the data and of all other draws, the null at zero, as far as a factor.

        Of enumerated draws the one that repeats the data is left out.
        """
        square, spread = self.top[:, 0] ** 2, np.maximum(self.bottom[:, 0], 0.0)
        flat = spread <= np.finfo(float).tiny
        far = np.sqrt(square / np.where(flat, 1.0, spread))
        # A draw whose errors vanish is as far out as can be.
        far = np.where(flat, np.where(square > 0, FAR, 0.0), far)
        return float(far[0]), far[2:] if enumerated else far[1:]


def drawn(scores: Scores, weights: Weights, replications: int, seed: int) -> tuple[Draws, bool]:
    """Return the products of all weights with the clusters' scores, in batches."""
    count = len(scores.own)
    enumerated = weights == "rademacher" and 2**count <= replications
    # A draw and its mirror image have the same t²: half of them tell all.
    total = 2 ** (count - 1) if enumerated else replications
    rng = np.random.default_rng(seed)
    parts = [_products(np.ones((1, count)), scores)]
    step = max(1, AT_ONCE // count)
    for start in range(0, total, step):
        rows = min(step, total - start)
        if enumerated:
            signs = _enumerated(start, rows, count)
        else:
            signs = _random(rng, weights, (rows, count))
        parts.append(_products(signs, scores))
    top, bottom = (np.concatenate(both) for both in zip(*parts, strict=True))
    # The data's own errors do not move with the null: what is there is rounding.
    bottom[0, 1:] = 0.0
    return Draws(top, bottom), enumerated


def _enumerated(start: int, rows: int, count: int) -> np.ndarray:
    """Return the signs of draws in their order; the first one repeats the data."""
    bits = np.arange(start, start + rows)[:, None] >> np.arange(count) & 1
    return np.asarray(1.0 - 2.0 * bits)


def _random(rng: np.random.Generator, weights: Weights, shape: tuple[int, int]) -> np.ndarray:
    if weights == "rademacher":
        signs: np.ndarray = rng.integers(0, 2, shape, dtype=np.int8) * 2.0 - 1.0
        return signs
    if weights != "webb":
        raise DesignError(f"there are no weights '{weights}'; there are rademacher and webb")
    six: np.ndarray = np.concatenate([-WEBB, WEBB])[rng.integers(0, 6, shape, dtype=np.int8)]
    return six


def _products(drawn: np.ndarray, scores: Scores) -> tuple[np.ndarray, np.ndarray]:
    """Return numerators (R, 2) and squared errors (R, 3) of draws, as they move with the null.

    A draw's score of cluster g is v_g s_g − p_g'w, w the sum over clusters of v_h l_h.
    """
    own, pull = scores.own, scores.pull
    rank = pull.shape[1]
    columns = [own, *(scores.load[:, :, i] for i in (0, 1)), *(pull * own[:, [i]] for i in (0, 1))]
    out = drawn @ np.column_stack(columns)
    top, blocks = out[:, :2], np.split(out[:, 2:], 4, axis=1)
    squared = drawn**2 @ np.column_stack([own[:, i] * own[:, j] for i, j in PAIRS])
    inner = pull.T @ pull
    bent = [block @ inner for block in blocks[:2]] if rank else blocks[:2]
    sums = [
        squared[:, at]
        - np.einsum("rk,rk->r", blocks[2 + i], blocks[j])
        - np.einsum("rk,rk->r", blocks[2 + j], blocks[i])
        + np.einsum("rk,rk->r", bent[i], blocks[j])
        for at, (i, j) in enumerate(PAIRS)
    ]
    return top, np.column_stack([sums[0], 2 * sums[1], sums[2]])
