"""Each sort of sentence, text and number tells the attacker what it should."""

from __future__ import annotations

import pandas as pd
import pytest

from attack.alts import cells_of
from attack.bare import reading
from attack.counted import say_counts
from attack.digits import freedom, spans_of
from attack.frame import say_frame
from attack.listed import say_listed
from attack.numerals import say_portion, share_of
from attack.published import Cell, Span, Table, Text, number
from attack.reading import SHARES
from attack.sentences import say_sentences
from attack.silent import say_silence
from attack.spreads import say_intervals


def rows(**more):
    """Return a file of estimates with one row."""
    row = {"outcome": "y1", "method": "did", "term": "ATT", "level": 0.95, "inference": "cr2"}
    return pd.DataFrame([row | more])


def no_answer(found):
    states = ("missing", "refused", "not_known", "not_asked")
    return {(s, "y1", g, w): 1.0 for s in states for g in found.groups for w in found.waves}


def test_half_of_a_step_is_rounded_up():
    assert (number("60", near=10).low, number("60", near=10).high) == (55, 64)
    assert (number("25", near=5).low, number("25", near=5).high) == (23, 27)


def test_fewer_than_a_number_is_nobody_up_to_one_less():
    assert (number("fewer than 10").low, number("fewer than 10").high) == (0, 9)


def test_the_flow_s_alternative_text_is_read_box_by_box():
    said = (
        "Flow of participants, in boxes from top to bottom. Pilot group: At the baseline (1): 34; "
        "Lost in between: 4 (12%) (found work: 3, no reason known: 1); At the end (2): not shown. "
        "Comparison group: At the baseline (1): 31."
    )
    told = [(c.column[0], c.body, c.row, c.text) for c in cells_of([Text("flow", "alt", said)])]
    lost = ("Pilot group", "Lost in between")
    assert told == [
        ("Pilot group", "", "At the baseline (1)", "34"),
        (*lost, "found work", "3"),
        (*lost, "no reason known", "1"),
        (*lost, "share", "12%"),
        (*lost, "number lost", "4"),
        ("Pilot group", "", "At the end (2)", "not shown"),
        ("Comparison group", "", "At the baseline (1)", "31"),
    ]


def test_the_lines_of_a_chart_are_read_point_by_point():
    said = (
        "Line chart: Outcome y1, by group and period. Pilot group, 1: 40% (20% to 50%); 2: 30%. "
        "Comparison group, 1: 10%. Expected without the pilot, 2: 40%. Ranges are 95% intervals."
    )
    told = [(c.column[0], c.row, c.text) for c in cells_of([Text("trends", "alt", said)])]
    assert told == [
        ("Pilot group", "1", "40% (20% to 50%)"),
        ("Pilot group", "2", "30%"),
        ("Comparison group", "1", "10%"),
    ]


def test_rows_that_are_left_out_are_the_answers_not_given():
    found = reading("27 rows without this outcome are left out.")
    say_sentences(found, rows())
    assert found.system.range_of(no_answer(found)) == (27, 27)


def test_a_note_that_few_are_left_out_is_of_somebody():
    found = reading("fewer than 10 rows without this outcome are left out.")
    say_sentences(found, rows())
    assert found.system.range_of(no_answer(found)) == (1, 9)


def test_a_note_on_an_outcome_that_it_names_is_not_of_the_first_one():
    found = reading("Event study, “Outcome y9”: 27 rows without this outcome are left out.")
    found.names = {"Outcome y1": "y1", "Outcome y9": "y9"}
    say_frame(found)
    say_sentences(found, rows())
    assert found.system.range_of(no_answer(found)) != (27, 27)


def test_that_no_answer_is_missing_says_that_nobody_refused():
    found = reading("No answer is missing in: Outcome y1, nation.")
    say_sentences(found, rows())
    assert found.system.range_of(no_answer(found)) == (0, 0)


def test_what_each_participant_cost_says_how_many_took_part():
    """21,000 at 700 each is 21,000 over 749.99 to 650: 29 to 32 people."""
    found = reading(
        "The pilot cost 21,000 EUR in all.",
        "That is about 700 EUR for each participant in the data.",
    )
    say_sentences(found, rows())
    assert found.system.range_of({("U", "t"): 1.0}) == (28, 32)


def test_units_beside_an_estimate_are_those_of_both_sides():
    found = reading()
    say_counts(found, rows(n_units=41, n_treated=20, n_obs=82))
    assert found.system.range_of({("A", "y1", "c"): 1.0}) == (21, 21)


