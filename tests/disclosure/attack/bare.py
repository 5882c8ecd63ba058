"""A reading of a page that says nothing yet but its shape."""

from __future__ import annotations

from attack.frame import say_frame
from attack.published import Text
from attack.reading import MOST, TWO_SIDED, Reading
from attack.system import System

__all__ = ["reading"]


def reading(*said, groups=("t", "c"), guarded=False, scale=(0, 1), parts=None):
    """Return a reading of a page of two waves that says these sentences in its methods."""
    shape = (System(MOST), groups, ("1", "2"), guarded, 10)
    found = Reading(*shape, {"y1": scale}, {"Outcome y1": "y1"}, parts or {})
    found.baseline = "1"
    found.texts = [Text("flow", "p", TWO_SIDED), *(Text("methods", "p", one) for one in said)]
    say_frame(found)
    return found
