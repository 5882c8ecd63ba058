"""An estimate, its error and its interval leave unsure how many people stand behind them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from impact.disclosure import Rule, release, release_estimates
from impact.disclosure.behind import contrasted
from impact.disclosure.withheld import Withheld
from impact.results import GLOSSARY, EffectResult, Effects, Status

RULE = Rule(10, guarded=True)
STATUS = Status("a-pilot", "A pilot")
TEXT = {"pilot": "p", "outcome": "y", "method": "did", "estimand": "ATT", "term": "ATT"}


def row(estimate, error, units, **more):
    """Return an estimate with Student's t of as many degrees of freedom as there are units."""
    reach = student.ppf(0.975, units - 1)
    p_value = 2 * student.sf(abs(estimate / error), units - 1)
    numbers = {
        "estimate": estimate,
        "std_error": error,
        "statistic": estimate / error,
        "p_value": p_value,
        "conf_low": estimate - reach * error,
        "conf_high": estimate + reach * error,
        "level": 0.95,
        "n_obs": 2 * units,
        "n_units": units,
        "n_treated": units // 2,
        "n_clusters": units,
        "inference": "hc2",
    }
    return pd.DataFrame([TEXT | numbers | more])[list(GLOSSARY)]


def decimals(value):
    return len(f"{value:.10g}".partition(".")[2])


@pytest.mark.parametrize("units", [46, 100, 343, 5000])
def test_an_estimate_and_its_interval_have_the_same_decimals_at_most(units):
    told = release_estimates(row(0.12678, 0.0661, units), [units], RULE).iloc[0]
    step = 10.0 ** -decimals(told["std_error"])
    for name in ("estimate", "conf_low", "conf_high"):
        assert decimals(told[name]) <= decimals(step) + 1
    if units >= 200:
        assert told["std_error"] == 0.066


def alike(error_of, units):
    """Return by which numbers of people the same numbers would be told, in turn."""
    numbers = range(10, 6 * units)
    told = dict(n_units=units, n_clusters=units)
    rows = [row(0.3, error_of(units), units), *(row(0.3, error_of(n), n, **told) for n in numbers)]
    released = release_estimates(pd.concat(rows), [60] * len(rows), RULE)
    names = ["estimate", "conf_low", "conf_high", "std_error", "statistic", "p_value"]
    shown = released[names].fillna(-99.0).to_numpy()
    return [n for n, own in zip(numbers, shown[1:], strict=True) if np.allclose(own, shown[0])]


@pytest.mark.parametrize("units", [21, 35, 77, 133])
def test_degrees_of_freedom_leave_ten_numbers_of_people(units):
    assert len(alike(lambda _: 0.11, units)) >= 10


@pytest.mark.parametrize("units", [40, 80, 120])
def test_errors_of_a_known_spread_leave_several_numbers_of_people(units):
    """Whoever knows the spread turns an error into a number of people: not into one."""
    fits = alike(lambda n: 0.8 / math.sqrt(n), units)
    assert units in fits
    assert len(fits) >= 2


def test_of_a_yes_or_no_no_estimate_is_finer_than_a_percent():
    known = Withheld(yes_no=frozenset({"y"}))
    told = release_estimates(row(0.12678, 0.0031, 900), [900], RULE, withheld=known).iloc[0]
    assert [told[name] for name in ("estimate", "conf_low", "conf_high")] == [0.13, 0.12, 0.13]


def test_a_tiny_p_value_is_told_as_below_a_thousandth():
    told = release_estimates(row(3.0, 0.1, 300), [300], RULE).iloc[0]
    assert told["p_value"] == 0.0005


def test_no_error_is_rounded_to_nothing():
    for units in (10, 20, 50, 1000):
        for error in np.geomspace(1e-4, 1e4, 17):
            told = release_estimates(row(error, error, units), [units], RULE).iloc[0]
            assert math.isnan(told["std_error"]) or told["std_error"] > 0


def effects(*rows, **given):
    return Effects(tuple(EffectResult(one, 60, **given) for one in rows))


def test_a_few_people_more_are_not_the_difference_of_two_editions_of_an_estimate():
    first = release([STATUS, effects(row(0.5, 0.1, 120))], RULE)
    second = release([STATUS, effects(row(0.6, 0.1, 123))], RULE, before=first.edition)
    assert first.estimates()["estimate"].notna().all()
    assert second.estimates()["estimate"].isna().all()
    third = release([STATUS, effects(row(0.6, 0.1, 150))], RULE, before=first.edition)
    assert third.estimates()["estimate"].notna().all()


def test_an_effect_is_told_without_its_averages_only_where_many_changed():
    """An error of .13 over 90 people: some 34 changed; of .05: five."""
    assert contrasted([effects(row(0.1, 0.13, 90))], RULE) == {"y"}
    assert contrasted([effects(row(0.1, 0.05, 90))], RULE) == frozenset()
    assert contrasted([effects(row(0.1, 0.13, 90, method="before_after"))], RULE) == frozenset()
