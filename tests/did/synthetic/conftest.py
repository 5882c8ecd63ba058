"""Small panels of places, and California's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel

REFERENCE = Path(__file__).parents[2] / "reference"


def drawn(places=12, periods=8, *, starts=(5,), effect=2.0, seed=0):
    """Draw places with a common factor; the last ones start at `starts`."""
    rng = np.random.default_rng(seed)
    factor = np.cumsum(rng.normal(size=periods))
    y = rng.normal(size=(places, 1)) + rng.uniform(0, 2, (places, 1)) * factor
    y += rng.normal(size=(places, periods))
    first = np.zeros(places, dtype=int)
    first[places - len(starts) :] = starts
    after = (np.arange(periods) >= first[:, None]) & (first[:, None] > 0)
    y += effect * after
    return pd.DataFrame(
        {
            "town": np.repeat([f"town {at:02d}" for at in range(places)], periods),
            "year": np.tile(np.arange(periods), places),
            "first": np.repeat(first, periods),
            "y": y.ravel(),
        }
    )


def panel_of(frame, **said):
    given = {"unit": "town", "period": "year", "outcomes": ["y"], "unit_is": "place"}
    if "treated" not in said:
        given["first_treated"] = "first"
    return Panel.from_frame(frame, **{**given, **said})


def wide_of(frame):
    """Lay a frame out as places by periods; return starts too."""
    y = frame.pivot(index="town", columns="year", values="y")
    first = frame.groupby("town")["first"].first().loc[y.index]
    return y.to_numpy(), first.to_numpy()


@pytest.fixture
def draw():
    return drawn


@pytest.fixture
def panel():
    return panel_of


@pytest.fixture
def wide():
    return wide_of


@pytest.fixture(scope="session")
def california():
    """Return the panel of Proposition 99."""
    frame = pd.read_csv(REFERENCE / "california_prop99.csv", sep=";")
    frame["California"] = (frame["State"] == "California").astype(int)
    return Panel.from_frame(
        frame,
        unit="State",
        period="Year",
        outcomes=["PacksPerCapita"],
        treated="California",
        starts=1989,
        unit_is="place",
    )


@pytest.fixture(scope="session")
def reference():
    """Return a number of the reference table: its value and standard error."""
    rows = pd.read_csv(REFERENCE / "reference_values.csv")

    def found(dataset, estimator, spec):
        row = rows[
            (rows["dataset"] == dataset) & (rows["estimator"] == estimator) & (rows["spec"] == spec)
        ]
        assert len(row) == 1, f"{dataset}, {estimator}, {spec}: {len(row)} rows"
        return float(row["value"].iloc[0]), float(row["std_error"].iloc[0])

    return found
