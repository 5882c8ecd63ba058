"""Amounts in natural units."""

from __future__ import annotations

import math

import pytest

from impact.evidence.amounts import amount, decimals, difference, number, telling
from impact.spec.models import Outcome

JOB = Outcome(column="job", label="Has a job", kind="binary")
LEVEL = Outcome(column="cefr", label="Dutch", kind="ordinal", measured_in="CEFR levels")
DAYS = Outcome(column="days", label="Days", kind="duration")
SCORE = Outcome(column="score", label="Score")
WAGE = Outcome(column="wage", label="Wage (log)", measured_in="log points")


@pytest.mark.parametrize(
    ("outcome", "unit_is", "value", "said"),
    [
        (JOB, "person", 0.13, "13 more people in 100"),
        (JOB, "person", -0.13, "13 fewer people in 100"),
        (JOB, "household", 0.13, "13 more households in 100"),
        (LEVEL, "person", 0.4, "0 more CEFR levels"),
        (DAYS, "person", -9.2, "9 days shorter"),
        (SCORE, "person", 1.6, "2 more"),
        (JOB, "person", -0.0001, "0 more people in 100"),
    ],
)
def test_a_difference_is_said_in_natural_units(outcome, unit_is, value, said) -> None:
    assert str(difference(outcome, unit_is, value, 0)) == said


def test_the_size_of_a_change_has_no_direction() -> None:
    assert str(amount(LEVEL, -0.42, 1)) == "0.4 CEFR levels"
    assert str(amount(JOB, -0.135, 0)) == "14 in 100"


@pytest.mark.parametrize(
    ("outcome", "std_error", "digits"), [(SCORE, 0.03, 2), (SCORE, 12.0, -1), (JOB, 0.03, 0)]
)
def test_digits_follow_from_how_precisely_the_effect_is_known(outcome, std_error, digits) -> None:
    assert decimals(outcome, std_error, 1.0) == digits


def test_people_in_100_are_whole_however_wide_the_range() -> None:
    assert str(difference(JOB, "person", 0.152, decimals(JOB, 0.12, 0.152))) == (
        "15 more people in 100"
    )


def test_an_end_on_one_side_of_zero_never_reads_as_zero() -> None:
    assert number(0.042, telling(SCORE, 1, 0.042, 0.8)) == "0.04"
    assert telling(SCORE, 1, 0.0, 0.8) == 1


def test_without_a_standard_error_two_significant_digits_are_shown() -> None:
    assert number(0.012345, decimals(SCORE, float("nan"), 0.012345)) == "0.012"
    assert decimals(SCORE, float("nan"), 0.0) == 0


def test_a_number_is_rounded_to_what_is_known() -> None:
    assert number(-11863.9, decimals(SCORE, 7456.6, -11863.9)) == "-12000"


def test_minus_zero_is_zero() -> None:
    assert number(-0.001, 1) == "0.0"


@pytest.mark.parametrize(
    ("logs", "said"),
    [
        (math.log(1.25), "about 25 per cent more"),
        (-math.log(1.25), "about 20 per cent less"),
        (math.log(3), "about 200 per cent more"),
        (math.log(0.97), "about 3 per cent less"),
        (0.0, "about 0 per cent more"),
    ],
)
def test_a_difference_of_logarithms_is_said_as_the_ratio_that_it_is(logs, said) -> None:
    assert str(difference(WAGE, "person", logs, 0)) == said


@pytest.mark.parametrize("logs", [0.03, 0.2, 0.7, 1.4])
def test_per_cent_more_and_per_cent_less_undo_each_other(logs) -> None:
    """The words are mirrored; the numbers are those of a ratio and its inverse."""
    more, less = (difference(WAGE, "place", way * logs, 6) for way in (1, -1))
    assert str(more).replace("more", "less").split()[2:] == str(less).split()[2:]
    up, down = (float(one.values["n"]) for one in (more, less))
    assert (1 + up / 100) * (1 - down / 100) == pytest.approx(1, abs=1e-7)


def test_a_change_in_logarithms_has_its_own_size_each_way() -> None:
    assert str(amount(WAGE, math.log(1.5), 0)) == "about 50 per cent"
    assert str(amount(WAGE, -math.log(1.5), 0)) == "about 33 per cent"


def test_per_cent_are_as_precise_as_the_logarithm_is_known() -> None:
    assert decimals(WAGE, 0.0124, -0.031) == 0
    assert decimals(WAGE, 0.004, 0.02) == 1
    assert decimals(WAGE, float("nan"), math.log(1.0123)) == 1
    assert telling(WAGE, 0, -0.004, 0.03) == 1


def test_no_logarithm_is_too_large_to_be_said() -> None:
    assert float(difference(WAGE, "person", 1000.0, 6).values["n"]) > 1e14


def test_only_a_number_measured_in_log_points_is_a_logarithm() -> None:
    days = Outcome(column="days", label="Days", kind="duration", measured_in="log points")
    assert str(difference(days, "person", 0.5, 1)) == "0.5 log points longer"
    assert str(difference(SCORE, "person", 0.5, 1)) == "0.5 more"
