"""Simulated pilots as sums: one number a cluster and period, all draws at once."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from calibration.designs import Case
from impact import simulate
from impact.data.panel import Panel
from impact.simulate import Simulation
from impact.spec.models import PilotSpec

__all__ = ["Sums", "drawn", "panel_of", "pilot_of"]

SPEC = PilotSpec.model_validate(
    {
        "pilot": "calibration",
        "data": {"path": "nowhere.csv", "unit": "unit", "period": "period"},
        "design": {"kind": "did", "treated": "treated", "starts": 2},
        "outcomes": [{"column": "outcome"}],
    }
)


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums of the outcome and numbers of rows, both shape (R, G, T)."""

    sums: np.ndarray
    counts: np.ndarray

    @property
    def steady(self) -> bool:
        """Whether every draw has the same rows."""
        return bool((self.counts == self.counts[0]).all())


def pilot_of(case: Case, simulation: Simulation, draw: int, *, stream: str = "") -> pd.DataFrame:
    """Draw one pilot; the seed comes from the case's name, the stream and the draw."""
    first = zlib.crc32(f"{case.name} {stream}".encode())
    return simulate.pilot(simulation, seed=first + draw)


def drawn(case: Case, simulation: Simulation, draws: int, *, stream: str = "") -> Sums:
    """Draw pilots and add up their rows by cluster and period."""
    shape = (len(simulation.sizes), simulation.periods)
    both = np.zeros((2, draws, *shape))
    for draw in range(draws):
        frame = pilot_of(case, simulation, draw, stream=stream)
        cell = (frame["place"].to_numpy() - 1) * shape[1] + frame["period"].to_numpy() - 1
        y = frame["outcome"].to_numpy(dtype=float)
        both[0, draw] = np.bincount(cell, y, shape[0] * shape[1]).reshape(shape)
        both[1, draw] = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    return Sums(*both)


def panel_of(case: Case, frame: pd.DataFrame) -> Panel:
    """Make the panel that an evaluator's file would give, with that method alone asked for."""
    starts = min(case.simulation.cohorts)
    # Labels sort as text: clusters must come in the order of the simulation.
    frame = frame.assign(place=frame["place"].map("p{:04d}".format))
    said = {"unit": "unit", "period": "period", "outcomes": ["outcome"]}
    if case.simulation.sample == "cross_sections":
        said["sample"] = "cross_sections"
    if not case.alone:
        said |= {"place": "place", "cluster": "place"}
    if case.kind == "staggered":
        given = Panel.from_frame(frame, first_treated="first_treated", **said)
    elif case.kind == "before_after":
        given = Panel.from_frame(frame, kind="before_after", starts=starts, **said)
    else:
        given = Panel.from_frame(frame, treated="treated", starts=starts, **said)
    method = {"staggered": "callaway_santanna"}.get(case.kind, case.kind)
    analysis = SPEC.analysis.model_copy(update={"methods": (method,)})
    return replace(given, spec=SPEC.model_copy(update={"analysis": analysis}))
