"""What is built in comes out: means over many draws, taken by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact import simulate
from impact.errors import DesignError

SEEDS = range(200)
# A false alarm of four Monte Carlo errors has a chance of 6 in 100,000; seeds are fixed.
ERRORS = 4


def difference_of_four_means(frame: pd.DataFrame, outcome: str = "outcome") -> float:
    """Return it cell by cell, as one would on paper."""
    cells = frame.groupby(["treated", frame["period"] >= 2])[outcome].mean()
    return (cells[1, True] - cells[1, False]) - (cells[0, True] - cells[0, False])


def recovers(draws: list[float], truth: float) -> bool:
    """Say whether the mean of the draws is within its Monte Carlo error of the truth."""
    error = np.std(draws, ddof=1) / np.sqrt(len(draws))
    return abs(np.mean(draws) - truth) < ERRORS * error


@pytest.mark.parametrize(
    ("kind", "effect"),
    [("binary", 0.13), ("ordinal", 0.5), ("continuous", -0.3), ("count", 2.0), ("duration", -15)],
)
def test_the_mean_over_draws_is_the_built_in_effect_whatever_the_kind(kind, effect):
    design = simulate.two_by_two(treated=5, comparison=7, effect=effect, kind=kind, ratio=3)
    draws = [difference_of_four_means(simulate.pilot(design, seed=s)) for s in SEEDS]
    assert simulate.built_in_effect(design) == effect
    assert recovers(draws, effect)
    assert not recovers(draws, 0.0)


def test_gaps_and_shared_courses_cancel_and_drift_does_not():
    design = simulate.two_by_two(treated=6, comparison=6, effect=0.2)
    outcome = replace(design.outcomes[0], gap=1.5, course=0.7)
    for drift, expected in ((0.0, 0.2), (0.4, 0.6)):
        drawn = replace(design, outcomes=(replace(outcome, drift=drift),))
        draws = [difference_of_four_means(simulate.pilot(drawn, seed=s)) for s in SEEDS]
        assert recovers(draws, expected)


def test_every_cohort_and_event_time_has_its_own_effect():
    design = simulate.staggered(cohorts={2: 4, 4: 4}, never=4, periods=5, growth=0.15)
    pooled = pd.concat([simulate.pilot(design, seed=s).assign(seed=s) for s in SEEDS])
    means = pooled.groupby(["seed", "first_treated", "period"])["outcome"].mean().unstack()
    change = means.sub(means[1], axis=0)
    for cell in simulate.built_in_effects(design).itertuples():
        gained = change.xs(cell.cohort, level=1)[cell.period] - change.xs(0, level=1)[cell.period]
        assert recovers(list(gained), cell.effect), cell
    assert simulate.built_in_effect(design) == pytest.approx(
        # cohort 2 lives four treated periods from .5, cohort 4 two from .25, equal sizes
        np.mean([0.5, 0.65, 0.8, 0.95, 0.25, 0.4])
    )


def test_the_average_effect_counts_cohorts_by_their_units():
    design = simulate.staggered(cohorts={2: 1, 3: 1}, never=1, periods=3, growth=0.0)
    design = replace(design, sizes=(30, 10, 5))
    assert list(simulate.built_in_effects(design)["n_units"]) == [30, 30, 10]
    assert simulate.built_in_effect(design) == pytest.approx((60 * 0.5 + 10 * 0.25) / 70)


def test_asking_for_an_effect_that_was_not_built_in_is_refused():
    design = simulate.two_by_two(treated=2, comparison=2)
    with pytest.raises(DesignError, match="builds no effect into 'wages'"):
        simulate.built_in_effect(design, outcome="wages")


def test_repeated_cross_sections_recover_the_effect_from_new_people():
    design = simulate.two_by_two(treated=6, comparison=6, effect=0.4, sample="cross_sections")
    frame = simulate.pilot(design)
    assert frame["unit"].is_unique
    assert frame.groupby(["place", "period"]).size().eq(20).all()
    draws = [difference_of_four_means(simulate.pilot(design, seed=s)) for s in SEEDS]
    assert recovers(draws, 0.4)


def test_a_lottery_draws_the_asked_number_and_balances_covariates_on_average():
    age = simulate.SimulatedCovariate(column="age", mean=35, sd=10)
    design = simulate.two_by_two(treated=3, comparison=3, effect=0.3, covariates=(age,))
    design = replace(design, assignment="unit", cohorts={2: 50})
    frames = [simulate.pilot(design, seed=s) for s in SEEDS]
    first = [frame[frame["period"] == 1] for frame in frames]
    assert {int(wave["treated"].sum()) for wave in first} == {50}
    assert first[0].loc[first[0]["treated"] == 1, "place"].nunique() == 6
    gaps = [wave.groupby("treated")["age"].mean().diff().iloc[-1] for wave in first]
    assert recovers(gaps, 0.0)
    assert recovers([difference_of_four_means(frame) for frame in frames], 0.3)


def test_with_a_covariate_trend_courses_are_parallel_only_given_the_covariate():
    age = simulate.SimulatedCovariate(column="age", mean=35, sd=10, gap=8, trend=0.5)
    design = simulate.two_by_two(treated=6, comparison=6, effect=0.3, covariates=(age,))
    plain, adjusted = [], []
    for seed in SEEDS:
        frame = simulate.pilot(design, seed=seed)
        wide = frame.pivot(index="unit", columns="period", values="outcome")
        unit = frame.drop_duplicates("unit").set_index("unit")
        matrix = np.column_stack([np.ones(len(unit)), unit["treated"], unit["age"]])
        change = (wide[2] - wide[1]).to_numpy()
        plain.append(difference_of_four_means(frame))
        adjusted.append(np.linalg.lstsq(matrix, change, rcond=None)[0][1])
    assert recovers(plain, 0.3 + 0.5 * 8 / 10)
    assert recovers(adjusted, 0.3)
