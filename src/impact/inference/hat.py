"""The hat matrix of a whole model: leverages of rows, and its blocks by cluster."""

from __future__ import annotations

import numpy as np

from impact.errors import DesignError
from impact.inference.absorb import FixedEffects
from impact.inference.linear import LinearFit

__all__ = ["FULL", "corrected", "leverage", "outside", "spanned"]

MOST_COLUMNS = 500
FULL = 1e-10


def corrected(block: np.ndarray, columns: np.ndarray, power: float) -> np.ndarray:
    """Multiply by (I − L L')^(−power) on the space the cluster's model leaves free."""
    values, vectors = np.linalg.eigh(block.T @ block)
    kept = values > FULL
    share = np.minimum(values[kept], 1.0)
    free = 1 - share
    factor = np.where(free > FULL, np.maximum(free, FULL) ** -power, 0.0) - 1
    turned = vectors[:, kept]
    inner = turned.T @ (block.T @ columns)
    out: np.ndarray = columns + block @ (turned @ ((factor / share)[:, None] * inner))
    return out


def spanned(fit: LinearFit, codes: np.ndarray) -> np.ndarray:
    """Orthonormal columns of the whole model but what is nested in the clusters, (N, K + M)."""
    design, _ = fit.whitened
    own: np.ndarray = design @ fit.half
    others = outside(fit.effects, codes)
    if not others:
        return own
    if sum(levels for _, levels in others) > MOST_COLUMNS:
        raise DesignError(
            "fixed effects that cross the clusters are too many for this inference; ask for cr1"
        )
    nested = FixedEffects.of(
        [
            effect
            for effect, inside in zip(fit.effects.codes, fit.effects.nested_in(codes), strict=True)
            if inside
        ],
        fit.weights,
    )
    dummies = np.column_stack([effect[:, None] == np.arange(n) for effect, n in others])
    left = nested.residuals(dummies.astype(float))
    if fit.weights is not None:
        left *= np.sqrt(fit.weights)[:, None]
    turned, sizes, _ = np.linalg.svd(left, full_matrices=False)
    return np.column_stack([own, turned[:, sizes > 1e-9 * max(sizes[0], 1.0)]])


def outside(effects: FixedEffects, codes: np.ndarray) -> list[tuple[np.ndarray, int]]:
    """Return the sets of effects that are not nested in the clusters."""
    return [
        (effect, levels)
        for effect, levels, inside in zip(
            effects.codes, effects.levels, effects.nested_in(codes), strict=True
        )
        if not inside
    ]


def leverage(fit: LinearFit) -> np.ndarray:
    """Return every row's weight in its own fitted value, absorbed effects included, (N,)."""
    design, _ = fit.whitened
    basis = design @ fit.half
    own = np.einsum("ij,ij->i", basis, basis)
    if not fit.effects.codes:
        return np.asarray(own)
    return np.asarray(own + fit.effects.leverage())
