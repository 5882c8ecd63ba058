"""Correlations, losses and codes are what was asked, and draws repeat."""

import hashlib
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from impact import simulate
from impact.errors import DesignError

BIG = simulate.two_by_two(
    treated=200, comparison=200, size=25, place_share=0.1, place_period_share=0, unit_share=0.4
)


def wide(design: simulate.Simulation):
    """Return unit × period values of the outcome."""
    return simulate.pilot(design).pivot(index="unit", columns="period", values="outcome")


def test_the_intraclass_correlation_of_places_is_the_asked_share():
    first = simulate.pilot(BIG).query("period == 1")
    groups = first.groupby("place")["outcome"]
    between = 25 * groups.mean().var()
    within = groups.var().mean()
    icc = (between - within) / (between + 24 * within)
    assert icc == pytest.approx(0.1, abs=0.03)  # 4 errors: sqrt(2/400) · (1 + 24·.1)/25 · 4


def test_two_waves_of_a_person_correlate_by_places_and_units():
    assert wide(BIG).corr().loc[1, 2] == pytest.approx(0.5, abs=0.05)


def test_serial_correlation_falls_geometrically():
    parts = {"periods": 4, "serial": 0.6, "place_share": 0, "unit_share": 0.2}
    corr = wide(replace(BIG, **parts)).corr()
    for lag in (1, 2, 3):
        assert corr.loc[1, 1 + lag] == pytest.approx(0.2 + 0.8 * 0.6**lag, abs=0.04)


def test_places_change_by_the_stated_standard_deviation():
    design = replace(BIG, place_share=0, unit_share=0, place_period_share=0.2, place_serial=0.5)
    means = simulate.pilot(design).groupby(["place", "period"])["outcome"].mean().unstack()
    sampling = 2 * 0.8 / 25  # noise of the means of 25 people, twice
    own = np.sqrt((means[2] - means[1]).var() - sampling)
    assert own == pytest.approx(np.sqrt(2 * 0.2 * (1 - 0.5)), abs=0.07)


def test_outcomes_correlate_as_asked():
    first = BIG.outcomes[0]
    design = replace(BIG, outcomes=(first, replace(first, column="other")), together=0.6)
    frame = simulate.pilot(design)
    assert frame["outcome"].corr(frame["other"]) == pytest.approx(0.6, abs=0.05)


def test_a_covariate_has_its_gap_and_its_loading():
    age = simulate.SimulatedCovariate(column="age", mean=35, sd=8, gap=4, loading=0.3)
    first = simulate.pilot(replace(BIG, covariates=(age,))).query("period == 1")
    by_group = first.groupby("treated")["age"]
    assert by_group.mean().diff().iloc[-1] == pytest.approx(4, abs=0.7)
    assert by_group.std().to_numpy() == pytest.approx([8, 8], abs=0.5)
    assert first.query("treated == 0")[["age", "outcome"]].corr().iloc[0, 1] == pytest.approx(
        0.3, abs=0.06
    )


def test_categories_and_binary_covariates_have_their_shares():
    covariates = (
        simulate.SimulatedCovariate(column="female", kind="binary", mean=0.4, gap=0.1),
        simulate.SimulatedCovariate(
            column="origin", kind="category", shares={"Syria": 0.5, "Eritrea": 0.3, "other": 0.2}
        ),
    )
    first = simulate.pilot(replace(BIG, covariates=covariates)).query("period == 1")
    shares = first["origin"].value_counts(normalize=True)
    assert shares["Eritrea"] == pytest.approx(0.3, abs=0.02)
    assert shares["other"] == pytest.approx(0.2, abs=0.02)
    assert first.groupby("treated")["female"].mean().to_list() == pytest.approx(
        [0.4, 0.5], abs=0.03
    )


