"""Rounded answers are found where they were rounded, and only there."""

import numpy as np
import pytest

from impact.describe.heaping import heaping, myers_by_chance, myers_index


def ages(rng, n):
    return np.floor(18 + rng.gamma(3, 8, n))


def test_ages_of_which_a_third_was_rounded_to_fives_are_heaped():
    rng = np.random.default_rng(1)
    honest = ages(rng, 300)
    told = np.where(rng.random(300) < 1 / 3, 5 * np.round(honest / 5), honest)
    found = heaping(told)
    assert found is not None
    assert found.step == 5
    assert found.on == int((told % 5 == 0).sum())
    assert 1.5 < found.ratio < 5


def test_amounts_rounded_to_tens_alone_are_heaped_on_tens():
    rng = np.random.default_rng(2)
    amounts = rng.integers(101, 399, 600).astype(float)
    amounts[:150] = 10 * np.round(amounts[:150] / 10)
    amounts = np.where(amounts % 10 == 5, amounts + 1, amounts)
    found = heaping(amounts)
    assert found is not None
    assert found.step == 10


def test_ages_as_they_are_hardly_ever_count_as_heaped():
    found = [heaping(ages(np.random.default_rng(seed), 200)) for seed in range(400)]
    assert sum(one is not None for one in found) <= 2


@pytest.mark.parametrize(
    ("why", "values"),
    [
        ("a scale in steps of five", np.repeat(np.arange(0, 101, 5.0), 20)),
        ("few answers", np.repeat([20.0, 25, 30, 35, 41], 8)),
        ("a narrow range", np.repeat(np.arange(1.0, 11), 20)),
        ("answers that are not whole", np.linspace(0, 100, 500)),
        ("nobody", np.full(100, np.nan)),
    ],
)
def test_where_it_cannot_be_told_nothing_is(why, values):
    assert heaping(values) is None, why


def test_answers_at_the_end_of_a_scale_and_at_zero_are_no_heap():
    rest = np.tile(np.arange(1.0, 100), 2)
    values = np.concatenate([rest, np.zeros(200), np.full(200, 100.0)])
    assert heaping(values, ends=(0.0, 100.0)) is None
    assert heaping(np.concatenate([rest, np.full(60, 50.0)]), ends=(0.0, 100.0)) is not None


def test_myers_index_is_ninety_where_all_end_in_one_digit_and_none_where_none_is_preferred():
    assert myers_index(np.full(30, 40.0)) == pytest.approx(90)
    # As many of every digit from 10 and from 20 on: the blend of equal counts is equal.
    assert myers_index(np.tile(np.arange(10.0, 100), 3)) == pytest.approx(0, abs=2)
    assert np.isnan(myers_index(np.array([3.0, 120, np.nan])))


def test_myers_index_by_hand():
    """Ages 10, 20, 21: digit 0 has 1·2 + 9·1 = 11, digit 1 has 2·1 + 8·1 = 10, of 21."""
    expected = 50 * (abs(11 / 21 - 0.1) + abs(10 / 21 - 0.1) + 8 * 0.1)
    assert myers_index(np.array([10.0, 20, 21])) == pytest.approx(expected)


def test_what_chance_makes_of_the_index_is_about_right():
    rng = np.random.default_rng(3)
    found = [myers_index(rng.integers(20, 90, 400).astype(float)) for _ in range(200)]
    assert np.mean(found) == pytest.approx(myers_by_chance(400), rel=0.25)
