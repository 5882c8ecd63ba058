"""The triple difference: eight means by hand; R's numbers are in tests/reference."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.did import did
from impact.did.triple_difference import triple_difference
from impact.errors import DesignError

NAMES = {"unit": "unit", "period": "period", "outcomes": ["y"], "treated": "pilot", "starts": 2}


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    generator = np.random.default_rng(3)
    units = 80
    made = pd.DataFrame(
        {"unit": np.repeat(np.arange(units), 2), "period": np.tile([1, 2], units)}
    ).assign(
        pilot=lambda f: f["unit"] % 2,
        able=lambda f: (f["unit"] // 2) % 2,
        weight=lambda f: 1 + f["unit"] % 3,
    )
    return made.assign(y=generator.normal(size=len(made)) + made["pilot"] * made["able"])


def test_it_is_eight_means(frame: pd.DataFrame) -> None:
    found = triple_difference(Panel.from_frame(frame, subgroups=["able"], **NAMES))
    mean = frame.groupby(["able", "pilot", "period"])["y"].mean()

    def difference(able: int) -> float:
        return (mean[able, 1, 2] - mean[able, 1, 1]) - (mean[able, 0, 2] - mean[able, 0, 1])

    assert found.estimate == pytest.approx(difference(1) - difference(0), rel=1e-12)
    assert found.details["by"] == "able"
    assert found.base == 20


def test_with_weights_it_is_the_difference_of_two_differences(frame: pd.DataFrame) -> None:
    panel = Panel.from_frame(frame, subgroups=["able"], weight="weight", **NAMES)
    able, unable = (
        did(Panel.from_frame(frame[frame["able"] == kind], weight="weight", **NAMES)).estimate
        for kind in (1, 0)
    )
    assert triple_difference(panel).estimate == pytest.approx(able - unable, rel=1e-10)


def test_rows_without_the_column_are_left_out_by_count(frame: pd.DataFrame) -> None:
    holes = frame.assign(able=frame["able"].where(frame["unit"] > 1))
    found = triple_difference(Panel.from_frame(holes, subgroups=["able"], **NAMES))
    assert found.rows["n_obs"].iloc[0] == 156
    assert any(note.counts == {"n": 4} for note in found.notes)


def test_what_is_missing_is_named(frame: pd.DataFrame) -> None:
    panel = Panel.from_frame(frame, subgroups=["able"], **NAMES)
    with pytest.raises(DesignError, match="'abel'"):
        triple_difference(panel, by="abel")
    with pytest.raises(DesignError, match="'y'"):
        triple_difference(panel, by="y")
    some = frame[~((frame["pilot"] == 1) & (frame["able"] == 0))]
    with pytest.raises(DesignError, match="eight means"):
        triple_difference(Panel.from_frame(some, subgroups=["able"], **NAMES))
