"""People of whom few have the event, in groups of unlike size."""

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.uncertainty import inference_for


def lottery(treated, comparison, events, *, waves=1, **said):
    """Give the event to the first so many of either group, in the last wave."""
    people = treated + comparison
    order = np.concatenate([np.arange(treated), np.arange(comparison)])
    pilot = np.arange(people) < treated
    has = order < np.where(pilot, *events)
    frame = pd.DataFrame(
        {
            "id": np.tile(np.arange(people), waves),
            "wave": np.repeat(np.arange(waves), people),
            "pilot": np.tile(pilot.astype(int), waves),
            "y": np.concatenate([np.zeros((waves - 1) * people), has.astype(float)]),
        }
    )
    given = {"kind": "randomised", "starts": waves - 1} | said
    return Panel.from_frame(
        frame, unit="id", period="wave", outcomes=["y"], treated="pilot", **given
    )


def test_no_event_in_a_small_group_is_no_certainty():
    given = lottery(10, 90, (0, 5))
    choice, effect = did.choose(given), did.difference_in_means(given)
    assert (choice.inference, choice.declines, effect.inference) == (
        "permutation",
        True,
        "permutation",
    )
    assert effect.p_value > 0.5
    # The usual error finds it: its variance is of one group alone.
    assert did.difference_in_means(given, inference="hc2").p_value < 0.05
    assert effect.conf_low < -0.05 < 0.15 < effect.conf_high


def test_how_many_people_there_are_is_not_told():
    (reason,) = inference_for(lottery(10, 90, (0, 5))).reasons
    assert not reason.counts
    assert not reason.values


@pytest.mark.parametrize(
    ("arms", "events", "kind"),
    [
        ((60, 60), (2, 5), "hc2"),
        ((100, 200), (40, 80), "hc2"),
        ((20, 100), (19, 95), "permutation"),
        ((2, 4), (0, 1), "none"),
    ],
    ids=["groups of one size", "many events", "few without it", "too few"],
)
def test_the_test_looks_at_the_outcome(arms, events, kind):
    given = lottery(*arms, events)
    effect = did.difference_in_means(given)
    assert did.choose(given).inference == effect.inference == kind
    assert np.isfinite(effect.p_value) == (kind != "none")


def test_changes_of_few_people_are_permuted_whoever_was_not_drawn_by_lot():
    given = lottery(20, 100, (0, 6), waves=2, kind="did")
    effect = did.did(given)
    assert effect.inference == "permutation"
    assert did.did(given, inference="cr1").p_value < 0.05 < effect.p_value


def test_the_interval_holds_what_a_rise_of_few_would_show():
    """A shift of everybody alike, which a permutation inverts, is no effect on a rare event."""
    given = lottery(10, 90, (1, 4))
    ruled, plain = (
        did.difference_in_means(given),
        did.difference_in_means(given, inference="permutation"),
    )
    assert ruled.p_value >= plain.p_value
    assert ruled.conf_low <= plain.conf_low
    assert ruled.conf_high > plain.conf_high + 0.05
