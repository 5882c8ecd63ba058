"""From estimates and recorded facts to what may be said, and how sure one can be.

Nothing here estimates anything: `assess` reads an effect and the facts of its design and
returns a `Finding`; the other functions return the sections of the page that are text.
"""

from impact.evidence.assess import assess
from impact.evidence.certainty import certainty
from impact.evidence.facts import Facts, facts
from impact.evidence.methods import methods, reproduce
from impact.evidence.sections import cost, limits, plan, rivals
from impact.evidence.sensitivity import sensitivity
from impact.evidence.size import size
from impact.evidence.status import status

__all__ = [
    "Facts",
    "assess",
    "certainty",
    "cost",
    "facts",
    "limits",
    "methods",
    "plan",
    "reproduce",
    "rivals",
    "sensitivity",
    "size",
    "status",
]
