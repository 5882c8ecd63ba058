"""Where the results of group-time cells are written down, and how each is weighted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.cells import Comparison
from impact.inference.logit import Separated
from impact.inference.propensity import Groups, Propensity, propensity

__all__ = ["ALIKE", "ALONE", "SURE", "Sheet", "scores_of", "why"]

ALONE, ALIKE, SURE = "no_comparison", "collinear", "no_overlap"


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """Where the cells' results are written down while they are found.

    Parameters
    ----------
    estimate : numpy.ndarray, shape (K,)
    influence : numpy.ndarray, shape (K, n)
    failed : dict of int to str
        Cells that cannot be estimated, and why.
    inside : dict of int to numpy.ndarray of bool, shape (n,)
        The units of each cell, where not all of its groups' units count.
    """

    estimate: np.ndarray
    influence: np.ndarray
    failed: dict[int, str]
    inside: dict[int, np.ndarray]


def scores_of(groups: Groups, how: Comparison) -> Propensity | None:
    """Fit the propensity scores where the method weights by them.

    Without covariates all three methods are the difference of mean changes.
    """
    if how.estimation == "regression" or len(groups.design) == 1:
        return None
    return propensity(groups)


def why(reason: ArithmeticError) -> str:
    """Name the reason for which a cell cannot be estimated."""
    return SURE if isinstance(reason, Separated) else ALIKE
