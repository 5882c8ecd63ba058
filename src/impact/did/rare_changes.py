"""Whether chance in a comparison of people is too lopsided for a standard error."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.endline import baseline_values
from impact.did.observed import cluster_codes
from impact.inference.rare import lopsided, sparse

__all__ = ["LOPSIDED", "SMALL", "people_shown", "too_lopsided"]

LOPSIDED = 0.1
SMALL = 5
MOST = 20_000


def too_lopsided(panel: Panel, outcome: str, known: np.ndarray) -> dict[str, int] | None:
    """Tell whether rare or far-out values in groups of unlike size mislead a t-test.

    The third moment of the difference in means, standardised and read from both groups
    together, is over a tenth; or hardly anybody in the smaller group differs from the most
    (`impact.inference.rare`). Groups of one size are never lopsided.

    Parameters
    ----------
    panel : Panel
        Of people, or of clusters of fewer than five on average; more than 20,000 of them
        are not looked at.
    outcome : str
        Column.
    known : numpy.ndarray of bool, shape (len(panel),)
        The rows that count.

    Returns
    -------
    dict of str to int, or None
        How many there are in either group, where they mislead.
    """
    count = len(panel.clusters)
    if count > MOST or len(panel.units) >= SMALL * count:
        return None
    shown = people_shown(panel, outcome, known)
    if shown is None:
        return None
    values, weights, treated = shown
    if min(treated.sum(), (~treated).sum()) < 2:
        return None
    if lopsided(values, weights, treated) <= LOPSIDED and not sparse(values, treated):
        return None
    return {"treated": int(treated.sum()), "comparison": int((~treated).sum())}


def people_shown(
    panel: Panel, outcome: str, known: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return what is compared of every unit of assignment, its weight, and its group.

    In a lottery the outcome at the end, less what the outcome before says of it; else the
    change. None where there is no such value of a unit: repeated cross-sections, several
    starts.
    """
    codes = cluster_codes(panel, "assignment")
    y = panel.values[outcome].to_numpy(dtype=float)
    if panel.design.kind == "randomised":
        last = known & (panel.period == panel.period[known].max(initial=0))
        before = baseline_values(panel, outcome, panel.unit) if panel.is_panel else None
        if before is None:
            return _by_cluster(y, last, codes, panel)
        last &= np.isfinite(before)
        return _by_cluster(_net(y, before, last), last, codes, panel)
    starts = np.unique(panel.start[np.isfinite(panel.start)])
    if not panel.is_panel or len(starts) != 1:
        return None
    first = int(np.searchsorted(panel.times, starts[0]))
    after = known & (panel.period >= first)
    earlier = known & (panel.period < first - panel.design.anticipation)
    parts = [
        _means(y, rows, panel.unit, panel.weight, len(panel.units)) for rows in (earlier, after)
    ]
    change = (parts[1] - parts[0])[panel.unit]
    once = np.zeros(len(panel), dtype=bool)
    once[np.unique(panel.unit, return_index=True)[1]] = True
    return _by_cluster(change, once & np.isfinite(change), codes, panel)


def _net(y: np.ndarray, before: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Take out what the outcome before says of the outcome, in both groups together."""
    apart = before - before[rows].mean() if rows.any() else before
    square = float(apart[rows] @ apart[rows])
    slope = float(apart[rows] @ y[rows]) / square if square > 0 else 0.0
    return np.asarray(y - slope * np.nan_to_num(apart))


def _means(
    y: np.ndarray, rows: np.ndarray, codes: np.ndarray, weight: np.ndarray, count: int
) -> np.ndarray:
    """Return weighted means by code, shape (count,); NaN where there is no row."""
    total = np.bincount(codes[rows], weight[rows], count)
    sums = np.bincount(codes[rows], weight[rows] * y[rows], count)
    means: np.ndarray = np.divide(sums, total, out=np.full(count, np.nan), where=total > 0)
    return means


def _by_cluster(
    values: np.ndarray, rows: np.ndarray, codes: np.ndarray, panel: Panel
) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    count = int(codes.max()) + 1
    size = np.bincount(codes[rows], panel.weight[rows], count)
    means = _means(values, rows, codes, panel.weight, count)
    treated = np.bincount(codes[rows], panel.treated[rows], count) > 0
    other = np.bincount(codes[rows], ~panel.treated[rows], count) > 0
    held = size > 0
    if not held.any() or (treated & other).any():
        return None
    return means[held], size[held], np.asarray(treated[held])
