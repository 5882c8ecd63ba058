"""How few units stand behind an effect, and what its notes name."""

import numpy as np
import pytest

from impact.data.panel import Panel
from impact.did import callaway_santanna, did, event_study, imputation, sun_abraham, twfe


def alone(make, *, lost=()):
    """Return a panel in which one person starts alone in period 2, some rows lost."""
    frame = make(units=61, periods=6)
    first = np.where(frame["id"] < 25, 0, np.where(frame["id"] < 60, 5, 2))
    frame = frame.assign(first=first)
    frame = frame[[pair not in set(lost) for pair in zip(frame["id"], frame["wave"], strict=True)]]
    return Panel.from_frame(frame, unit="id", period="wave", outcomes=["y"], first_treated="first")


@pytest.mark.parametrize("lost", [(), ((0, 3),)])
@pytest.mark.parametrize("method", [event_study, twfe, callaway_santanna, imputation, sun_abraham])
def test_an_effect_rests_on_those_who_start_alone(make, method, lost):
    assert method(alone(make, lost=lost)).base == 1


@pytest.mark.parametrize("method", [event_study, twfe])
def test_with_one_start_it_rests_on_the_smaller_group(make, panel, method):
    made = make(units=60, clusters=12)
    assert method(panel(made)).base == 30
    assert method(panel(made[(made["id"] > 3) | (made["wave"] < 3)])).base == 26


@pytest.mark.parametrize("method", [callaway_santanna, imputation, sun_abraham])
def test_a_cohort_that_is_lost_leaves_few_behind_the_effect(make, method):
    """Of 30 who started at 2 four answered at the end."""
    frame = make(units=90, periods=4)
    frame = frame.assign(first=np.where(frame["id"] < 30, 2, 0))
    frame = frame[(frame["id"] >= 30) | (frame["wave"] < 3) | (frame["id"] < 4)]
    panel = Panel.from_frame(frame, unit="id", period="wave", outcomes=["y"], first_treated="first")
    assert method(panel).base == 4


def test_a_covariate_that_is_left_out_is_named_without_its_categories(make, panel):
    frame = make()
    frame["nation"] = np.where(
        frame["id"] == 5, "Tuvalu", np.where(frame["id"] % 2, "Iran", "Mali")
    )
    notes = " ".join(str(note) for note in twfe(panel(frame, covariates=["nation"])).notes)
    assert "Left out: nation" in notes
    assert "Tuvalu" not in notes
    assert did(panel(frame, covariates=["nation"])).estimate is not None
