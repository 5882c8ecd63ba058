"""Part of a panel, as if the other rows had never been in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.errors import DesignError

__all__ = ["subpanel"]


def subpanel(panel: Panel, keep: np.ndarray, *, start: np.ndarray | None = None) -> Panel:
    """Return the panel of some rows, without the units, periods and places that they leave out.

    Parameters
    ----------
    panel : Panel
        N rows; it stays as it is.
    keep : numpy.ndarray of bool, shape (N,)
    start : numpy.ndarray of float, shape (N,), optional
        First treated time of every row of the whole panel, instead of the panel's own.

    Returns
    -------
    Panel
        Its covariates are those that still vary.

    Raises
    ------
    DesignError
        No row is left.
    """
    rows = np.flatnonzero(keep)
    if not len(rows):
        raise DesignError("no row of the panel is left; take more of it")
    values = panel.values.iloc[rows].reset_index(drop=True)
    other = panel.other_cluster
    changed: dict[str, Any] = {
        "times": panel.times[np.unique(panel.period[rows])],
        "start": panel.start[rows] if start is None else start[rows],
        "treated": panel.treated[rows] if start is None else np.isfinite(start[rows]),
        "weight": panel.weight[rows],
        "values": values,
        "covariates": tuple(name for name in panel.covariates if values[name].nunique() > 1),
        "answers": {
            name: kinds.iloc[rows].reset_index(drop=True) for name, kinds in panel.answers.items()
        },
        "other_cluster": None if other is None else _numbered(other[rows])[1],
    }
    for one, several in (("unit", "units"), ("period", "periods"), ("cluster", "clusters")):
        found, codes = _numbered(getattr(panel, one)[rows])
        changed |= {one: codes, several: getattr(panel, several)[found]}
    changed |= _placed(panel, rows)
    for column in changed.values():
        if isinstance(column, np.ndarray):
            column.setflags(write=False)
    return replace(panel, **changed)


def _numbered(codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return which codes occur, and the codes renumbered without gaps."""
    found, numbers = np.unique(codes, return_inverse=True)
    return found, numbers


def _placed(panel: Panel, rows: np.ndarray) -> dict[str, Any]:
    """Renumber the places; what is not known stays -1."""
    place = panel.place[rows]
    known = place >= 0
    found, codes = _numbered(place[known])
    numbers = np.full(len(place), -1, dtype=panel.place.dtype)
    numbers[known] = codes
    places: pd.Index = panel.places[found] if len(panel.places) else panel.places
    return {"place": numbers, "places": places}
