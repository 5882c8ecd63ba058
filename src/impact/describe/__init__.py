"""Panel in, tables out: who took part, who was lost, how alike the groups were, what they did.

Every verb reads a `Panel`, changes nothing, and returns a `SummaryTable` of tidy cells.
Nothing is rounded or hidden here: rounding happens where a person reads, hiding at the
disclosure gate, which needs each cell's ``base``.
"""

from impact.describe.balance import balance, baseline_balance
from impact.describe.comparison import comparison
from impact.describe.flow import Attrition, attrition, flow
from impact.describe.participants import participants
from impact.describe.trends import trends

__all__ = [
    "Attrition",
    "attrition",
    "balance",
    "baseline_balance",
    "comparison",
    "flow",
    "participants",
    "trends",
]
