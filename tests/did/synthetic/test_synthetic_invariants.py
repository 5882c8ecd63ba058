"""What may not change a synthetic comparison."""

import numpy as np
import pandas as pd
import pytest

from impact import did

NUMBERS = ["estimate", "std_error", "p_value", "conf_low", "conf_high"]
METHODS = [did.synthetic_did, did.synthetic_control]
CASES = [((5,), 11), ((5,), 12), ((5, 5), 11), ((5, 5), 12), ((4, 6), 11)]


def numbers(method, panel):
    row = method(panel, level=0.8).to_frame()[NUMBERS]
    assert row.notna().all(axis=None)
    return row.to_numpy(dtype=float)[0]


@pytest.fixture(params=CASES, ids=str)
def frame(request, draw):
    starts, seed = request.param
    # Few enough for every assignment to be looked at: draws would follow the names.
    return draw(7, 7, starts=starts, seed=seed)


@pytest.mark.parametrize("method", METHODS)
class TestNothingChanges:
    def test_with_a_course_that_all_share(self, frame, panel, method):
        plain = numbers(method, panel(frame))
        # The noise is measured with it, so it is one whose steps are all alike.
        course = 0.25 * frame["year"]
        moved = numbers(method, panel(frame.assign(y=frame["y"] + course)))
        np.testing.assert_allclose(moved, plain, rtol=1e-8)


@pytest.mark.parametrize("method", METHODS)
def test_people_of_a_place_count_as_the_place(draw, panel, method):
    frame = draw(9, 7, starts=(5,), seed=14)
    spread = np.random.default_rng(3).normal(size=len(frame))
    halves = [
        frame.assign(y=frame["y"] + way * spread, person=frame["town"] + str(way))
        for way in (-1, 1)
    ]
    people = panel(pd.concat(halves), unit="person", cluster="town", unit_is="person")
    found = method(people, level=0.8)
    np.testing.assert_allclose(
        found.to_frame()[NUMBERS].to_numpy(dtype=float)[0], numbers(method, panel(frame)), rtol=1e-9
    )
    assert (found.n_units, found.n_treated, found.n_clusters) == (18, 2, 9)
    assert found.base == 2
    assert "town 0" in str(found.notes[0])


@pytest.mark.parametrize("method", METHODS)
def test_people_by_themselves_are_never_named(draw, panel, method):
    found = method(panel(draw(9, 7, starts=(5,)), unit_is="person"), errors="placebo", level=0.8)
    assert isinstance(found.details["unit_weights"], list)
    assert "placebo_effects" not in found.details
    assert "town" not in " ".join(map(str, found.notes)) + str(found.details)
