"""Several estimates of one effect put together: the random-effects summary."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from impact.inference.heterogeneity import (
    cochran_q,
    tau2_interval,
    tau2_paule_mandel,
    tau2_reml,
)

__all__ = ["FEW", "Pooled", "pool"]

FEW = 5
"""With fewer studies the spread between them is hardly known; the result says so."""
Method = Literal["reml", "paule_mandel"]


@dataclass(frozen=True)
class Pooled:
    """A random-effects summary of k estimates.

    Parameters
    ----------
    mean, std_error : float
        Average of the true effects, and its Hartung–Knapp standard error.
    conf_low, conf_high : float
        Interval of the average, from t with k - 1 degrees of freedom.
    predict_low, predict_high : float
        Where the true effect of a further study of the same kind is expected; not a number
        with two studies.
    tau2, tau2_low, tau2_high : float
        Variance of the true effects, and its Q-profile interval.
    i2 : float
        Share (0 to 1) of the variation between the estimates that is not chance.
    q : float
        Cochran's Q.
    p_value : float
        Of an average of zero.
    level : float
        Of all intervals.
    weights : numpy.ndarray, shape (k,)
        Shares of the estimates in the average; they sum to 1.
    method : str
        ``reml`` or ``paule_mandel``.
    widened : bool
        Whether the Hartung–Knapp variance was below the usual one, which was taken instead.
    few : bool
        Whether there are fewer than `FEW` studies.
    """

    mean: float
    std_error: float
    conf_low: float
    conf_high: float
    predict_low: float
    predict_high: float
    tau2: float
    tau2_low: float
    tau2_high: float
    i2: float
    q: float
    p_value: float
    level: float
    weights: np.ndarray
    method: str
    widened: bool
    few: bool

    @property
    def k(self) -> int:
        """The number of studies."""
        return len(self.weights)


def pool(
    estimates: np.ndarray,
    std_errors: np.ndarray,
    *,
    method: Method = "reml",
    level: float = 0.95,
) -> Pooled:
    """Average independent estimates of effects that may differ from study to study.

    Estimand: the mean of the distribution that the studies' true effects come from.
    Identifying assumption: the estimates are unbiased and independent, their standard
    errors are known, and the studies are exchangeable draws.

    The variance of the average is Hartung and Knapp's, ``q / sum(w)`` with
    ``q = sum(w (y - mean)^2) / (k - 1)``. A q below 1 is taken as 1 (the ad-hoc correction of
    Knapp and Hartung, 2003): the variance is never below the usual random-effects one,
    ``1 / sum(w)``, and thereby never below the fixed-effect one.

    Parameters
    ----------
    estimates, std_errors : numpy.ndarray, shape (k,)
        In the same unit; k is 2 or more.
    method : {"reml", "paule_mandel"}
        How the variance between studies is estimated.
    level : float
        Of the intervals.

    Returns
    -------
    Pooled

    Raises
    ------
    ValueError
        Fewer than two estimates, lengths that differ, or a number that is missing; a
        standard error that is not above zero; no such method.

    References
    ----------
    Knapp and Hartung (2003), Statistics in Medicine 22, 2693-2710; Higgins, Thompson and
    Spiegelhalter (2009), Journal of the Royal Statistical Society A 172, 137-159 (prediction:
    t with k - 2 degrees of freedom); Viechtbauer (2007), Statistics in Medicine 26, 37-52
    (Q-profile); Higgins and Thompson (2002), Statistics in Medicine 21, 1539-1558 (I²).

    Examples
    --------
    >>> found = pool(np.array([0.1, 0.3, 0.5]), np.array([0.1, 0.1, 0.1]))
    >>> round(found.mean, 3), round(found.tau2, 3), found.few
    (0.3, 0.03, True)
    """
    from scipy.stats import t

    y, v = _checked(estimates, std_errors)
    k = len(y)
    tau2 = {"reml": tau2_reml, "paule_mandel": tau2_paule_mandel}[_known(method)](y, v)
    w = 1 / (v + tau2)
    mean = float(w @ y / w.sum())
    q = float(w @ (y - mean) ** 2) / (k - 1)
    error = math.sqrt(max(1.0, q) / w.sum())
    reach = float(t.ppf((1 + level) / 2, k - 1)) * error
    ahead = _ahead(k, level) * math.hypot(math.sqrt(tau2), error)
    low, high = tau2_interval(y, v, level=level)
    fixed = 1 / v
    typical = (k - 1) * fixed.sum() / (fixed.sum() ** 2 - (fixed**2).sum())
    return Pooled(
        mean=mean,
        std_error=error,
        conf_low=mean - reach,
        conf_high=mean + reach,
        predict_low=mean - ahead,
        predict_high=mean + ahead,
        tau2=tau2,
        tau2_low=low,
        tau2_high=high,
        i2=float(tau2 / (tau2 + typical)),
        q=cochran_q(0.0, y, v),
        p_value=float(2 * t.sf(abs(mean) / error, k - 1)),
        level=level,
        weights=w / w.sum(),
        method=method,
        widened=q < 1,
        few=k < FEW,
    )


def _checked(estimates: np.ndarray, std_errors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y, error = (np.asarray(each, dtype=float) for each in (estimates, std_errors))
    if y.ndim != 1 or y.shape != error.shape or len(y) < 2:
        raise ValueError("a summary takes two or more estimates, each with its standard error")
    if not (np.isfinite(y).all() and np.isfinite(error).all() and (error > 0).all()):
        raise ValueError("estimates are numbers, and standard errors are above zero")
    return y, error**2


def _known(method: str) -> str:
    if method not in ("reml", "paule_mandel"):
        raise ValueError(f"no method '{method}'; there are reml and paule_mandel")
    return method


def _ahead(k: int, level: float) -> float:
    """Return the quantile for a further study; with two studies there is none."""
    from scipy.stats import t

    return float(t.ppf((1 + level) / 2, k - 2)) if k > 2 else math.nan
