"""Every estimator of `impact.did` on panels that it takes, for tests about all of them.

Run as a script it prints every result as JSON, a line a case.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from impact import did
from impact.data.panel import Panel
from impact.results import EffectResult

__all__ = ["CASES", "DESIGNS", "Case", "drawn"]

TWO_GROUPS = {"treated": "pilot", "starts": 4}
STAGGERED = {"first_treated": "first"}
ALONE = {"first_treated": "alone", "place": "town"}
LOTTERY = {**TWO_GROUPS, "kind": "randomised"}
ROWS = {**TWO_GROUPS, "sample": "cross_sections", "unit": None}
ROWS_STAGGERED = {**STAGGERED, "sample": "cross_sections", "unit": None}
ONE_GROUP = {"kind": "before_after", "starts": 4}
DESIGNS = (TWO_GROUPS, STAGGERED, ALONE, LOTTERY, ROWS, ROWS_STAGGERED, ONE_GROUP)


@dataclass(frozen=True)
class Case:
    """An estimator, the panel it takes and how it is called.

    Parameters
    ----------
    name : str
        The estimator, and after it what is special.
    design : mapping
        Of the panel.
    gaps : bool
        Whether rows may be missing.
    asked : mapping
        Arguments of the estimator.
    roles : mapping
        Covariates, weight and subgroups of the panel.
    parameters : int or None
        Coefficients that CR1 counts, where it is the inference; of `imputation`, that of
        the terms before the start.
    counted : int or None
        Rows of that regression, where they are not those of the panel.
    exact : bool
        Whether nothing in it is drawn.
    """

    name: str
    design: Mapping[str, Any]
    gaps: bool = True
    asked: Mapping[str, Any] = field(default_factory=dict)
    roles: Mapping[str, Any] = field(default_factory=dict)
    parameters: int | None = None
    counted: int | None = None
    exact: bool = True

    @property
    def method(self) -> Callable[..., EffectResult]:
        """The estimator."""
        found: Callable[..., EffectResult] = getattr(did, self.name.split()[0])
        return found

    def panel(self, frame: pd.DataFrame, **more: Any) -> Panel:
        """Read a frame as this case's panel."""
        roles = {"unit": "id", "period": "wave", "outcomes": ["y"], "cluster": "town"}
        return Panel.from_frame(frame, **{**roles, **self.design, **self.roles, **more})

    def run(self, frame: pd.DataFrame, **more: Any) -> EffectResult:
        """Estimate."""
        return self.method(self.panel(frame, **more), **self.asked)


