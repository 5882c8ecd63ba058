"""Who passes a pre-test, and how the estimate is spread among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from impact.inference.event_estimates import EventEstimates
from impact.inference.normal_box import inside_box

__all__ = ["TESTS", "Rule", "wide", "within"]

NODES = 200


@dataclass(frozen=True)
class Rule:
    """A pre-test.

    Parameters
    ----------
    chance : callable
        From estimates, true deviation of the periods before (P,) and level to the chance
        to pass.
    given : callable
        From estimates, deviation, bias of the later estimate and level to its bias and its
        interval's coverage among those who pass.
    """

    chance: Callable[[EventEstimates, np.ndarray, float], float]
    given: Callable[[EventEstimates, np.ndarray, float, float], tuple[float, float]]


def wide(level: float) -> float:
    """Return half the width of an interval in standard errors."""
    return float(special.ndtri(0.5 + level / 2))


def within(mean: float, spread: float, reach: float) -> float:
    """Return the chance that a normal lies within ± ``reach``."""
    if not spread > 0:
        return float(abs(mean) <= reach)
    return float(special.ndtr((reach - mean) / spread) - special.ndtr((-reach - mean) / spread))


def _chance_individual(estimates: EventEstimates, before: np.ndarray, level: float) -> float:
    inner = estimates.vcov[: estimates.n_pre, : estimates.n_pre]
    limits = wide(level) * np.sqrt(np.diag(inner))
    return inside_box(before, inner, -limits, limits)[0]


def _given_individual(
    estimates: EventEstimates, before: np.ndarray, bias: float, level: float
) -> tuple[float, float]:
    n = estimates.n_pre
    rows = np.zeros((n + 1, len(estimates.estimate)))
    rows[:n, :n] = np.eye(n)
    rows[n, n:] = estimates.toward
    vcov = rows @ estimates.vcov @ rows.T
    mean = np.append(before, bias)
    limits = wide(level) * np.sqrt(np.diag(vcov))
    open_end = np.append(limits[:n], np.inf)
    passing, centre = inside_box(mean, vcov, -open_end, open_end)
    if not passing > 0:
        return float("nan"), float("nan")
    both, _ = inside_box(mean, vcov, -limits, limits)
    return float(centre[n]), min(both / passing, 1.0)


def _chance_joint(estimates: EventEstimates, before: np.ndarray, level: float) -> float:
    n = estimates.n_pre
    shift = np.linalg.solve(np.linalg.cholesky(estimates.vcov[:n, :n]), before)
    return _noncentral(float(special.chdtri(n, 1 - level)), n, float(shift @ shift))


def _given_joint(
    estimates: EventEstimates, before: np.ndarray, bias: float, level: float
) -> tuple[float, float]:
    n = estimates.n_pre
    limit = float(special.chdtri(n, 1 - level))
    root = np.linalg.cholesky(estimates.vcov[:n, :n])
    shift = np.linalg.solve(root, before)
    # Given the standardised earlier estimates the later one is a line of them and a rest.
    line = np.linalg.solve(root, estimates.vcov[:n, n:] @ estimates.toward)
    slope = float(np.sqrt(line @ line))
    rest = float(np.sqrt(max(estimates.std_error**2 - slope**2, 0.0)))
    reach = wide(level) * estimates.std_error
    if not slope > 0:
        return bias, within(bias, rest, reach)
    along = float(line @ shift) / slope
    others = max(float(shift @ shift) - along**2, 0.0)
    # Along the line the estimates are a normal; across it a chi-squared decides who passes.
    node, weight = np.polynomial.legendre.leggauss(NODES)
    node, weight = node * np.sqrt(limit), weight * np.sqrt(limit)
    room = np.array([_noncentral(float(limit - at**2), n - 1, others) for at in node])
    density = weight * room * np.exp(-((node - along) ** 2) / 2)
    total = float(density.sum())
    if not total > 0:
        return float("nan"), float("nan")
    centre = bias + slope * (node - along)
    covered = np.array([within(float(at), rest, reach) for at in centre])
    return float(density @ centre) / total, float(density @ covered) / total


def _noncentral(limit: float, dof: int, spread: float) -> float:
    """Return the chance that a noncentral chi-squared is at most a limit."""
    return 1.0 if dof == 0 else float(special.chndtr(limit, dof, spread))


TESTS = {
    "individual": Rule(_chance_individual, _given_individual),
    "joint": Rule(_chance_joint, _given_joint),
}
