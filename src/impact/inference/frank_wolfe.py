"""Ridge regressions on the simplex by Frank and Wolfe's method, many at once.

The weights of a synthetic comparison are not negative and sum to one. Each step moves
toward one vertex, exactly as far as the objective falls, so weights stay sparse. Only
cross-products are needed: a step costs one row of the Gram matrix, whatever the length
of the data, and problems that share the matrix are solved side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

__all__ = ["Problems", "frank_wolfe", "objective"]

ALONE = 4


@dataclass(frozen=True, eq=False)
class Problems:
    """R problems: minimise x'(G + ridge I)x − 2 aim'x over the simplex of allowed places.

    Parameters
    ----------
    gram : numpy.ndarray, shape (n, n) or (R, n, n)
        Cross-products of the columns; one for all, or one each.
    aim : numpy.ndarray, shape (R, n)
        Cross-products of the columns with the target.
    ridge : float
        Penalty on the sum of squared weights, on the scale of ``gram``; not negative.
    least : float
        A step that lowers the objective by no more than this is the last one.
    allowed : numpy.ndarray of bool, shape (R, n)
        Weights elsewhere stay zero.
    """

    gram: np.ndarray
    aim: np.ndarray
    ridge: float
    least: float
    allowed: np.ndarray

    def of(self, some: np.ndarray) -> Problems:
        """Return some of the problems."""
        gram = self.gram if self.gram.ndim == 2 else self.gram[some]
        return replace(self, gram=gram, aim=self.aim[some], allowed=self.allowed[some])


def frank_wolfe(problems: Problems, start: np.ndarray, iterations: int) -> np.ndarray:
    """Solve ridge regressions on the simplex.

    Parameters
    ----------
    problems : Problems
    start : numpy.ndarray, shape (R, n)
        Weights to start from: on the simplex, zero where not allowed.
    iterations : int
        Most steps; how far the objective falls is looked at from the second one on.

    Returns
    -------
    numpy.ndarray, shape (R, n)

    Notes
    -----
    Frank & Wolfe (1956), with exact line search. The stopping rule is that of Arkhangelsky,
    Athey, Hirshberg, Imbens & Wager (2021).

    Examples
    --------
    >>> import numpy as np
    >>> one = Problems(np.eye(2), np.array([[0.75, 0.25]]), 0.0, 0.0, np.ones((1, 2), bool))
    >>> frank_wolfe(one, np.array([[0.5, 0.5]]), 100)
    array([[0.75, 0.25]])
    """
    out = np.array(start, dtype=float)
    live, half, size = np.arange(len(out)), *_opened(problems, out)
    left, weights = problems, out.copy()
    for step in range(iterations):
        if len(live) < ALONE:
            for at, number in enumerate(live):
                one = left.of(np.array([at]))
                out[number] = _alone(one, weights[at], (half[at], size[at]), (step, iterations))
            return out
        done, half, size, weights = _together(left, half, size, weights)
        if step and done.any():
            out[live[done]] = weights[done]
            live, half, size, weights = live[~done], half[~done], size[~done], weights[~done]
            left = left.of(~done)
    out[live] = weights
    return out


def objective(problems: Problems, weights: np.ndarray) -> np.ndarray:
    """Return the objective at given weights, shape (R,)."""
    moved = _product(problems, weights)
    return np.asarray(np.einsum("rn,rn->r", moved - 2 * problems.aim, weights))


def _product(problems: Problems, weights: np.ndarray) -> np.ndarray:
    """Return (G + ridge I)x, shape (R, n)."""
    shared = problems.gram.ndim == 2
    gram = problems.gram
    moved = weights @ gram if shared else np.einsum("rn,rnm->rm", weights, gram)
    return np.asarray(moved + problems.ridge * weights)


def _opened(problems: Problems, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return half of the gradient, shape (R, n), and x'(G + ridge I)x, shape (R,)."""
    moved = _product(problems, weights)
    return moved - problems.aim, np.einsum("rn,rn->r", moved, weights)


def _together(
    problems: Problems, half: np.ndarray, size: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Take one step in every problem; return which may stop, and where they stand."""
    gram, aim, ridge = problems.gram, problems.aim, problems.ridge
    row = np.arange(len(aim))
    vertex = np.argmin(np.where(problems.allowed, half, np.inf), axis=1)
    toward = gram[vertex] if gram.ndim == 2 else gram[row, vertex].copy()
    toward[row, vertex] += ridge
    across = half[row, vertex] + aim[row, vertex]
    slope = half[row, vertex] - np.einsum("rn,rn->r", half, weights)
    corner = toward[row, vertex]
    bend = corner - 2 * across + size
    length = np.clip(
        np.divide(-slope, bend, out=np.where(slope < 0, 1.0, 0.0), where=bend > 0), 0.0, 1.0
    )
    keep = 1 - length
    size = keep**2 * size + 2 * length * keep * across + length**2 * corner
    half = half * keep[:, None] + length[:, None] * (toward - aim)
    weights = weights * keep[:, None]
    weights[row, vertex] += length
    fall = -length * (2 * slope + length * bend)
    return fall <= problems.least, half, size, weights


def _alone(
    problem: Problems,
    weights: np.ndarray,
    opened: tuple[np.ndarray, float],
    steps: tuple[int, int],
) -> np.ndarray:
    """Take the steps of one problem with numbers in place of arrays of length one."""
    gram = problem.gram if problem.gram.ndim == 2 else problem.gram[0]
    aim, places = problem.aim[0], np.flatnonzero(problem.allowed[0])
    rows = gram[np.ix_(places, places)] + problem.ridge * np.eye(len(places))
    corners, aims = np.diag(rows).tolist(), aim[places]
    pull = rows - aims
    half, inside = opened[0][places], weights[places]
    size, shift = float(opened[1]), float(aims @ inside)
    for step in range(*steps):
        at = int(half.argmin())
        first, goal = float(half[at]), float(aims[at])
        across = first + goal
        slope = first - (size - shift)
        bend = corners[at] - 2 * across + size
        length = min(1.0, max(0.0, -slope / bend)) if bend > 0 else float(slope < 0)
        keep = 1 - length
        size = keep * keep * size + 2 * length * keep * across + length * length * corners[at]
        shift = keep * shift + length * goal
        half *= keep
        half += length * pull[at]
        inside *= keep
        inside[at] += length
        if step and -length * (2 * slope + length * bend) <= problem.least:
            break
    out = np.zeros(len(weights))
    out[places] = inside
    return out
