"""Power of planned pilots against the formulas of textbooks."""

from __future__ import annotations

import math

import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from impact.errors import DesignError
from impact.power import Facts, Power, planned

DRAWS = 300
CHANCE = 3.5  # Monte Carlo standard errors that a sound simulation may be off


def by_normal(effect: float, std_error: float, free: float, level: float = 0.95) -> float:
    """Return the power of a two-sided t test by the noncentral t."""
    bound = stats.t.ppf((1 + level) / 2, free)
    shift = effect / std_error
    return float(stats.nct.sf(bound, free, shift) + stats.nct.cdf(-bound, free, shift))


def near(found: Power, expected: float) -> bool:
    share = found.power_at_effect
    assert share is not None
    spread = math.sqrt(expected * (1 - expected) / found.draws)
    return abs(share.value - expected) <= CHANCE * spread


@pytest.mark.parametrize(("units", "effect"), [(40, 0.9), (128, 0.5), (300, 0.2)])
def test_two_groups_at_the_end_have_the_power_of_the_noncentral_t(
    units: int, effect: float
) -> None:
    found = planned(
        units=units, sd=2.0, design="randomised", periods=1, effect=2 * effect, draws=DRAWS
    )
    assert near(found, TTestIndPower().power(effect, units / 2, 0.05))


def test_the_smallest_effect_is_the_noncentral_ts() -> None:
    found = planned(units=128, sd=1.0, design="randomised", periods=1, draws=DRAWS)
    expected = TTestIndPower().solve_power(nobs1=64, alpha=0.05, power=0.8)
    assert found.low is not None
    assert found.high is not None
    assert found.low <= expected <= found.high


def test_the_sample_that_it_takes_is_the_noncentral_ts() -> None:
    found = planned(
        units=60, sd=1.0, design="randomised", periods=1, effect=0.5, draws=DRAWS, seed=5
    )
    expected = 2 * TTestIndPower().solve_power(effect_size=0.5, alpha=0.05, power=0.8)
    assert found.needed is not None
    assert found.needed.units == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize("correlation", [0.1, 0.7])
def test_changes_between_two_waves_have_twice_the_variance_that_is_not_lasting(
    correlation: float,
) -> None:
    units, effect = 160, 0.4
    found = planned(units=units, sd=1.0, correlation=correlation, effect=effect, draws=DRAWS)
    error = math.sqrt(2 * (1 - correlation) * 4 / units)
    assert near(found, by_normal(effect, error, units - 2))


@pytest.mark.parametrize("icc", [0.0, 0.2])
def test_clusters_raise_the_variance_by_the_design_effect(icc: float) -> None:
    clusters, each, effect = 40, 6, 0.4
    found = planned(
        units=clusters * each,
        sd=1.0,
        clusters=clusters,
        icc=icc,
        correlation=0.5,
        effect=effect,
        draws=DRAWS,
    )
    plain = 2 * 0.5 * 4 / (clusters * each)
    error = math.sqrt(plain * (1 + (each - 1) * icc))
    assert near(found, by_normal(effect, error, clusters - 2))


def test_a_share_has_the_power_of_two_proportions() -> None:
    units, before, effect = 300, 0.4, 0.15
    found = planned(
        units=units,
        kind="binary",
        mean=before,
        design="randomised",
        periods=1,
        effect=effect,
        draws=DRAWS,
    )
    error = math.sqrt(sum(p * (1 - p) for p in (before, before + effect)) * 2 / units)
    assert near(found, by_normal(effect, error, units - 2))


def test_those_who_are_lost_leave_the_power_of_those_who_stay() -> None:
    all_stay = planned(units=240, sd=1.0, correlation=0.5, effect=0.3, draws=DRAWS)
    half = planned(units=480, sd=1.0, correlation=0.5, effect=0.3, attrition=0.5, draws=DRAWS)
    assert all_stay.power_at_effect is not None
    assert near(half, all_stay.power_at_effect.value)


