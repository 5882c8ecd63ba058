"""Medians and quartiles, and how many people they rest on."""

import numpy as np
import pandas as pd
import pytest

from impact.describe.moments import moments
from impact.describe.quantiles import quantiles, skewed


def of(make, values, did, score, weight=None):
    """Return the quantiles of one cell of people, seen once."""
    frame = {"unit": range(len(values)), "period": 1, "start": np.inf, "score": values}
    if weight is not None:
        frame["weight"] = weight
    panel = make(pd.DataFrame(frame), design=did, outcomes=[score])
    x = panel.values["score"].to_numpy()
    cell = np.zeros(len(x), dtype=int)
    return quantiles(panel, x, cell, moments(panel, x, cell, 1))


@pytest.mark.parametrize("n", [4, 5, 30, 41])
def test_without_weights_they_are_numpys(make, did, score, n):
    x = np.random.default_rng(n).normal(size=n).round(1)
    found = of(make, x, did, score)
    for name, share in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
        assert found.value[name][0] == pytest.approx(np.quantile(x, share), rel=1e-12)


def test_weighted_ones_are_those_of_a_large_draw_by_weight_whatever_the_weights_scale(
    make, did, score
):
    rng = np.random.default_rng(5)
    x, w = rng.normal(10, 3, 400), rng.uniform(0.2, 5, 400)
    drawn = rng.choice(x, 400_000, p=w / w.sum())
    one, thousand = (of(make, x, did, score, weight=w * by) for by in (1.0, 1000.0))
    for name, share in (("q1", 0.25), ("median", 0.5), ("q3", 0.75)):
        # Neighbouring answers lie about 0.02 apart here.
        assert one.value[name][0] == pytest.approx(np.quantile(drawn, share), abs=0.06)
        assert thousand.value[name][0] == pytest.approx(one.value[name][0], rel=1e-12)


@pytest.mark.parametrize(("n", "quarter", "half"), [(39, 9, 19), (40, 10, 20)])
def test_a_quartile_rests_on_a_quarter_and_a_median_on_half(make, did, score, n, quarter, half):
    found = of(make, np.arange(n, dtype=float), did, score)
    assert (found.base["q1"][0], found.base["median"][0], found.base["q3"][0]) == (
        quarter,
        half,
        quarter,
    )


def test_a_quartile_that_one_heavy_person_makes_rests_on_that_one(make, did, score):
    weight = np.ones(40)
    weight[39] = 100.0
    assert of(make, np.arange(40.0), did, score, weight=weight).base["q3"][0] == 1


def test_of_two_values_a_median_rests_on_the_rarer_one(make, did, score):
    assert of(make, np.r_[np.zeros(60), np.ones(3)], did, score).base["median"][0] == 3


def test_skewed_is_what_has_a_long_tail_on_either_side():
    rng = np.random.default_rng(1)
    tail = rng.exponential(size=500)
    assert skewed(tail)
    assert skewed(-tail)
    assert not skewed(rng.normal(size=500))
    assert not skewed(np.array([3.0, 3.0, np.nan]))
