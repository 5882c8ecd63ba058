"""A regression with two-way effects whose columns are the same for all units of a group.

In a full grid of units and periods the means of the groups, each weighing as much as its
units, have the coefficients of all rows. Only the errors need the units, and all they need
is one product of their outcomes with the groups' columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from impact.inference.clusters import cluster_sums, effective_number
from impact.inference.covariance import Covariance, clustered
from impact.inference.linear import LinearFit, fit

__all__ = ["GroupedFit", "fit_grouped"]


@dataclass(frozen=True, eq=False)
class GroupedFit:
    """A fit on the means of C groups in T periods, and what its clustered errors need.

    Parameters
    ----------
    means : LinearFit
        The regression on the means, C · T rows and K coefficients.
    group : numpy.ndarray of int, shape (U,)
        Group of every unit.
    scores : numpy.ndarray, shape (U, K)
        Columns without the effects times residuals, summed over each unit's periods.
    periods : int
    """

    means: LinearFit
    group: np.ndarray
    scores: np.ndarray
    periods: int

    def cr1(self, cluster: np.ndarray, contrasts: np.ndarray) -> Covariance:
        """Return the covariance of sums of coefficients; see `impact.inference.covariance`.

        Parameters
        ----------
        cluster : numpy.ndarray of int, shape (U,)
            Codes without gaps: every unit lies within one cluster.
        contrasts : numpy.ndarray, shape (L, K)
        """
        count, units = int(cluster.max()) + 1, len(self.scores)
        sums = self.scores if count == units else cluster_sums(self.scores, cluster, count)
        # Periods cross the clusters, and what is absorbed leaves one constant.
        k = self.means.rank + self.periods
        return clustered(sums, self.means.bread @ contrasts.T, units * self.periods, k)

    def effective_clusters(self, cluster: np.ndarray, contrast: np.ndarray) -> float:
        """Return the effective number of clusters behind a sum of coefficients.

        As `impact.inference.clusters.effective_clusters`, which says what it is.
        """
        pushed = self.means.design @ (self.means.bread @ contrast)
        by_group = np.square(pushed).reshape(-1, self.periods).sum(axis=1)
        return effective_number(np.bincount(cluster, by_group[self.group]))


def fit_grouped(
    y: np.ndarray, group: np.ndarray, columns: np.ndarray, names: Sequence[str]
) -> GroupedFit:
    """Fit units observed in every period on columns of their groups, unit and period effects.

    Parameters
    ----------
    y : numpy.ndarray, shape (U, T)
        None missing.
    group : numpy.ndarray of int, shape (U,)
        Codes without gaps, of C groups.
    columns : numpy.ndarray, shape (C, T, K)
    names : sequence of str, length K

    Returns
    -------
    GroupedFit

    Examples
    --------
    >>> import numpy as np
    >>> y, under = np.array([[1.0, 6], [2, 3], [3, 4]]), np.array([[[0], [0]], [[0], [1]]])
    >>> fit_grouped(y, np.array([1, 0, 0]), under, ["ATT"]).means.beta
    array([4.])
    """
    groups, periods, k = columns.shape
    size = np.bincount(group)
    order = np.argsort(group, kind="stable")
    within = y[order]
    within -= within.mean(axis=1, keepdims=True)
    edges = np.cumsum(size)[:-1]
    stretches = np.split(within, edges)
    mean = np.array([stretch.mean(axis=0) for stretch in stretches])
    means = fit(
        mean.ravel(),
        columns.reshape(-1, k),
        weights=np.repeat(size, periods).astype(float),
        absorb=(np.repeat(np.arange(groups), periods), np.tile(np.arange(periods), groups)),
        names=names,
    )
    course = size @ mean / size.sum()
    design = means.design.reshape(groups, periods, -1)
    scores = np.empty((len(y), means.rank))
    for rows, stretch, own in zip(np.split(order, edges), stretches, design, strict=True):
        scores[rows] = stretch @ own - (course + own @ means.beta) @ own
    return GroupedFit(means, group, scores, periods)
