"""Those whom a pilot could reach, and those whom it could not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.left_out import left_out, periods_ahead
from impact.did.observed import Observed, observe
from impact.errors import DesignError
from impact.results import Sentence

__all__ = ["need_eight_means", "reach_column", "rows_in_reach"]

UNKNOWN = Sentence(
    "%(n)s row without “%(name)s” is left out.", many="%(n)s rows without “%(name)s” are left out."
)


def reach_column(panel: Panel, by: str | None) -> str:
    """Return the name of the 0/1 column that tells who is in reach.

    Parameters
    ----------
    panel : Panel
    by : str or None
        A covariate or subgroup; the first subgroup unless said.

    Raises
    ------
    DesignError
        There is no such column, or it has other values than 0 and 1.
    """
    if by is None and not panel.subgroups:
        raise DesignError(
            "triple_difference needs a second dimension: a 0/1 column of those whom the pilot "
            "could reach; name one in 'subgroups', or as by=; did needs none"
        )
    column = panel.subgroups[0] if by is None else by
    if column not in panel.values or column in {one.column for one in panel.outcomes}:
        known = ", ".join(dict.fromkeys((*panel.covariates, *panel.subgroups))) or "none"
        raise DesignError(
            f"the panel has no covariate or subgroup '{column}' for triple_difference; it has "
            f"{known}: name the column in 'subgroups'"
        )
    values = panel.values[column].to_numpy(dtype=float)
    if not np.isin(values[np.isfinite(values)], (0.0, 1.0)).all():
        raise DesignError(
            f"triple_difference compares two groups, and '{column}' has values other than 0 and "
            "1: split it into 0 and 1 first"
        )
    return column


def rows_in_reach(
    panel: Panel, outcome: str, by: str, start: float
) -> tuple[Observed, np.ndarray, tuple[Sentence, ...]]:
    """Select the rows of eight means.

    Parameters
    ----------
    panel : Panel
    outcome, by : str
        Columns.
    start : float
        Periods in which it may have been anticipated are left out.

    Returns
    -------
    seen : Observed
        N rows; the column itself is not among their covariates.
    reach : numpy.ndarray of bool, shape (N,)
    notes : tuple of Sentence
        What was left out, beside what ``seen`` says.
    """
    ahead = panel.design.anticipation
    first = int(np.searchsorted(panel.times, start))
    between = (panel.period >= first - ahead) & (panel.period < first)
    values = panel.values[by].to_numpy(dtype=float)
    known = np.isfinite(values)
    notes = [periods_ahead(ahead)] if between.any() else []
    unknown = int((~known & ~between).sum())
    if unknown:
        notes.append(left_out(UNKNOWN, unknown, name=by))
    seen = observe(panel, outcome, keep=~between & known)
    kept = [at for at, name in enumerate(seen.names) if name != by]
    seen = replace(seen, X=seen.X[:, kept], names=tuple(seen.names[at] for at in kept))
    return seen, values[seen.rows] == 1, tuple(notes)


def need_eight_means(seen: Observed, after: np.ndarray, reach: np.ndarray, by: str) -> None:
    """Refuse rows that lack one of the eight means, and say which.

    Parameters
    ----------
    seen : Observed
        N rows.
    after, reach : numpy.ndarray of bool, shape (N,)
    by : str
        What tells who is in reach.

    Raises
    ------
    DesignError
    """
    cell = seen.treated * 4 + after * 2 + reach
    empty = np.flatnonzero(np.bincount(cell, minlength=8) == 0)
    if len(empty):
        group = "treated" if empty[0] & 4 else "comparison"
        when = "after" if empty[0] & 2 else "before"
        raise DesignError(
            f"triple_difference needs eight means; there is no {group} row {when} the start with "
            f"'{by}' = {int(empty[0] & 1)}: take did among those who are there"
        )
