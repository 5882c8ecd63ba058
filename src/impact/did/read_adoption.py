"""Which rows of a panel a staggered method can use."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from impact.data.panel import Panel
from impact.did.adoption import Adoption
from impact.did.in_order import in_order
from impact.did.labels import time_label
from impact.did.left_out import UNFINISHED, left_out
from impact.did.magnitude import refuse_extremes
from impact.did.observed import cluster_codes
from impact.errors import DesignError
from impact.locale import N_
from impact.results import Sentence

__all__ = ["read_adoption"]

WEIGHTLESS = Sentence("Rows with weight zero are left out.")
INCOMPLETE = Sentence(
    "%(n)s row without the outcome or a covariate is left out; the others of the same unit stay.",
    many="%(n)s rows without the outcome or a covariate are left out; the others of the same "
    "units stay.",
)
ENDED = N_(
    "Everybody is reached in the end: the last cohort (%(start)s) is the comparison, and "
    "periods from its start on are left out."
)
EARLY = Sentence(
    "%(n)s unit that was reached in or before the first period (%(period)s) is left out, because "
    "nothing is known of it before the pilot.",
    many="%(n)s units that were reached in or before the first period (%(period)s) are left out, "
    "because nothing is known of them before the pilot.",
)


def read_adoption(
    panel: Panel,
    outcome: str,
    covariates: Sequence[str],
    *,
    anticipation: int = 0,
    complete: bool = False,
    cluster: str = "assignment",
    last_compares: bool = False,
) -> Adoption:
    """Read a panel's rows in the order of adoption, leaving out what cannot be used.

    Parameters
    ----------
    panel : Panel
    outcome : str
        A column of the panel's values.
    covariates : sequence of str
        Columns of the panel's values.
    anticipation : int
        Periods before the start in which there may be an effect already.
    complete : bool
        Whether units that are not seen in every period are left out.
    cluster : str
        Level of the clusters, as `impact.did.observed.cluster_codes` reads it.
    last_compares : bool
        Where everybody is reached, end before the last start, so that the last cohort
        is a comparison that is never reached.

    Raises
    ------
    DesignError
        Nothing is left, units belong to several clusters, or the outcome is too large or small.
    """
    refuse_extremes(panel, outcome)
    columns = [panel.values[name].to_numpy(dtype=float) for name in (outcome, *covariates)]
    notes: list[Sentence] = []
    kept = panel.weight > 0
    if not kept.all():
        notes.append(WEIGHTLESS)
    known = np.logical_and.reduce([np.isfinite(column) for column in columns])
    if not known[kept].all():
        missing = int((kept & ~known).sum())
        notes.append(left_out(INCOMPLETE, missing))
    kept &= known
    unit = panel.unit if panel.is_panel else np.arange(len(panel))
    if complete:
        kept &= _finished(unit, panel.period, kept, notes)
    _refuse_nothing(bool(kept.any()), outcome)
    kept &= _reached_later(panel, unit, kept, anticipation, notes)
    if last_compares:
        kept &= _before_last_start(panel, kept, anticipation, notes)
    _refuse_nothing(bool(kept.any()), outcome)
    rows = slice(None) if kept.all() else np.flatnonzero(kept)
    codes = cluster_codes(panel, cluster)[rows]
    return in_order(panel, unit, rows, columns, codes, anticipation, tuple(notes))


def _refuse_nothing(anything: bool, outcome: str) -> None:
    if not anything:
        raise DesignError(
            f"'{outcome}': no unit is left that is seen before it was reached; a staggered "
            "method needs one, 'before_after' does not"
        )


def _finished(
    unit: np.ndarray, period: np.ndarray, kept: np.ndarray, notes: list[Sentence]
) -> np.ndarray:
    """Whether the row's unit is seen in every period that holds data."""
    seen = np.bincount(unit[kept], minlength=int(unit.max()) + 1)
    every = seen == len(np.unique(period[kept]))
    dropped = int(((seen > 0) & ~every).sum())
    if dropped:
        notes.append(left_out(UNFINISHED, dropped))
    return np.asarray(every[unit])


def _reached_later(
    panel: Panel, unit: np.ndarray, kept: np.ndarray, anticipation: int, notes: list[Sentence]
) -> np.ndarray:
    """Whether the row's unit was reached after the first period that holds data."""
    first = panel.period.min(where=kept, initial=len(panel.periods))
    late: np.ndarray = panel.start > panel.times[first] + anticipation
    if not (late | ~kept).all():
        dropped = len(np.unique(unit[kept & ~late]))
        notes.append(left_out(EARLY, dropped, period=str(panel.periods[first])))
    return late


def _before_last_start(
    panel: Panel, kept: np.ndarray, anticipation: int, notes: list[Sentence]
) -> np.ndarray:
    """Whether the row is seen before the last start, where everybody is reached."""
    last = float(panel.start.max(where=kept, initial=0.0))
    end = panel.times[panel.period.max(where=kept, initial=0)]
    if last > end + anticipation or not kept.any():
        return np.ones(len(kept), dtype=bool)
    notes.append(Sentence(ENDED, {"start": time_label(panel, last)}))
    return np.asarray(panel.times[panel.period] < last - anticipation)
