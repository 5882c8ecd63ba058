"""The courses before the start of one place, by permutation."""

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.before_permuted import permuted_pre_test
from impact.evidence import assess


def places(drift=0.0, *, places=20, waves=6, people=5, seed=0):
    rng = np.random.default_rng(seed)
    town = np.repeat(np.arange(places), people)
    y = rng.normal(size=(len(town), waves)) + drift * (town == 0)[:, None] * np.arange(waves)
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(len(town)), waves),
            "wave": np.tile(np.arange(waves), len(town)),
            "town": np.repeat(town, waves),
            "y": y.ravel(),
        }
    )
    frame["pilot"] = (frame["town"] == 0).astype(int)
    return Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], treated="pilot", starts=waves - 1,
        place="town",
    )  # fmt: skip


def test_p_is_the_share_of_places_that_moved_as_much_before():
    given = places(seed=3)
    found = permuted_pre_test(given, "y")
    means = given.values.assign(town=given.place, wave=given.period)
    means = means.groupby(["town", "wave"])["y"].mean().unstack("wave").to_numpy()[:, :5]
    leads = means[:, :4] - means[:, 4:]
    apart = leads - (leads.sum(axis=0) - leads) / 19
    square = (apart**2).mean(axis=1)
    assert found["statistic"] == pytest.approx(square[0])
    assert found["p_value"] == pytest.approx((square >= square[0] - 1e-12).mean())
    assert (found["dof"], found["smallest_p"]) == (4, 1 / 20)


def test_a_true_null_is_rejected_in_one_of_twenty():
    p = [permuted_pre_test(places(seed=seed), "y")["p_value"] for seed in range(300)]
    # Four standard errors of 300 draws at 5 %.
    assert np.mean(np.array(p) <= 0.05) < 0.05 + 4 * np.sqrt(0.05 * 0.95 / 300)


@pytest.mark.parametrize("given", [places(waves=2), places(places=8)], ids=["one wave", "8 places"])
def test_what_cannot_be_examined_is_not(given):
    assert permuted_pre_test(given, "y") is None


@pytest.mark.parametrize(("drift", "said"), [(0.0, False), (3.0, True)])
def test_one_place_is_examined_before_its_start(drift, said):
    given = places(drift, seed=1)
    (finding,) = assess(did.estimate(given), given)
    told = " ".join(str(reason) for reason in finding.reasons)
    assert "cannot be examined" not in told
    assert ("A test of the periods before the start found a difference" in told) == said
