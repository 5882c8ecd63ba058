"""The forest plot: what is drawn is what was given, and is said in words."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from impact.figures import alt_forest, forest

NAN = math.nan


def rows(*given: tuple) -> pd.DataFrame:
    return pd.DataFrame(given, columns=["name", "what", "estimate", "conf_low", "conf_high"])


SOME = rows(
    ("Here", "difference", 0.2, 0.1, 0.3),
    ("There", "change", -0.4, -0.9, 0.1),
    ("Nowhere", "difference", 0.3, NAN, NAN),
    ("Average", "average", 0.1, -0.2, 0.4),
    ("Next", "further", 0.1, -1.0, 1.2),
)


def test_marks_and_lines_stand_at_their_numbers() -> None:
    axes = forest(SOME, unit="points", places=2)
    marks = [line for line in axes.lines if line.get_marker() not in ("None", "", None)]
    assert [float(line.get_xdata()[0]) for line in marks] == [0.2, -0.4, 0.3, 0.1]
    assert [float(line.get_ydata()[0]) for line in marks] == [4, 3, 2, 1]
    spans = [path for one in axes.collections for path in one.get_segments()]
    known = [
        segment[:, 0].tolist() for segment in spans if len(segment) and np.isfinite(segment).all()
    ]
    assert known == [[0.1, 0.3], [-0.9, 0.1], [-0.2, 0.4], [-1.0, 1.2]]


def test_a_change_is_hollow_and_an_average_has_another_shape() -> None:
    axes = forest(SOME, unit="points", places=2)
    marks = [line for line in axes.lines if line.get_marker() not in ("None", "", None)]
    assert [line.get_marker() for line in marks] == ["o", "o", "o", "D"]
    assert [line.get_markerfacecolor() == "white" for line in marks] == [False, True, False, False]


def test_zero_and_every_end_are_in_sight() -> None:
    low, high = forest(
        rows(("Far", "difference", 5.0, 4.0, 6.0)), unit="points", places=1
    ).get_xlim()
    assert low < 0
    assert high > 6


def test_the_alternative_text_tells_each_row_and_what_is_hollow_or_missing() -> None:
    said = alt_forest(SOME, label="Belonging", unit="points", places=2)
    assert said.startswith("Forest plot: Belonging, 3 pilots, points.")
    assert "Here: 0.20 (0.10 to 0.30)." in said
    assert "Nowhere: 0.30." in said
    assert "Next: −1.00 to 1.20." in said
    assert "Hollow dots are changes without a comparison group." in said
    assert "no valid one can be given" in said


@pytest.mark.parametrize("n", [15, 40])
def test_of_many_pilots_the_ends_and_the_average_are_told(n: int) -> None:
    many = [(f"P{at}", "difference", at / 10, at / 10 - 1, at / 10 + 1) for at in range(n)]
    said = alt_forest(rows(*many, SOME.iloc[3]), label="B", unit="points", places=1)
    assert "Lowest: P0, 0.0 (−1.0 to 1.0)." in said
    assert f"Highest: P{n - 1}," in said
    assert "P3:" not in said
    assert "Average: 0.1 (−0.2 to 0.4)." in said
