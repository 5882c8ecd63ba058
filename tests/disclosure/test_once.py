"""Averages of all that differ by more than the mean change tell that some answered only once."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from impact.disclosure import Rule
from impact.disclosure.knowledge import Knowledge
from impact.disclosure.once import add_once
from impact.disclosure.published import Page
from impact.disclosure.rounding import rounded

RULE = Rule(10, guarded=True)


def facts(answers, *, hide=()):
    """Return the unknowns, and what is noted of answers to two waves, missing where negative."""
    answers = np.array(answers, dtype=float)
    first, last = (answers[:, at][answers[:, at] >= 0] for at in (0, 1))
    twice = answers[(answers >= 0).all(axis=1)]
    change = twice[:, 1] - twice[:, 0]
    half = 2 * change.std(ddof=1) / np.sqrt(len(change))
    told = [("participants", "1", "mean", first.mean(), len(first))]
    told += [("participants", "1", "sd", first.std(ddof=1), len(first))]
    told += [("participants", "2", "mean", last.mean(), len(last))]
    middle = change.mean()
    for name, value in (("change", middle), ("low", middle - half), ("high", middle + half)):
        told.append(("changes", "1 – 2", name, value, len(change)))
    cells = pd.DataFrame(told, columns=["section", "period", "statistic", "value", "base"])
    cells = cells.assign(variable="y", category="", group="treated", rough=False)
    page = Page.of(cells, rounded(cells, RULE).to_numpy(), np.zeros(len(cells), dtype=bool), RULE)
    made = Knowledge(10)
    where = ("y", "", "treated")
    start, end, both = (
        made.unknown((name, *where, period), people)
        for name, period, people in (
            ("n", "1", len(first)),
            ("n", "2", len(last)),
            ("changes n", "1 – 2", len(change)),
        )
    )
    hidden = np.zeros(page.size, dtype=bool)
    hidden[list(hide)] = True
    add_once(page, made, hidden)
    return made, (start, end, both)


def fits(made, people):
    """Whether so many could have answered at the start, at the end and twice."""
    sums = [(sum(by * people[at] for at, by in fact.terms), fact) for fact in made.facts]
    return all(fact.low <= total <= fact.high for total, fact in sums)


STAYED = [(2, 3), (3, 3), (3, 4), (2, 2), (4, 4)] * 6
"""A mean change of .4."""
GONE = [(1, -1)] * 8 + [(-1, 5)] * 8


def test_what_is_noted_is_true_and_not_true_where_everybody_answered_twice():
    made, (start, end, both) = facts(STAYED + GONE)
    assert fits(made, {start: 38, end: 38, both: 30})
    assert not fits(made, {start: 38, end: 38, both: 38})


def test_averages_that_differ_as_the_change_does_tell_nothing():
    made, (start, end, both) = facts(STAYED)
    assert fits(made, {start: 30, end: 30, both: 30})


@pytest.mark.parametrize("cell", [0, 2, 3])
def test_without_one_of_the_three_nothing_is_noted(cell):
    made, _ = facts(STAYED + GONE, hide=[cell])
    assert not made.facts


def test_amounts_that_lie_further_apart_than_a_scale_tell_nothing():
    made, _ = facts([(100 * a, 100 * b) if min(a, b) >= 0 else (a, b) for a, b in STAYED])
    assert not made.facts
