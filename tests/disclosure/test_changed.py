"""A mean change with its interval tells how many changed, where few were asked or few changed."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import t as student

from impact.disclosure import Rule
from impact.disclosure.changed import find_few_changed

RULE = Rule(10, guarded=True)


def changes(moved, rule=RULE):
    """Return the cells on people who changed by so many points, as their table has them."""
    n, mean = len(moved), float(np.mean(moved))
    half = float(student.ppf(0.975, n - 1) * np.std(moved, ddof=1) / math.sqrt(n))
    told = {"n": n, "change": mean, "low": mean - half, "high": mean + half}
    where = {"section": "changes", "variable": "y", "category": "", "group": "treated"}
    rows = [{**where, "statistic": name, "value": float(value)} for name, value in told.items()]
    cells = pd.DataFrame(rows).assign(period="1 – 2", base=n, rough=False, step=math.nan)
    return list(cells["statistic"][find_few_changed(cells, rule)])


@pytest.mark.parametrize(
    "moved",
    [
        [0] * 60 + [1] * 40 + [-1] * 20,
        [0] * 10 + [1] * 10 + [-1] * 10,
        [0] * 20 + [1] * 10 + [2] * 5 + [-1] * 5,
        [0] * 900 + [1] * 300 + [-1] * 250,
    ],
)
def test_a_change_that_leaves_open_how_many_rose_is_told(moved):
    assert changes(moved) == []


@pytest.mark.parametrize(
    "moved",
    [
        [0] * 115 + [1] * 3 + [-1] * 2,  # squares of 5 to 15: at most 7 rose, whatever their number
        [0] * 40 + [-3],  # the only one
        [1] * 17 + [2] * 3,  # of 15 to 24 who all rose few can have fallen
    ],
)
def test_a_change_of_whom_few_changed_otherwise_is_not_told(moved):
    assert changes(moved) == ["change"]


def test_a_change_of_fewer_than_twice_the_minimum_is_not_told():
    """Of 10 to 14 people no number of them is ten numbers wide."""
    assert changes([0, 1, -1, 2, 0, 1, 0, -2, 1, 0, 1, 3]) == ["change"]
    assert changes([0, 1, -1, 2, 0, 1, 0, -2, 1, 0, 1, 3], Rule(5, guarded=True)) == []


def test_what_is_no_whole_number_may_change_by_any_little():
    assert changes([0.0] * 115 + [0.1] * 3 + [-0.25] * 2) == []


def test_places_are_not_guarded():
    assert changes([0] * 115 + [1] * 3 + [-1] * 2, Rule(10, guarded=False)) == []
