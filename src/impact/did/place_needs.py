"""What a panel must be to be laid out as places by periods."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.errors import DesignError

__all__ = ["need_equal_weight", "need_every_cell", "need_panel", "one_start"]


def need_panel(panel: Panel, method: str) -> None:
    """Refuse repeated cross-sections, covariates, and a panel without treated places."""
    if not panel.is_panel:
        raise DesignError(
            f"{method} follows the same places over time; these are repeated cross-sections: "
            "take did or callaway_santanna, or a file with one row a place and period"
        )
    if panel.covariates:
        raise DesignError(
            f"{method} takes no covariates; leave 'covariates' empty, or take "
            "callaway_santanna, did or twfe, which take them"
        )
    if not panel.treated.any():
        raise DesignError(f"{method} needs treated places; there are none: check the design")


def need_every_cell(panel: Panel, rows: np.ndarray, method: str) -> None:
    """Refuse a panel with gaps."""
    units, periods = (len(np.unique(codes[rows])) for codes in (panel.unit, panel.period))
    if len(rows) < units * periods:
        raise DesignError(
            f"{method} needs every unit in every period; {units * periods - len(rows)} of "
            f"{units * periods} outcomes are missing: take callaway_santanna or twfe, which "
            "work with gaps"
        )


def need_equal_weight(panel: Panel, sizes: np.ndarray, method: str) -> None:
    """Refuse sampling weights of places."""
    if panel.weighted and (sizes == 1).all():
        raise DesignError(
            f"{method} counts every place alike and has no use for sampling weights; leave "
            "'weight' empty, or take did, twfe or callaway_santanna, which take them"
        )


def one_start(start: np.ndarray, codes: np.ndarray, first: np.ndarray, method: str) -> np.ndarray:
    """Return the start of every place, shape (N,)."""
    by_place = start[first]
    mixed = len(np.unique(codes[start != by_place[codes]]))
    if mixed:
        raise DesignError(
            f"{method} needs places that are treated as a whole; {mixed} are treated in part: "
            "name the unit of assignment as design.assignment, or take callaway_santanna"
        )
    return np.asarray(by_place)
