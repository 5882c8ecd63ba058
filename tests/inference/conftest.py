"""Published event studies: estimates and covariances in tests/reference/event_studies.csv."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.inference.event_estimates import EventEstimates

REFERENCE = Path(__file__).parents[1] / "reference"
BEFORE = {"benzarti_carloni": 4, "medicaid": 5, "medicaid_without_later": 5, "he_wang": 3}


@pytest.fixture(scope="session")
def study():
    """Return a published event study by its name, with weights of the later periods."""
    frame = pd.read_csv(REFERENCE / "event_studies.csv").set_index("study")

    def read(name: str, weights: str = "first") -> EventEstimates:
        rows = frame.loc[name]
        size = len(rows)
        vcov = rows[[f"v{at + 1}" for at in range(size)]].to_numpy()
        later = size - BEFORE[name]
        toward = np.full(later, 1 / later) if weights == "mean" else None
        return EventEstimates(rows["estimate"].to_numpy(), vcov, BEFORE[name], toward)

    return read
