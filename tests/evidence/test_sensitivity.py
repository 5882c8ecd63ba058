"""What it takes to undo a result: doing just that undoes it."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.sensitivity import sensitivity as measured
from impact.disclosure import Rule
from impact.disclosure.sentences import gate_statement
from impact.evidence import sensitivity
from impact.inference.event_estimates import EventEstimates
from impact.inference.honest import honest_interval
from impact.spec.models import Outcome

FORBIDDEN = ("significant", "no effect", "proves", "promising", "trend")


def made(units=240, periods=4, *, clusters=12, start=2, effect=1.0, seed=0):
    rng = np.random.default_rng(seed)
    unit, wave = np.repeat(np.arange(units), periods), np.tile(np.arange(periods), units)
    town = unit % clusters
    pilot = (town < clusters // 2).astype(int)
    y = (
        rng.normal(size=units)[unit]
        + 0.3 * wave
        + effect * pilot * (wave >= start)
        + 0.2 * rng.normal(size=(clusters, periods))[town, wave]
        + rng.normal(size=len(unit))
    )
    return pd.DataFrame({"id": unit, "wave": wave, "town": town, "pilot": pilot, "y": y})


def panel_of(frame, *, starts, outcomes=("y",), **said):
    given = {"unit": "id", "period": "wave", "treated": "pilot", "cluster": "town"}
    return Panel.from_frame(
        frame, **{**given, "starts": starts, "outcomes": list(outcomes), **said}
    )


def said(panel, effects=None):
    statement = sensitivity(panel, effects or did.estimate(panel))
    return " ".join(str(sentence) for sentence in statement.sentences)


@pytest.mark.parametrize("effect", [1.5, -1.5])
def test_a_comparison_off_by_that_much_makes_the_interval_touch_zero(effect):
    frame = made(periods=2, start=1, effect=effect)
    panel = panel_of(frame, starts=1)
    off = measured(panel, did.estimate(panel)).off
    assert off > 0
    after = (frame["pilot"] == 0) & (frame["wave"] == 1)
    moved = frame.assign(y=frame["y"] + np.sign(effect) * off * after)
    undone = did.did(panel_of(moved, starts=1))
    near = undone.conf_low if effect > 0 else undone.conf_high
    assert near == pytest.approx(0.0, abs=1e-9)


def test_the_comparisons_own_change_is_the_difference_of_its_two_means():
    frame = made()
    panel = panel_of(frame, starts=2)
    found = measured(panel, did.estimate(panel))
    others = frame[frame["pilot"] == 0]
    means = others.groupby(others["wave"] >= 2)["y"].mean()
    assert found.own == pytest.approx(means[True] - means[False], rel=1e-12)


def test_a_bend_of_that_size_makes_the_honest_interval_hold_zero():
    frame = made(periods=6, start=3, effect=2.0, units=900, clusters=300)
    panel = panel_of(frame, starts=3)
    effects = did.estimate(panel)
    found = measured(panel, effects)
    study = did.event_study(panel)
    assert study.inference == "cr1"
    rows = study.rows.iloc[1:]
    vcov = study.vcov[1:, 1:]
    # Student's critical value instead of the normal's.
    wide = ((rows["conf_high"] - rows["estimate"]) / rows["std_error"]).max() / 1.959963984540054
    course = EventEstimates(
        rows["estimate"].to_numpy(), vcov * wide**2, n_pre=2, weights=np.full(3, 1 / 3)
    )
    assert found.pre_periods == 2
    for restriction, limit, step in (
        ("smoothness", found.bend, 1e-4),
        ("relative_magnitudes", found.times, 0.1),
    ):
        assert honest_interval(course, restriction, limit * (1 + 1e-4)).holds_zero
        assert not honest_interval(course, restriction, limit - 1.01 * step).holds_zero


def test_with_several_starts_the_courses_are_those_against_the_last_period_before():
    frame = made(periods=6, effect=0.0, units=900, clusters=300)
    first = np.where(frame["town"] < 75, 3, np.where(frame["town"] < 150, 4, 0))
    frame = frame.assign(first=first, y=frame["y"] + 2.0 * ((first > 0) & (frame["wave"] >= first)))
    panel = Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], first_treated="first", cluster="town"
    )
    found = measured(panel, did.estimate(panel))
    assert found.pre_periods == 3
    assert np.isnan(found.own)
    assert 0 < found.bend < 2.0
    assert found.times > 0
    assert "Judged by the waves before" in said(panel)


def test_one_wave_before_leaves_the_likelihood_open():
    panel = panel_of(made(periods=2, start=1, effect=1.5), starts=1)
    text = said(panel)
    assert "The result would vanish if the comparison's course were off by" in text
    assert "With a single wave before the start" in text
    assert "bent" not in text


def test_a_result_that_fits_no_difference_has_nothing_to_undo():
    panel = panel_of(made(periods=2, start=1, effect=0.0), starts=1)
    statement = sensitivity(panel, did.estimate(panel))
    assert len(statement.sentences) == 1
    assert "nothing" in str(statement.sentences[0])


def test_without_a_valid_range_or_a_comparison_or_with_a_lottery_one_sentence_says_so():
    frame = made(periods=2, start=1)
    lonely = panel_of(frame.assign(pilot=(frame["town"] == 0).astype(int)), starts=1)
    assert "No valid range" in said(lonely)
    alone = panel_of(frame[frame["pilot"] == 1], starts=1, treated=None, kind="before_after")
    assert "There is no comparison" in said(alone)
    drawn = panel_of(frame, starts=1, kind="randomised")
    assert "by lottery" in said(drawn)


def test_people_are_counted_in_hundred_and_the_gate_hides_a_share_of_few():
    """Three of 120 comparison people say yes before: the change of their share would tell."""
    frame = made(periods=2, start=1, clusters=240)
    pilot, later = frame["pilot"] == 1, frame["wave"] == 1
    rank = frame.groupby(["pilot", "wave"]).cumcount()
    yes = np.select([pilot & later, pilot, later], [90, 30, 40], 3)
    frame = frame.assign(y=(rank < yes).astype(float))
    outcome = Outcome(column="y", label="Works", kind="binary", direction="higher")
    panel = panel_of(frame, starts=1, outcomes=[outcome])
    effects = did.estimate(panel)
    assert measured(panel, effects).fewest == 3
    released = gate_statement(sensitivity(panel, effects), Rule(10, guarded=True))
    off, own, _ = (str(sentence) for sentence in released.sentences)
    assert "in 100: if" in off
    assert own.startswith("A number is not shown here")
    free = gate_statement(sensitivity(panel, effects), Rule(10, guarded=False))
    assert "The comparison itself changed by 31 in 100" in str(free.sentences[1])


def test_a_headline_about_few_people_keeps_all_its_numbers():
    panel = panel_of(made(periods=4, start=2, effect=3.0), starts=2)
    effects = did.estimate(panel)
    few = replace(effects, results=tuple(replace(effect, base=7) for effect in effects))
    released = gate_statement(sensitivity(panel, few), Rule(10, guarded=True))
    assert not any(c.isdigit() for c in "".join(s.text for s in released.sentences))
    for sentence in released.sentences:
        assert set(sentence.values) <= {"minimum", "about"}


def test_forbidden_words_stand_in_no_sentence():
    path = Path(importlib.util.find_spec("impact.evidence.sensitivity").origin)
    text = path.read_text(encoding="utf-8").split("def sensitivity", maxsplit=1)[0].lower()
    assert [word for word in FORBIDDEN if word in text] == []
