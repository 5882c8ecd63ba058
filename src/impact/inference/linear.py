"""Weighted least squares with absorbed fixed effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.errors import DesignError
from impact.inference.absorb import FixedEffects

__all__ = ["LinearFit", "fit"]

COLLINEAR = 1e-9
ROUNDING = 1e-13
APART = 1e-3


@dataclass(frozen=True, eq=False)
class LinearFit:
    """A least-squares fit, as the errors of `impact.inference.covariance` need it.

    Parameters
    ----------
    names : tuple of str
        The columns that were kept, K of them.
    dropped : tuple of str
        The columns that the absorbed effects or earlier columns already hold.
    beta : numpy.ndarray, shape (K,)
    half : numpy.ndarray, shape (K, K)
        Inverse of the R factor: ``design`` (whitened) times it is orthonormal.
    residuals : numpy.ndarray, shape (N,)
        Not weighted.
    design : numpy.ndarray, shape (N, K)
        The kept columns after the effects were taken out; not weighted.
    weights : numpy.ndarray or None, shape (N,)
    effects : FixedEffects
        What was absorbed.
    """

    names: tuple[str, ...]
    dropped: tuple[str, ...]
    beta: np.ndarray
    half: np.ndarray
    residuals: np.ndarray
    design: np.ndarray
    weights: np.ndarray | None
    effects: FixedEffects

    @property
    def n(self) -> int:
        """Number of rows."""
        return len(self.residuals)

    @property
    def rank(self) -> int:
        """Number of kept columns."""
        return len(self.names)

    @property
    def dof(self) -> int:
        """Rows less kept columns less the rank of the absorbed effects."""
        return self.n - self.rank - self.effects.rank

    @cached_property
    def bread(self) -> np.ndarray:
        """Inverse of the weighted cross-product of ``design``, shape (K, K)."""
        bread: np.ndarray = self.half @ self.half.T
        return bread

    @cached_property
    def whitened(self) -> tuple[np.ndarray, np.ndarray]:
        """Design and residuals times the root of the weights."""
        if self.weights is None:
            return self.design, self.residuals
        root = np.sqrt(self.weights)
        return self.design * root[:, None], self.residuals * root

    def position(self, name: str) -> int:
        """Return where a kept column stands."""
        return self.names.index(name)


def fit(
    y: np.ndarray,
    X: np.ndarray,
    *,
    weights: np.ndarray | None = None,
    absorb: Sequence[np.ndarray] | FixedEffects = (),
    names: Sequence[str] = (),
) -> LinearFit:
    """Fit ``y`` on the columns of ``X`` by (weighted) least squares.

    A column of which less than a billionth remains once the absorbed effects and the
    columns before it are taken out is dropped and named in the result: of two columns
    that say the same, the first stays. Without absorbed effects the constant, where one
    is wanted, is a column of ``X``.

    Parameters
    ----------
    y : numpy.ndarray, shape (N,)
    X : numpy.ndarray, shape (N, K)
    weights : numpy.ndarray, shape (N,), optional
        Positive.
    absorb : sequence of numpy.ndarray of int, each shape (N,), or FixedEffects
        Codes of the fixed effects to take out.
    names : sequence of str, length K
        Names of the columns; ``x0, x1, …`` unless said.

    Returns
    -------
    LinearFit

    Raises
    ------
    DesignError
        There is no column.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.column_stack([np.ones(4), [0.0, 0, 1, 1]])
    >>> fit(np.array([1.0, 3, 4, 6]), X, names=["one", "d"]).beta
    array([2., 3.])
    """
    effects = absorb if isinstance(absorb, FixedEffects) else FixedEffects.of(absorb, weights)
    columns = np.asarray(X, dtype=float)
    if not columns.shape[1]:
        raise DesignError("the regression has no column to read a coefficient of; give it one")
    labels = tuple(names) or tuple(f"x{at}" for at in range(columns.shape[1]))
    root = None if weights is None else np.sqrt(weights)
    within = effects.residuals(columns)
    target = effects.residuals(y)
    whitened = within if root is None else within * root[:, None]
    kept, triangle = _independent(whitened, _floor(columns, root))
    if len(kept) < len(labels):
        within, whitened = within[:, kept], whitened[:, kept]
    aim = target if root is None else target * root
    beta = _solve(triangle, whitened, aim)
    return LinearFit(
        tuple(labels[at] for at in kept),
        tuple(label for at, label in enumerate(labels) if at not in set(kept)),
        beta,
        np.linalg.solve(triangle, np.eye(len(kept))),
        target - within @ beta,
        within,
        weights,
        effects,
    )


def _floor(columns: np.ndarray, root: np.ndarray | None) -> np.ndarray:
    """Return the length under which what is left of each column counts as nothing, (K,)."""
    weighed = columns if root is None else columns * root[:, None]
    length: np.ndarray = np.sqrt(np.einsum("ij,ij->j", weighed, weighed))
    centred = columns - columns.mean(axis=0) if len(columns) else columns
    if root is not None:
        centred = centred * root[:, None]
    spread = np.sqrt(np.einsum("ij,ij->j", centred, centred))
    # The constant itself has no spread: its own length stands for it.
    spread = np.where(spread > ROUNDING * length, spread, length)
    floor: np.ndarray = COLLINEAR * spread + ROUNDING * length
    return floor


def _independent(whitened: np.ndarray, floor: np.ndarray) -> tuple[list[int], np.ndarray]:
    """Keep the columns that add something to those before; return them and their R factor."""
    kept = list(range(whitened.shape[1]))
    product = whitened.T @ whitened
    length = np.sqrt(np.diag(product))
    if (length > floor).all() and _far_apart(product / np.outer(length, length)):
        return kept, np.linalg.cholesky(product).T
    while kept:
        triangle = np.asarray(np.linalg.qr(whitened[:, kept], mode="r"))
        left = np.zeros(len(kept))
        left[: len(triangle)] = np.abs(np.diag(triangle))
        spare = np.flatnonzero(left <= floor[kept])
        if not len(spare):
            return kept, triangle
        # Only the first is certain: it makes the factor's later columns meaningless.
        del kept[spare[0]]
    return kept, np.zeros((0, 0))


def _far_apart(cosines: np.ndarray) -> bool:
    """Tell whether columns are so far from collinear that their cross-product is exact enough."""
    return bool(np.linalg.eigvalsh(cosines)[:1].min(initial=1.0) > APART)


def _solve(triangle: np.ndarray, whitened: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Solve the seminormal equations with one step of refinement."""
    beta = np.zeros(whitened.shape[1])
    rest = aim
    for _ in range(2):
        half = np.linalg.solve(triangle.T, whitened.T @ rest)
        beta = beta + np.linalg.solve(triangle, half)
        rest = aim - whitened @ beta
    return beta
