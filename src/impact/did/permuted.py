"""A difference of means, tested by giving the treatment to other clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.did.result import Estimates
from impact.errors import DesignError
from impact.inference.permutation import Permutation
from impact.inference.unequal import Cells, permute_unequal
from impact.results import Sentence

__all__ = ["Draws", "by_permutation", "draws_of", "people_of", "permuted", "treated_clusters"]


@dataclass(frozen=True)
class Draws:
    """How many assignments are looked at, and the seed of the draws."""

    replications: int = 999
    seed: int = 0


def draws_of(panel: Panel) -> Draws:
    """Return what the params file says of replications and seed."""
    if panel.spec is None:
        return Draws()
    return Draws(panel.spec.analysis.replications, panel.spec.analysis.seed)


def permuted(
    panel: Panel,
    y: np.ndarray,
    treated: np.ndarray,
    clusters: np.ndarray,
    *,
    term: str = "ATT",
    weight: np.ndarray | None = None,
    after: np.ndarray | None = None,
    level: float = 0.95,
) -> Estimates:
    """Permute a difference of two means, or of four, allowing for the clusters' sizes.

    Parameters
    ----------
    panel : Panel
        Says how many assignments are looked at.
    y : numpy.ndarray, shape (N,)
        The outcome, less what covariates explain of it in the fit at hand.
    treated : numpy.ndarray of bool, shape (N,)
    clusters : numpy.ndarray of int, shape (N,)
    term : str
        What the estimate is called.
    weight : numpy.ndarray, shape (N,), optional
    after : numpy.ndarray of bool, shape (N,), optional
        Where given, the means after less the means before.
    level : float
        Of the interval.

    Raises
    ------
    DesignError
        A cluster is partly treated.
    """
    numbers = np.unique(clusters, return_inverse=True)[1]
    chosen = treated_clusters(treated, numbers)
    cells = 1 if after is None else 2
    cell = numbers * cells + (0 if after is None else after)
    weights = np.ones(len(y)) if weight is None else weight
    shape = (len(chosen), cells)
    sums, counts, squares = (
        np.bincount(cell, part, len(chosen) * cells).reshape(shape)
        for part in (weights * y, weights, weights**2)
    )
    draws = draws_of(panel)
    test = permute_unequal(
        Cells(sums, counts, squares, np.array([1.0] if after is None else [-1.0, 1.0])),
        chosen,
        level=level,
        replications=draws.replications,
        seed=draws.seed,
    )
    return by_permutation(term, test, len(chosen), people=people_of(panel, chosen))


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
    note = Sentence(
        "The p-value is the share of %(looked_at)s assignments of the pilot whose difference is "
        "as large or larger; it cannot be smaller than %(smallest).3f.",
        {"looked_at": test.looked_at, "smallest": test.smallest},
        people or {},
    )
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
