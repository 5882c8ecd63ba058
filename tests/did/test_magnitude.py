"""Outcomes in very large and very small units."""

from dataclasses import replace

import numpy as np
import pytest

from impact import did
from impact.data.panel import Panel
from impact.errors import DesignError

DESIGNS = {
    "did": {"treated": "t", "starts": 3, "cluster": "place"},
    "staggered": {"first_treated": "first", "cluster": "place"},
    "randomised": {"kind": "randomised", "treated": "t", "starts": 3},
    "before_after": {"kind": "before_after", "starts": 3},
}
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high"]


@pytest.fixture(params=DESIGNS)
def read(make, request):
    """Read the same people with the outcome in other units."""
    frame = make(units=120, periods=4, clusters=20)
    place = frame["id"] % 20
    frame = frame.assign(place=place, t=(place < 10) * 1)
    frame["first"] = np.where(place < 5, 3, np.where(place < 10, 4, 0))

    def panel(size):
        scaled = frame.assign(y=frame["y"] * size)
        return Panel.from_frame(
            scaled, unit="id", period="wave", outcomes=["y"], **DESIGNS[request.param]
        )

    return panel


@pytest.mark.parametrize("size", [1e-50, 1e-12, 1e50])
def test_the_unit_of_the_outcome_changes_no_test(read, size):
    one, other = (did.estimate(read(unit)).headline("y").rows.iloc[0] for unit in (1.0, size))
    assert other["p_value"] == pytest.approx(one["p_value"], rel=1e-6)
    for name in NUMBERS:
        assert other[name] / size == pytest.approx(one[name], rel=1e-8)
    assert np.isfinite(one["std_error"])


@pytest.mark.parametrize(("size", "found"), [(1e200, "beyond"), (1e-200, "of zero")])
def test_what_no_number_can_hold_the_powers_of_is_refused(read, size, found):
    with pytest.raises(DesignError, match=f"{found}.* units"):
        did.estimate(read(size))


def test_a_part_in_which_all_is_zero_is_none_of_those(read):
    panel = read(1.0)
    zero = replace(panel, values=panel.values * 0)
    assert did.estimate(zero).headline("y").estimate == 0


@pytest.mark.parametrize("method", [did.callaway_santanna, did.imputation, did.bacon, did.twfe])
def test_every_way_in_refuses_them(make, method):
    frame = make(units=40, periods=4)
    frame = frame.assign(first=np.where(frame["id"] < 20, 3, 0), y=frame["y"] * 1e-200)
    panel = Panel.from_frame(frame, unit="id", period="wave", outcomes=["y"], first_treated="first")
    with pytest.raises(DesignError, match="smaller units"):
        method(panel)
