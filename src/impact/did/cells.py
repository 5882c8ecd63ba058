"""Which cohort is compared with whom, over which two periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from impact.did.adoption import Adoption
from impact.errors import DesignError

__all__ = ["Cell", "Comparison", "compared", "joined", "planned_cells", "standing"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a cohort's effect in a period is found.

    Parameters
    ----------
    control_group : str
        ``not_yet_treated`` or ``never_treated``.
    estimation : str
        ``doubly_robust``, ``regression`` or ``weighting``.
    anticipation : int
        Periods before the start in which there may be an effect already.
    base_period : str
        ``varying``: before the start each period is compared with the one before it;
        ``universal``: always with the last period before the start (less anticipation).
    pairs : bool
        Whether a cell holds only the units that are seen in both of its periods.
    """

    control_group: Literal["not_yet_treated", "never_treated"]
    estimation: Literal["doubly_robust", "regression", "weighting"]
    anticipation: int
    base_period: Literal["varying", "universal"]
    pairs: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cohort in one period: indices of periods, and how many units may compare."""

    at: int
    cohort: float
    period: int
    base: int
    controls: int

    @property
    def earlier(self) -> int:
        """The earlier of the two periods, whose covariates and weights count."""
        return min(self.period, self.base)


def planned_cells(data: Adoption, how: Comparison) -> Iterator[Cell]:
    """Plan a cell for every cohort and period that has a base period."""
    cohorts, times, at = data.cohorts, data.times, 0
    if how.control_group == "never_treated" and not data.n_never:
        raise DesignError(
            "no unit is never treated; control_group='not_yet_treated' compares with those "
            "reached later"
        )
    if not data.n_never:
        cohorts = cohorts[:-1]
    for cohort in cohorts:
        last = int(np.searchsorted(times, cohort - how.anticipation, side="left")) - 1
        for period in range(0 if how.base_period == "universal" else 1, len(times)):
            reached = times[period] >= cohort - how.anticipation
            base = last if reached or how.base_period == "universal" else period - 1
            controls = data.n_never
            if how.control_group == "not_yet_treated":
                controls = data.later_than(times[max(period, base)] + how.anticipation)
            yield Cell(at, float(cohort), period, base, controls)
            at += 1


def compared(data: Adoption, cell: Cell) -> int:
    """Count the comparison units of a cell; the cohort itself is not among them."""
    own = data.members(cell.cohort)
    return cell.controls - (own.stop - own.start if own.stop <= cell.controls else 0)


def standing(data: Adoption, cell: Cell) -> tuple[list[slice], np.ndarray]:
    """Return where the cell's units stand, and which of them are the cohort's."""
    own = data.members(cell.cohort)
    if own.stop <= cell.controls:
        parts = [slice(0, cell.controls)]
        treated = np.zeros(cell.controls, dtype=bool)
        treated[own] = True
        return parts, treated
    size = own.stop - own.start
    parts = [slice(0, cell.controls), own]
    if own.start == cell.controls:
        parts = [slice(0, own.stop)]
    treated = np.zeros(cell.controls + size, dtype=bool)
    treated[cell.controls :] = True
    return parts, treated


def joined(values: np.ndarray, parts: list[slice]) -> np.ndarray:
    """Take the parts of the last axis; a view where there is one part."""
    taken = [values[..., part] for part in parts]
    return taken[0] if len(taken) == 1 else np.concatenate(taken, axis=-1)
