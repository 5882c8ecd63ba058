"""The size matrix, cell by cell, and its mirror."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from impact.evidence.size import size
from impact.spec.models import Outcome

CELLS = [
    (0.05, 0.20, "important_improvement"),
    (0.01, 0.20, "possible_improvement"),
    (0.01, 0.04, "slight_improvement"),
    (-0.02, 0.03, "little"),
    (0.0, 0.04, "little"),
    (-0.02, 0.05, "unclear_improvement"),
    (-0.05, 0.03, "unclear_worsening"),
    (-0.05, 0.05, "unclear_both"),
    (-0.04, -0.01, "slight_worsening"),
    (-0.20, -0.01, "possible_worsening"),
    (-0.20, -0.05, "important_worsening"),
]


def outcome(direction: str = "higher", smallest: float | None = 0.05) -> Outcome:
    return Outcome(column="y", label="Y", direction=direction, smallest_effect=smallest)


@pytest.mark.parametrize(("low", "high", "cell"), CELLS)
def test_every_interval_falls_into_the_cell_of_the_matrix(low, high, cell) -> None:
    assert size(outcome(), low, high) == cell


@pytest.mark.parametrize(("low", "high", "cell"), CELLS)
def test_where_lower_is_better_the_sign_is_turned(low, high, cell) -> None:
    assert size(outcome("lower"), -high, -low) == cell


@pytest.mark.parametrize(("low", "high", "cell"), CELLS)
def test_a_neutral_outcome_is_never_good_or_bad(low, high, cell) -> None:
    words = cell.replace("improvement", "rise").replace("worsening", "fall")
    assert size(outcome("neutral"), low, high) == words


@pytest.mark.parametrize(
    ("low", "high", "cell"),
    [(0.1, 0.2, "plain_improvement"), (-0.2, -0.1, "plain_worsening"), (-0.1, 0.2, "unclear")],
)
def test_without_a_smallest_effect_no_phrase_depends_on_it(low, high, cell) -> None:
    assert size(outcome(smallest=None), low, high) == cell


def test_without_an_interval_there_is_no_rating() -> None:
    assert size(outcome(), math.nan, math.nan) == "not_rated"


SWAP = {"improvement": "worsening", "worsening": "improvement", "rise": "fall", "fall": "rise"}


@given(
    low=st.floats(-1, 1),
    width=st.floats(0, 1),
    direction=st.sampled_from(["higher", "lower", "neutral"]),
    smallest=st.one_of(st.none(), st.floats(0.01, 0.5)),
)
def test_swapping_the_sign_mirrors_the_phrase(low, width, direction, smallest) -> None:
    one = outcome(direction, smallest)
    here, there = size(one, low, low + width), size(one, -(low + width), -low)
    head, _, tail = here.partition("_")
    assert there == (f"{head}_{SWAP.get(tail, tail)}" if tail else here)
