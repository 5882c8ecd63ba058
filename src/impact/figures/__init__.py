"""Tidy numbers in, axes out, with the alternative text that says what they show.

Figures are drawn on figures of their own: no pyplot state, no global setting is read or
changed. They are drawn from numbers that passed the disclosure gate; what it withheld is NaN
and leaves a gap. Colours hold 3:1 against white, and nothing is told by colour alone.
"""

from impact.figures.canvas import data_uri, to_png
from impact.figures.course import trend
from impact.figures.estimates import alt_effect
from impact.figures.flow import flow
from impact.figures.forest import alt_forest, forest
from impact.figures.intervals import effect
from impact.figures.levels import alt_levels, levels
from impact.figures.love import alt_love, love
from impact.figures.steps import alt_flow
from impact.figures.words import alt_trend

__all__ = [
    "alt_effect",
    "alt_flow",
    "alt_forest",
    "alt_levels",
    "alt_love",
    "alt_trend",
    "data_uri",
    "effect",
    "flow",
    "forest",
    "levels",
    "love",
    "to_png",
    "trend",
]
