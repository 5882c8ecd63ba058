"""Staggered panels for tests: the county panel, its copies, and simulated ones."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.spec.models import Design, Outcome

ROOT = Path(__file__).parents[3]
REFERENCE = ROOT / "tests" / "reference"

Build = Callable[..., Panel]


def _module(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(name, REFERENCE / f"{name}.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _build(
    frame: pd.DataFrame,
    *,
    unit: str = "countyreal",
    period: str = "year",
    outcome: str = "lemp",
    start: str = "start",
    covariates: tuple[str, ...] = (),
    weight: str = "",
    cluster: str = "",
    sample: str = "panel",
) -> Panel:
    """Build a panel by hand, sorted as the data room sorts."""
    if sample == "cross_sections":
        frame = frame.assign(_row=np.arange(len(frame)))
        unit = "_row"
    frame = frame.sort_values([unit, period], ignore_index=True)
    units, periods = pd.Index(frame[unit].unique()), pd.Index(np.sort(frame[period].unique()))
    clusters = pd.Index(frame[cluster or unit].unique())
    first = frame[start].to_numpy(dtype=float)
    first = np.where(first > 0, first, np.inf)
    return Panel(
        pilot="counties",
        design=Design(kind="staggered", first_treated=start, sample=sample),
        outcomes=(Outcome(column=outcome, label="Outcome"),),
        units=units,
        periods=periods,
        clusters=clusters,
        places=pd.Index([]),
        times=periods.to_numpy(dtype=float),
        unit=units.get_indexer(frame[unit]),
        period=periods.get_indexer(frame[period]),
        cluster=clusters.get_indexer(frame[cluster or unit]),
        place=np.full(len(frame), -1),
        treated=np.isfinite(first),
        start=first,
        weight=frame[weight].to_numpy(dtype=float) if weight else np.ones(len(frame)),
        values=frame[[outcome, *covariates]].astype(float),
        covariates=covariates,
    )


@pytest.fixture(scope="session")
def build() -> Build:
    """Build a panel from a frame."""
    return _build


@pytest.fixture(scope="session")
def copies() -> dict[str, pd.DataFrame]:
    """Return the county panel and its copies, by name."""
    made = _module("staggered_copies")
    frame = made.counties(str(ROOT / "data" / "source" / "mpdta.csv"))
    return {name: copy(frame) for name, copy in made.COPIES.items()}


@pytest.fixture(scope="session")
def counties(copies: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the county panel of Callaway and Sant'Anna."""
    return copies["balanced"]


@pytest.fixture(scope="session")
def simulated() -> pd.DataFrame:
    """Return the simulated panel that diff-diff has seen."""
    return _module("staggered_copies").simulated()


@pytest.fixture(scope="session")
def simulate() -> Callable[..., pd.DataFrame]:
    """Simulate a staggered panel with effects that grow by cohort and time."""

    def draw(
        *,
        units: int = 60,
        periods: int = 6,
        starts: tuple[int, ...] = (3, 4, 5, 0),
        effect: float = 1.0,
        seed: int = 1,
    ) -> pd.DataFrame:
        generator = np.random.default_rng(seed)
        cohort = np.array(starts)[np.arange(units) % len(starts)]
        level = generator.normal(size=units)
        frame = pd.DataFrame(
            {
                "unit": np.repeat(np.arange(units), periods),
                "period": np.tile(np.arange(1, periods + 1), units),
            }
        )
        frame["start"] = cohort[frame["unit"]]
        frame["x"] = (generator.normal(size=units) + (cohort > 0))[frame["unit"]]
        since = np.where(frame["start"] > 0, frame["period"] - frame["start"], -1)
        frame["y"] = (
            level[frame["unit"]]
            + 0.3 * frame["period"]
            + effect * np.where(since >= 0, 1 + since, 0)
            + generator.normal(size=len(frame))
        )
        return frame

    return draw