def test_attrition_is_the_asked_share_and_may_differ_between_groups():
    design = replace(BIG, periods=3, cohorts={2: 200}, attrition=0.1, attrition_treated=0.3)
    frame = simulate.pilot(design)
    kept = frame.groupby(["treated", "period"]).size().unstack() / 5000
    assert kept[1].to_list() == [1, 1]
    assert (1 - kept[3]).to_list() == pytest.approx([0.1, 0.3], abs=0.026)
    assert (1 - kept[2]).to_list() == pytest.approx([0.05, 0.15], abs=0.021)
    waves = frame.groupby("unit")["period"].agg(["max", "size"])
    assert (waves["max"] == waves["size"]).all()  # who is gone does not come back


def test_those_who_do_well_stay_when_asked():
    leavers = replace(BIG, attrition=0.3, attrition_loading=0.5)
    values = wide(leavers)
    baseline = values[1].groupby(values[2].isna()).mean()
    # E[z | rank under .3] = -phi(z.3)/.3 = -1.159, times the loading
    assert baseline[True] == pytest.approx(-0.5 * 1.159, abs=0.15)
    assert baseline[False] == pytest.approx(0.5 * 1.159 * 0.3 / 0.7, abs=0.1)


def test_missing_refused_and_unknown_answers_have_their_shares_and_codes():
    outcome = simulate.SimulatedOutcome(
        column="level",
        kind="ordinal",
        scale=(0, 6),
        mean=2,
        missing=0.1,
        refused=0.05,
        not_known=0.02,
    )
    level = simulate.pilot(replace(BIG, outcomes=(outcome,)))["level"]
    assert str(level.dtype) == "Int64"
    assert level.isna().mean() == pytest.approx(0.1, abs=0.009)
    assert (level == 98).mean() == pytest.approx(0.05, abs=0.007)
    assert (level == 99).mean() == pytest.approx(0.02, abs=0.005)
    assert level[level < 98].mean() == pytest.approx(2, abs=0.15)


def test_a_code_that_is_also_a_true_value_is_refused():
    outcome = simulate.SimulatedOutcome(column="contacts", kind="count", mean=98, refused=0.05)
    with pytest.raises(DesignError, match="contacts: true values equal the codes 98 and 99"):
        simulate.pilot(replace(BIG, outcomes=(outcome,)))


@pytest.mark.parametrize(
    ("outcome", "mean", "deviation"),
    [
        ({"kind": "count", "mean": 6}, 6, np.sqrt(6)),
        ({"kind": "count", "mean": 6, "dispersion": 0.5}, 6, np.sqrt(6 + 0.5 * 36)),
        ({"kind": "duration", "mean": 90, "sd": 60}, 90, 60),
        ({"kind": "continuous", "mean": 3.4, "sd": 0.7, "scale": (1, 5)}, 3.4, 0.7),
        ({"kind": "ordinal", "mean": 2, "scale": (0, 6)}, 2, np.sqrt(6 * (1 / 3) * (2 / 3))),
        ({"kind": "binary", "mean": 0.3}, 0.3, np.sqrt(0.21)),
    ],
)
def test_each_kind_has_its_mean_and_standard_deviation(outcome, mean, deviation):
    drawn = simulate.SimulatedOutcome(column="y", **outcome)
    design = replace(BIG, outcomes=(drawn,), place_share=0, unit_share=0)
    given = simulate.pilot(design)["y"].astype(float)
    assert given.mean() == pytest.approx(mean, abs=4 * deviation / np.sqrt(len(given)))
    assert given.std() == pytest.approx(deviation, rel=0.04)
    if drawn.scale:
        assert given.between(*drawn.scale).all()


def test_monthly_counts_follow_the_stated_course():
    season = tuple(10 * np.sin(np.pi * m / 6) for m in range(24))
    visits = simulate.SimulatedOutcome(
        column="visits", kind="count", mean=200, course=season, gap=20, effect=30
    )
    design = simulate.Simulation(sizes=(1, 1), cohorts={13: 1}, outcomes=(visits,), periods=24)
    pooled = np.mean(
        [simulate.pilot(design, seed=s)["visits"].to_numpy().reshape(2, 24) for s in range(400)], 0
    )
    step = np.where(np.arange(24) >= 12, 30, 0)
    assert pooled[0] == pytest.approx(220 + np.array(season) + step, abs=4.5 * np.sqrt(260 / 400))
    assert pooled[1] == pytest.approx(200 + np.array(season), abs=4.5 * np.sqrt(210 / 400))


