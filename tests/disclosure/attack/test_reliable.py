"""What is told of the items of a score tells the attacker what it should."""

from __future__ import annotations

import pytest

from attack.bare import reading
from attack.pilots import pilot
from attack.published import Cell
from attack.reliable import say_items, say_reliability
from attack.truth import truth_of

CAPTION = "Cronbach's alpha of each score, and its items"
ALPHA = "Cronbach's alpha (95% interval)"


def scored(parts=1, **more):
    """Return a reading of a page with a score of three items from 1 to 5, their sum or mean."""
    return reading(scale=(3, 15) if parts == 1 else (1, 5), parts={"y1": parts}, **more)


def say(found, row, text, head="All"):
    say_reliability(found, Cell("reliability", CAPTION, "Outcome y1", row, (head, "1"), text))


def everybody(found, wave="1"):
    return {("n", "y1", group, wave): 1.0 for group in found.groups}


@pytest.mark.parametrize(("parts", "known"), [(1, (40, 40)), (3, (40, 40)), (0, (40, 400))])
def test_who_answered_all_items_has_a_score_and_of_all_items_nobody_else(parts, known):
    found = scored(parts)
    say(found, "answered", "40")
    low, high = found.system.range_of(everybody(found))
    assert (low, min(high, 400)) == known


def test_means_of_items_add_up_to_the_sum():
    found = scored(groups=("t",))
    say(found, "answered", "20")
    for item, mean in (("q1", "3.00 (1.03)"), ("q2", "2.50 (1.00)"), ("q3", "4.00 (1.03)")):
        say(found, f"{item}, mean (SD)", mean)
    total = {("k", "y1", "t", "1", code): float(code) for code in range(3, 16)}
    assert found.system.range_of(total) == (190, 190)


def test_an_alpha_and_its_interval_tell_how_many_answered():
    """Feldt's interval of .50 over three items and 30 people is .083 to .745."""
    found = scored(groups=("t",))
    say(found, "all items", "0.500 (0.083 to 0.745)", ALPHA)
    [(terms, fits, _)] = found.sets
    assert terms == {("rn", "y1", "1"): 1.0}
    assert 30 in fits
    assert max(fits) - min(fits) <= 2


def test_answers_to_an_item_are_of_all_who_were_there():
    found = scored(groups=("t",))
    for row, text in (("answered", "50"), ("no answer given", "3"), ("refused", "5")):
        cell = Cell("data", "Answers given and not given", "", f"q1, {row}", ("Pilot group",), text)
        say_items(found, cell, "t")
    there = {("N", "t", wave): 1.0 for wave in found.waves}
    assert found.system.at_least(there) == pytest.approx(58, abs=1e-4)


def test_the_records_of_a_score_are_those_of_its_items():
    case = next(one for one in map(pilot, range(40)) if one.parts)
    (name,) = case.parts
    truth = truth_of(case)
    assert name not in case.written
    assert truth["rn", name, "1"] <= sum(truth.get(("n", name, g, "1"), 0) for g in "tc")
