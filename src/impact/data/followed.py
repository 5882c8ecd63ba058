"""Which rows a comparison of changes rests on: those of units seen on both sides of the start."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel

__all__ = ["followed"]

FEWEST = 2
"""Units on either side below which a comparison of changes says nothing."""


def followed(panel: Panel, outcome: str) -> np.ndarray | None:
    """Return the rows of units that gave the outcome both before and after the start.

    Where units leave, the means of all rows change with who is still there. In a panel of two
    groups and one start that follows its rule, only the units' own changes are compared, in the
    headline and in every table and figure that stands for it.

    Parameters
    ----------
    panel : Panel
    outcome : str
        Column.

    Returns
    -------
    numpy.ndarray of bool, shape (N,), or None
        None where all rows count: nobody was lost, other people are asked each time, treatment
        starts at several times, the params file names its methods, or too few were followed.
    """
    by_rule = panel.spec is None or panel.spec.analysis.methods == "auto"
    starts = np.unique(panel.start[panel.treated])
    # Assigned by lottery, the groups are compared at the end.
    if not (by_rule and panel.is_panel and panel.design.kind != "randomised" and len(starts) == 1):
        return None
    if panel.treated.all():
        return None
    first = int(np.searchsorted(panel.times, starts[0]))
    given = panel.values[outcome].notna().to_numpy() & (panel.weight > 0)
    before = given & (panel.period < first - panel.design.anticipation)
    after = given & (panel.period >= first)
    there = [
        np.bincount(panel.unit[side], minlength=len(panel.units)) > 0 for side in (before, after)
    ]
    both, some = there[0] & there[1], there[0] | there[1]
    if (both == some).all():
        return None
    rows: np.ndarray = both[panel.unit]
    for group in (panel.treated, ~panel.treated):
        if len(np.unique(panel.unit[rows & group])) < FEWEST:
            return None
    return rows