def test_the_numbers_of_a_row_share_their_digits():
    found = reading(guarded=True)
    row = {"estimate": 0.308, "conf_low": -0.0798, "conf_high": 0.69, "std_error": 0.19}
    told = spans_of(found, row)
    assert told["conf_high"].high - told["conf_high"].low == pytest.approx(0.001)
    assert told["std_error"].high - told["std_error"].low == pytest.approx(0.01)


def test_an_interval_over_its_error_tells_the_degrees_of_freedom():
    """2.0452 is the threshold of 29 degrees of freedom."""
    told = spans_of(reading(), {"std_error": 1.0, "conf_low": -2.04523, "conf_high": 2.04523})
    low, high = freedom(told, 0.95)
    assert low <= 29 <= high
    assert high - low < 1


def test_an_interval_and_a_spread_tell_how_many_answered():
    """Half of 3.20 to 3.80 is .30: 2.01 · 1.05 / √50 = .298."""
    found = reading(scale=(1, 5))
    found.texts = [
        Text("trends", "p", "Intervals of means, with errors clustered by the unit of assignment.")
    ]
    head = ("Pilot group", "1")
    caption = "Numbers, averages and shares by group and period"
    cells = [
        Cell("table1", caption, "Outcome y1", "mean (SD)", head, "3.50 (1.05)"),
        Cell(
            "trends",
            "Averages by group and period",
            "Outcome y1, mean (95% interval)",
            "1",
            ("Pilot group",),
            "3.50 (3.20 to 3.80)",
        ),
    ]
    say_intervals(found, cells)
    [(terms, fits, _)] = found.sets
    assert terms == {("n", "y1", "t", "1"): 1.0}
    assert 50 in fits
    assert 40 not in fits
    assert 62 not in fits


def test_what_is_shown_is_not_small():
    """10 to the nearest ten is nobody's 5 to 9: so few are not shown."""
    assert (number("10", near=10).low, number("10", near=10).high) == (10, 14)


def test_a_share_that_is_shown_is_of_the_minimum_and_so_are_the_others():
    found = reading(groups=("t",), guarded=True)
    part, whole = {("k", "y1", "t", "2", 1): 1.0}, {("n", "y1", "t", "2"): 1.0}
    found.system.say(whole, 35, 44)
    say_portion(found, part, whole, Span(0.15, 0.25))
    assert found.system.range_of(part) == (10, 11)


def test_shares_are_as_coarse_as_their_note_says_and_whole_percents_without_one():
    caption = "Numbers, averages and shares by group and period"
    cell = Cell("table1", caption, "Outcome y1", "share", ("Pilot group", "1"), "30%")
    for note, low, high in (("", 0.295, 0.305), (SHARES.format("ten"), 0.25, 0.35)):
        found = reading(note, guarded=True)
        found.tables = [Table("table1", caption, [], [("Outcome y1", "share", ["30%"])])]
        span = share_of(found, cell)
        assert (span.low, span.high) == pytest.approx((low, high))


def test_where_no_note_says_that_rows_are_left_out_nobody_s_answer_is_missing():
    found = reading()
    say_silence(found, rows(estimate=0.1))
    assert found.system.range_of(no_answer(found)) == (0, 0)


@pytest.mark.parametrize(
    "note",
    [
        "Some rows without this outcome are left out.",
        "Whoever gave no answer is left out, if there is anybody.",
    ],
)
def test_where_a_note_stands_anyway_or_says_some_nothing_follows_from_it(note):
    found = reading(note)
    found.system.say(no_answer(found), high=30.0)
    say_silence(found, rows(estimate=0.1))
    assert found.system.range_of(no_answer(found)) == (0, 30)


def test_units_of_two_subgroups_are_those_of_the_whole():
    found = reading()
    caption = "Outcome y1: the difference within subgroups"
    told = [
        Cell("subgroups", caption, "", f"Female: {level}", ("Units in the pilot",), text)
        for level, text in (("no", "15"), ("yes", "26"))
    ]
    say_listed(found, told, rows(estimate=0.1))
    assert found.system.range_of({("A", "y1", "t"): 1.0}) == (41, 41)


def test_a_step_is_no_larger_than_the_code_gives_such_an_error():
    """.5, 0 and 1 are multiples of a half; of 40 people no error of .2 is told by more than .2."""
    row = {"estimate": 0.5, "conf_low": 0.0, "conf_high": 1.0, "std_error": 0.2, "n_units": 40.0}
    told = spans_of(reading(guarded=True, scale=(1, 5)), {**row, "p_value": 0.02})
    assert told["estimate"].high - told["estimate"].low <= 0.2
