"""Two editions of one page: what their difference would tell about few is hidden."""

from __future__ import annotations

import json
import math

import pandas as pd

from impact.disclosure import Rule, release
from impact.results import Status, SummaryTable

RULE = Rule(10, guarded=True)
COLUMNS = ["variable", "category", "group", "period", "statistic", "value", "base"]


def a_page(units, share=None, mean=None):
    rows = [["", "", "treated", "1", "units", units, units]]
    if share is not None:
        rows.append(["y", "", "treated", "1", "share", share / units, units])
    if mean is not None:
        rows.append(["m", "", "treated", "1", "mean", mean, units])
    cells = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float})
    return [Status("a-pilot", "A pilot"), SummaryTable("participants", cells)]


def told(page, statistic):
    cells = page.parts[1].cells.set_index("statistic")
    return cells.loc[statistic, "value"] if statistic in cells.index else math.nan


def two(first, second):
    """Release two editions, the first one's memory written and read as JSON."""
    before = release(first, RULE)
    return before, release(second, RULE, before=json.loads(json.dumps(before.edition)))


def test_the_same_data_make_the_same_page_again():
    first, second = two(a_page(60, 24, 3.456), a_page(60, 24, 3.456))
    pd.testing.assert_frame_equal(first.parts[1].cells, second.parts[1].cells)


def test_three_people_more_are_not_the_difference_of_two_editions():
    first, second = two(a_page(60), a_page(63))
    assert told(first, "units") == 60
    assert math.isnan(told(second, "units"))
    assert told(release(a_page(63), RULE), "units") == 60


def test_many_people_more_are_told():
    _, second = two(a_page(60), a_page(75))
    assert told(second, "units") == 80


def test_one_persons_value_is_not_the_difference_of_two_means():
    first, second = two(a_page(60, mean=3.456), a_page(61, mean=3.5))
    assert told(first, "mean") == 3.46
    assert math.isnan(told(second, "mean"))


def test_one_corrected_answer_is_not_the_difference_of_two_editions():
    for given in ({"mean": 3.456}, {"share": 24}):
        other = {name: value + 1 for name, value in given.items()}
        _, second = two(a_page(60, **given), a_page(60, **other))
        assert math.isnan(told(second, next(iter(given))))


def test_an_edition_in_between_does_not_make_the_first_one_forgotten():
    first = release(a_page(60), RULE)
    second = release(a_page(75), RULE, before=first.edition)
    third = release(a_page(62), RULE, before=second.edition)
    assert told(second, "units") == 80
    assert math.isnan(told(third, "units"))
