"""Numbers, dates and sentences as an English page writes them."""

from __future__ import annotations

import math

import pytest

from impact.locale import language
from impact.results import Sentence

ENGLISH = language("en")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("-0.40", "−0.40"),
        ("210000", "210,000"),
        ("13", "13"),
        (0.123456, "0.123"),
        (-12345.6, "−12,346"),
        (math.nan, "–"),
        (None, "–"),
        ("2021-03-01", "1 March 2021"),
        ("2021-02-30", "2021-02-30"),
        ("3.1.2", "3.1.2"),
        ("12.5 %", "12.5 %"),
    ],
)
def test_values_are_written_for_a_reader(value, written):
    assert ENGLISH.say(Sentence("%(n)s", {"n": value})) == written


@pytest.mark.parametrize("name", ["seed", "period", "version", "start"])
def test_names_that_look_like_numbers_stay_as_they_are(name):
    assert ENGLISH.say(Sentence(f"%({name})s", {name: "20210301"})) == "20210301"


def test_counts_have_their_thousands_apart():
    assert ENGLISH.say(Sentence("%(n)d people", counts={"n": 12345})) == "12,345 people"


def test_a_sentence_may_stand_in_a_sentence():
    inner = Sentence("%(n)s more people in 100", {"n": "13"})
    assert ENGLISH.say(Sentence("By %(x)s.", {"x": inner})) == "By 13 more people in 100."


def test_a_double_per_cent_sign_is_one_and_a_single_one_stays():
    assert ENGLISH.say(Sentence("95%% or 5 % of all")) == "95% or 5 % of all"


def test_a_value_that_looks_like_a_slot_is_not_filled_again():
    said = Sentence("%(a)s", {"a": "%(b)s", "b": "secret"})
    assert ENGLISH.say(said) == "%(b)s"


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match="no catalogue"):
        language("xx")


def test_a_slot_that_names_its_decimals_has_so_many():
    said = Sentence("worth %(clusters).1f places", {"clusters": 4.1623})
    assert language("en").say(said) == "worth 4.2 places"


def test_words_that_stand_instead_of_a_number_begin_a_sentence_with_a_capital():
    said = Sentence("%(n)s units are left out.", {"n": Sentence("not shown")})
    assert language("en").say(said) == "Not shown units are left out."
    assert language("en").say(Sentence("%(n)s units", {"n": Sentence("some")})) == "some units"


def test_a_decimal_that_is_shown_counts_for_the_form():
    one, many = "%(n)s more point", "%(n)s more points"
    assert language("en").say(Sentence(one, {"n": "1"}, many=many)) == "1 more point"
    assert language("en").say(Sentence(one, {"n": "1.0"}, many=many)) == "1.0 more points"
    assert language("fr").say(Sentence(one, {"n": "1.0"}, many=many)) == "1,0 point de plus"
