"""How the result holds up, on the page: drawn from released rows, described, and in order."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from impact.figures import alt_effect, effect
from impact.report import render_page
from impact.results import EffectResult, Sentence, Statement

FORBIDDEN = ("significant", "no effect", "proves", "promising", "trend")


def several(samples, role, rows, base=150):
    """Return an effect with a row for each (term, estimate, error, inference, method)."""
    made = [
        samples.effect("volunteering", estimate, error, method=method, inference=inference).rows
        for _, estimate, error, inference, method in rows
    ]
    frame = pd.concat(made, ignore_index=True).assign(term=[row[0] for row in rows])
    return EffectResult(frame, base, role)


def by_time(samples):
    points = [("-3", -0.02, 0.05), ("-2", 0.03, 0.05), ("0", 0.14, 0.04), ("1", 0.18, 0.05)]
    own = [(*point, "cr2", "event_study") for point in points]
    wide = [(term, value, 1.4 * error, "uniform", "event_study") for term, value, error in points]
    return several(samples, "by_time", [*own, *wide])


def without(samples, estimates=(0.15, 0.111, 0.142, 0.19), base=150):
    terms = ["all places", *(f"without pilot place {at}" for at in range(1, len(estimates)))]
    rows = [(t, e, 0.05, "cr2", "did") for t, e in zip(terms, estimates, strict=True)]
    return several(samples, "leave_one_out", rows, base)


def looks(samples):
    return [
        by_time(samples),
        Statement("sensitivity", (Sentence("The result would vanish if it were off."),)),
        without(samples),
        several(
            samples,
            "placebo",
            [
                ("the real start", 0.15, 0.05, "cr2", "did"),
                ("an invented start: 2", 0.01, 0.06, "cr2", "did"),
            ],
        ),
        several(
            samples,
            "other_methods",
            [
                ("ATT", 0.15, 0.05, "cr2", "did"),
                ("ATT balanced", 0.14, 0.05, "cr2", "did"),
                ("ATT", 0.16, float("nan"), "none", "twfe"),
            ],
        ),
    ]


def page_with(samples, parts):
    return BeautifulSoup(render_page([*samples.did_pilot(), *parts]), "html.parser")


@pytest.fixture(scope="module")
def section(samples):
    return page_with(samples, looks(samples)).find(id="robustness")


def test_every_look_has_its_heading_in_the_order_of_the_notebook(section):
    heading = section.find_parent("details").h3
    assert heading.get_text() == "How the result holds up"
    assert section["aria-labelledby"] == heading["id"]
    assert [h.get_text() for h in section.find_all("h4")] == [
        "The difference by time from the start",
        "What it would take to undo the result",
        "Without each place in turn",
        "With an invented start before the real one",
        "By other methods",
    ]


def test_every_picture_is_described_and_followed_by_its_numbers(section):
    pictures = section.find_all("img")
    assert len(pictures) == 4
    assert all(len(picture["alt"]) > 40 for picture in pictures)
    for picture in pictures:
        assert picture.find_parent("figure").find_next("details").find("table")


def test_the_band_for_all_times_is_drawn_told_and_in_the_table(section):
    picture = section.find("img")
    assert "hold for all times together" in picture["alt"]
    assert picture["alt"].count("−3:") == 1
    table = section.find("table").get_text(" ")
    assert "for all times together" in table
    assert "clustered (CR2)" in table


def test_the_range_without_single_places_is_that_of_the_released_rows(section):
    said = re.sub(r"\s+", " ", section.get_text(" "))
    assert "With all places the estimate is 0.150." in said
    # The gate tells estimates of people in steps of their error.
    assert "between 0.110 and 0.190, always on the same side of no difference." in said


def test_an_estimate_that_changes_side_is_said_to_hang_on_single_places(samples):
    found = page_with(samples, [without(samples, (0.02, -0.01, 0.03))]).find(id="robustness")
    assert "its direction hangs on single places" in found.get_text(" ")


def test_rows_about_few_people_leave_neither_number_nor_picture(samples):
    found = page_with(samples, [without(samples, base=7)]).find(id="robustness")
    assert found.find("img") is None
    assert found.find("table") is None
    said = found.get_text(" ")
    assert "0.1" not in said
    assert "The numbers are not shown" in said


def test_methods_are_named_for_readers(section):
    said = section.find_all("table")[-1].get_text(" ")
    assert "Difference of differences (main estimate)" in said
    assert "Difference of differences, same units throughout" in said
    assert "without an interval" in section.find_all("img")[-1]["alt"]


def test_the_course_that_has_its_bands_is_not_drawn_twice(samples):
    study = dataclasses.replace(by_time(samples), role="alternative")
    alone = page_with(samples, [study]).find(id="effects")
    both = page_with(samples, [study, by_time(samples)]).find(id="effects")
    assert len(alone.find_all("img")) == len(both.find_all("img")) + 1
    assert len(alone.find_all("table")) == len(both.find_all("table"))


def test_statements_without_a_sentence_leave_no_section(samples):
    parts = [Statement(key) for key in ("by_time", "leave_one_out", "placebo")]
    assert page_with(samples, parts).find(id="robustness") is None
    alone = page_with(samples, [*parts, Statement("sensitivity", (Sentence("Nothing."),))])
    assert [h.get_text() for h in alone.find(id="robustness").find_all("h4")] == [
        "What it would take to undo the result"
    ]
    assert alone.find(id="robustness").find(class_="lead") is None


def test_forbidden_words_stand_nowhere(section):
    said = section.get_text(" ").lower() + " ".join(i["alt"].lower() for i in section("img"))
    assert [word for word in FORBIDDEN if word in said] == []


def test_ids_are_unique_with_all_looks(samples):
    ids = [tag["id"] for tag in page_with(samples, looks(samples)).find_all(id=True)]
    assert len(ids) == len(set(ids))


def test_the_thin_lines_reach_as_far_as_the_band(samples):
    rows = by_time(samples).rows
    axes = effect(rows)
    drawn = [
        tuple(segment[:, 1])
        for lines in axes.collections
        for segment in lines.get_segments()
        if lines.get_linewidth()[0] < 1
    ]
    band = rows[rows["inference"] == "uniform"]
    np.testing.assert_allclose(drawn, band[["conf_low", "conf_high"]])
    low, high = axes.get_ylim()
    assert low < band["conf_low"].min()
    assert high > band["conf_high"].max()


def test_many_rows_stand_close_and_are_told_by_their_range(samples):
    many = without(samples, (0.15, *(0.1 + at / 1000 for at in range(40)))).rows
    few = without(samples).rows
    height = {len(rows): effect(rows).figure.get_size_inches()[1] for rows in (many, few)}
    assert height[41] < 41 * 0.4
    assert height[4] > 4 * 0.6
    told = alt_effect(many)
    assert told.startswith("41 estimates")
    assert "Lowest of the others, without pilot place 1: 0.100" in told
    assert "Highest, without pilot place 40: 0.139" in told
    assert len(told) < 300
