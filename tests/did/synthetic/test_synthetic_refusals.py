"""Panels that a synthetic comparison cannot use, and the method that can."""

from dataclasses import replace

import numpy as np
import pytest

from impact import did
from impact.errors import DesignError

METHODS = [did.synthetic_did, did.synthetic_control]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("defect", "said", "advice"),
    [
        ("cross_sections", "repeated cross-sections", "callaway_santanna"),
        ("covariates", "no covariates", "callaway_santanna"),
        ("gaps", "1 of 96 outcomes are missing", "callaway_santanna"),
        ("one_period_before", "at least 2 periods before", "take did"),
        ("all_treated", "never treated; there are 0", "before_after"),
        ("one_compared", "never treated; there are 1", "did where one place"),
        ("none_treated", "treated places", "check the design"),
        ("all_alike", "change by the same amount", "take did"),
        ("weights", "sampling weights", "twfe"),
        ("partly_treated", "1 are treated in part", "design.assignment"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_method_that_does(
    draw, panel, method, defect, said, advice
):
    with pytest.raises(DesignError, match=said) as refused:
        method(_broken(draw(), panel, defect))
    assert advice in str(refused.value)


def _broken(frame, panel, defect):
    late = {"first": np.where(frame["first"] > 0, 1, 0)}
    changed = {
        "gaps": lambda: panel(frame.drop(index=17)),
        "covariates": lambda: panel(frame.assign(x=frame["y"] ** 2), covariates=["x"]),
        "one_period_before": lambda: panel(frame.assign(**late)),
        "all_treated": lambda: panel(
            frame.assign(first=np.where(frame["town"] < "town 06", 4, 5)),
        ),
        "all_alike": lambda: panel(
            frame.assign(y=frame["town"].str[-2:].astype(float) + 2.0 * frame["year"])
        ),
        "weights": lambda: panel(frame.assign(w=1.0 + (frame["year"] % 3)), weight="w"),
        "cross_sections": lambda: panel(frame, unit=None, sample="cross_sections", cluster="town"),
    }
    whole = panel(frame)
    if defect == "partly_treated":
        # The data's door refuses it too; here it is made behind the door.
        return replace(whole, cluster=whole.unit // 3, places=whole.places[:0])
    if defect == "one_compared":
        others = np.where(whole.unit > 0, 4.0, np.inf)
        return replace(whole, start=others, treated=np.isfinite(others))
    if defect == "none_treated":
        never = np.full(len(whole), np.inf)
        return replace(whole, treated=np.zeros(len(whole), dtype=bool), start=never)
    return changed[defect]()


def test_placebos_need_more_comparison_than_treated_places(draw, panel):
    places = panel(draw(6, 8, starts=(5, 5, 5)))
    with pytest.raises(DesignError, match="there are 3 and 3: take errors='jackknife'"):
        did.synthetic_did(places)
    assert did.synthetic_did(places, errors="jackknife").std_error > 0


def test_the_jackknife_needs_two_places_of_every_start(draw, panel):
    for starts in ((5,), (4, 6, 6)):
        with pytest.raises(DesignError, match="take errors='placebo'"):
            did.synthetic_did(panel(draw(10, 8, starts=starts)), errors="jackknife")


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"errors": "cr1"}, "takes placebo, jackknife, none"),
        ({"replications": 0}, "at least 1"),
        ({"level": 95}, "between 0 and 1"),
        ({"outcome": "z"}, "no outcome of that name"),
    ],
)
def test_what_cannot_be_asked_is_refused(draw, panel, said, answer):
    with pytest.raises(DesignError, match=answer):
        did.synthetic_did(panel(draw()), **said)


def test_a_start_too_early_is_left_out_with_its_count(draw, panel):
    frame = draw(12, 8, starts=(1, 5), seed=5)
    found = did.synthetic_did(panel(frame), errors="none")
    later = frame[frame["first"] != 1]
    assert found.estimate == did.synthetic_did(panel(later), errors="none").estimate
    assert any(note.counts == {"n": 1} for note in found.notes)
    assert found.n_units == 11


def test_periods_in_which_it_may_be_anticipated_are_left_out(draw, panel):
    frame = draw(12, 8, starts=(6,), seed=5)
    found = did.synthetic_did(panel(frame, anticipation=2), errors="none")
    spoiled = frame.assign(y=frame["y"] + 50 * ((frame["first"] > 0) & frame["year"].isin([4, 5])))
    again = did.synthetic_did(panel(spoiled, anticipation=2), errors="none")
    assert again.estimate == pytest.approx(found.estimate, rel=1e-10)
    assert any("anticipated" in str(note) for note in found.notes)


def test_places_that_start_after_the_data_end_are_compared_with(draw, panel):
    frame = draw(12, 8, starts=(5, 99), effect=0.0, seed=9)
    found = did.synthetic_did(panel(frame), errors="none")
    never = frame.assign(first=frame["first"].replace(99, 0))
    assert found.estimate == did.synthetic_did(panel(never), errors="none").estimate


def test_the_panel_is_left_as_it_was(draw, panel):
    places = panel(draw())
    before = places.values.copy()
    did.synthetic_did(places)
    assert places.values.equals(before)
