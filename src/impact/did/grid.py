"""Panels without a gap, as arrays of units by periods: the same regressions in fewer steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from impact.did.observed import Observed
from impact.did.reading import told
from impact.did.result import Estimates, Size
from impact.inference.absorb import compact
from impact.inference.grouped import GroupedFit, fit_grouped

__all__ = ["Grid", "grid_of"]


@dataclass(frozen=True, eq=False)
class Grid:
    """U units that are all seen in all T periods, without weights and covariates.

    Parameters
    ----------
    y : numpy.ndarray, shape (U, T)
    since : numpy.ndarray, shape (C, T)
        Time since the start of every cohort; minus infinity for the never treated.
    cohort : numpy.ndarray of int, shape (U,)
    cluster : numpy.ndarray of int, shape (U,)
        Codes without gaps.
    """

    y: np.ndarray
    since: np.ndarray
    cohort: np.ndarray
    cluster: np.ndarray

    @property
    def size(self) -> Size:
        """How many rows and units there are; every mean is over one cohort in one period."""
        cohorts = np.bincount(self.cohort, minlength=len(self.since))
        treated = int(cohorts[np.isfinite(self.since[:, 0])].sum())
        return Size(self.y.size, len(self.y), treated, int(cohorts[cohorts > 0].min()))

    def fit(self, columns: np.ndarray, names: Sequence[str]) -> GroupedFit:
        """Regress on columns of the cohorts, shape (C, T, K), with unit and period effects."""
        return fit_grouped(self.y, self.cohort, columns, names)

    def read(
        self, fitted: GroupedFit, contrasts: Mapping[str, np.ndarray], level: float
    ) -> Estimates:
        """Read named sums of coefficients with CR1."""
        matrix = np.array(list(contrasts.values()), dtype=float)
        errors = fitted.cr1(self.cluster, matrix)
        effective = fitted.effective_clusters(self.cluster, matrix[0])
        return told(tuple(contrasts), fitted.means, matrix, errors, level, effective)


def grid_of(seen: Observed, clusters: np.ndarray) -> Grid | None:
    """Lay rows out as units by periods, if they are all there.

    Parameters
    ----------
    seen : Observed
        N rows.
    clusters : numpy.ndarray of int, shape (N,)

    Returns
    -------
    Grid or None
        None where a row is missing, rows have weights or covariates, or a unit changes
        its cluster.
    """
    panel = seen.panel
    shape = (len(panel.units), len(panel.periods))
    if not panel.is_panel or len(seen) != len(panel) or len(seen) != shape[0] * shape[1]:
        return None
    if seen.weight is not None or seen.names:
        return None
    # Rows are sorted by unit and period: a full panel is a grid as it stands.
    start, cluster = seen.start.reshape(shape), clusters.reshape(shape)
    if (start != start[:, :1]).any() or (cluster != cluster[:, :1]).any():
        return None
    cohort = np.searchsorted(seen.starts, start[:, 0])
    since = panel.times - seen.starts[:, None]
    return Grid(seen.y.reshape(shape), since, cohort, compact(cluster[:, 0])[0])