@pytest.mark.parametrize(
    "facts",
    [
        {"units": 100, "sd": 1.0, "design": "randomised", "periods": 1},
        {"units": 100, "sd": 1.0, "correlation": 0.5, "clusters": 10, "icc": 0.1},
        {"units": 200, "kind": "binary", "mean": 0.3, "correlation": 0.4},
        {"units": 60, "sd": 1.0, "correlation": 0.4, "design": "before_after"},
    ],
)
def test_where_there_is_no_effect_one_is_found_at_the_level(facts: dict[str, object]) -> None:
    found = planned(**facts, draws=DRAWS)  # type: ignore[arg-type]
    assert found.at_zero is not None
    low, high = stats.binom.ppf([0.0005, 0.9995], DRAWS, 0.05) / DRAWS
    assert low <= found.at_zero.value <= high


def test_a_fall_is_told_with_its_sign() -> None:
    found = planned(units=100, sd=1.0, design="randomised", periods=1, effect=-0.5, draws=200)
    assert found.effect == -0.5
    assert found.detectable is not None
    assert found.detectable < 0
    assert "or further down" in found.sentences[0]


def test_an_effect_without_room_is_said_to_have_none() -> None:
    found = planned(units=100, kind="binary", mean=0.9, correlation=0.5, effect=0.3, draws=60)
    assert found.power_at_effect is None
    assert any("no room for an effect of 0.30: the most is 0.10" in said for said in found.notes)


def test_all_that_is_missing_or_wrong_is_told_at_once() -> None:
    with pytest.raises(DesignError) as told:
        planned(kind="binary", clusters=3, attrition=2.0, periods=1)
    where = [fault.where for fault in told.value.faults]
    assert where == ["units", "mean", "icc", "attrition", "periods"]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"mean": 7.0, "scale": (1, 5)}, "mean: found 7; expected a mean between 1 and 5"),
        ({"mean": 3.0, "scale": (1, 5), "sd": 3.0}, "sd: found 3; expected less than 2"),
        ({"sd": -1.0}, "sd: found -1; expected a number above 0"),
        ({"starts": (1,)}, "starts: a start in the first period; expected 2 or later"),
        ({"starts": (5,)}, "starts: a start after period 2"),
        ({"treated": 0.001}, "treated: a group of nobody, of 80 in all"),
        ({"clusters": 100, "icc": 0.1}, "units: 80 units in 100 clusters"),
        ({"sample": "cross_sections", "attrition": 0.1}, "units that are seen once"),
        ({"sample": "cross_sections"}, "clusters: not given"),
        ({"power": 0.2}, "power: found 0.2; expected 0.5 to 0.99"),
        ({"effect": 0.0}, "effect: found 0; expected a number but 0"),
        ({"draws": 3}, "draws: found 3; expected 20 to 100000"),
        ({"sdd": 3}, "no fact 'sdd'"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(facts: dict[str, object], said: str) -> None:
    given = {"units": 80, "sd": 1.0, "correlation": 0.5} | facts
    with pytest.raises(DesignError) as told:
        planned(**given)  # type: ignore[arg-type]
    assert said in str(told.value)


def test_a_start_is_shared_out_evenly_over_cohorts() -> None:
    facts = Facts(units=400, clusters=20, treated=0.6, periods=4, design="staggered")
    assert facts.first_treated == (2, 3, 4)
    assert facts.groups == (4, 4, 4, 8)


def test_a_roll_out_is_compared_by_cohort() -> None:
    facts = {"sd": 1.0, "correlation": 0.5, "clusters": 20, "icc": 0.02, "design": "staggered"}
    found = planned(units=400, periods=4, treated=0.6, draws=40, **facts)  # type: ignore[arg-type]
    assert found.method == "callaway_santanna"
    assert found.detectable is not None


def test_the_same_seed_gives_the_same_numbers() -> None:
    facts = {"units": 60, "kind": "count", "mean": 3.0, "sd": 2.5, "correlation": 0.5}
    once, again, other = (planned(**facts, draws=40, seed=seed) for seed in (1, 1, 2))  # type: ignore[arg-type]
    assert once.to_dict() == again.to_dict()
    assert once.detectable != other.detectable
