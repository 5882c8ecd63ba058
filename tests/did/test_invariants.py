"""What may not change an estimate: row order, names, a constant, the unit of measurement."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impact import did
from impact.data.panel import Panel

RUNS = settings(max_examples=12, deadline=None)
NUMBERS = ["estimate", "std_error", "statistic", "p_value"]


def drawn(seed, kind):
    rng = np.random.default_rng(seed)
    unit, wave = np.repeat(np.arange(36), 4), np.tile(np.arange(4), 36)
    frame = pd.DataFrame({"id": unit, "wave": wave, "town": unit % 12})
    frame["pilot"] = (frame["town"] < 5).astype(int)
    frame["first"] = np.where(frame["town"] < 5, 2 + frame["town"] % 2, 0)
    frame["x"] = rng.normal(size=len(frame))
    frame["w"] = rng.uniform(0.5, 2, len(frame))
    frame["y"] = rng.normal(size=36)[unit] + frame["x"] + rng.normal(size=len(frame))
    if kind == "unbalanced":
        frame = frame[rng.random(len(frame)) < 0.85]
    return frame


def estimated(frame, method, **said):
    how = {"treated": "pilot", "starts": 2}
    if method == "staggered twfe":
        how = {"first_treated": "first"}
    panel = Panel.from_frame(
        frame,
        unit="id",
        period="wave",
        outcomes=["y"],
        cluster="town",
        covariates=["x"],
        weight="w",
        **{**how, **said},
    )
    run = {
        "did": lambda: did.did(panel, inference="cr2"),
        "balanced did": lambda: did.did(panel, inference="cr1", balanced=True),
        "twfe": lambda: did.twfe(panel, inference="cr2"),
        "staggered twfe": lambda: did.twfe(panel, inference="cr1"),
        "event study": lambda: did.event_study(panel, inference="cr1"),
    }
    return run[method]().to_frame()[NUMBERS].to_numpy()


METHODS = ["did", "balanced did", "twfe", "staggered twfe", "event study"]


@pytest.mark.parametrize("method", METHODS)
@RUNS
@given(
    seed=st.integers(0, 10_000),
    kind=st.sampled_from(["full", "unbalanced"]),
    constant=st.sampled_from([-1e4, 3.0, 1e5]),
    scale=st.sampled_from([1e-3, -2.0, 1e4]),
)
def test_estimates_keep_to_the_invariants(method, seed, kind, constant, scale):
    frame = drawn(seed, kind)
    rng = np.random.default_rng(seed + 1)
    plain = estimated(frame, method)
    order = frame.iloc[rng.permutation(len(frame))]
    np.testing.assert_allclose(estimated(order, method), plain, rtol=1e-9)
    names = rng.permutation(36)
    relabelled = frame.assign(id=[f"u{names[i]:02d}" for i in frame["id"]], town=frame["town"] + 7)
    np.testing.assert_allclose(estimated(relabelled, method), plain, rtol=1e-9)
    # Adding 1e5 leaves an outcome of size 1 with eleven digits.
    moved = estimated(frame.assign(y=frame["y"] + constant), method)
    np.testing.assert_allclose(moved, plain, rtol=1e-8, atol=1e-10)
    scaled = estimated(frame.assign(y=frame["y"] * scale), method)
    factor = np.array([scale, abs(scale), np.sign(scale), 1.0])
    np.testing.assert_allclose(scaled, plain * factor, rtol=1e-9)
    more = frame.assign(noise=rng.normal(size=len(frame)))
    np.testing.assert_allclose(estimated(more, method), plain, rtol=1e-12)
