"""Whether all tools found the same."""

from __future__ import annotations

from plan import METHODS, OURS
from results import Run

__all__ = ["disagreements"]

SMALL = 1e-3


def disagreements(runs: list[Run]) -> list[str]:
    """Compare every peer's estimates with ours, term by term; return what differs.

    A distance is relative, and to a thousandth where an estimate is smaller than that.
    """
    found = {(run.method, run.units): run.found for run in runs if run.tool == OURS}
    wrong = []
    for run in runs:
        own = found.get((run.method, run.units))
        if run.tool == OURS or own is None:
            continue
        shared = [term for term in run.found if term in own]
        near = METHODS[run.method].tool(run.tool).near
        where = f"{run.method}, {run.units} units, {run.tool}"
        if not shared:
            wrong.append(f"{where}: no term in common")
        for term in shared:
            gap = abs(run.found[term] - own[term]) / max(abs(own[term]), SMALL)
            if gap > near:
                wrong.append(f"{where}: {term} is {run.found[term]:.9g}, ours {own[term]:.9g}")
    return sorted(set(wrong))
