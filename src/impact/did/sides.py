"""Who is compared with whom, and over how many places or units of assignment."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.did.observed import cluster_codes
from impact.inference.absorb import compact
from impact.inference.clusters import effective_number

__all__ = ["Sides", "each_by_itself", "known_rows", "lives_beside", "sides_of"]

BESIDE = 10
MOST = 0.5


@dataclass(frozen=True)
class Sides:
    """How many clusters there are on either side, and how many they are worth.

    Parameters
    ----------
    over : str
        Level of the clusters.
    treated, comparison : int
        How many there are.
    effective : float
        How many of equal size the side is worth that is worth less, before or after the
        start, whichever is worth less.
    even : float
        How many of equal size all of them are worth, as a share of their number.
    straddled : bool
        Whether some places hold people of both sides.
    """

    over: str
    treated: int
    comparison: int
    effective: float
    even: float
    straddled: bool = False

    @property
    def few(self) -> int:
        """How many clusters the side with fewer has."""
        return min(self.treated, self.comparison)

    @property
    def counts(self) -> dict[str, int]:
        """The numbers of clusters, for a sentence."""
        return {"treated": self.treated, "comparison": self.comparison}


def known_rows(panel: Panel, outcome: str | None) -> np.ndarray:
    """Return which rows hold the outcome and count, shape (len(panel),)."""
    known: np.ndarray = panel.values[panel.outcome(outcome).column].notna().to_numpy()
    return known & (panel.weight > 0)


def each_by_itself(panel: Panel) -> bool:
    """Tell whether every unit was assigned by itself."""
    return compact(panel.cluster)[1] == compact(panel.unit)[1]


def _compared(panel: Panel, known: np.ndarray) -> np.ndarray:
    """Return which rows are of those that are compared with, shape (len(panel),)."""
    treated = panel.treated
    if panel.design.kind == "staggered" and known.any() and treated[known].all():
        # Those who start later are the comparison of those who start first.
        return np.asarray(panel.start > panel.start[known].min())
    return ~treated


def _places_known(panel: Panel, known: np.ndarray) -> bool:
    return bool(len(panel.places)) and bool((panel.place[known] >= 0).all())


def _shared(panel: Panel, known: np.ndarray) -> np.ndarray:
    """Return the codes of the places whose people do not all start together, or never."""
    place, start = panel.place[known], panel.start[known]
    first, last = np.full(len(panel.places), np.inf), np.full(len(panel.places), -np.inf)
    np.minimum.at(first, place, start)
    np.maximum.at(last, place, start)
    return np.flatnonzero((first < last) & np.isin(np.arange(len(first)), place))


def lives_beside(panel: Panel, known: np.ndarray) -> bool:
    """Tell whether the comparison is of people in the pilot's own places.

    Half of the comparison's weight or more lies in the pilot's places, and each of these
    has ten comparison people or more: one who moved does not make a comparison.

    Parameters
    ----------
    panel : Panel
    known : numpy.ndarray of bool, shape (len(panel),)
        The rows that count.
    """
    if not _places_known(panel, known):
        return False
    compared = known & _compared(panel, known)
    treated = known & panel.treated
    if not _compared(panel, known)[known & ~panel.treated].any():
        # All are reached: who starts first is the pilot's.
        treated &= ~compared
    count = len(panel.places)
    weight = np.bincount(panel.place[compared], panel.weight[compared], count)
    units = len(panel.units)
    pairs = np.unique(panel.place[compared].astype(np.int64) * units + panel.unit[compared])
    people = np.bincount(pairs // units, minlength=count)
    piloted = np.unique(panel.place[treated])
    if not len(piloted) or not weight.sum() > 0:
        return False
    within = weight[piloted].sum() >= MOST * weight.sum()
    return bool(within and people[piloted].min() >= BESIDE)


def sides_of(panel: Panel, known: np.ndarray) -> Sides:
    """Count what is compared with what: places, or units of assignment.

    Places, where they are known, unless the comparison people live beside the treated
    ones; a place of both is the pilot's.

    Parameters
    ----------
    panel : Panel
    known : numpy.ndarray of bool, shape (len(panel),)
        The rows that count.
    """
    treated, compared = panel.treated & known, _compared(panel, known) & known
    over, straddled = "assignment", False
    if _places_known(panel, known):
        shared = _shared(panel, known)
        if not len(shared):
            over = "place"
        elif not lives_beside(panel, known):
            over, straddled = "place", True
            piloted = np.unique(panel.place[treated & ~(compared & treated)])
            treated = known & np.isin(panel.place, piloted)
            compared = compared & ~treated
    codes = cluster_codes(panel, over)
    after = panel.times[panel.period] >= panel.start[known].min(initial=np.inf)
    sizes = [
        np.bincount(codes[side], panel.weight[side], minlength=int(codes.max()) + 1)
        for side in (treated, compared)
    ]
    by_cell = [
        np.bincount(codes[cell], panel.weight[cell])
        for side in (treated, compared)
        for cell in (side & after, side & ~after)
        if cell.any()
    ]
    counts = [int(np.count_nonzero(size)) for size in sizes]
    effective = min((effective_number(size[size > 0]) for size in by_cell), default=0.0)
    every = np.concatenate([size[size > 0] for size in sizes])
    even = effective_number(every) / max(len(every), 1) if len(every) else 0.0
    return Sides(over, counts[0], counts[1], min(effective, *counts), even, straddled)
