"""The courses before the start, where only a permutation of places says what chance does."""

from __future__ import annotations

from typing import Any

import numpy as np

from impact.data.panel import Panel
from impact.did.draws import draws_of
from impact.did.observed import cluster_codes, observe
from impact.did.permuted import cells_of
from impact.did.result import level_of
from impact.did.uncertainty import inference_for
from impact.errors import DesignError
from impact.inference.permutation import TIES, assignments
from impact.inference.unequal import SHARES, Cells

__all__ = ["permuted_pre_test"]


def permuted_pre_test(panel: Panel, outcome: str) -> dict[str, Any] | None:
    """Test whether groups of places already moved apart before the start, by permutation.

    The change of every period before the start to the last one before it, compared between
    the groups: the mean of the squared differences is held against that of every other
    choice of as many places. The test is exact if any might as well have been the pilot's.

    Parameters
    ----------
    panel : Panel
        One start.
    outcome : str
        Column.

    Returns
    -------
    dict or None
        ``statistic``, ``dof`` (the periods that are compared with the last), ``p_value``,
        ``smallest_p`` and ``inference``; None where the rule permutes nothing, fewer than
        two periods come before the start, or the level cannot be reached.
    """
    rule = inference_for(panel, outcome, level=level_of(panel, None))
    starts = np.unique(panel.start[np.isfinite(panel.start)])
    if rule.kind != "permutation" or len(starts) != 1 or not panel.treated.any():
        return None
    first = int(np.searchsorted(panel.times, starts[0])) - panel.design.anticipation
    try:
        seen = observe(panel, outcome, covariates=False, keep=panel.period < first)
    except DesignError:
        return None
    present = np.unique(seen.period)
    if len(present) < 2:
        return None
    codes = seen.taken(cluster_codes(panel, rule.over))
    cells, treated = cells_of(
        seen.y,
        seen.treated,
        codes,
        weight=seen.weight,
        cell=np.searchsorted(present, seen.period),
        contrast=(0.0,) * len(present),
    )
    draws = draws_of(panel)
    drawn, _ = assignments(treated, replications=draws.replications, seed=draws.seed)
    assert isinstance(cells, Cells)
    found, p_value, smallest = _judged(cells, drawn, treated)
    if smallest > 1 - level_of(panel, None) + TIES:
        return None
    return {
        "statistic": found,
        "dof": len(present) - 1,
        "p_value": p_value,
        "smallest_p": smallest,
        "inference": "permutation",
    }


def _judged(cells: Cells, drawn: np.ndarray, treated: np.ndarray) -> tuple[float, float, float]:
    """Return the mean square, its p-value (the largest over `SHARES`), and the smallest."""
    periods = cells.counts.shape[1]
    leads = []
    for at in range(periods - 1):
        contrast = np.zeros(periods)
        contrast[[at, -1]] = 1.0, -1.0
        one = Cells(cells.sums, cells.counts, cells.squares, contrast)
        leads.append(one.differences(drawn, treated))
    plain = np.mean([lead.values**2 for lead in leads], axis=0)
    p_values, kept = [], len(plain)
    for share in SHARES[:1] if cells.alike else SHARES:
        level = [1.0 if cells.alike else lead.levelled(share) for lead in leads]
        far = np.mean(
            [(lead.values * by) ** 2 for lead, by in zip(leads, level, strict=True)], axis=0
        )
        far = far[np.isfinite(far)]
        kept = min(kept, len(far))
        p_values.append(float((far >= far[0] * (1 - TIES)).mean()))
    twins = 2 if 2 * int(treated.sum()) == len(treated) else 1
    return float(plain[0]), max(p_values), twins / kept
