"""Small panels with known arithmetic."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel


def made(units=60, periods=4, *, clusters=12, start=2, seed=0, effect=1.0):
    """Draw a long frame: half of the clusters treated from `start` on, covariates, weights."""
    rng = np.random.default_rng(seed)
    unit, wave = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    cluster = unit % clusters
    treated = (cluster < clusters // 2).astype(int)
    after = wave >= start
    y = (
        rng.normal(size=units)[unit]
        + 0.3 * wave
        + effect * treated * after
        + 0.3 * rng.normal(size=(clusters, periods))[cluster, wave]
        + rng.normal(size=len(unit))
    )
    return pd.DataFrame(
        {
            "id": unit,
            "wave": wave,
            "town": cluster,
            "pilot": treated,
            "y": y,
            "age": rng.normal(30, 5, units)[unit],
            "hours": rng.normal(size=len(unit)),
            "w": rng.uniform(0.5, 2, units)[unit],
        }
    )


def panel_of(frame, *, starts=2, **said):
    """Make a panel of two groups and one start."""
    given = {"unit": "id", "period": "wave", "outcomes": ["y"], "treated": "pilot"}
    return Panel.from_frame(frame, **{**given, "starts": starts, **said})


def thinned(frame, share=0.8, seed=1):
    """Leave out rows at random."""
    return frame[np.random.default_rng(seed).random(len(frame)) < share]


@pytest.fixture
def frame():
    return made()


@pytest.fixture
def two_waves():
    return made(periods=2, start=1)


@pytest.fixture
def cohorts():
    """Let towns start at 2 or 3, or never."""
    frame = made(periods=5)
    first = np.where(frame["town"] < 4, 2, np.where(frame["town"] < 8, 3, 0))
    return frame.assign(first=first)


@pytest.fixture
def make():
    return made


@pytest.fixture
def panel():
    return panel_of


@pytest.fixture
def thin():
    return thinned


def _every():
    path = Path(__file__).with_name("every_estimator.py")
    found = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(found)
    # A dataclass looks its module up by name.
    sys.modules[path.stem] = module
    found.loader.exec_module(module)
    return module


EVERY = _every()


@pytest.fixture(scope="session")
def every():
    """Return the module of every estimator's cases."""
    return EVERY


@pytest.fixture(scope="session", params=EVERY.CASES, ids=lambda case: case.name)
def case(request):
    return request.param


@pytest.fixture(
    scope="session", params=[c for c in EVERY.CASES if c.exact], ids=lambda case: case.name
)
def exact_case(request):
    return request.param
