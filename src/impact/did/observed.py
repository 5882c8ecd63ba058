"""The rows of a panel that one method can use, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from impact.data.panel import Panel
from impact.did.left_out import left_out
from impact.did.magnitude import refuse_extremes
from impact.did.starts import starts_in
from impact.errors import DesignError
from impact.inference.absorb import compact
from impact.results import Sentence
from impact.spec.models import Outcome

__all__ = ["Observed", "cluster_codes", "observe", "smallest_cell"]

NO_OUTCOME = Sentence(
    "%(n)s row without this outcome is left out.",
    many="%(n)s rows without this outcome are left out.",
)
NO_COVARIATE = Sentence(
    "%(n)s row without a covariate is left out.",
    many="%(n)s rows without a covariate are left out.",
)
NO_WEIGHT = Sentence(
    "%(n)s row with a weight of zero is left out.",
    many="%(n)s rows with a weight of zero are left out.",
)


@dataclass(frozen=True, eq=False)
class Observed:
    """Rows with an outcome, N of them, sorted as the panel is.

    Parameters
    ----------
    panel : Panel
        Where they come from.
    outcome : Outcome
    rows : numpy.ndarray of int, shape (N,)
        Their places in the panel.
    y : numpy.ndarray, shape (N,)
    X : numpy.ndarray, shape (N, C)
        Covariates.
    names : tuple of str
        Of the covariates.
    weight : numpy.ndarray or None, shape (N,)
        None where the panel is not weighted.
    notes : tuple of Sentence
        What was left out, with its count.
    """

    panel: Panel
    outcome: Outcome
    rows: np.ndarray
    y: np.ndarray
    X: np.ndarray
    names: tuple[str, ...]
    weight: np.ndarray | None
    notes: tuple[Sentence, ...] = ()

    def __len__(self) -> int:
        return len(self.rows)

    def taken(self, column: np.ndarray) -> np.ndarray:
        """Return these rows of a column of the panel: itself where they are all of them."""
        return column if len(self.rows) == len(self.panel) else column[self.rows]

    @property
    def unit(self) -> np.ndarray:
        """Unit codes, shape (N,)."""
        return self.taken(self.panel.unit)

    @property
    def period(self) -> np.ndarray:
        """Period codes, shape (N,)."""
        return self.taken(self.panel.period)

    @property
    def treated(self) -> np.ndarray:
        """Whether the row belongs to a group that is ever treated, shape (N,)."""
        return self.taken(self.panel.treated)

    @property
    def start(self) -> np.ndarray:
        """First treated time of the row's group, shape (N,)."""
        return self.taken(self.panel.start)

    @cached_property
    def starts(self) -> np.ndarray:
        """First treated times that occur, rising; the last is inf where some are never treated."""
        return starts_in(self.start)

    @property
    def cohort(self) -> np.ndarray:
        """Place of the row's start among `starts`, shape (N,)."""
        return np.searchsorted(self.starts, self.start)

    @property
    def time(self) -> np.ndarray:
        """Time of the row, shape (N,)."""
        return np.asarray(self.panel.times[self.period])

    @property
    def weights(self) -> np.ndarray:
        """Sampling weights, shape (N,); ones where there are none."""
        return np.ones(len(self)) if self.weight is None else self.weight

    @property
    def n_units(self) -> int:
        """Number of units."""
        return int(np.count_nonzero(np.bincount(self.unit)))

    @property
    def n_treated(self) -> int:
        """Number of treated units."""
        return int(np.count_nonzero(np.bincount(self.unit[self.treated])))


def observe(
    panel: Panel,
    outcome: str | None = None,
    *,
    covariates: bool = True,
    keep: np.ndarray | None = None,
) -> Observed:
    """Select the rows that hold all a regression needs.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        Column; the first primary outcome unless said.
    covariates : bool
        Whether the panel's covariates are needed.
    keep : numpy.ndarray of bool, shape (len(panel),), optional
        Rows outside it are left out without a word: the method has said why.

    Raises
    ------
    DesignError
        The panel has no such outcome, or no row has one.
    """
    said = panel.outcome(outcome)
    names = panel.covariates if covariates else ()
    refuse_extremes(panel, said.column)
    y = panel.values[said.column].to_numpy(dtype=float)
    X = np.empty((len(panel), 0))
    if names:
        X = panel.values[list(names)].to_numpy(dtype=float)
    left = np.ones(len(panel), dtype=bool) if keep is None else keep.copy()
    notes = []
    for bad, text in (
        (np.isnan(y), NO_OUTCOME),
        (np.isnan(X).any(axis=1), NO_COVARIATE),
        (panel.weight <= 0, NO_WEIGHT),
    ):
        count = int((bad & left).sum())
        if count:
            notes.append(left_out(text, count))
            left &= ~bad
    rows = np.flatnonzero(left)
    if not len(rows):
        raise DesignError(
            f"no row can be used for '{said.column}': each lacks the outcome, a covariate or "
            "a weight; leave out the covariate that is never given"
        )
    weight = panel.weight if panel.weighted else None
    if len(rows) < len(panel):
        y, X = y[rows], X[rows]
        weight = None if weight is None else weight[rows]
    return Observed(panel, said, rows, y, X, names, weight, tuple(notes))


def cluster_codes(panel: Panel, level: str) -> np.ndarray:
    """Return the clusters of every row of the panel, shape (len(panel),).

    Parameters
    ----------
    panel : Panel
    level : str
        ``assignment``, ``unit``, ``place``, ``other`` (the column of
        ``analysis.cluster``), or a column of the panel's values.

    Raises
    ------
    DesignError
        The panel has no such level.
    """
    roles = {"assignment": panel.cluster, "unit": panel.unit, "place": panel.place}
    if panel.other_cluster is not None:
        roles["other"] = panel.other_cluster
    if level in roles:
        codes = roles[level]
    elif level in panel.values:
        values = panel.values[level].to_numpy(dtype=float)
        codes = np.where(np.isnan(values), -1, np.unique(values, return_inverse=True)[1])
    else:
        raise DesignError(
            f"errors cannot be clustered by '{level}': the panel has assignment, unit, place, "
            "its numeric columns, and other where analysis.cluster names one"
        )
    if (codes < 0).any():
        raise DesignError(
            f"errors cannot be clustered by '{level}': it is not known for "
            f"{int((codes < 0).sum())} rows; fill it in or take another level"
        )
    return np.asarray(compact(codes)[0])


def smallest_cell(unit: np.ndarray, *groups: np.ndarray) -> int:
    """Return the smallest number of different units in any cell that holds some.

    Parameters
    ----------
    unit : numpy.ndarray of int, shape (N,)
    *groups : numpy.ndarray of int or bool, each shape (N,)
        A cell is a combination of their values.
    """
    cell = np.zeros(len(unit), dtype=np.int64)
    for codes in groups:
        numbers, levels = compact(np.asarray(codes, dtype=np.int64))
        cell = cell * levels + numbers
    width = int(unit.max(initial=0)) + 1
    pairs = np.sort(compact(cell)[0] * width + unit)
    first = np.append(True, pairs[1:] != pairs[:-1])
    return int(np.bincount(pairs[first] // width).min())
