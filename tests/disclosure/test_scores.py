"""Scores of several items on a page about people: no small group follows from them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import f as fisher

from impact.disclosure import Rule
from impact.disclosure.alphas import add_alphas
from impact.disclosure.knowledge import Knowledge
from impact.disclosure.published import Page
from impact.disclosure.rounding import rounded
from impact.disclosure.steps import find_ends, find_steps
from impact.disclosure.structure import add_structure

RULE = Rule(10, guarded=True)
ITEMS = 3


def alphas(people, value=0.5):
    """Return the cells of a score of three items, as the table of reliability has them."""
    free = (people - 1, (people - 1) * (ITEMS - 1))
    low, high = (1 - (1 - value) * float(fisher.ppf(share, *free)) for share in (0.975, 0.025))
    told = {"n": float(people), "alpha": value, "alpha_low": low, "alpha_high": high}
    rows = [("", name, one) for name, one in told.items()]
    rows += [(f"y: q{at}", "mean", 3.0) for at in range(ITEMS)]
    cells = pd.DataFrame(rows, columns=["category", "statistic", "value"])
    about = {"section": "reliability", "variable": "y", "group": "all", "period": "1"}
    return cells.assign(**about, base=people, rough=False)


def known(people):
    """Return between which numbers an alpha, as it is told, says that people lie."""
    cells = alphas(people)
    told = rounded(cells, RULE)
    page = Page.of(cells, told.to_numpy(), np.zeros(len(cells), dtype=bool), RULE)
    made = Knowledge(10)
    made.unknown(("reliability n", "y", "", "all", "1"), people)
    add_alphas(page, made, np.zeros(page.size, dtype=bool))
    [fact] = made.facts
    return fact.low, fact.high


@pytest.mark.parametrize("people", [15, 30, 60, 120])
def test_what_an_alpha_says_of_how_many_answered_is_true(people):
    low, high = known(people)
    assert low <= people <= high


def test_the_ends_of_an_alpha_s_interval_are_told_more_coarsely_of_fewer_people():
    steps = [find_ends(alphas(people), RULE).max() for people in (15, 60, 400)]
    assert steps == sorted(steps, reverse=True)
    assert steps[0] >= 0.2
    assert steps[-1] <= 0.01


def means(value, people):
    where = {"section": "participants", "variable": "y", "category": "", "period": "1"}
    rows = [{**where, "group": "treated", "statistic": "mean", "value": value, "base": people}]
    rows += [{**rows[0], "statistic": "missing", "value": 3.0}]
    return pd.DataFrame(rows).assign(rough=True)


def test_a_mean_of_three_items_is_told_by_steps_as_one_of_whole_numbers_is():
    """20 people: thirds of whole numbers lie .017 apart, and three digits tell which it is."""
    assert find_steps(means(55 / 20, 20), RULE)[0] == find_steps(means(165 / 60, 20), RULE)[0]
    assert find_steps(means(166 / 60, 20), RULE)[0] >= 0.1
    assert math.isnan(find_steps(means(1500.0 + 1 / 60, 20), RULE)[0])
    assert math.isnan(find_steps(means(2.7512345, 20), RULE)[0])


def test_who_answered_all_items_is_among_those_with_a_score():
    made = Knowledge(10)
    full = made.unknown(("reliability n", "y", "", "all", "1"), 40)
    groups = [made.unknown(("n", "y", "", one, "1"), 20) for one in ("treated", "comparison")]
    add_structure(made, [], alphas(40))
    assert ({full, *groups}, 0.0, 0.0) in [
        ({at for at, _ in fact.terms}, fact.low, fact.high) for fact in made.facts
    ]