def test_places_have_the_asked_sizes_and_mean():
    spread = simulate.sizes(12, mean=20, ratio=5)
    assert max(spread) / min(spread) == pytest.approx(5, rel=0.1)
    assert np.mean(spread) == pytest.approx(20, abs=0.5)
    assert np.mean(spread[:6]) == pytest.approx(np.mean(spread[6:]), abs=4)  # extremes come first
    assert simulate.sizes(3, mean=7) == (7, 7, 7)


def test_one_more_outcome_leaves_the_others_as_they_were():
    first = BIG.outcomes[0]
    more = replace(BIG, outcomes=(first, replace(first, column="other")))
    assert simulate.pilot(more)["outcome"].equals(simulate.pilot(BIG)["outcome"])


def test_the_same_seed_gives_the_same_frame_and_another_seed_another():
    assert simulate.pilot(BIG).equals(simulate.pilot(BIG))
    assert simulate.pilot(BIG, seed=BIG.seed).equals(simulate.pilot(BIG))
    assert not simulate.pilot(BIG, seed=1)["outcome"].equals(simulate.pilot(BIG)["outcome"])


def test_every_row_says_that_it_is_simulated():
    assert simulate.pilot(BIG)["_simulated"].eq(1).all()


SCRIPT = """
from impact import simulate
origin = simulate.SimulatedCovariate(column="origin", kind="category", shares={"a": .5, "b": .5})
design = simulate.staggered(cohorts={3: 2, 2: 2}, never=2, periods=4, covariates=(origin,))
print(simulate.pilot(design).to_csv())
"""


def test_the_bytes_do_not_depend_on_the_hash_seed():
    digests = set()
    for hash_seed in ("0", "1", "4"):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            check=True,
        )
        assert run.stdout.count(b"\n") > 400
        digests.add(hashlib.sha256(run.stdout).hexdigest())
    assert len(digests) == 1


def test_the_global_random_state_is_left_alone():
    before = np.random.get_state()[1].tolist()  # noqa: NPY002 - what this test guards
    simulate.pilot(BIG)
    assert np.random.get_state()[1].tolist() == before  # noqa: NPY002 - what this test guards


def test_all_faults_of_a_simulation_are_told_at_once():
    share = simulate.SimulatedOutcome(column="share", kind="binary", mean=0.8, effect=0.3)
    level = simulate.SimulatedOutcome(column="level", kind="ordinal")
    short = simulate.SimulatedOutcome(column="short", course=(0.0,))
    unsaid = simulate.SimulatedOutcome(column="unsaid", effect={3: 1.0}, missing=0.7, refused=0.5)
    tight = simulate.SimulatedOutcome(column="tight", mean=1.1, scale=(1, 5), sd=2)
    age = simulate.SimulatedCovariate(column="age", kind="binary", mean=0.9, gap=0.2, trend=0.1)
    twice = simulate.SimulatedCovariate(column="share", kind="category", shares={"a": 0.5})
    broken = simulate.Simulation(
        sizes=(0, 5),
        cohorts={2: 3, 9: 1},
        outcomes=(share, level, short, unsaid, tight),
        covariates=(age, twice),
        assignment="unit",
        sample="cross_sections",
        place_share=0.9,
        unit_share=0.4,
        serial=1.5,
        attrition=0.2,
    )
    with pytest.raises(DesignError) as caught:
        simulate.pilot(broken)
    told = [fault.where for fault in caught.value.faults]
    for where in (
        "sizes", "cohorts", "assignment", "attrition", "serial", "shares", "share", "age",
        "level", "short", "unsaid", "unsaid: missing + refused + not_known", "tight",
    ):  # fmt: skip
        assert where in told, where