FULL = {"covariates": ["x"], "weight": "w"}
STEADY = {"covariates": ["age"], "weight": "w"}
CR1, CR2 = {"inference": "cr1"}, {"inference": "cr2"}
CASES = (
    Case("did", TWO_GROUPS, asked=CR1, parameters=4),
    Case("did with covariates and weights", TWO_GROUPS, asked=CR2, roles=FULL),
    Case(
        "did of units seen twice",
        TWO_GROUPS,
        asked={**CR1, "balanced": True},
        roles=FULL,
        parameters=3,
    ),
    Case("did of cross-sections", ROWS, asked=CR1, roles=FULL, parameters=5),
    Case("did by permutation", TWO_GROUPS, asked={"inference": "permutation"}),
    Case("did by wild bootstrap", TWO_GROUPS, asked={"inference": "wild_bootstrap"}, exact=False),
    Case("twfe", TWO_GROUPS, asked=CR1, parameters=7),
    Case("twfe with covariates and weights", TWO_GROUPS, asked=CR2, roles=FULL),
    Case("twfe by permutation", TWO_GROUPS, asked={"inference": "permutation"}),
    Case("twfe of several starts", STAGGERED, asked=CR1, roles=FULL, parameters=8),
    Case("event_study", TWO_GROUPS, asked=CR1, parameters=11),
    Case("event_study of several starts", STAGGERED, asked=CR2, roles=FULL),
    Case("callaway_santanna", STAGGERED),
    Case("callaway_santanna within cohorts", STAGGERED, asked={"errors": "cr2"}),
    Case("callaway_santanna with covariates and weights", STAGGERED, roles=STEADY),
    Case("callaway_santanna of cross-sections", ROWS_STAGGERED, roles=STEADY),
    Case(
        "callaway_santanna with bands",
        STAGGERED,
        asked={"errors": "bootstrap", "bands": True, "seed": 7},
        exact=False,
    ),
    Case("sun_abraham", STAGGERED, asked=CR1, gaps=False, parameters=21),
    Case("sun_abraham with covariates and weights", STAGGERED, roles=FULL),
    Case("imputation", STAGGERED, asked={"inference": "analytic"}, parameters=9),
    Case(
        "imputation with covariates and weights",
        STAGGERED,
        asked={"inference": "analytic"},
        roles=FULL,
        parameters=10,
    ),
    Case("imputation within cohorts", STAGGERED, asked={"inference": "cr2"}, roles=FULL),
    Case("two_stage", STAGGERED, asked={"inference": "analytic"}),
    Case("two_stage with covariates and weights", STAGGERED, roles=FULL),
    # Three stacks of four periods: 6 units each against 24, 18 and 18.
    Case(
        "stacked",
        STAGGERED,
        asked={**CR1, "window": (-2, 1)},
        gaps=False,
        parameters=8,
        counted=312,
    ),
    Case(
        "stacked within cohorts",
        STAGGERED,
        asked={"inference": "cr2", "window": (-2, 1)},
        gaps=False,
    ),
    Case(
        "stacked with weights",
        STAGGERED,
        asked={**CR1, "window": (-2, 1)},
        roles={"weight": "w"},
        gaps=False,
        parameters=8,
        counted=312,
    ),
    Case("triple_difference", TWO_GROUPS, roles={"subgroups": ["near"]}, asked=CR1, parameters=8),
    Case(
        "triple_difference of changes",
        TWO_GROUPS,
        roles={"subgroups": ["near"], "weight": "w"},
        asked={**CR2, "absorb": True},
    ),
    Case("synthetic_did", ALONE, gaps=False),
    Case("synthetic_did of several", STAGGERED, asked={"errors": "jackknife"}, gaps=False),
    Case("synthetic_control", ALONE, gaps=False),
    Case("bacon", STAGGERED, gaps=False),
    Case("before_after", ONE_GROUP, asked=CR1, gaps=False, parameters=1),
    Case("before_after with weights", ONE_GROUP, roles={"weight": "w"}),
    Case("difference_in_means", LOTTERY, asked=CR1, parameters=2),
    Case("difference_in_means with covariates", LOTTERY, asked=CR2, roles=FULL),
    Case("ancova", LOTTERY, asked=CR1, parameters=3),
    Case("ancova with covariates and weights", LOTTERY, asked=CR2, roles=FULL),
)


def drawn(seed: int, *, gaps: bool = False, each: int = 3, waves: int = 6) -> pd.DataFrame:
    """Draw people in twelve towns; the columns of every design side by side.

    Parameters
    ----------
    seed : int
    gaps : bool
        Whether one row in eight is missing.
    each, waves : int
        People in a town, and how often they are seen.
    """
    rng = np.random.default_rng(seed)
    town = np.tile(np.arange(12), each)
    unit, wave = np.repeat(np.arange(len(town)), waves), np.tile(np.arange(1, waves + 1), len(town))
    town = town[unit]
    starts = np.array([3, 4, 5, 3, 4, 5, *[0] * 6])
    frame = pd.DataFrame({"id": unit, "wave": wave, "town": town, "first": starts[town]})
    frame["pilot"] = (town < 5).astype(int)
    frame["alone"] = np.where(town == 0, 4, 0)
    frame["near"] = (unit // 12) % 2
    frame["age"] = rng.normal(size=unit.max() + 1)[unit]
    frame["x"] = rng.normal(size=len(frame))
    frame["w"] = rng.uniform(0.5, 2, unit.max() + 1)[unit]
    shock = 0.3 * rng.normal(size=(12, waves))[town, wave - 1]
    level = rng.normal(size=unit.max() + 1)[unit]
    frame["y"] = level + shock + 0.3 * frame["x"] + rng.normal(size=len(frame))
    frame["other"] = np.where(rng.random(len(frame)) < 0.2, np.nan, rng.normal(size=len(frame)))
    return frame[rng.random(len(frame)) < 7 / 8] if gaps else frame


def main() -> None:
    """Print every result, a line a case."""
    frame = drawn(5, each=30)
    for case in CASES:
        print(case.name, json.dumps(case.run(frame).to_payload()), sep="\t")


if __name__ == "__main__":
    main()
