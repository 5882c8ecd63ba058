"""Simulated pilots as sums: one number a cluster and period, all draws at once."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from calibration.designs import Case
from impact import simulate
from impact.data.panel import Panel
from impact.simulate import Simulation
from impact.spec.models import PilotSpec

__all__ = ["Sums", "drawn", "panel_of", "pilot_of"]

STAYS = 0.7
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
    """Sums of the outcome and numbers of rows, both shape (R, G, T); covariates, (R, G)."""

    sums: np.ndarray
    counts: np.ndarray
    given: np.ndarray | None = None

    @property
    def steady(self) -> bool:
        """Whether every draw has the same rows."""
        return bool((self.counts == self.counts[0]).all())


def pilot_of(case: Case, simulation: Simulation, draw: int, *, stream: str = "") -> pd.DataFrame:
    """Draw one pilot; the seed comes from the case's name, the stream and the draw."""
    first = zlib.crc32(f"{case.name} {stream}".encode())
    frame = simulate.pilot(simulation, seed=first + draw)
    return _left(case, frame, first + draw) if any(case.lost) else frame


def _left(case: Case, frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Take out the last records of those who were lost: correlation of 0.7 with the level."""
    first, unit = np.unique(frame["unit"].to_numpy(), return_index=True, return_inverse=True)[1:]
    level, treated = (frame[name].to_numpy()[first] for name in ("given", "treated"))
    noise = np.random.default_rng(seed).normal(size=len(first))
    stays = STAYS * level + np.sqrt(1 - STAYS**2) * noise
    gone = stays < special.ndtri(np.where(treated == 1, case.lost[1], case.lost[0]))
    last = frame["period"].to_numpy() == frame["period"].max()
    return frame[~(gone[unit] & last)]


def drawn(case: Case, simulation: Simulation, draws: int, *, stream: str = "") -> Sums:
    """Draw pilots and add up their rows by cluster and period."""
    shape = (len(simulation.sizes), simulation.periods)
    both = np.zeros((2, draws, *shape))
    given = np.zeros((draws, shape[0])) if case.own and simulation.covariates else None
    for draw in range(draws):
        frame = pilot_of(case, simulation, draw, stream=stream)
        if given is not None:
            given[draw] = frame.loc[frame["period"] == 1, "given"].to_numpy()
        if simulation.attrition or any(case.lost):
            # The headline is of those who were seen on both sides of the start.
            unit = np.unique(frame["unit"].to_numpy(), return_inverse=True)[1]
            frame = frame[(np.bincount(unit) == shape[1])[unit]]
        cell = (frame["place"].to_numpy() - 1) * shape[1] + frame["period"].to_numpy() - 1
        y = frame["outcome"].to_numpy(dtype=float)
        both[0, draw] = np.bincount(cell, y, shape[0] * shape[1]).reshape(shape)
        both[1, draw] = np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape)
    return Sums(*both, given)


def panel_of(case: Case, frame: pd.DataFrame) -> Panel:
    """Make the panel that an evaluator's file would give, with that method alone asked for."""
    starts = min(case.simulation.cohorts)
    # Labels sort as text: clusters must come in the order of the simulation.
    frame = frame.assign(place=frame["place"].map("p{:04d}".format))
    if case.alone:
        frame = frame.assign(unit=frame["place"])
    if case.stray:
        moved = frame["unit"] == frame["unit"].iloc[-1]
        frame = frame.assign(place=frame["place"].where(~moved, frame["place"].iloc[0]))
    said = {"unit": "unit", "period": "period", "outcomes": ["outcome"]}
    if case.simulation.sample == "cross_sections":
        said["sample"] = "cross_sections"
    if not case.alone:
        said |= {"place": "place"} if case.stray else {"place": "place", "cluster": "place"}
    if case.kind == "staggered":
        given = Panel.from_frame(frame, first_treated="first_treated", **said)
    elif case.kind == "before_after":
        given = Panel.from_frame(frame, kind="before_after", starts=starts, **said)
    elif case.kind in ("ancova", "difference_in_means"):
        given = Panel.from_frame(frame, treated="treated", starts=starts, kind="randomised", **said)
    else:
        if case.own and case.simulation.covariates:
            said["covariates"] = ["given"]
        given = Panel.from_frame(frame, treated="treated", starts=starts, **said)
    method = {"staggered": "callaway_santanna"}.get(case.kind, case.kind)
    # Whom attrition leaves is compared by a rule that a named method does not follow.
    lost = case.simulation.attrition or any(case.lost)
    methods = "auto" if lost else (method,)
    analysis = SPEC.analysis.model_copy(update={"methods": methods})
    return replace(given, spec=SPEC.model_copy(update={"analysis": analysis}))
