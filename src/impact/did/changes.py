"""Each unit's change from before to after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.did.left_out import left_out
from impact.did.observed import Observed
from impact.errors import DesignError
from impact.results import Sentence

__all__ = ["Changes", "unit_changes"]

ONE_SIDE = Sentence(
    "%(n)s unit is left out, since it is not seen both before and after.",
    many="%(n)s units are left out, since they are not seen both before and after.",
)


@dataclass(frozen=True, eq=False)
class Changes:
    """One row a unit that is seen both before and after, n of them.

    Parameters
    ----------
    y : numpy.ndarray, shape (n,)
        Mean after less mean before.
    before : numpy.ndarray, shape (n,)
        Mean before.
    X : numpy.ndarray, shape (n, C)
        Covariates, their mean before.
    treated : numpy.ndarray of bool, shape (n,)
    weight : numpy.ndarray or None, shape (n,)
        The mean of the unit's weights.
    rows : numpy.ndarray of int, shape (n,)
        A row of the panel that belongs to the unit.
    notes : tuple of Sentence
        How many units were left out.
    """

    y: np.ndarray
    before: np.ndarray
    X: np.ndarray
    treated: np.ndarray
    weight: np.ndarray | None
    rows: np.ndarray
    notes: tuple[Sentence, ...]


def unit_changes(seen: Observed, after: np.ndarray, method: str) -> Changes:
    """Take each unit's mean before from its mean after.

    Parameters
    ----------
    seen : Observed
        N rows.
    after : numpy.ndarray of bool, shape (N,)
    method : str
        Named in the errors.

    Raises
    ------
    DesignError
        Units are not seen again, or none is seen both before and after.
    """
    if not seen.panel.is_panel:
        raise DesignError(
            f"{method} on changes needs the same units again; these are repeated "
            "cross-sections: take did over all rows"
        )
    unit = np.unique(seen.unit, return_inverse=True)[1]
    count = int(unit.max()) + 1
    totals = [np.bincount(unit[when], seen.weights[when], count) for when in (~after, after)]
    both = (totals[0] > 0) & (totals[1] > 0)
    if not both.any():
        raise DesignError(
            f"{method} on changes needs units seen both before and after; there is none: take "
            "did over all rows"
        )

    def mean(values: np.ndarray, when: np.ndarray, total: np.ndarray) -> np.ndarray:
        sums = np.bincount(unit[when], seen.weights[when] * values[when], count)
        out: np.ndarray = sums[both] / total[both]
        return out

    before = mean(seen.y, ~after, totals[0])
    first = np.unique(unit, return_index=True)[1][both]
    weight = None
    if seen.weight is not None:
        weight = (np.bincount(unit, seen.weight) / np.bincount(unit))[both]
    columns = [mean(column, ~after, totals[0]) for column in seen.X.T]
    lost = count - int(both.sum())
    return Changes(
        mean(seen.y, after, totals[1]) - before,
        before,
        np.column_stack(columns) if columns else np.empty((len(before), 0)),
        seen.treated[first],
        weight,
        seen.rows[first],
        (left_out(ONE_SIDE, lost),) if lost else (),
    )
