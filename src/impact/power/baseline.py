"""What the rows before the start say of a pilot that is still going on."""

from __future__ import annotations

from typing import Any

import numpy as np

from impact.data import read_panel
from impact.data.panel import Panel
from impact.errors import DataError
from impact.inference.absorb import compact
from impact.spec.models import Design, PilotSpec

__all__ = ["baseline_facts", "read_baseline"]


def read_baseline(spec: PilotSpec) -> Panel:
    """Read a pilot's data file, be it only what was asked before the start.

    Parameters
    ----------
    spec : PilotSpec

    Raises
    ------
    DataError
        With every fault but that the time after the start is missing.
    """
    try:
        return read_panel(spec)
    except DataError as error:
        if not any(fault.code == "start-after-all" for fault in error.faults):
            raise
    design = spec.design
    if design.treated is None:
        raise DataError(
            f"a {design.kind} design cannot be read before its start: give what is known as "
            "options, such as --units, --sd and --correlation"
        )
    early = Design(
        kind="randomised",
        sample=design.sample,
        treated=design.treated,
        assignment=design.assignment,
        place=design.place,
        starts=None,
    )
    return read_panel(spec.model_copy(update={"design": early}))


def baseline_facts(panel: Panel, outcome: str, spec: PilotSpec) -> dict[str, Any]:
    """Return the facts that the rows before the start tell.

    Parameters
    ----------
    panel : Panel
        As `read_baseline` returns it.
    outcome : str
        Column.
    spec : PilotSpec
        The params file.

    Returns
    -------
    dict
        Parts of `impact.power.facts.Facts`: ``units``, ``clusters``, ``treated``, ``mean``,
        ``sd`` within groups, ``icc`` by analysis of variance, and ``correlation`` between a
        unit's values where it was seen twice or more before the start.
    """
    y = panel.values[outcome].to_numpy(dtype=float)
    rows = np.isfinite(y)
    ended = panel.design.kind == spec.design.kind and len(panel.periods) > 1
    if ended:
        rows &= panel.times[panel.period] < panel.start[np.isfinite(panel.start)].min()
    if not rows.any():
        return {}
    last = rows & (panel.period == panel.period[rows].max())
    whole = len(panel.clusters) < len(panel.units)
    cluster, count = compact(panel.cluster[last])
    treated = np.bincount(cluster, panel.treated[last], count) > 0
    side = panel.treated[last].astype(np.int64)
    apart = y[last] - _means(y[last], side)[side]
    found = {
        "units": compact(panel.unit[last])[1],
        "clusters": count if whole else None,
        "treated": float(treated.mean()) if 0 < treated.mean() < 1 else None,
        "mean": float(y[last][side == side.min()].mean()),
        "sd": float(np.sqrt((apart**2).sum() / max(last.sum() - 2, 1))) or None,
        "icc": _icc(apart, cluster, count) if whole else None,
        "correlation": _correlation(panel, outcome, rows),
        **(_timing(panel) if ended else {}),
    }
    return {name: value for name, value in found.items() if value is not None}


def _timing(panel: Panel) -> dict[str, Any]:
    """Return how many periods there are, and which of them are first treated ones."""
    starts = np.unique(panel.start[np.isfinite(panel.start)])
    first = np.searchsorted(panel.times, starts)
    within = first[first < len(panel.times)] + 1
    return {"periods": len(panel.periods), "starts": tuple(int(at) for at in within)}


def _means(y: np.ndarray, codes: np.ndarray) -> np.ndarray:
    count = np.bincount(codes)
    return np.asarray(np.bincount(codes, y) / np.maximum(count, 1))


def _icc(apart: np.ndarray, cluster: np.ndarray, count: int) -> float:
    """Return the share of the variance between clusters, by analysis of variance."""
    size = np.bincount(cluster, minlength=count)
    means = _means(apart, cluster)
    free = (count - 2, len(apart) - count)
    if min(free) < 1:
        return 0.0
    between = float((size * means**2).sum()) / free[0]
    inside = float(((apart - means[cluster]) ** 2).sum()) / free[1]
    each = (len(apart) - float((size**2).sum()) / len(apart)) / (count - 1)
    whole = between + (each - 1) * inside
    return min(max((between - inside) / whole, 0.0), 0.99) if whole > 0 else 0.0


def _correlation(panel: Panel, outcome: str, rows: np.ndarray) -> float | None:
    """Return the mean correlation of a unit's values in two periods before the start."""
    if not panel.is_panel:
        return None
    grid = panel.grid(outcome)[:, np.unique(panel.period[rows])]
    found = []
    for one in range(grid.shape[1]):
        for other in range(one):
            both = np.isfinite(grid[:, one]) & np.isfinite(grid[:, other])
            pair = grid[both][:, [one, other]]
            if len(pair) > 2 and (pair.std(axis=0) > 0).all():
                found.append(float(np.corrcoef(pair.T)[0, 1]))
    return min(max(float(np.mean(found)), 0.0), 0.99) if found else None
