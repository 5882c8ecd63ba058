"""Published numbers beside ours, through the gate."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from impact.disclosure.blunt import stepped
from impact.disclosure.rule import Rule
from impact.disclosure.withheld import NOTHING, Withheld
from impact.results import Replication

__all__ = ["gate_replication"]

OURS = ["ours", "ours_std_error"]
COMPARED = frozenset({"headline", "alternative", "convention"})
KEY = ("outcome", "method", "inference")


def gate_replication(
    replication: Replication, rule: Rule, withheld: Withheld = NOTHING
) -> Replication:
    """Return the comparison with our numbers blanked or rounded; published ones stay."""
    rows = replication.rows.copy()
    blank = pd.Series(rule.small(replication.base), index=rows.index, dtype=bool)
    if "outcome" in rows:
        hidden = {(key[0], *key[2:]) for key in withheld.estimates if key[1] in COMPARED}
        keys = [tuple(row.get(name, "") for name in KEY) for row in rows.to_dict("records")]
        gone = [key in hidden or key[0] in withheld.outcomes for key in keys]
        blank |= pd.Series(gone, index=rows.index, dtype=bool) & rule.guarded
    for name in OURS:
        rows[name] = pd.to_numeric(rows[name]).astype(float).mask(blank).map(rule.round)
    if rule.guarded:
        _by_steps(rows, rule, withheld)
    return replace(replication, rows=rows)


def _by_steps(rows: pd.DataFrame, rule: Rule, withheld: Withheld) -> None:
    """Tell our numbers as the table of estimates tells them."""
    steps = {(key[0], *key[2:]): own for key, own in withheld.steps.items()}
    for at, row in rows.iterrows():
        own = steps.get(tuple(row.get(name, "") for name in KEY), (0.0, 0.0))
        for name, step in zip(OURS, own, strict=True):
            rows.loc[at, name] = stepped(float(row[name]), step)
