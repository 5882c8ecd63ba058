"""Pilots that are drawn from what is known before there are data."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.choose import choose
from impact.power.facts import Facts
from impact.simulate import SimulatedOutcome, Simulation, pilot
from impact.spec.models import PilotSpec

__all__ = ["Planned", "planned_spec"]

INSIDE = 0.999


def planned_spec(facts: Facts, spec: PilotSpec | None = None, **said: Any) -> PilotSpec:
    """Return the params file that a planned pilot would have.

    Parameters
    ----------
    facts : Facts
    spec : PilotSpec, optional
        A real one, for the outcome's name and how it will be analysed.
    **said
        Parts of ``analysis``: ``level``, ``seed``.
    """
    outcome: dict[str, Any] = {"column": "outcome", "kind": facts.kind}
    analysis: dict[str, Any] = {}
    options = {name: value for name, value in said.items() if value is not None}
    if spec is not None:
        analysis = spec.analysis.model_dump(exclude={"cluster"}, exclude_unset=True)
    who = "person" if spec is None else spec.data.unit_is
    design: dict[str, Any] = {"kind": facts.design, "sample": facts.sample}
    if facts.design == "staggered":
        design["first_treated"] = "first_treated"
    else:
        design["starts"] = facts.first_treated[0]
    if facts.design in ("did", "randomised"):
        design["treated"] = "treated"
    if facts.clusters is not None:
        design["assignment"] = "place"
    given = {
        "pilot": "planned" if spec is None else spec.pilot,
        "data": {"path": "planned.csv", "unit": "unit", "period": "period", "unit_is": who},
        "design": design,
        "outcomes": [outcome],
        "analysis": {**analysis, **options},
    }
    return PilotSpec.model_validate(given)


class Planned:
    """Draws of a pilot that has no data yet.

    Parameters
    ----------
    facts : Facts
        Sound: see `impact.power.facts.check_facts`.
    spec : PilotSpec
        As `planned_spec` returns it.
    sign : float
        1 where effects upwards are looked at, −1 where downwards.
    """

    def __init__(self, facts: Facts, spec: PilotSpec, sign: float = 1.0) -> None:
        self.facts, self.spec, self.sign = facts, spec, sign
        self.outcome = spec.outcomes[0].column
        self.free = facts.kind == "continuous" and facts.scale is None
        self.units = int(facts.units or 0)
        self.clusters = facts.clusters or self.units
        self.panel = self.draw(spec.analysis.seed, 0.0)
        self.choice = choose(self.panel, self.outcome)

    @property
    def most(self) -> float:
        """The largest effect in the direction looked at that there is room for."""
        mean, scale = self.facts.average, self.facts.scale
        if self.facts.kind == "binary":
            return INSIDE * ((1 - mean) if self.sign > 0 else mean)
        if self.facts.kind in ("count", "duration"):
            return float("inf") if self.sign > 0 else INSIDE * mean
        if scale is None:
            return float("inf")
        half = (scale[1] - scale[0]) / 2
        reach = math.sqrt(half**2 - float(self.facts.sd or 0) ** 2)
        return float(INSIDE * (reach - self.sign * (mean - scale[0] - half)))

    @property
    def least(self) -> float:
        """The fewest times as many clusters that leave three in every group."""
        return min(1.0, 3 / min(group for group in self.facts.groups if group))

    @property
    def notes(self) -> tuple[str, ...]:
        """What must be said of how the pilots are drawn."""
        spec = self.spec
        if spec.covariates:
            return ("Covariates are not drawn; where they tell of the outcome, less will do.",)
        return ()

    def draw(self, seed: int, effect: float, times: float = 1.0) -> Panel:
        """Return a draw of the pilot.

        Parameters
        ----------
        seed : int
        effect : float
            In the outcome's units.
        times : float
            How many times as many clusters, or units where there are none.
        """
        facts = self.facts.times(times)
        frame = pilot(simulation_of(facts, effect), seed=seed)
        unit = np.unique(frame["unit"], return_inverse=True)[1]
        start = frame["first_treated"].to_numpy(dtype=float)
        start = np.where(start > 0, start, np.inf)
        cluster = unit if facts.clusters is None else frame["place"].to_numpy() - 1
        count = int(unit.max()) + 1
        return Panel(
            pilot=self.spec.pilot,
            design=self.spec.design,
            outcomes=self.spec.outcomes,
            units=pd.RangeIndex(count),
            periods=pd.RangeIndex(1, facts.periods + 1),
            clusters=pd.RangeIndex(int(cluster.max()) + 1),
            places=pd.RangeIndex(0),
            times=np.arange(1.0, facts.periods + 1),
            unit=unit,
            period=frame["period"].to_numpy() - 1,
            cluster=cluster,
            place=np.full(len(frame), -1),
            treated=np.isfinite(start),
            start=start,
            weight=np.ones(len(frame)),
            values=frame[["outcome"]].astype(float),
            simulated=True,
            spec=self.spec,
        )

    def stretch(self, times: float = 1.0) -> float:
        """Return 1: the draws spread as new pilots do."""
        return 1.0

    def size(self, times: float) -> tuple[int, int]:
        """Return how many units and clusters a larger pilot has."""
        facts = self.facts.times(times)
        return int(facts.units or 0), facts.clusters or int(facts.units or 0)


def simulation_of(facts: Facts, effect: float) -> Simulation:
    """Return the simulation of a planned pilot with an effect.

    Places keep the share ``icc`` of the variance of levels and of changes alike, so that
    comparisons at the end and comparisons of changes have the same design effect.
    """
    again = facts.correlation or 0.0
    apart = facts.icc or 0.0
    lasting = again if facts.sample == "panel" else 0.0
    starts = dict(zip(facts.first_treated, facts.groups[:-1], strict=True))
    return Simulation(
        sizes=_sizes(facts),
        cohorts=starts,
        outcomes=(_outcome(facts, effect),),
        periods=facts.periods,
        assignment="unit" if facts.clusters is None else "place",
        sample=facts.sample,
        place_share=apart * again,
        place_period_share=apart * (1 - again),
        unit_share=(1 - apart) * lasting,
        attrition=facts.attrition,
    )


def _sizes(facts: Facts) -> tuple[int, ...]:
    units = int(facts.units or 0)
    if facts.clusters is None:
        return (units,)
    ends = [units * at // facts.clusters for at in range(facts.clusters + 1)]
    return tuple(high - low for low, high in pairwise(ends))


def _outcome(facts: Facts, effect: float) -> SimulatedOutcome:
    mean, spread = facts.average, facts.sd or 1.0
    made = SimulatedOutcome(column="outcome", kind=facts.kind, mean=mean, sd=spread, effect=effect)
    if facts.kind == "ordinal" or facts.scale is not None:
        # Between the ends of its scale, with the spread that was said.
        kind = facts.kind if facts.kind in ("binary", "count", "duration") else "continuous"
        return replace(made, kind=kind, scale=facts.scale if kind == "continuous" else None)
    if facts.kind == "count" and facts.sd is not None:
        return replace(made, dispersion=max(0.0, (spread**2 - mean) / mean**2))
    return made
