"""What is told of those who were asked twice tells the attacker what it should."""

from __future__ import annotations

import pytest

from attack.bare import reading
from attack.joint import say_joint
from attack.published import Cell
from attack.twice import say_change, say_shifts

CAPTION = "From the start to the end, of those seen both times"
BY_UNIT = "Intervals of a group's mean change, with errors clustered by the unit of assignment."


def say(found, group="t", **told):
    for row, text in told.items():
        named = {"answered": "answered", "mean": "change (95% interval)"}.get(row, row)
        head = ({"t": "Pilot group", "c": "Comparison group"}[group],)
        say_change(found, Cell("course", CAPTION, "Outcome y1", named, head, text), group)


def changed(found, group="t", *, squared=False):
    """Return the range of the sum of changes, or of their squares."""
    codes = found.codes("y1")
    power = 2 if squared else 1
    terms = {("m", "y1", group, a, b): float((b - a) ** power) for a in codes for b in codes}
    return found.system.range_of(terms)


def test_who_changed_is_a_share_of_those_who_answered_twice():
    found = reading(groups=("t",))
    caption = "From the start to the end, of those seen both times"
    for row, text in (("answered", "40"), ("from no to yes, share", "30%")):
        say_change(found, Cell("course", caption, "Outcome y1", row, ("Pilot group",), text), "t")
    assert found.system.range_of({("up", "y1", "t"): 1.0}) == (12, 12)


def test_a_change_and_its_error_tell_how_many_changed_which_way():
    """−1 of 42 is −.0238; with 9 who changed its error is √((9 − 42·.0238²) / (42·41)) = .0722."""
    found = reading(groups=("t",), guarded=True)
    found.system.say({("U", "t"): 1.0}, 35, 44)
    found.system.say({("A", "y1", "t"): 1.0}, 35, 44)
    told = {"estimate": -0.02, "std_error": 0.0722, "conf_low": -0.17, "conf_high": 0.12}
    row = {"outcome": "y1", "method": "before_after", "term": "change", "inference": "hc2"}
    say_joint(found, [{**row, **told, "p_value": 0.743, "level": 0.95, "source": ""}], [])
    assert found.system.range_of({("up", "y1", "t"): 1.0}) == (4, 4)
    assert found.system.range_of({("down", "y1", "t"): 1.0}) == (5, 5)


def test_a_mean_change_times_those_who_answered_twice_is_a_sum():
    found = reading(groups=("t",), scale=(1, 5))
    say(found, answered="40", mean="0.25 (−0.1 to 0.6)")
    assert changed(found) == (10, 10)
    ends = [{("fk", "y1", "t", wave, code): float(code) for code in range(1, 6)} for wave in "12"]
    gap = {**ends[1], **{key: -by for key, by in ends[0].items()}}
    assert found.system.range_of(gap) == (10, 10)


def test_a_coarse_change_is_anything_that_is_rounded_to_it():
    found = reading(groups=("t",), scale=(1, 5), guarded=True)
    found.system.equal({("n2", "y1", "t", "1"): 1.0}, 40)
    say(found, mean="0.5 (−0.5 to 1.5)")
    assert changed(found) == (10, 30)


def test_half_an_interval_tells_the_sum_of_squared_changes():
    """Four up by 3 and 36 as before: .3 each, squares 36 − 40 · .09 = 32.4, half .2915."""
    found = reading(BY_UNIT, groups=("t",), scale=(1, 5))
    say(found, answered="40", mean="0.300 (0.0085 to 0.5915)")
    assert changed(found) == (12, 12)
    low, high = changed(found, squared=True)
    assert low <= 36 <= high <= 38


@pytest.mark.parametrize(("method", "groups"), [("did", ("t", "c")), ("before_after", ("t",))])
def test_an_effect_on_a_scale_tells_the_change_of_a_group(method, groups):
    found = reading(groups=groups, scale=(1, 5))
    for group in groups:
        found.system.equal({("n2", "y1", group, "1"): 1.0}, 20)
    if len(groups) == 2:
        say(found, "c", answered="20", mean="0.10 (−0.2 to 0.4)")
    row = {"outcome": "y1", "method": method, "term": "ATT", "level": 0.95, "source": ""}
    estimate = 0.4 if method == "did" else 0.5
    say_shifts(found, [{**row, "estimate": estimate, "std_error": 0.2}])
    assert changed(found) == (10, 10)


def test_an_effect_alone_tells_of_neither_group():
    found = reading(scale=(1, 5))
    found.system.equal({("n2", "y1", "t", "1"): 1.0}, 20)
    row = {"outcome": "y1", "method": "did", "term": "ATT", "level": 0.95, "source": ""}
    say_shifts(found, [{**row, "estimate": 0.4, "std_error": 0.2}])
    assert changed(found) == (-80, 80)
