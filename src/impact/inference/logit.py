"""The weighted logit behind propensity scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from impact.inference.stretches import stretches

__all__ = ["Logit", "Separated", "logit"]

STEPS = 100
CONVERGED = 1e-11
OVERLAP = 0.999


class Separated(ArithmeticError):
    """Somebody is treated for certain: no comparison unit is like them."""


@dataclass(frozen=True, slots=True)
class Logit:
    """A logit at some coefficients.

    Parameters
    ----------
    coefficients : numpy.ndarray, shape (k,)
    likelihood : float
        Its logarithm.
    score : numpy.ndarray, shape (k,)
        Its slope.
    curvature : numpy.ndarray, shape (k, k)
        Less its second derivative.
    highest : float
        The highest fitted probability.
    """

    coefficients: np.ndarray
    likelihood: float
    score: np.ndarray
    curvature: np.ndarray
    highest: float


def logit(design: np.ndarray, response: np.ndarray, weight: np.ndarray) -> Logit:
    """Return the weighted logit with the highest likelihood.

    Newton's method from zero, halving a step that lowers the likelihood.

    Parameters
    ----------
    design : numpy.ndarray, shape (k, n)
        Regressors in rows, the first a constant; full row rank.
    response : numpy.ndarray, shape (n,)
        0 or 1.
    weight : numpy.ndarray, shape (n,)
        Positive weights.

    Raises
    ------
    Separated
        A fitted probability reaches 0.999, or the likelihood has no maximum.

    Examples
    --------
    >>> import numpy as np
    >>> fitted = logit(np.ones((1, 4)), np.array([1.0, 0.0, 0.0, 0.0]), np.ones(4))
    >>> round(fitted.highest, 9)
    0.25
    """
    share = float(weight @ response / weight.sum())
    first = np.zeros(len(design))
    first[0] = np.log(share / (1 - share))
    here = _logit_at(first, design, response, weight)
    for _ in range(STEPS):
        try:
            step = np.linalg.solve(here.curvature, here.score)
        except np.linalg.LinAlgError as singular:
            raise Separated from singular
        before = here
        for _half in range(STEPS):
            here = _logit_at(before.coefficients + step, design, response, weight)
            if here.likelihood >= before.likelihood - abs(before.likelihood) * 1e-12:
                break
            step = step / 2
        if float(np.abs(step).max()) <= CONVERGED * (1 + float(np.abs(here.coefficients).max())):
            break
        if here.highest >= 1 - 1e-9:
            raise Separated
    else:
        raise Separated
    if here.highest >= OVERLAP:
        raise Separated
    return here


def _logit_at(
    coefficients: np.ndarray, design: np.ndarray, response: np.ndarray, weight: np.ndarray
) -> Logit:
    """Add up what Newton's method needs; chances of exactly 0 are raised by a hair."""
    k = len(design)
    likelihood, highest, score, curvature = 0.0, 0.0, np.zeros(k), np.zeros((k, k))
    for units in stretches(0, len(weight), rows=2 * k + 5):
        x, w = design[:, units], weight[units]
        fitted = expit(coefficients @ x)
        left = response[units] - fitted
        likelihood += float(w @ np.log(np.maximum(1 - np.abs(left), 1e-300)))
        highest = max(highest, float(fitted.max()))
        score += x @ (w * left)
        curvature += (x * (w * fitted * (1 - fitted))) @ x.T
    return Logit(coefficients, likelihood, score, curvature, highest)
