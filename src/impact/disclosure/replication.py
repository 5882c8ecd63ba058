"""Published numbers beside ours, through the gate."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from impact.disclosure.rule import Rule
from impact.disclosure.withheld import NOTHING, Withheld
from impact.results import Replication

__all__ = ["gate_replication"]

OURS = ["ours", "ours_std_error"]


def gate_replication(
    replication: Replication, rule: Rule, withheld: Withheld = NOTHING
) -> Replication:
    """Return the comparison with our numbers blanked or rounded; published ones stay."""
    rows = replication.rows.copy()
    ours = pd.to_numeric(rows["ours"]).astype(float)
    blank = pd.Series(rule.small(replication.base), index=rows.index, dtype=bool)
    if "outcome" in rows:
        pairs = zip(rows["outcome"], ours, strict=True)
        gone = [pair in withheld.estimates or pair[0] in withheld.outcomes for pair in pairs]
        blank |= pd.Series(gone, index=rows.index, dtype=bool) & rule.guarded
    for name in OURS:
        rows[name] = pd.to_numeric(rows[name]).astype(float).mask(blank).map(rule.round)
    return replace(replication, rows=rows)
