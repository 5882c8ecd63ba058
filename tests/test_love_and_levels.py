"""The Love plot and the bars of levels: what they draw, and what they say."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from impact import figures
from impact.results.summary import COLUMNS

LABELS = {
    "age": "Age",
    "tongue": "First language",
    "level": "Level of Dutch",
    "level: level 0": "pre-A1",
    "level: level 1 to 5": "A1 to C2",
    "group:treated": "Pilot group",
    "group:comparison": "Comparison group",
}


def balance(**unweighted):
    rows = [
        ("age", "", "all", "1", "smd", -0.11, 60),
        ("tongue", "Russian", "all", "1", "smd", 0.42, 60),
        ("tongue", "other", "all", "1", "smd", np.nan, 0),
        ("age", "", "treated", "1", "mean", 33.0, 60),
        ("joint", "", "all", "1", "p_value", 0.3, 60),
    ]
    if unweighted:
        rows.append(("age", "", "all", "1", "smd_unweighted", 0.3, 60))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def shares(**changes):
    rows = []
    for group, period, low in (
        ("treated", "1", 0.7),
        ("treated", "2", 0.35),
        ("comparison", "1", np.nan),
        ("comparison", "2", 0.6),
    ):
        rows.append(("level", "level: level 0", group, period, "share", low, 60))
        rows.append(("level", "level: level 1 to 5", group, period, "share", 1 - low, 60))
    return pd.DataFrame(rows, columns=list(COLUMNS)).assign(**changes)


def test_a_love_plot_has_a_point_a_difference_the_largest_on_top():
    axes = figures.love(balance(), labels=LABELS)
    [points] = [line for line in axes.lines if line.get_label() == "with weights"]
    assert points.get_xdata().tolist()[:2] == [0.42, -0.11]
    assert points.get_ydata().tolist() == [2, 1, 0]
    names = [text.get_text().replace("\n", " ") for text in axes.get_yticklabels()]
    assert names == ["First language, Russian", "Age", "First language, other"]
    assert "not shown" in [text.get_text() for text in axes.texts]


def test_the_limits_of_a_love_plot_hold_every_point_and_both_lines():
    axes = figures.love(balance(), labels=LABELS)
    low, high = axes.get_xlim()
    assert low == -high
    assert high > 0.42
    lines = {line.get_xdata()[0] for line in axes.lines if line.get_linestyle() == "--"}
    assert lines == {-0.25, 0.25}


def test_differences_without_weights_are_other_marks_with_a_legend():
    axes = figures.love(balance(unweighted=True), labels=LABELS)
    by = {line.get_label(): line for line in axes.lines}
    assert by["with weights"].get_marker() != by["without weights"].get_marker()
    told = [text.get_text() for text in axes.get_legend().get_texts()]
    assert sorted(told) == ["with weights", "without weights"]


def test_the_words_of_a_love_plot_count_what_is_alike_and_name_the_largest():
    said = figures.alt_love(balance(), LABELS)
    assert "1 of 2 lies between −0.25 and 0.25" in said
    assert "Largest: First language, Russian 0.42; Age −0.11." in said
    assert "too few people" in said
    assert "0 of them lie between" in figures.alt_love(balance(unweighted=True), LABELS)


def test_a_love_plot_needs_a_difference():
    with pytest.raises(ValueError, match="there are none"):
        figures.love(balance().query("statistic == 'mean'"), labels=LABELS)


def test_bars_have_a_segment_a_level_that_differs_by_hatching_too():
    axes = figures.levels(shares(), labels=LABELS)
    first, second = axes.containers
    assert [round(bar.get_width(), 6) for bar in first] == [0.7, 0.35, 0.0, 0.6]
    assert [round(bar.get_x(), 6) for bar in second] == [0.7, 0.35, 0.0, 0.6]
    assert {bar.get_hatch() for bar in first} != {bar.get_hatch() for bar in second}
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("70%") == 1
    assert "not shown" in texts
    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names[0] == "Pilot group, 1"


def test_rounded_shares_that_do_not_add_up_still_fill_the_bar():
    cells = shares(value=[0.35, 0.7, 0.35, 0.7, 0.35, 0.7, 0.35, 0.7])
    axes = figures.levels(cells, labels=LABELS)
    ends = [bar.get_x() + bar.get_width() for bar in axes.containers[1]]
    assert ends == pytest.approx([1.0] * 4)
    assert "35%" in [text.get_text() for text in axes.texts]


def test_of_many_periods_the_first_and_the_last_are_drawn():
    rows = [
        ("level", name, "treated", str(at), "share", 0.5, 60)
        for at in range(1, 9)
        for name in ("level: level 0", "level: level 1 to 5")
    ]
    axes = figures.levels(pd.DataFrame(rows, columns=list(COLUMNS)), labels=LABELS)
    names = [text.get_text() for text in axes.get_yticklabels()]
    assert names == ["Pilot group, 1", "Pilot group, 8"]


def test_the_words_of_bars_tell_every_share():
    said = figures.alt_levels(shares(), LABELS)
    assert "Pilot group, 1: pre-A1 70%, A1 to C2 30%." in said
    assert "Comparison group, 1: not shown." in said


def test_levels_of_two_outcomes_do_not_share_axes():
    two = pd.concat([shares(), shares(variable="other")])
    with pytest.raises(ValueError, match="one variable"):
        figures.levels(two, labels=LABELS)


@pytest.mark.parametrize(
    ("draw", "cells"), [(figures.love, balance(unweighted=True)), (figures.levels, shares())]
)
def test_the_pictures_are_the_same_bytes_and_wide_enough(draw, cells):
    one, two = (figures.to_png(draw(cells, labels=LABELS)) for _ in range(2))
    assert one == two
    assert Image.open(io.BytesIO(one)).size[0] >= 1280
