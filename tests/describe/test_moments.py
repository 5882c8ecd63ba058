"""How many people a mean rests on, where a few of them make it."""

import numpy as np
import pandas as pd
import pytest

from impact.describe.moments import moments


@pytest.mark.parametrize(
    ("values", "least"),
    [
        ([1000.0, *range(1, 20)], 1),
        ([300.0, 290.0, *range(1, 20)], 2),
        ([30.0, 29.0, *range(1, 20)], 21),
        ([0.0] * 18 + [4.0, 5.0], 1),
        ([-5.0, 1000.0, *range(1, 20)], 21),
        ([7.0] * 20, 0),
        ([0.0] * 17 + [1.0] * 3, 3),
    ],
    ids=["one", "two", "none", "few above zero", "below zero", "all alike", "two values"],
)
def test_a_mean_rests_on_those_who_make_it(make, did, score, values, least):
    frame = {"unit": range(len(values)), "period": 1, "start": np.inf, "score": values}
    panel = make(pd.DataFrame(frame), design=did, outcomes=[score])
    x = panel.values["score"].to_numpy()
    assert moments(panel, x, np.zeros(len(x), dtype=int), 1).least[0] == least


def test_a_heavy_weight_makes_a_mean_as_a_high_value_does(make, did, score):
    frame = {"unit": range(30), "period": 1, "start": np.inf, "score": np.arange(30) + 5.0}
    weight = np.where(np.arange(30) == 4, 200.0, 1.0)
    panel = make(pd.DataFrame({**frame, "weight": weight}), design=did, outcomes=[score])
    x = panel.values["score"].to_numpy()
    assert moments(panel, x, np.zeros(30, dtype=int), 1).least[0] == 1
