"""The end of a randomised pilot: one row a unit, with what it was like before."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.observed import Observed, observe
from impact.errors import DesignError

__all__ = ["baseline_period", "baseline_values", "endline"]


def endline(panel: Panel, outcome: str | None, *, covariates: bool, method: str) -> Observed:
    """Select the rows of the last period that holds the outcome.

    Raises
    ------
    DesignError
        The design is not randomised, or one group has no row at the end.
    """
    if panel.design.kind != "randomised" and not panel.design.randomised:
        raise DesignError(
            f"{method} compares groups at the end, which is an effect only where a lottery made "
            "them: take did, or say design.randomised: true if assignment was by lottery"
        )
    column = panel.outcome(outcome).column
    known = panel.values[column].notna().to_numpy()
    last = int(panel.period[known].max()) if known.any() else 0
    seen = observe(panel, column, covariates=covariates, keep=panel.period == last)
    if seen.treated.all() or not seen.treated.any():
        group = "comparison" if seen.treated.all() else "treated"
        raise DesignError(f"{method} needs two groups at the end; there is no {group} row")
    return seen


def baseline_period(panel: Panel, outcome: str | None = None) -> int | None:
    """Return the code of the last period before the pilot, or None where there is none.

    Where no start is known, it is the first of several periods. Repeated cross-sections
    have no baseline of the same people.
    """
    column = panel.outcome(outcome).column
    if not panel.is_panel:
        return None
    known = panel.values[column].notna().to_numpy()
    if not known.any():
        return None
    periods = np.unique(panel.period[known])
    starts = panel.start[np.isfinite(panel.start)]
    if len(starts):
        periods_before = periods[panel.times[periods] < starts.min()]
        return int(periods_before[-1]) if len(periods_before) else None
    return int(periods[0]) if len(periods) > 1 else None


def baseline_values(panel: Panel, outcome: str, units: np.ndarray) -> np.ndarray | None:
    """Return the outcome of units before the pilot, shape (len(units),); NaN where unknown."""
    period = baseline_period(panel, outcome)
    if period is None:
        return None
    at = np.flatnonzero(panel.period == period)
    values = np.full(len(panel.units), np.nan)
    values[panel.unit[at]] = panel.values[outcome].to_numpy(dtype=float)[at]
    out: np.ndarray = values[units]
    return out
