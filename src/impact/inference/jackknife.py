"""The estimates with one cluster left out, each in turn, and the error that they give."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.errors import DesignError
from impact.inference.absorb import compact
from impact.inference.clusters import members
from impact.inference.hat import spanned
from impact.inference.linear import LinearFit

__all__ = ["Jackknife", "jackknife"]

HELD = 1e-9


@dataclass(frozen=True, eq=False)
class Jackknife:
    """The estimates with one cluster left out.

    Parameters
    ----------
    estimates : numpy.ndarray, shape (G, K)
        Row g without cluster g; not a number where the others alone do not tell a
        coefficient apart.
    matrix : numpy.ndarray, shape (K, K)
        (G − 1)/G times the sum over clusters of the squared distances from the whole
        sample's estimate; not a number where one of the estimates is missing.
    dof : float
        G − 1.
    """

    estimates: np.ndarray
    matrix: np.ndarray
    dof: float

    @property
    def std_error(self) -> np.ndarray:
        """Standard errors, shape (K,)."""
        return np.sqrt(np.diag(self.matrix))


def jackknife(fit: LinearFit, cluster: np.ndarray) -> Jackknife:
    """Leave out every cluster in turn, without fitting again.

    The cluster's residuals are solved by its own block of what the model leaves free
    (MacKinnon, Nielsen & Webb 2023, CV3J with the whole sample's estimate at the centre).
    The ``cr3`` of `impact.inference.covariance` is the same without (G − 1)/G, as
    clubSandwich has it.

    Parameters
    ----------
    fit : LinearFit
        N rows, K coefficients.
    cluster : numpy.ndarray of int, shape (N,)
        Codes.

    Returns
    -------
    Jackknife

    Raises
    ------
    DesignError
        There are fewer than two clusters, or more effects that cross the clusters than
        can be written out.

    Examples
    --------
    >>> import numpy as np
    >>> from impact.inference.linear import fit
    >>> mean = fit(np.array([1.0, 2.0, 6.0]), np.ones((3, 1)))
    >>> jackknife(mean, np.arange(3)).estimates.ravel()
    array([4. , 3.5, 1.5])
    """
    codes, count = compact(cluster)
    if count < 2:
        raise DesignError("leaving out a cluster needs two clusters or more; there is 1")
    design, errors = fit.whitened
    basis = spanned(fit, codes)
    pushed = design @ fit.bread
    estimates = np.empty((count, fit.rank))
    for group, rows in enumerate(members(codes, count)):
        estimates[group] = fit.beta - _change(basis[rows], pushed[rows], errors[rows])
    apart = estimates - fit.beta
    return Jackknife(estimates, (count - 1) / count * apart.T @ apart, count - 1.0)


def _change(block: np.ndarray, pushed: np.ndarray, errors: np.ndarray) -> np.ndarray:
    """Return what a cluster adds to the estimate: pushed'(I − block block')⁻¹ errors."""
    values, vectors = np.linalg.eigh(block.T @ block)
    free = 1 - values
    held = free <= HELD
    # A direction that this cluster alone holds: what it pushes is lost with the cluster.
    lost = np.abs(pushed.T @ (block @ vectors[:, held])).max(axis=1, initial=0.0)
    inner = (vectors.T @ (block.T @ errors)) / np.where(held, 1.0, free)
    change: np.ndarray = pushed.T @ (errors + block @ (vectors @ np.where(held, 0.0, inner)))
    scale = np.sqrt(np.einsum("ij,ij->j", pushed, pushed))
    return np.where(lost > 1e-6 * scale, np.nan, change)
