"""Panels without a gap take fewer steps to the same numbers."""

import numpy as np
import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel
from impact.did.grid import grid_of
from impact.did.observed import cluster_codes, observe

NUMBERS = ["estimate", "std_error", "statistic", "p_value", "conf_low", "conf_high"]


@pytest.fixture
def staggered():
    """Fifty units in five periods, three starts, whole units in twelve clusters."""
    rng = np.random.default_rng(3)
    first = rng.choice([0, 2, 3, 4], 12)
    cluster = np.arange(50) % 12
    unit, wave = np.repeat(np.arange(50), 5), np.tile(np.arange(1, 6), 50)
    start = first[cluster][unit]
    y = 20 + rng.normal(size=50)[unit] + (start > 0) * (wave >= start) + rng.normal(size=250)
    return pd.DataFrame(
        {"id": unit, "wave": wave, "town": cluster[unit], "start": start, "y": y, "w": 2.0}
    )


def read(frame, **said):
    given = {"unit": "id", "period": "wave", "outcomes": "y", "first_treated": "start"}
    return Panel.from_frame(frame, **given, cluster="town", **said)


def laid(panel):
    seen = observe(panel)
    return grid_of(seen, seen.taken(cluster_codes(panel, "assignment")))


@pytest.mark.parametrize("method", ["twfe", "event_study"])
@pytest.mark.parametrize("cluster", ["assignment", "unit"])
def test_a_full_panel_has_the_numbers_of_the_regression_on_its_rows(staggered, method, cluster):
    # Rows of a weight that differs by rounding take the regression on rows.
    tilted = staggered.assign(w=np.where(staggered.index == 0, 2.0 * (1 + 1e-13), 2.0))
    call = getattr(did, method)
    short = call(read(staggered), inference="cr1", cluster=cluster)
    long = call(read(tilted, weight="w"), inference="cr1", cluster=cluster)
    assert laid(read(staggered)) is not None
    assert laid(read(tilted, weight="w")) is None
    assert short.rows[NUMBERS].to_numpy() == pytest.approx(long.rows[NUMBERS].to_numpy(), rel=1e-9)
    others = [name for name in short.rows if name not in NUMBERS]
    pd.testing.assert_frame_equal(short.rows[others], long.rows[others])
    assert short.base == long.base
    assert short.details["effective_clusters"] == pytest.approx(
        long.details["effective_clusters"], rel=1e-9
    )


def test_a_missing_row_or_answer_is_no_grid(staggered):
    assert laid(read(staggered.drop(index=7))) is None
    assert laid(read(staggered.assign(y=staggered["y"].mask(staggered.index == 7)))) is None


def test_the_size_of_a_grid_counts_units_and_its_smallest_cohort(staggered):
    size = laid(read(staggered)).size
    start = staggered.groupby("id")["start"].first()
    assert (size.n_obs, size.n_units, size.n_treated) == (250, 50, (start > 0).sum())
    assert size.base == start.value_counts().min()
