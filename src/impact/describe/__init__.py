"""Panel in, tables out: who took part, who was lost, how alike the groups were, what they did.

Every verb reads a `Panel`, changes nothing, and returns a `SummaryTable` of tidy cells.
Nothing is rounded or hidden here: rounding happens where a person reads, hiding at the
disclosure gate, which needs each cell's ``base``.
"""

from impact.describe.attrition import Attrition, attrition, most_lost
from impact.describe.balance import balance, balance_test, baseline_balance
from impact.describe.changes import changes
from impact.describe.codebook import codebook
from impact.describe.comparison import comparison
from impact.describe.flow import flow
from impact.describe.leavers import leavers, leaving_test
from impact.describe.outcomes import distribution, totals
from impact.describe.participants import participants
from impact.describe.quality import quality
from impact.describe.reliability import cronbach_alpha, reliability
from impact.describe.subgroups import subgroups
from impact.describe.trends import trends

__all__ = [
    "Attrition",
    "attrition",
    "balance",
    "balance_test",
    "baseline_balance",
    "changes",
    "codebook",
    "comparison",
    "cronbach_alpha",
    "distribution",
    "flow",
    "leavers",
    "leaving_test",
    "most_lost",
    "participants",
    "quality",
    "reliability",
    "subgroups",
    "totals",
    "trends",
]
