"""From estimates and their covariance to t, p, interval and joint tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

__all__ = ["FEW", "JointTest", "Reading", "few_clusters_test", "joint_test", "read"]

# Inference that is asked for where clusters may be few.
FEW = frozenset({"cr2", "wild_bootstrap"})


@dataclass(frozen=True, eq=False)
class Reading:
    """Statistics of K estimates; not a number where the standard error is zero or missing.

    Parameters
    ----------
    statistic, p_value, conf_low, conf_high : numpy.ndarray, shape (K,)
        Two-sided p; the interval has the level that was asked for.
    """

    statistic: np.ndarray
    p_value: np.ndarray
    conf_low: np.ndarray
    conf_high: np.ndarray


def read(
    estimate: np.ndarray, std_error: np.ndarray, dof: np.ndarray | float, *, level: float = 0.95
) -> Reading:
    """Read estimates by Student's t.

    Parameters
    ----------
    estimate, std_error : numpy.ndarray, shape (K,)
    dof : numpy.ndarray, shape (K,), or float
        Degrees of freedom; inf is the normal.
    level : float
        Of the interval.

    Examples
    --------
    >>> read(np.array([2.0]), np.array([1.0]), np.inf).p_value.round(4)
    array([0.0455])
    """
    value = np.asarray(estimate, dtype=float)
    usable = np.isfinite(std_error) & (np.asarray(std_error) > 0)
    error = np.where(usable, std_error, np.nan)
    free = np.broadcast_to(np.asarray(dof, dtype=float), value.shape)
    statistic = value / error
    p_value = 2 * np.where(
        np.isinf(free), special.ndtr(-np.abs(statistic)), _tail(free, np.abs(statistic))
    )
    wide = _quantile(free, 0.5 + level / 2) * error
    return Reading(statistic, p_value, value - wide, value + wide)


@dataclass(frozen=True)
class JointTest:
    """A joint test that several estimates are zero.

    Parameters
    ----------
    statistic : float
        F, or chi-squared where ``dof`` is infinite.
    restrictions : int
        How many are tested: the rank of their covariance.
    dof : float
        Of the denominator; inf for chi-squared.
    p_value : float
    """

    statistic: float
    restrictions: int
    dof: float
    p_value: float


def joint_test(estimate: np.ndarray, vcov: np.ndarray, dof: float) -> JointTest:
    """Test by Wald that all estimates are zero.

    F = W / q against F(q, dof); chi-squared W where ``dof`` is infinite. A covariance
    without full rank is inverted on its own space, and q is its rank.

    Parameters
    ----------
    estimate : numpy.ndarray, shape (K,)
    vcov : numpy.ndarray, shape (K, K)
    dof : float
        Degrees of freedom of the denominator.
    """
    spread = np.sqrt(np.diag(vcov))
    scale = np.where(spread > 0, spread, 1.0)
    values, vectors = np.linalg.eigh(vcov / np.outer(scale, scale))
    kept = values > 1e-10 * max(float(values.max(initial=0.0)), np.finfo(float).tiny)
    rank = int(kept.sum())
    if rank == 0 or not dof > 0:
        return JointTest(float("nan"), rank, float(dof), float("nan"))
    turned = vectors[:, kept].T @ (np.asarray(estimate) / scale)
    wald = float((turned**2 / values[kept]).sum())
    if np.isinf(dof):
        return JointTest(wald, rank, float(dof), float(special.chdtrc(rank, wald)))
    return JointTest(wald / rank, rank, float(dof), float(special.fdtrc(rank, dof, wald / rank)))


def hotelling_dof(parts: np.ndarray, free: np.ndarray) -> float:
    """Return the degrees of freedom of the Wishart that a sum of Wisharts is most like.

    Parameters
    ----------
    parts : numpy.ndarray, shape (S, K, K)
        What independent strata add to the covariance of K estimates by a working model.
    free : numpy.ndarray, shape (S,)
        Degrees of freedom of each stratum's covariance.

    Returns
    -------
    float
        To be read with `few_clusters_test`. For one estimate Satterthwaite's.

    Notes
    -----
    The approximate Hotelling test of Tipton and Pustejovsky (2015): K (K + 1) over the
    summed variances of the standardised covariance's entries.

    Examples
    --------
    >>> import numpy as np
    >>> round(hotelling_dof(np.array([np.eye(3), 2 * np.eye(3)]), np.array([4.0, 4.0])), 6)
    7.2
    """
    values, vectors = np.linalg.eigh(parts.sum(axis=0))
    kept = values > 1e-10 * max(float(values[-1]), np.finfo(float).tiny)
    half = vectors[:, kept] / np.sqrt(values[kept])
    alike = half.T @ parts @ half
    traces = np.trace(alike, axis1=1, axis2=2)
    squares = traces**2 + (alike**2).sum(axis=(1, 2))
    used = squares > 0
    if not used.any() or not (free[used] > 0).all():
        return float("nan")
    rank = int(kept.sum())
    return rank * (rank + 1) / float((squares[used] / free[used]).sum())


def few_clusters_test(estimate: np.ndarray, vcov: np.ndarray, dof: float) -> JointTest:
    """Test jointly by Hotelling's T², since F(q, dof) rejects too often with few clusters.

    Parameters
    ----------
    estimate : numpy.ndarray, shape (K,)
    vcov : numpy.ndarray, shape (K, K)
    dof : float
        With CR2 Satterthwaite's, the fewest of any estimate; else clusters less one. Where
        they are no more than the restrictions less one, the test is missing.
    """
    rank = joint_test(estimate, vcov, np.inf).restrictions
    free = dof - rank + 1
    shrunk = estimate * np.sqrt(free / dof) if free > 0 else estimate
    return joint_test(shrunk, vcov, free)


def _tail(dof: np.ndarray, statistic: np.ndarray) -> np.ndarray:
    # The incomplete beta keeps its digits far out, where 1 − cdf has none left.
    finite = np.where(np.isinf(dof), 1.0, dof)
    tail: np.ndarray = 0.5 * special.betainc(finite / 2, 0.5, finite / (finite + statistic**2))
    return tail


def _quantile(dof: np.ndarray, share: float) -> np.ndarray:
    finite = np.where(np.isinf(dof), 1.0, dof)
    wide: np.ndarray = np.where(np.isinf(dof), special.ndtri(share), special.stdtrit(finite, share))
    return wide
