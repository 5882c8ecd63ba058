"""Nobody recovers a hidden count from what is published; from less guarded pages anybody does.

Of a few pilots with every change, of the first sixty with ``pytest -m campaign``, of a thousand
with ``python tests/disclosure/attack 1000 --jobs 2``, which takes an hour.
"""

from __future__ import annotations

import pytest

from attack.campaign import told
from attack.pilots import pilot
from attack.published import number, read
from attack.system import System


def pages(attacked):
    return [one for one in attacked if not one.refused]


@pytest.mark.campaign
def test_nine_pilots_in_ten_have_a_page(attacked):
    assert len(pages(attacked)) >= 0.9 * len(attacked)


@pytest.mark.campaign
def test_what_the_attacker_reads_is_true_of_the_records(attacked):
    assert not [told(one) for one in pages(attacked) if one.untrue]


@pytest.mark.campaign
def test_most_ungated_pages_tell_of_few_people(attacked):
    found = pages(attacked)
    assert sum(one.open for one in found) > 0.5 * len(found)


@pytest.mark.campaign
def test_most_pages_that_hide_small_numbers_only_tell_of_few_people(attacked):
    found = pages(attacked)
    assert sum(one.by_hand for one in found) > 0.5 * len(found)


@pytest.mark.campaign
def test_no_released_page_tells_of_few_people(attacked):
    assert "\n".join(told(one) for one in pages(attacked) if one.released) == ""


@pytest.mark.campaign
def test_no_two_editions_tell_of_those_few_who_are_new(attacked):
    assert any(pilot(one.seed).later is not None for one in pages(attacked))
    assert "\n".join(told(one) for one in pages(attacked) if one.editions) == ""


def test_a_few_pilots_tell_of_nobody_and_all_of_them_would_without_the_gate(few):
    assert len(pages(few)) == len(few)
    assert all(one.open for one in few)
    assert all(one.by_hand for one in few)
    assert not [told(one) for one in few if one.untrue]
    assert "\n".join(told(one) for one in few if one.released or one.editions) == ""


def test_a_pilot_is_the_same_every_time():
    assert pilot(7).records.equals(pilot(7).records)
    assert pilot(7).keys == pilot(7).keys
    assert pilot(7).keys != pilot(8).keys


def test_a_total_less_a_part_leaves_the_other_part():
    system = System(100)
    system.equal({"a": 1, "b": 1}, 40)
    system.say({"a": 1}, 33, 36)
    assert system.range_of({"b": 1}) == (4, 7)


def test_whole_numbers_leave_less_than_fractions():
    """A third to two thirds of 3 is 1 or 2; of 7, with nothing between 2.4 and 2.6, it is none."""
    system = System(100)
    system.equal({"n": 1}, 7)
    system.say({"k": 1, "n": -2.2 / 7}, low=0)
    system.say({"k": 1, "n": -3.8 / 7}, high=0)
    assert system.range_of({"k": 1}, narrow=1) == (3, 3)


def test_a_rounded_share_tells_how_many_of_how_many():
    """.0556 is 1 of 18 and of no other number of people up to 35."""
    fits = []
    for n in range(1, 36):
        system = System(100)
        system.equal({"n": 1}, n)
        system.say({"k": 1, "n": -0.05555}, low=0)
        system.say({"k": 1, "n": -0.05565}, high=0)
        if system.range_of({"k": 1}, narrow=1) == (1, 1):
            fits.append(n)
    assert fits == [18]


def test_a_table_is_read_with_its_headers():
    page = (
        '<section id="s"><table><caption>Who</caption><thead><tr><th rowspan="2">M</th>'
        '<th colspan="2">Pilot group</th></tr><tr><th>1</th><th>2</th></tr></thead><tbody>'
        '<tr><th scope="rowgroup">y</th></tr>'
        '<tr><th scope="row">answered</th><td>12</td><td>not shown</td></tr>'
        "</tbody></table></section>"
    )
    [table] = read(page)[0]
    first, second = table.cells()
    assert (first.body, first.row, first.column) == ("y", "answered", ("Pilot group", "1"))
    assert first.text == "12"
    assert second.hidden
    assert second.column == ("Pilot group", "2")


@pytest.mark.parametrize(
    ("text", "low", "high"), [("0.31", 0.305, 0.315), ("1,490", 1485, 1495), ("−2", -2.5, -1.5)]
)
def test_a_written_number_is_as_wide_as_its_rounding(text, low, high):
    span = number(text)
    assert (span.low, span.high) == pytest.approx((low, high))


def test_a_number_of_people_that_may_be_rounded_is_as_wide_as_the_step():
    assert (number("30", near=10).low, number("30", near=10).high) == (25, 34)
    assert number("31", near=10).low == number("31", near=10).high == 31
