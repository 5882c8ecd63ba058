"""Degrees of freedom for CR2 where what befalls a whole cluster may outweigh its rows.

Satterthwaite's degrees of freedom of CR2 come from a working model in which every row errs
by itself: the mean of a large cluster is then surer than that of a small one. Where what
befalls a whole cluster in a period outweighs its rows, all clusters' means are as unsure,
a large one counts for far more than the model thinks, and the test rejects too often.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.inference.absorb import compact
from impact.inference.clusters import cluster_sums, members
from impact.inference.exact_t import matching_dof
from impact.inference.hat import corrected, spanned
from impact.inference.linear import LinearFit

__all__ = ["MOST_CLUSTERS", "SHARES", "guarded_dof"]

MOST_CLUSTERS = 400
SHARES = (0.0, 0.5, 1.0)


def guarded_dof(
    fit: LinearFit,
    cluster: np.ndarray,
    cell: np.ndarray,
    contrasts: np.ndarray,
    dof: np.ndarray,
    *,
    level: float = 0.95,
) -> np.ndarray:
    """Return degrees of freedom that hold however much rows of a cell err alike.

    Satterthwaite's, or less: those at which t has the exact critical value of the
    estimate over its CR2 error (see `impact.inference.exact_t`) under normal errors,
    when cells hold 0, ½ or all of the estimate's variance.

    Parameters
    ----------
    fit : LinearFit
        N rows, K coefficients.
    cluster, cell : numpy.ndarray of int, shape (N,)
        Codes. A cell is what rows that err alike share: a cluster in a period.
    contrasts : numpy.ndarray, shape (L, K)
        The sums of coefficients that are read.
    dof : numpy.ndarray, shape (L,)
        Satterthwaite's; they are returned as they are with more than 400 clusters.
    level : float
        Of the test.

    Returns
    -------
    numpy.ndarray, shape (L,)
    """
    codes, count = compact(cluster)
    toward = fit.bread @ np.asarray(contrasts).T
    if count > MOST_CLUSTERS:
        return np.asarray(dof, dtype=float)
    least = np.array(dof, dtype=float)
    for at, (alone, shared) in enumerate(_grams(fit, toward, (codes, count), compact(cell))):
        for share in SHARES:
            gram = (1 - share) * alone + share * shared
            least[at] = matching_dof(gram, level=level, most=least[at])
    return least


def _grams(
    fit: LinearFit,
    toward: np.ndarray,
    clusters: tuple[np.ndarray, int],
    cells: tuple[np.ndarray, int],
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield, for every sum, the covariances of it and of the clusters' scores, (1 + G)²."""
    codes, count = clusters
    design, _ = fit.whitened
    root = np.ones(fit.n) if fit.weights is None else np.sqrt(fit.weights)
    basis = spanned(fit, codes)
    pushed = design @ toward
    scores = np.empty_like(pushed)
    pulls = np.empty((count, toward.shape[1], basis.shape[1]))
    for group, rows in enumerate(members(codes, count)):
        scores[rows] = corrected(basis[rows], pushed[rows], 0.5)
        pulls[group] = scores[rows].T @ basis[rows]
    lengths = cluster_sums(scores**2, codes, count)
    held = cluster_sums(basis * root[:, None], *cells)
    sums = cluster_sums(scores * root[:, None], *cells)
    whole = cluster_sums(pushed * root[:, None], *cells)
    home = np.zeros(cells[1], dtype=np.int64)
    home[cells[0]] = codes
    for at in range(toward.shape[1]):
        alone = np.zeros((count + 1, count + 1))
        alone[0, 0] = pushed[:, at] @ pushed[:, at]
        alone[1:, 1:] = np.diag(lengths[:, at]) - pulls[:, at] @ pulls[:, at].T
        load = np.vstack([whole[:, at], -pulls[:, at] @ held.T])
        load[1 + home, np.arange(cells[1])] += sums[:, at]
        shared = load @ load.T
        yield alone / alone[0, 0], shared / shared[0, 0] if shared[0, 0] > 0 else alone
