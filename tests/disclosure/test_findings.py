"""Amounts in sentences are told by the steps of the table of estimates, and like it."""

from __future__ import annotations

import pytest

from impact.disclosure.findings import _by_steps
from impact.evidence.words import NO_COMPARISON
from impact.results import Sentence


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_change_that_is_rounded_to_nothing_neither_goes_up_nor_down(way):
    effect = Sentence("%(n)s point", {"n": "0.04"}, many="%(n)s points")
    told = Sentence(NO_COMPARISON[way], {"outcome": "Home", "pilot": "P", "effect": effect})
    true = {"effect": 0.042}
    assert _by_steps(told, 0.1, true).text == NO_COMPARISON["same"]
    assert "by 0.04 points" in str(_by_steps(told, 0.02, true))


def test_a_change_that_is_rounded_to_nothing_is_no_loss():
    less = Sentence("%(n)s fewer person in 100", {"n": "2"}, many="%(n)s fewer people in 100")
    assert str(_by_steps(less, 0.05, {"effect": 0.018})) == "0 more people in 100"
    assert str(_by_steps(less, 0.02, {"effect": 0.018})) == "2 fewer people in 100"


def test_an_amount_is_rounded_once_as_in_the_table_of_estimates():
    """A third, written 0.3, would by steps of 0.2 be 0.2; the table says 0.4."""
    effect = Sentence("%(n)s less", {"n": "0.3"})
    low, high = Sentence("%(n)s less", {"n": "0.8"}), Sentence("%(n)s more", {"n": "0.1"})
    span = Sentence("From %(low)s to %(high)s.", {"low": low, "high": high})
    true = {"effect": 1 / 3, "low": 0.785, "high": 0.119}
    assert str(_by_steps(effect, 0.2, true)) == "0.4 less"
    assert str(_by_steps(span, 0.2, true)) == "From 0.8 less to 0.2 more."


def test_an_amount_in_another_unit_is_rounded_as_it_is_written():
    days = Sentence("%(n)s days sooner", {"n": "9"})
    assert str(_by_steps(days, 2.0, {"effect": 0.3})) == "8 days sooner"
