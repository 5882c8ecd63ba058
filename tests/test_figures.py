"""Figures: what they say, that they are whole, and that they leave the world as found."""

import base64
import io
import re
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from impact import figures
from impact.figures.canvas import GREY, INK, colours
from impact.results import GLOSSARY
from impact.results.summary import COLUMNS

LABELS = {
    "works": "Works",
    "group:treated": "Pilot group",
    "group:comparison": "Comparison group",
    "group:expected": "Expected without the pilot",
}


def course(statistic="share", periods=("1", "2", "3"), ends=True):
    means = {"treated": [0.20, 0.22, 0.41], "comparison": [0.18, 0.21, 0.27]}
    rows = []
    for group, values in means.items():
        for period, value in zip(periods, values, strict=True):
            rows.append(("works", "", group, period, statistic, value, 80))
            if ends:
                rows.append(("works", "", group, period, "low", value - 0.05, 80))
                rows.append(("works", "", group, period, "high", value + 0.06, 80))
    rows.append(("works", "", "expected", periods[1], statistic, 0.22, 80))
    rows.append(("works", "", "expected", periods[2], statistic, 0.28, 80))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def estimates(terms=("ATT",), values=(0.13,), error=0.05, **changes):
    row = dict.fromkeys(GLOSSARY, np.nan) | {"outcome": "works", "method": "did", "level": 0.95}
    row |= {"inference": "cr1", "std_error": error}
    rows = [
        row | {"term": t, "estimate": v, "conf_low": v - 2 * error, "conf_high": v + 2 * error}
        for t, v in zip(terms, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(GLOSSARY)).assign(**changes)


def line(axes, group):
    return next(drawn for drawn in axes.lines if drawn.get_label() == group)


def texts(axes):
    return [text.get_text().replace("\n", " ") for text in axes.texts]


def test_the_alternative_text_of_a_course_tells_its_numbers():
    said = figures.alt_trend(course(), LABELS)
    for told in (
        "Line chart: Works",
        "Pilot group, 1: 20% (15% to 26%); 2: 22% (17% to 28%); 3: 41% (36% to 47%).",
        "Expected without the pilot, 2: 22%; 3: 28%.",
        "In 3 the pilot group is 13 percentage points above what was expected.",
        "Ranges are 95% intervals.",
    ):
        assert told in said
    assert "trend" not in said.lower()


def test_the_alternative_text_mirrors_a_gap_below():
    cells = course("mean", ends=False)
    cells.loc[cells["group"] == "expected", "value"] += [0, 0.26]
    said = figures.alt_trend(cells, LABELS)
    assert "In 3 the pilot group is 0.13 below what was expected." in said
    assert "interval" not in said


def test_what_was_rounded_gets_no_further_zeros():
    """Released means of a small range: 2.77 and 3.15, never 3.150."""
    cells = course("mean", ends=False)
    cells["value"] = (cells["value"] + 2.5).round(2)
    said = figures.alt_trend(cells, LABELS)
    numbers = re.findall(r"\d+\.\d+", said)
    assert numbers
    assert {len(number.partition(".")[2]) for number in numbers} == {2}
    cells["value"] += 0.0004
    assert re.search(r"\d+\.\d{3}\b", figures.alt_trend(cells, LABELS))


def test_the_alternative_text_says_that_values_were_withheld():
    cells = course(ends=False)
    hidden = (cells["group"] == "comparison") & (cells["period"] == "2")
    cells = cells.assign(hidden=hidden, value=cells["value"].mask(hidden))
    said = figures.alt_trend(cells, LABELS)
    assert "too few people are not shown" in said
    assert "Comparison group, 1: 18%; 3: 27%." in said
    assert "nan" not in said


def test_a_course_is_drawn_through_its_values_and_names_its_ends():
    axes = figures.trend(course(), labels=LABELS)
    assert line(axes, "treated").get_ydata() == pytest.approx([0.20, 0.22, 0.41])
    assert line(axes, "expected").get_ydata() == pytest.approx([np.nan, 0.22, 0.28], nan_ok=True)
    named = texts(axes)
    assert {"Pilot group 41%", "Comparison group 27%", "Expected without the pilot 28%"} <= set(
        named
    )
    assert "pilot starts" in named
    assert axes.get_title(loc="left") == "Works"


def test_lines_differ_by_marker_and_dashes_not_by_colour_alone():
    axes = figures.trend(course(), labels=LABELS)
    drawn = [line(axes, group) for group in ("treated", "comparison", "expected")]
    assert len({one.get_marker() for one in drawn}) == 3
    assert [one.get_linestyle() for one in drawn] == ["-", "-", "--"]


def test_a_withheld_point_leaves_a_gap():
    cells = course(ends=False)
    cells.loc[(cells["group"] == "comparison") & (cells["period"] == "2"), "value"] = np.nan
    drawn = line(figures.trend(cells, labels=LABELS), "comparison").get_ydata()
    assert np.isnan(drawn).tolist() == [False, True, False]


def test_the_axes_hold_every_value_and_interval():
    cells = course()
    axes = figures.trend(cells, labels=LABELS)
    bottom, top = axes.get_ylim()
    assert bottom == 0.0
    assert top > cells["value"].max()
    high = course("mean")
    high["value"] += 100
    bottom, top = figures.trend(high, labels=LABELS).get_ylim()
    assert bottom < high["value"].min() < high["value"].max() < top
    assert bottom > 99


def test_numbered_periods_stand_at_their_distance_and_named_ones_in_a_row():
    axes = figures.trend(course(periods=("2001", "2002", "2010")), labels=LABELS)
    assert np.diff(line(axes, "expected").get_xdata()) == pytest.approx([1, 8])
    axes = figures.trend(course(periods=("spring", "summer", "winter")), labels=LABELS)
    assert np.diff(line(axes, "expected").get_xdata()) == pytest.approx([1, 1])


def test_a_course_with_nothing_left_to_show_is_still_a_picture():
    cells = course().assign(value=np.nan, hidden=True)
    axes = figures.trend(cells, labels=LABELS)
    assert "not shown" in texts(axes)
    assert figures.to_png(axes).startswith(b"\x89PNG")
    assert "not shown and leave gaps" in figures.alt_trend(cells, LABELS)


def test_two_outcomes_do_not_share_axes():
    with pytest.raises(ValueError, match="one variable, not of 2"):
        figures.trend(pd.concat([course(), course().assign(variable="age")]), labels=LABELS)


def test_names_at_the_lines_ends_do_not_overlap():
    cells = course(ends=False)
    cells["value"] = 0.3
    axes = figures.trend(cells, labels=LABELS)
    axes.figure.draw_without_rendering()
    boxes = [t.get_window_extent() for t in axes.texts if "%" in t.get_text()]
    boxes.sort(key=lambda box: box.y0)
    assert len(boxes) == 3
    assert all(low.y1 <= high.y0 for low, high in pairwise(boxes))


def test_an_event_study_is_drawn_by_time_since_the_start_without_its_headline():
    rows = estimates(("ATT", "-2", "0", "1"), (0.15, 0.01, 0.1, 0.2), method="event_study")
    axes = figures.effect(rows)
    assert axes.get_xlabel() == "Periods since the start"
    drawn = sorted(
        x for one in axes.lines if one.get_linestyle() == "None" for x in one.get_xdata()
    )
    assert drawn == [-2, 0, 1]
    said = figures.alt_effect(rows)
    assert "−2: 0.010 (−0.090 to 0.110)." in said
    assert "1: 0.200 (0.100 to 0.300)." in said
    assert "0.15" not in said


def test_a_long_event_study_is_told_by_its_ranges():
    times = range(-10, 11)
    rows = estimates([str(t) for t in times], [t / 100 for t in times], method="event_study")
    said = figures.alt_effect(rows, labels={"works": "Works"})
    assert "Before the start the estimates lie between −0.100 and −0.010." in said
    assert "Since the start the estimates lie between 0.000 and 0.100." in said


def test_methods_stand_below_each_other_under_their_names_with_their_numbers():
    rows = pd.concat([estimates(), estimates(values=(-0.02,), method="twfe")], ignore_index=True)
    axes = figures.effect(rows, labels={"twfe": "Two-way fixed effects"})
    assert [t.get_text().replace("\n", " ") for t in axes.get_yticklabels()] == [
        "did",
        "Two-way fixed effects",
    ]
    assert texts(axes) == ["0.130 (0.030 to 0.230)", "−0.020 (−0.120 to 0.080)"]
    left, right = axes.get_xlim()
    assert left < -0.12
    assert right > 0.23
    assert "Two-way fixed effects: −0.020 (−0.120 to 0.080)." in figures.alt_effect(
        rows, labels={"twfe": "Two-way fixed effects"}
    )


def test_an_estimate_without_an_interval_says_so_and_a_withheld_one_too():
    rows = estimates(conf_low=np.nan, conf_high=np.nan)
    assert "0.130, without an interval" in figures.alt_effect(rows)
    gone = rows.assign(estimate=np.nan, std_error=np.nan)
    assert "not shown" in figures.alt_effect(gone)
    assert texts(figures.effect(gone)) == ["not shown"]


@pytest.mark.parametrize("draw", ["trend", "effect"])
def test_the_same_numbers_give_the_same_bytes_whatever_the_readers_settings(draw):
    import seaborn

    def make():
        if draw == "trend":
            return figures.to_png(figures.trend(course(), labels=LABELS))
        return figures.to_png(figures.effect(estimates()))

    plain = make()
    assert make() == plain
    with mpl.rc_context():
        seaborn.set_theme(style="darkgrid", context="poster")
        assert make() == plain


def test_drawing_changes_no_global_setting_and_opens_no_window():
    import matplotlib.pyplot as plt

    before, open_before = dict(mpl.rcParams), plt.get_fignums()
    figures.to_png(figures.trend(course(), labels=LABELS))
    figures.to_png(figures.effect(estimates()))
    assert dict(mpl.rcParams) == before
    assert plt.get_fignums() == open_before


def test_given_axes_are_drawn_on_and_returned():
    from matplotlib.figure import Figure

    mine = Figure().add_subplot()
    assert figures.trend(course(), labels=LABELS, ax=mine) is mine
    other = Figure().add_subplot()
    assert figures.effect(estimates(), ax=other) is other


def test_drawing_leaves_the_cells_as_they_were():
    cells, rows = course(), estimates()
    copies = cells.copy(), rows.copy()
    figures.trend(cells, labels=LABELS)
    figures.effect(rows)
    pd.testing.assert_frame_equal(cells, copies[0])
    pd.testing.assert_frame_equal(rows, copies[1])


def test_a_picture_is_sharp_small_and_tells_nothing_of_its_making():
    png = figures.to_png(figures.trend(course(), labels=LABELS))
    picture = Image.open(io.BytesIO(png))
    assert picture.size[0] == 1280
    assert len(png) < 60_000
    assert b"matplotlib" not in png.lower()
    assert not {"Software", "Creation Time"} & set(picture.info)


def test_a_picture_travels_inside_the_page():
    uri = figures.data_uri(b"\x89PNG")
    assert base64.b64decode(uri.removeprefix("data:image/png;base64,")) == b"\x89PNG"


def test_colours_of_lines_and_words_hold_four_and_a_half_to_one_on_white():
    def contrast(colour):
        channels = np.array(to_rgb(colour))
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05)

    shades = [*colours().values(), INK, GREY]
    assert min(contrast(shade) for shade in shades) >= 4.5


def test_a_figure_that_becomes_a_picture_stays_as_it_was():
    axes = figures.effect(estimates())
    figure = axes.figure
    figure.set(dpi=50, facecolor="yellow")
    canvas = figure.canvas
    figures.to_png(axes)
    assert figure.canvas is canvas
    assert (figure.get_dpi(), figure.get_facecolor()) == (50, (1.0, 1.0, 0.0, 1.0))
