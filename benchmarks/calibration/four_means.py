"""The difference of four means and its tests, all draws at once.

A second road to what `impact` does draw by draw: with two groups and two times all of it
is arithmetic on one sum and one number of rows per cluster and time. `calibration.study`
holds the two roads together on the first draws of every design.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from scipy import special

from impact.inference.covariance import covariance
from impact.inference.linear import fit
from impact.inference.permutation import assignments
from impact.inference.shared_shocks import guarded_dof
from impact.inference.unequal import EQUAL, SHARES

__all__ = ["FourMeans", "permuted"]

BATCH = 250
TIES = 1e-9


@dataclass(frozen=True, eq=False)
class FourMeans:
    """R draws of G clusters before and after.

    Parameters
    ----------
    sums, counts : numpy.ndarray, shape (R, G, 2)
        Sum of the outcome, and number of rows.
    treated : numpy.ndarray of bool, shape (G,)
    """

    sums: np.ndarray
    counts: np.ndarray
    treated: np.ndarray

    @cached_property
    def sign(self) -> np.ndarray:
        """Sign of each cluster's means in the estimate, shape (G, 2)."""
        return np.where(self.treated, 1.0, -1.0)[:, None] * np.array([-1.0, 1.0])

    @cached_property
    def total(self) -> np.ndarray:
        """Rows of the cluster's own group at that time, shape (R, G, 2)."""
        return self._of_group(self.counts)

    def _of_group(self, values: np.ndarray) -> np.ndarray:
        out = np.empty_like(values, dtype=float)
        for side in (self.treated, ~self.treated):
            out[:, side] = values[:, side].sum(axis=1, keepdims=True)
        return out

    @cached_property
    def left(self) -> np.ndarray:
        """Sums of residuals, shape (R, G, 2)."""
        return self.sums - self.counts * self._of_group(self.sums) / self.total

    @cached_property
    def estimate(self) -> np.ndarray:
        """Differences of four means, shape (R,)."""
        return (self.sign * self.sums / self.total).sum(axis=(1, 2))

    def cr1(self) -> tuple[np.ndarray, np.ndarray]:
        """Return standard errors and degrees of freedom of CR1, shape (R,) each."""
        groups = len(self.treated)
        rows = self.counts.sum(axis=(1, 2))
        scores = (self.sign * self.left / self.total).sum(axis=2)
        scale = groups / (groups - 1) * (rows - 1) / (rows - 4)
        return np.sqrt((scores**2).sum(axis=1) * scale), np.full(len(rows), groups - 1.0)

    def cr2(self, *, guarded: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return standard errors of CR2 and the package's degrees of freedom."""
        free = 1 - self.counts / self.total
        with np.errstate(divide="ignore"):
            factor = np.where(free > TIES, free**-0.5, 0.0)
        scores = (self.sign * self.left / self.total * factor).sum(axis=2)
        steady = (self.counts == self.counts[0]).all()
        some = self.counts[:1] if steady else self.counts
        groups = tuple(self.treated.tolist())
        dof = np.array([_dof(tuple(one.ravel().tolist()), groups, guarded) for one in some])
        return np.sqrt((scores**2).sum(axis=1)), np.broadcast_to(dof, len(self.sums))

    def p_values(self, kind: str) -> np.ndarray:
        """Return p-values by Student's t: ``cr1``, ``cr2``, or ``auto``'s guarded CR2."""
        error, dof = self.cr1() if kind == "cr1" else self.cr2(guarded=kind == "auto")
        with np.errstate(divide="ignore", invalid="ignore"):
            p = 2 * special.stdtr(dof, -np.abs(self.estimate / error))
        return np.where(np.isfinite(p), p, 1.0)


@lru_cache(maxsize=100_000)
def _dof(counts: tuple[float, ...], treated: tuple[bool, ...], guarded: bool) -> float:
    """Return CR2's degrees of freedom from cell means, weighted by their rows."""
    groups, rows = len(treated), np.array(counts)
    cluster, after = np.repeat(np.arange(groups), 2), np.tile([0.0, 1.0], groups)
    in_pilot = np.repeat(treated, 2).astype(float)
    X = np.column_stack([np.ones(2 * groups), in_pilot, after, in_pilot * after])
    kept = rows > 0
    model = fit(np.zeros(kept.sum()), X[kept], weights=rows[kept])
    last = np.array([[0.0, 0, 0, 1]])
    dof = covariance(model, "cr2", cluster=cluster[kept], contrasts=last).dof
    if guarded:
        cell = np.arange(2 * groups)[kept]
        dof = guarded_dof(model, cluster[kept], cell, last, dof)
    return float(dof[0])


def permuted(
    data: FourMeans, *, replications: int, seed: int, by_size: bool
) -> tuple[np.ndarray, int]:
    """Return permutation p-values, shape (R,), and how many assignments are looked at.

    ``by_size`` allows for the clusters' sizes, as `impact.inference.unequal` does.
    """
    drawn, _ = assignments(data.treated, replications=replications, seed=seed)
    chosen = drawn.T.astype(float)
    p = np.empty(len(data.sums))
    for at in range(0, len(p), BATCH):
        rows = slice(at, at + BATCH)
        p[rows] = _permuted(data.sums[rows], data.counts[rows], chosen, by_size)
    return p, len(drawn)


def _permuted(
    sums: np.ndarray, counts: np.ndarray, chosen: np.ndarray, by_size: bool
) -> np.ndarray:
    apart, variances = 0.0, [0.0] * len(SHARES)
    for cell, sign in ((0, -1.0), (1, 1.0)):
        n, s = counts[..., cell], sums[..., cell]
        own, total = n @ chosen, n.sum(axis=1, keepdims=True)
        inside = s @ chosen
        apart = apart + sign * (
            inside / own - (s.sum(axis=1, keepdims=True) - inside) / (total - own)
        )
        scale = (n**2).sum(axis=1, keepdims=True) / total
        for at, share in enumerate(SHARES):
            part = share * n**2 + (1 - share) * scale * n
            held = part @ chosen
            rest = part.sum(axis=1, keepdims=True) - held
            variances[at] = variances[at] + held / own**2 + rest / (total - own) ** 2
    equal = np.ptp(counts, axis=(1, 2)).max() < EQUAL
    spreads = [np.sqrt(v) for v in variances] if by_size and not equal else [1.0]
    found = []
    for spread in spreads:
        far = np.abs(apart / spread)
        margin = 1e-10 * far.max(axis=1, keepdims=True)
        found.append((far >= far[:, :1] - margin).mean(axis=1))
    return np.max(found, axis=0)
