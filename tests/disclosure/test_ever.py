"""What no table counts: who never answered, and what everybody told."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from impact.disclosure.ever import add_complete, add_ever_answered, add_in_all
from impact.disclosure.followed import add_drawn
from impact.disclosure.knowledge import FOLLOWED, Knowledge
from impact.disclosure.reader import _followed


def made_of(**counts):
    made = Knowledge(10)
    for name, people in counts.items():
        kind, _, period = name.partition("_")
        variable = "" if kind in ("ever", "units") else "y"
        made.unknown((kind.replace("in", "all "), variable, "", "treated", period), people)
    return made


def test_who_never_answered_is_secret_and_bounded_by_who_answered():
    made = made_of(ever=30, n_1=28, n_2=27)
    add_ever_answered(made)
    [secret] = made.secrets
    ever = made.find("answered ever", "y", "", "treated", "")
    assert secret.terms == ((made.find("ever", "", "", "treated", ""), 1.0), (ever, -1.0))
    assert len(made.facts) == 3


def test_answers_not_given_are_added_up_over_periods():
    made = made_of(inrefused=12, refused_1=5, refused_2=7)
    add_in_all(made)
    [fact] = made.facts
    assert (fact.low, fact.high) == (0.0, 0.0)
    assert len(fact.terms) == 3


@pytest.mark.parametrize("counted", [False, True])
def test_of_a_period_that_no_table_counts_the_course_keeps_who_did_not_answer_secret(counted):
    made = Knowledge(10)
    ever = made.unknown(("ever", "", "", "treated", ""), 30)
    course = made.unknown((FOLLOWED, "y", "", "treated", "3"), 27)
    if counted:
        made.unknown(("n", "y", "", "treated", "3"), 28)
    _followed(made)
    secret = [((ever, 1.0), (course, -1.0))]
    assert [one.terms for one in made.secrets] == ([] if counted else secret)


def test_background_that_all_told_counts_people_and_an_outcome_does_not():
    for outcomes, facts in (((), 1), (("y",), 0)):
        made = made_of(units_1=30, n_1=30)
        made.nest(
            made.find("n", "y", "", "treated", "1"), made.find("units", "", "", "treated", "1")
        )
        before = len(made.facts)
        add_complete(made, pd.DataFrame(columns=["section", "variable", "statistic"]), outcomes)
        assert len(made.facts) - before == facts
        assert len(made.secrets) == 1 - facts


@pytest.mark.parametrize(("twice", "known"), [(27, (0, 9)), (12, (10, math.inf))])
def test_a_lottery_that_is_told_coarsely_has_few_who_answered_at_the_end_alone(twice, known):
    made = Knowledge(10)
    for group in ("treated", "comparison"):
        made.unknown(("n", "y", "", group, "2"), 30)
        made.unknown(("changes n", "y", "", group, "1 – 2"), twice)
    add_drawn(made, ["y", "another"])
    [fact] = made.facts
    assert (fact.low, fact.high) == known
    assert made.true(fact.terms) == 60 - 2 * twice
