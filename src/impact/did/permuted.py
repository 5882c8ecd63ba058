"""A difference between clusters, tested by giving the treatment to others of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.draws import draws_of
from impact.did.result import Estimates
from impact.errors import DesignError
from impact.inference.absorb import compact
from impact.inference.adjusted_cells import AdjustedCells
from impact.inference.permutation import Permutation
from impact.inference.rare import pooled_spread
from impact.inference.unequal import Cells, Compared, permute_unequal
from impact.results import Sentence

__all__ = ["by_permutation", "cells_of", "people_of", "permuted", "treated_clusters"]

SHARE = Sentence(
    "The p-value is the share of %(n)s assignment of the pilot whose difference is as large or "
    "larger; it cannot be smaller than %(smallest).3f.",
    many="The p-value is the share of %(n)s assignments of the pilot whose difference is as large "
    "or larger; it cannot be smaller than %(smallest).3f.",
)


def permuted(
    compared: Compared,
    treated: np.ndarray,
    panel: Panel,
    *,
    term: str = "ATT",
    level: float = 0.95,
    pooled: bool = False,
) -> Estimates:
    """Permute a difference between clusters, allowing for their sizes.

    Parameters
    ----------
    compared : Compared
    treated : numpy.ndarray of bool, shape (G,)
        Of the clusters.
    panel : Panel
        Says how many assignments are looked at.
    term : str
        What the estimate is called.
    level : float
        Of the interval.
    pooled : bool
        Whether effects that the spread of both groups together allows stand in the interval
        too, as an effect on few of many 0/1 outcomes shifts nobody alike.
    """
    draws = draws_of(panel)
    test = permute_unequal(
        compared, treated, level=level, replications=draws.replications, seed=draws.seed
    )
    if pooled and isinstance(compared, Cells | AdjustedCells):
        test = _joined(test, compared, treated, level)
    return by_permutation(term, test, len(treated), people=people_of(panel, treated))


def _joined(
    test: Permutation, compared: Cells | AdjustedCells, treated: np.ndarray, level: float
) -> Permutation:
    """Join a permutation with what the spread of both groups together says."""
    values, weights = compared.values
    seen = weights > 0
    other = pooled_spread(test.statistic, values[seen], weights[seen], treated[seen], level=level)
    return replace(
        test,
        p_value=max(test.p_value, other.p_value),
        conf_low=min(test.conf_low, other.conf_low),
        conf_high=max(test.conf_high, other.conf_high),
    )


def cells_of(
    y: np.ndarray,
    treated: np.ndarray,
    clusters: np.ndarray,
    *,
    weight: np.ndarray | None = None,
    cell: np.ndarray | None = None,
    contrast: Sequence[float] = (1.0,),
    covariates: np.ndarray | None = None,
) -> tuple[Cells | AdjustedCells, np.ndarray]:
    """Sum rows by cluster and cell; return that, and which clusters are treated, shape (G,).

    Parameters
    ----------
    y : numpy.ndarray, shape (N,)
        The outcome.
    treated : numpy.ndarray of bool, shape (N,)
    clusters : numpy.ndarray of int, shape (N,)
    weight : numpy.ndarray, shape (N,), optional
    cell : numpy.ndarray of int, shape (N,), optional
        Codes below C; the treated group's rows of the last one are under treatment.
    contrast : sequence of float, length C
        Of the cells' differences in means.
    covariates : numpy.ndarray, shape (N, K), optional
        Their slopes are fitted anew for every assignment.

    Raises
    ------
    DesignError
        A cluster is partly treated.
    """
    numbers, count = compact(clusters)
    chosen = treated_clusters(treated, numbers)
    weights = np.ones(len(y)) if weight is None else weight
    place, shape = numbers * len(contrast) + (0 if cell is None else cell), (count, len(contrast))
    sums, counts, squares = (
        np.bincount(place, part, shape[0] * shape[1]).reshape(shape)
        for part in (weights * y, weights, weights**2)
    )
    under = np.arange(len(contrast)) == len(contrast) - 1
    cells = Cells(sums, counts, squares, np.array(contrast), under)
    if covariates is None or not covariates.shape[1]:
        return cells, chosen
    # From their means and on one scale, products of large numbers lose no digits.
    X = covariates - weights @ covariates / weights.sum()
    scale = np.sqrt(weights @ X**2 / weights.sum())
    X = X / np.where(scale > 0, scale, 1.0)
    held = [np.bincount(place, weights * one, shape[0] * shape[1]) for one in X.T]
    by_cell = np.stack(held, axis=-1).reshape(*shape, -1)
    weighed = weights[:, None] * X
    return AdjustedCells(cells, by_cell, X.T @ weighed, weighed.T @ y), chosen


def people_of(panel: Panel, treated: np.ndarray) -> dict[str, int]:
    """Return how many clusters there are on either side, where each may be a person."""
    if len(panel.clusters) < len(panel.units):
        return {}
    return {"treated": int(treated.sum()), "comparison": int((~treated).sum())}


def by_permutation(
    term: str, test: Permutation, n_clusters: int, *, people: Mapping[str, int] | None = None
) -> Estimates:
    """Return one estimate tested by permutation.

    The number of assignments gives `people` away, so the note carries them for the gate.
    """
    nothing = np.array([np.nan])
    finite = [end if np.isfinite(end) else np.nan for end in (test.conf_low, test.conf_high)]
    details = {
        "smallest_p": test.smallest,
        "assignments": test.possible,
        "looked_at": test.looked_at,
        "enumerated": test.enumerated,
    }
    values = {"n": test.looked_at, "smallest": test.smallest}
    note = replace(SHARE, values=values, counts=people or {})
    return Estimates(
        (term,),
        np.array([test.statistic]),
        nothing,
        nothing,
        np.array([test.p_value]),
        np.array([finite[0]]),
        np.array([finite[1]]),
        "permutation",
        n_clusters,
        None,
        (note,),
        details,
    )


def treated_clusters(treated: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """Return which clusters are treated, shape (G,).

    Raises
    ------
    DesignError
        A cluster is partly treated: to permute it would mean nothing.
    """
    share = np.bincount(clusters, treated) / np.bincount(clusters)
    if ((share > 0) & (share < 1)).any():
        raise DesignError(
            "a permutation needs clusters that are wholly treated or wholly comparison; name "
            "the unit of assignment as design.assignment, or ask for cr1"
        )
    return np.asarray(share > 0.5)
