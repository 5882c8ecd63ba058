"""Two averages and the change between them are of whole numbers: not all counts of people fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact.disclosure import Rule
from impact.disclosure.knowledge import FOLLOWED, Knowledge
from impact.disclosure.published import Page
from impact.disclosure.rounding import rounded
from impact.disclosure.sums import add_sums

RULE = Rule(10, guarded=True)
PERIODS = ("1", "2")


def facts(before, after, *, hide=(), followed=True, answered=None):
    """Return what is known of answers given at the start and at the end, and who answered twice."""
    before, after = np.array(before, dtype=float), np.array(after, dtype=float)
    people = len(before)
    told = [("trends", "1", "mean", before.mean()), ("trends", "2", "mean", after.mean())]
    told += [("changes", "1 – 2", "change", (after - before).mean())]
    cells = pd.DataFrame(told, columns=["section", "period", "statistic", "value"])
    cells = cells.assign(variable="y", category="", group="treated", rough=False, base=people)
    page = Page.of(cells, rounded(cells, RULE).to_numpy(), np.zeros(len(cells), dtype=bool), RULE)
    # A mean change is told by halves here, averages by tenths.
    halves = np.array([0.05, 0.05, 0.25])
    values = np.array([row.value for row in page.rows])
    page = replace(
        page, told=np.round(values / halves / 2) * halves * 2, halves=halves, followed=followed
    )
    made = Knowledge(10)
    for period, number in zip(PERIODS, answered or (people, people), strict=True):
        made.unknown((FOLLOWED, "y", "", "treated", period), number)
    twice = made.unknown(("changes n", "y", "", "treated", "1 – 2"), people)
    hidden = np.zeros(page.size, dtype=bool)
    hidden[list(hide)] = True
    add_sums(page, made, hidden)
    return made, twice


def known(made, twice):
    """Return between which numbers those who answered twice are known to be, if anything tells."""
    own = [fact for fact in made.facts if [at for at, _ in fact.terms] == [twice]]
    return [(max(fact.low, 25), min(fact.high, 34), fact.cells) for fact in own]


def by_hand(told, sizes):
    """Return the numbers of people for which three whole sums exist, by trying every one."""
    found = []
    for n in sizes:
        whole = [
            [s for s in range(-6 * n, 6 * n) if abs(s / n - middle) <= half + 1e-9]
            for middle, half in told
        ]
        gaps = {end - start for start in whole[0] for end in whole[1]}
        if gaps & set(whole[2]):
            found.append(n)
    return found


def answers(total, people):
    """Return so many whole answers around three that add up to a sum."""
    return [4] * (total - 3 * people) + [3] * (4 * people - total)


BEFORE, AFTER = answers(90, 27), answers(83, 27)
"""Of 27 who gave 3.3 and 3.1 on average; the change is told as −0.5, so is −0.25 or less."""


def test_of_25_who_gave_3_3_and_3_1_none_is_a_quarter_lower():
    made, twice = facts(BEFORE, AFTER)
    assert known(made, twice) == [(26.0, 34, (2,))]


@pytest.mark.parametrize(
    ("people", "start", "end"),
    [(27, 90, 83), (30, 99, 91), (31, 103, 95), (33, 109, 100), (29, 97, 97), (26, 87, 80)],
)
def test_the_numbers_that_fit_are_those_found_by_trying(people, start, end):
    made, twice = facts(answers(start, people), answers(end, people))
    means = round(start / people, 1), round(end / people, 1)
    change = round(2 * (end - start) / people) / 2
    told = [*((mean, 0.05) for mean in means), (change, 0.25)]
    fits = by_hand(told, range(25, 35))
    assert people in fits
    told = known(made, twice) or [(25, 34)]
    assert [one[:2] for one in told] == [(fits[0], fits[-1])]


def test_those_of_the_averages_are_those_who_answered_twice():
    made, _ = facts(BEFORE, AFTER)
    assert {fact.terms[0][0] for fact in made.facts} == set(made.places.values())


@pytest.mark.parametrize("cell", [0, 1, 2])
def test_without_one_of_the_three_nothing_is_noted(cell):
    made, _ = facts(BEFORE, AFTER, hide=[cell])
    assert not made.facts


@pytest.mark.parametrize("other", [{"followed": False}, {"answered": (27, 25)}])
def test_of_other_people_than_those_who_answered_twice_nothing_is_noted(other):
    made, _ = facts(BEFORE, AFTER, **other)
    assert not made.facts
