"""Which sizes of an outcome can be reckoned with."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.errors import DesignError

__all__ = ["LARGEST", "SMALLEST", "refuse_extremes"]

LARGEST, SMALLEST = 1e60, 1e-60
"""Beyond these a fourth power leaves what a number can hold, and tests would be of nothing."""


def refuse_extremes(panel: Panel, outcome: str) -> None:
    """Refuse an outcome whose powers no number can hold.

    Parameters
    ----------
    panel : Panel
    outcome : str
        Column.

    Raises
    ------
    DesignError
        Its largest value is beyond 1e60, or all that are not zero are within 1e-60 of it.
    """
    y = panel.values[outcome].to_numpy(dtype=float)
    if not len(y) or np.isnan(y).all():
        return
    largest = max(float(np.fmax.reduce(y)), -float(np.fmin.reduce(y)))
    if largest > LARGEST or 0 < largest < SMALLEST:
        found = f"beyond {LARGEST:g}" if largest > LARGEST else f"all within {SMALLEST:g} of zero"
        raise DesignError(
            f"'{outcome}' has values {found}, too far from 1 to reckon with: give it in "
            f"{'larger' if largest > LARGEST else 'smaller'} units"
        )
