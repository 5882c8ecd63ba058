"""The weighted logit behind propensity scores."""

from __future__ import annotations

import numpy as np
from scipy.special import expit

__all__ = ["Separated", "logit"]

STEPS = 100
CONVERGED = 1e-11
OVERLAP = 0.999


class Separated(ArithmeticError):
    """Somebody is treated for certain: no comparison unit is like them."""


def logit(design: np.ndarray, response: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return the fitted probabilities of a weighted logit.

    Newton's method from zero, halving a step that lowers the likelihood.

    Parameters
    ----------
    design : numpy.ndarray, shape (k, n)
        Regressors in rows, the first a constant; full row rank.
    response : numpy.ndarray, shape (n,)
        0 or 1.
    weight : numpy.ndarray, shape (n,)
        Positive weights.

    Returns
    -------
    numpy.ndarray, shape (n,)
        Fitted probabilities.

    Raises
    ------
    Separated
        A fitted probability reaches 0.999, or the likelihood has no maximum.

    Examples
    --------
    >>> import numpy as np
    >>> ones = np.ones((1, 4))
    >>> logit(ones, np.array([1.0, 0.0, 0.0, 0.0]), np.ones(4)).round(3).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    share = float(weight @ response / weight.sum())
    coefficients = np.zeros(len(design))
    coefficients[0] = np.log(share / (1 - share))
    fitted = np.full(len(response), share)
    reached = _likelihood(fitted, response, weight)
    for _ in range(STEPS):
        weighted = design * (weight * fitted * (1 - fitted))
        score = design @ (weight * (response - fitted))
        try:
            step = np.linalg.solve(weighted @ design.T, score)
        except np.linalg.LinAlgError as singular:
            raise Separated from singular
        before = reached
        for _half in range(STEPS):
            tried = expit((coefficients + step) @ design)
            reached = _likelihood(tried, response, weight)
            if reached >= before - abs(before) * 1e-12:
                break
            step = step / 2
        coefficients, fitted = coefficients + step, tried
        if float(np.abs(step).max()) <= CONVERGED * (1 + float(np.abs(coefficients).max())):
            break
        if fitted.max() >= 1 - 1e-9:
            raise Separated
    else:
        raise Separated
    if fitted.max() >= OVERLAP:
        raise Separated
    return np.asarray(fitted)


def _likelihood(fitted: np.ndarray, response: np.ndarray, weight: np.ndarray) -> float:
    """Return the log-likelihood; probabilities of exactly 0 or 1 are cut by a hair."""
    chance = np.where(response == 1, fitted, 1 - fitted)
    return float(weight @ np.log(np.maximum(chance, 1e-300)))
