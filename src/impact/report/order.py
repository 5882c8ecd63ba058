"""The order of a page: what everybody reads, then the annex for those who check."""

from __future__ import annotations

__all__ = ["ANNEX", "FRONT", "UNDER"]

FRONT = (
    "about",
    "participants",
    "flow",
    "comparison",
    "trends",
    "rivals",
    "findings",
    "limits",
    "cost",
    "plan",
)
ANNEX = (
    "methods",
    "table1",
    "lost",
    "course",
    "subgroups",
    "balance",
    "reliability",
    "effects",
    "robustness",
    "replication",
    "data",
    "codebook",
    "reproduce",
)
UNDER = {
    "leavers": "lost",
    "distribution": "course",
    "changes": "course",
    "totals": "course",
}
"""Tables that stand under the heading of another section."""
