"""Synthetic comparisons of places of unlike size."""

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel


def shown(sizes, means):
    """Give every person of a place its mean, so that only the sizes differ."""
    waves = means.shape[1]
    town = np.repeat(np.arange(len(sizes)), sizes)
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(len(town)), waves),
            "wave": np.tile(np.arange(waves), len(town)),
            "town": np.repeat(town, waves),
            "y": means[town].ravel(),
        }
    )
    frame["pilot"] = (frame["town"] == 0).astype(int)
    return Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], treated="pilot", starts=5, place="town"
    )


@pytest.mark.parametrize("method", ["synthetic_did", "synthetic_control"])
def test_a_small_place_is_held_against_chances_as_wide_as_its_own(method):
    means = np.random.default_rng(4).normal(size=(20, 7))
    means[0, 5:] += 4
    run = getattr(did, method)
    equal = run(shown((5,) * 20, means))
    small = run(shown((2, *(40,) * 19), means))
    large = run(shown((40, *(2,) * 19), means))
    assert small.estimate == pytest.approx(equal.estimate, rel=1e-6)
    assert equal.p_value <= large.p_value
    assert equal.p_value == pytest.approx(1 / 20)
    assert small.p_value > equal.p_value
    assert small.conf_high - small.conf_low > equal.conf_high - equal.conf_low
