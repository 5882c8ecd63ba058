"""Seeded pilots with known effects: data to learn on, and to judge methods by.

A `Simulation` says what is built in; `pilot` draws one data set from it, in the shape an
evaluator would hold. Every row carries ``_simulated`` = 1, and pages read their banner
from that column, so simulated data cannot pass for real data.
"""

from impact.simulate.design import SimulatedCovariate, SimulatedOutcome, Simulation
from impact.simulate.draw import pilot
from impact.simulate.effects import built_in_effect, built_in_effects
from impact.simulate.items import answers_behind
from impact.simulate.recipes import sizes, staggered, two_by_two

__all__ = [
    "SimulatedCovariate",
    "SimulatedOutcome",
    "Simulation",
    "answers_behind",
    "built_in_effect",
    "built_in_effects",
    "pilot",
    "sizes",
    "staggered",
    "two_by_two",
]
