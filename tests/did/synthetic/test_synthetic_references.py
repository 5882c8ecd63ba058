"""California's Proposition 99, beside R's synthdid; its estimates are met in tests/reference."""

import time

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel


def test_the_placebo_error_is_what_the_references_draws_are_drawn_from(california, reference):
    spec = "placebo SE set.seed(12345) (stochastic, R RNG)"
    _, theirs = reference("california_prop99", "synthdid", spec)
    found = did.synthetic_did(california)
    effects = np.array(list(found.details["placebo_effects"].values()))
    assert len(effects) == 38
    assert found.std_error == pytest.approx(effects.std(), rel=1e-12)
    # R draws one of the 38 states 200 times; ours looks at each once.
    rng = np.random.default_rng(1)
    drawn = rng.choice(effects, (20_000, 200)).std(axis=1)
    low, high = np.quantile(drawn, [0.005, 0.995])
    assert low < theirs < high


@pytest.mark.parametrize("method", [did.synthetic_did, did.synthetic_control])
def test_the_permutation_counts_california_among_39_states(california, method):
    found = method(california)
    assert found.details["assignments"] == found.details["looked_at"] == 39
    assert found.details["smallest_p"] == pytest.approx(1 / 39)
    assert round(39 * found.p_value) == pytest.approx(39 * found.p_value, abs=1e-9)
    assert any("0.026" in str(note) for note in found.notes)


def test_weights_are_on_the_simplex_and_named(california):
    found = did.synthetic_did(california, errors="none")
    places, periods = found.details["unit_weights"], found.details["time_weights"]
    assert sum(places.values()) == pytest.approx(1, abs=1e-12)
    assert sum(periods.values()) == pytest.approx(1, abs=1e-12)
    assert min(places.values()) > 0
    # Arkhangelsky et al. (2021) weight the last three years before the tax.
    assert list(periods) == ["1986", "1987", "1988"]
    assert next(iter(places)) == "Nevada"
    assert any("Nevada (0.12), New Hampshire (0.11)" in str(note) for note in found.notes)


def test_the_synthetic_california_is_made_of_the_published_states(california):
    """Abadie, Diamond & Hainmueller (2010), Table 2, names five states; these lead here too."""
    weights = did.synthetic_control(california, errors="none").details["unit_weights"]
    assert {"Utah", "Nevada", "Montana", "Connecticut"} == set(list(weights)[:4])


def test_a_hundred_places_over_thirty_periods_take_under_a_second():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"town": np.repeat(range(100), 30), "year": np.tile(range(30), 100)})
    frame["first"] = np.where(frame["town"] == 99, 20, 0)
    frame["y"] = rng.normal(size=len(frame)) + rng.normal(size=100)[frame["town"]]
    panel = Panel.from_frame(
        frame, unit="town", period="year", outcomes=["y"], first_treated="first", unit_is="place"
    )
    for method in (did.synthetic_did, did.synthetic_control):
        began = time.process_time()
        method(panel, errors="none")
        assert time.process_time() - began < 1
