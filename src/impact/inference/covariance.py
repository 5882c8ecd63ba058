"""Covariance of a least-squares fit: classical, robust, and clustered one way.

What is counted, the same everywhere and printed with the methods:

- ``classical`` and ``hc1`` divide by N − K, where K counts every absorbed effect.
- ``hc2`` and ``hc3`` use the leverages of the whole model, absorbed effects included
  (MacKinnon & White 1985). A row that the model fits whatever its value (leverage 1)
  adds nothing.
- ``cr1`` is G/(G−1) · (N−1)/(N−K). Fixed effects nested in the clusters are not counted
  in K, as fixest and reghdfe do; what is absorbed leaves one constant. t with G − 1.
- ``cr2`` (Bell & McCaffrey 2002) and ``cr3`` correct every cluster by its own block of the
  hat matrix of the whole model: effects nested in the clusters by absorption
  (Pustejovsky & Tipton 2018, theorem 2), the others by their columns.
- ``hc2``, ``cr2`` and ``cr3`` are read with Satterthwaite's degrees of freedom, a number
  for every coefficient; with ``hc2`` and absorbed effects N − K.
- With weights everything is computed on rows times the root of their weight, as
  statsmodels does: the working model of ``hc2`` and ``cr2`` has variances that fall with
  the weight.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.errors import DesignError
from impact.inference.absorb import compact
from impact.inference.clusters import cluster_sums, members
from impact.inference.hat import FULL, corrected, leverage, outside, spanned
from impact.inference.linear import LinearFit

__all__ = ["CLUSTERED", "Covariance", "clustered", "covariance"]

CLUSTERED = frozenset({"cr1", "cr2", "cr3"})


@dataclass(frozen=True, eq=False)
class Covariance:
    """A covariance and how to read it.

    Parameters
    ----------
    kind : str
        ``classical hc1 hc2 hc3 cr1 cr2 cr3``.
    matrix : numpy.ndarray, shape (K, K)
    dof : numpy.ndarray of float, shape (K,)
        Degrees of freedom of every coefficient's t; not a number where there is none.
    n_clusters : int
        0 where errors are not clustered.
    """

    kind: str
    matrix: np.ndarray
    dof: np.ndarray
    n_clusters: int = 0

    @property
    def std_error(self) -> np.ndarray:
        """Standard errors, shape (K,)."""
        return np.sqrt(np.diag(self.matrix))


def covariance(
    fit: LinearFit,
    kind: str,
    *,
    cluster: np.ndarray | None = None,
    contrasts: np.ndarray | None = None,
) -> Covariance:
    """Return the covariance of the coefficients, or of sums of them.

    Parameters
    ----------
    fit : LinearFit
        N rows, K coefficients.
    kind : str
        ``classical hc1 hc2 hc3``, or with clusters ``cr1 cr2 cr3``.
    cluster : numpy.ndarray of int, shape (N,), optional
        Codes; needed by the clustered kinds.
    contrasts : numpy.ndarray, shape (L, K), optional
        The sums to read; the coefficients themselves unless said.

    Raises
    ------
    DesignError
        There are no degrees of freedom left, fewer than two clusters, or more effects
        than the kind can carry.
    """
    toward = fit.bread if contrasts is None else fit.bread @ np.asarray(contrasts).T
    if kind in CLUSTERED:
        if cluster is None:
            raise DesignError(f"{kind} needs clusters")
        codes, count = compact(cluster)
        if count < 2:
            raise DesignError(f"{kind} needs two clusters or more; there is 1")
        if kind == "cr1":
            return _cr1(fit, toward, codes, count)
        return _corrected(fit, toward, kind, (codes, count))
    if kind not in ("classical", "hc1", "hc2", "hc3"):
        raise DesignError(
            f"'{kind}' is no covariance of a regression; there are classical, hc1, hc2, hc3, "
            "cr1, cr2 and cr3"
        )
    if fit.dof < 1:
        raise DesignError(
            f"the regression has as many coefficients as rows ({fit.n}), so no standard error; "
            "leave out covariates or take did"
        )
    return _rowwise(fit, toward, kind)


def _rowwise(fit: LinearFit, toward: np.ndarray, kind: str) -> Covariance:
    design, errors = fit.whitened
    dof = np.full(toward.shape[1], float(fit.dof))
    if kind == "classical":
        pushed = design @ toward
        return Covariance(kind, pushed.T @ pushed * (errors @ errors / fit.dof), dof)
    if kind == "hc1":
        matrix = _sandwich(toward, design * errors[:, None]) * (fit.n / fit.dof)
        return Covariance(kind, matrix, dof)
    left = 1 - leverage(fit)
    power = 0.5 if kind == "hc2" else 1.0
    factor = np.where(left > FULL, np.maximum(left, FULL) ** -power, 0.0)
    scores = design * (errors * factor)[:, None]
    if kind == "hc2" and not fit.effects.codes:
        # Rows are clusters of one: Bell and McCaffrey's degrees of freedom in closed form.
        basis = design @ fit.half
        pulls = (design @ toward) * factor[:, None]
        dof = np.array([_satterthwaite(pull**2, basis * pull[:, None]) for pull in pulls.T])
    return Covariance(kind, _sandwich(toward, scores), dof)


def _cr1(fit: LinearFit, toward: np.ndarray, codes: np.ndarray, count: int) -> Covariance:
    design, errors = fit.whitened
    sums = cluster_sums(design * errors[:, None], codes, count)
    others = outside(fit.effects, codes)
    constant = 1 if fit.effects.codes else 0
    k = fit.rank + constant + sum(levels - 1 for _, levels in others)
    return clustered(sums, toward, fit.n, k)


def clustered(sums: np.ndarray, toward: np.ndarray, n: int, k: int) -> Covariance:
    """Return CR1 from the scores' sums by cluster.

    Parameters
    ----------
    sums : numpy.ndarray, shape (G, K)
    toward : numpy.ndarray, shape (K, L)
        Turns scores into the sums of coefficients that are read.
    n, k : int
        Rows, and coefficients that are counted.

    Raises
    ------
    DesignError
        There are no degrees of freedom left, or fewer than two clusters.
    """
    count = len(sums)
    if count < 2:
        raise DesignError(f"cr1 needs two clusters or more; there is {count}")
    if n <= k:
        raise DesignError(
            f"the regression has as many coefficients as rows ({n}), so no standard error; "
            "leave out covariates or take did"
        )
    scale = count / (count - 1) * (n - 1) / (n - k)
    dof = np.full(toward.shape[1], count - 1.0)
    return Covariance("cr1", _sandwich(toward, sums) * scale, dof, count)


def _corrected(
    fit: LinearFit, toward: np.ndarray, kind: str, clusters: tuple[np.ndarray, int]
) -> Covariance:
    codes, count = clusters
    design, errors = fit.whitened
    basis = spanned(fit, codes)
    power = 0.5 if kind == "cr2" else 1.0
    rank = toward.shape[1]
    sums = np.empty((count, rank))
    lengths = np.empty((count, rank))
    pulls = np.empty((count, rank, basis.shape[1]))
    pushed = design @ toward
    for group, rows in enumerate(members(codes, count)):
        block = basis[rows]
        # q = A X̃ B, A the cluster's correction; the basis spans all that is not nested.
        q = corrected(block, pushed[rows], power)
        sums[group] = errors[rows] @ q
        lengths[group] = np.einsum("ij,ij->j", q, q)
        pulls[group] = q.T @ block
    dof = np.array(
        [_satterthwaite(lengths[:, k], pulls[:, k, :]) for k in range(rank)], dtype=float
    )
    return Covariance(kind, sums.T @ sums, dof, count)


def _satterthwaite(lengths: np.ndarray, pulls: np.ndarray) -> float:
    """Return tr(G)² / tr(G²) of G = diag(lengths) − pulls pulls', clusters × clusters."""
    taken = np.einsum("ij,ij->i", pulls, pulls)
    inner = pulls.T @ pulls
    trace = float((lengths - taken).sum())
    square = float((lengths**2).sum() - 2 * (lengths @ taken) + (inner**2).sum())
    return trace**2 / square if square > 0 else float("nan")


def _sandwich(toward: np.ndarray, scores: np.ndarray) -> np.ndarray:
    pushed = scores @ toward
    out: np.ndarray = pushed.T @ pushed
    return out
