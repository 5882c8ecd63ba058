"""The times at which treatment starts."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.errors import DesignError

__all__ = ["start_of", "starts_in"]


def starts_in(start: np.ndarray) -> np.ndarray:
    """Return the different starts of rows that come unit by unit, rising.

    Parameters
    ----------
    start : numpy.ndarray, shape (N,)
    """
    opened = np.flatnonzero(start[1:] != start[:-1])
    return np.unique(start[np.append(opened, len(start) - 1)]) if len(start) else start


def start_of(panel: Panel, method: str) -> float:
    """Return the one time at which treatment starts.

    Raises
    ------
    DesignError
        Treatment starts at several times or never, or everybody is treated.
    """
    starts = starts_in(panel.start)
    starts = starts[np.isfinite(starts)]
    if len(starts) > 1:
        raise DesignError(
            f"{method} needs one start for all; treatment starts at {len(starts)} different "
            "periods here: take callaway_santanna"
        )
    if not len(starts):
        raise DesignError(
            f"{method} needs units that are treated from some period on; there are none: "
            "check design.treated and design.starts"
        )
    if panel.treated.all():
        raise DesignError(
            f"{method} needs a comparison group; every unit is treated: take before_after, "
            "which claims no effect"
        )
    return float(starts[0])
