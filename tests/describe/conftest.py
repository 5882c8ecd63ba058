"""Panels built by hand, so that describe is tested without a file."""

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.spec.models import Design, Outcome


def build(frame, *, design, outcomes, covariates=(), answers=None, rows=None):
    frame = frame.sort_values(["unit", "period"], kind="stable").reset_index(drop=True)
    unit, units = pd.factorize(frame["unit"], sort=True)
    period, periods = pd.factorize(frame["period"], sort=True)
    cluster, clusters = pd.factorize(frame.get("cluster", frame["unit"]), sort=True)
    placed = "place" in frame
    place, places = pd.factorize(frame["place"], sort=True) if placed else (unit * 0 - 1, [])
    numbers = pd.api.types.is_numeric_dtype(periods)
    start = frame["start"].to_numpy(dtype=float)
    names = [*(o.column for o in outcomes), *covariates]
    return Panel(
        pilot="by-hand",
        design=design,
        outcomes=tuple(outcomes),
        units=pd.Index(units),
        periods=pd.Index(periods),
        clusters=pd.Index(clusters),
        places=pd.Index(places),
        times=np.asarray(periods, float) if numbers else np.arange(len(periods), dtype=float),
        unit=unit,
        period=period,
        cluster=cluster,
        place=place,
        treated=np.isfinite(start),
        start=start,
        weight=frame.get("weight", pd.Series(1.0, frame.index)).to_numpy(dtype=float),
        values=frame[names].astype(float),
        covariates=tuple(covariates),
        answers=answers or {},
        rows=rows or {},
    )


@pytest.fixture
def make():
    """Return the function that builds a panel from a frame of records."""
    return build


@pytest.fixture
def records():
    """Return 40 people of 8 clusters, two of three waves before a start at wave 3."""
    rng = np.random.default_rng(20210301)
    frame = pd.MultiIndex.from_product([range(40), (1, 2, 3)], names=["unit", "period"])
    frame = frame.to_frame(index=False)
    frame["cluster"] = frame["unit"] % 8
    frame["start"] = np.where(frame["cluster"] < 3, 3.0, np.inf)
    frame["score"] = rng.normal(10, 3, len(frame)) + 2 * (frame["period"] >= frame["start"])
    frame["works"] = rng.integers(0, 2, len(frame)).astype(float)
    frame["age"] = rng.normal(34, 9, 40)[frame["unit"]]
    frame["female"] = rng.integers(0, 2, 40)[frame["unit"]].astype(float)
    frame["weight"] = rng.uniform(0.5, 3, 40)[frame["unit"]]
    return frame


@pytest.fixture
def score():
    return Outcome(column="score", label="Language score")


@pytest.fixture
def works():
    return Outcome(column="works", label="Works", kind="binary")


@pytest.fixture
def did():
    return Design(kind="did", treated="in_pilot", starts=3)
