"""The conditional / least-favourable test under the relative-magnitudes restriction.

Andrews, Roth & Pakes (2023), sections 5 and 6, with the vertices of the dual program in
closed form; see `impact.inference.relative_magnitudes` for what is tested.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import optimize, special

from impact.errors import DesignError
from impact.inference.event_estimates import EventEstimates

__all__ = ["Inequalities", "inequalities", "moves"]

ANGLES = 2_048
DIRECTIONS = 16_384
SEED = 20_230_401
NOTHING = 1e-10


@dataclass(frozen=True, eq=False)
class Inequalities:
    """Moments that are zero or less on average when one earlier move is the largest.

    Parameters
    ----------
    rows : numpy.ndarray, shape (k, P + L)
        Weights of the estimates, one row a vertex of the dual program.
    pull : numpy.ndarray, shape (k,)
        How each moment falls per unit of the effect under test.
    vcov : numpy.ndarray, shape (k, k)
        Covariance of the moments.
    critical : float
        Least-favourable critical value of the largest, at the first stage's level.
    size : float
        Level of the second stage.
    """

    rows: np.ndarray
    pull: np.ndarray
    vcov: np.ndarray
    critical: float
    size: float

    def accepts(self, estimate: np.ndarray, effects: np.ndarray) -> np.ndarray:
        """Tell of each effect whether it is not rejected.

        Parameters
        ----------
        estimate : numpy.ndarray, shape (P + L,)
        effects : numpy.ndarray, shape (n,)

        Returns
        -------
        numpy.ndarray of bool, shape (n,)
        """
        moments = (self.rows @ estimate)[:, None] - self.pull[:, None] * effects
        largest = moments.argmax(axis=0)
        top = moments.max(axis=0)
        out: np.ndarray = top <= self.critical
        for at in np.unique(largest[out]):
            here = out & (largest == at)
            out[here] = ~self._rejects(int(at), moments[:, here])
        return out

    def _rejects(self, at: int, moments: np.ndarray) -> np.ndarray:
        """Test given that the moment ``at`` is the largest, and by how much others could be."""
        top = moments[at]
        variance = self.vcov[at, at]
        if variance <= NOTHING**2:
            return np.asarray(top > NOTHING)
        slope = self.vcov[:, at] / variance
        rest = moments - slope[:, None] * top
        below, above = slope < 1 - NOTHING, slope > 1 + NOTHING
        ends = rest[below | above] / (1 - slope[below | above])[:, None]
        under = below[below | above]
        low = ends[under].max(axis=0, initial=-np.inf)
        high = ends[~under].min(axis=0, initial=self.critical)
        spread = np.sqrt(variance)
        chance = _tail(top / spread, low / spread, high / spread)
        return np.asarray((top > 0) & (chance < self.size))


def inequalities(
    estimates: EventEstimates, limit: float, *, level: float = 0.95
) -> Iterator[Inequalities]:
    """Yield the inequalities with each earlier move, up and down, as the largest.

    Parameters
    ----------
    estimates : EventEstimates
        Only the covariance and the weights are used.
    limit : float
        M̄.
    level : float

    Raises
    ------
    DesignError
        The limit is not a number from 0 on, or nothing is asked for.
    """
    if not (np.isfinite(limit) and limit >= 0):
        raise DesignError(f"a limit on the trends is a number from 0 on; found {limit}")
    if not estimates.toward.any():
        raise DesignError("the weights of the later periods are all 0")
    first = (1 - level) / 10
    for move in range(estimates.n_pre):
        for sign in (1.0, -1.0):
            rows, pull = _vertices(estimates, limit, (move, sign))
            vcov = rows @ estimates.vcov @ rows.T
            critical = _least_favourable(vcov, first)
            yield Inequalities(rows, pull, vcov, critical, (1 - level - first) / (1 - first))


def moves(estimates: EventEstimates) -> np.ndarray:
    """Return what takes the estimates to their moves from period to period, (P + L, P + L)."""
    size = len(estimates.estimate)
    full = np.diff(np.eye(size + 1), axis=0)
    return np.delete(full, estimates.n_pre, axis=1)


def _vertices(
    estimates: EventEstimates, limit: float, largest: tuple[int, float]
) -> tuple[np.ndarray, np.ndarray]:
    steps = moves(estimates)
    bound = largest[1] * steps[largest[0]]
    before, after = steps[: estimates.n_pre], steps[estimates.n_pre :]
    up, down = after - limit * bound, -after - limit * bound
    if estimates.n_post == 1:
        # No other later effect: every inequality stands by itself.
        others = np.vstack([before - bound, -before - bound])
        others = others[np.abs(others).max(axis=1) > NOTHING]
        pull = np.concatenate([[1.0, -1.0], np.zeros(len(others))])
        rows = np.vstack([up, down, others]) * 1.0
        pull[:2] /= estimates.toward[0]
        spread = np.sqrt(np.einsum("ij,jk,ik->i", rows, estimates.vcov, rows))
        return rows / spread[:, None], pull / spread
    share = np.cumsum(estimates.toward[::-1])[::-1]
    spread_up, spread_down = (
        np.sqrt(np.einsum("ij,jk,ik->i", some, estimates.vcov, some)) for some in (up, down)
    )
    toward, away = np.maximum(share, 0), np.maximum(-share, 0)
    scale_up = toward @ spread_up + away @ spread_down
    scale_down = away @ spread_up + toward @ spread_down
    rows = np.vstack(
        [
            (toward @ up + away @ down) / scale_up,
            (away @ up + toward @ down) / scale_down,
            (up + down) / (spread_up + spread_down)[:, None],
        ]
    )
    return rows, np.concatenate([[1 / scale_up, -1 / scale_down], np.zeros(len(share))])


def _least_favourable(vcov: np.ndarray, size: float) -> float:
    """Return the quantile at 1 − size of the largest of centred normals.

    Along a direction the largest grows with the radius: its distribution is an average of
    chi distributions over directions.
    """
    values, vectors = np.linalg.eigh(vcov)
    kept = values > 1e-12 * values[-1]
    root = vectors[:, kept] * np.sqrt(values[kept])
    rank = root.shape[1]
    if rank == 1:
        directions = np.array([[1.0], [-1.0]])
    elif rank == 2:
        angles = 2 * np.pi * (np.arange(ANGLES) + 0.5) / ANGLES
        directions = np.column_stack([np.cos(angles), np.sin(angles)])
    else:
        directions = np.random.default_rng(SEED).normal(size=(DIRECTIONS, rank))
        directions /= np.linalg.norm(directions, axis=1)[:, None]
    reach = (directions @ root.T).max(axis=1)
    growing = reach[reach > 0]

    def beyond(point: float) -> float:
        tails = special.chdtrc(rank, (point / growing) ** 2)
        return float(tails.sum()) / len(reach) - size

    high = float(growing.max() * np.sqrt(special.chdtri(rank, size / 2)))
    return float(optimize.brentq(beyond, 1e-9 * high, 2 * high, xtol=1e-12))


def _tail(top: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return the chance that a standard normal between low and high is beyond top."""
    # In logarithms of upper tails, which keep their digits far out.
    of_top, of_low, of_high = (special.log_ndtr(-end) for end in (top, low, high))
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = np.expm1(np.minimum(of_high - of_top, 0.0))
        whole = np.expm1(np.minimum(of_high - of_low, 0.0))
        chance = np.exp(of_top - of_low) * inside / whole
    return np.where(np.isfinite(chance), chance, 1.0)
