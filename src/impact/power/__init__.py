"""What a pilot can find: power by simulation, on its own data or on what is known before.

`detectable` draws a pilot again from its own clusters, `planned` from a few facts; both run
the method and the inference of the headline on every draw.
"""

from impact.power.asked import refuse
from impact.power.detect import detectable, planned
from impact.power.facts import Facts
from impact.power.reach import Share
from impact.power.record import Power, Sample

__all__ = ["Facts", "Power", "Sample", "Share", "detectable", "planned", "refuse"]
