"""Staggered panels with gaps: each cell from the units seen in both of its periods."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from impact import Panel, did
from impact.did import callaway_santanna
from impact.errors import DesignError

STARTS = (0.0, 3.0, 4.0, 5.0)
PERIODS = 5
EACH = 40


def rolled_out(seed: int, *, gone: float = 0.15) -> pd.DataFrame:
    """Return people of four starting groups; some rows are missing."""
    rng = np.random.default_rng(seed)
    start = np.repeat(STARTS, EACH)
    n = len(start)
    x, base = rng.normal(size=n), rng.normal(size=n)
    time = np.arange(1, PERIODS + 1)
    y = base[:, None] + 0.3 * x[:, None] * time + rng.normal(size=(n, PERIODS))
    y += (start[:, None] > 0) & (time >= start[:, None])
    frame = pd.DataFrame(
        {
            "id": np.repeat(np.arange(n), PERIODS),
            "t": np.tile(time, n),
            "g": np.repeat(start, PERIODS),
            "x": np.repeat(x, PERIODS),
            "level": np.repeat(base, PERIODS),
            "w": np.repeat(rng.uniform(0.5, 2, size=n), PERIODS),
            "y": y.ravel(),
        }
    )
    return frame[rng.random(len(frame)) >= gone].reset_index(drop=True)


def panel_of(frame: pd.DataFrame, **said: object) -> Panel:
    return Panel.from_frame(frame, unit="id", period="t", outcomes=["y"], first_treated="g", **said)


def paired(frame: pd.DataFrame, cohort: float, base: int, period: int) -> pd.DataFrame:
    """Return the two periods of a cell's units, as a panel of two waves without gaps."""
    later = max(base, period)
    some = frame[(frame["g"] == cohort) | (frame["g"] == 0) | (frame["g"] > later)]
    some = some[some["t"].isin([base, period])]
    some = some[some.groupby("id")["t"].transform("size") == 2]
    return some.assign(g=np.where(some["g"] == cohort, float(later), 0.0))


def cells() -> list[tuple[float, int, int]]:
    """Return cohort, base period and period of every cell with varying base periods."""
    return [
        (g, int(g) - 1 if t >= g else t - 1, t) for g in STARTS[1:] for t in range(2, PERIODS + 1)
    ]


@pytest.mark.parametrize("estimation", ["doubly_robust", "regression", "weighting"])
@pytest.mark.parametrize(("covariates", "weight"), [((), None), (("x",), None), (("x",), "w")])
def test_each_cell_is_the_two_wave_panel_of_those_seen_in_both(covariates, weight, estimation):
    frame = rolled_out(1)
    said = {"covariates": list(covariates), "weight": weight}
    found = callaway_santanna(panel_of(frame, **said), pairs=True, estimation=estimation)
    rows = found.rows.set_index("term")
    for cohort, base, period in cells():
        two_waves = panel_of(paired(frame, cohort, base, period), **said)
        alone = callaway_santanna(two_waves, estimation=estimation).rows.set_index("term")
        row = rows.loc[f"ATT({cohort:g},{period})"]
        # The small panel's one effect is over the same two waves, in the same order.
        expected = alone.loc["ATT"]
        assert row["estimate"] == pytest.approx(expected["estimate"], rel=1e-9)
        assert row["std_error"] == pytest.approx(expected["std_error"], rel=1e-9)


def test_without_covariates_a_cell_is_the_difference_of_mean_changes_by_hand():
    frame = rolled_out(2)
    rows = callaway_santanna(panel_of(frame), pairs=True).rows.set_index("term")
    wide = frame.pivot(index="id", columns="t", values="y")
    group = frame.groupby("id")["g"].first()
    change = (wide[5] - wide[3]).dropna()
    own, never = change[group[change.index] == 4], change[group[change.index] == 0]
    by_hand = own.mean() - never.mean()
    assert rows.loc["ATT(4,5)", "estimate"] == pytest.approx(by_hand, rel=1e-12)
    assert rows.loc["ATT(4,5)", "n_treated"] == len(own)


def test_a_panel_without_gaps_is_estimated_as_without_pairs():
    panel = panel_of(rolled_out(3, gone=0.0), covariates=["x"])
    plain, pairs = callaway_santanna(panel), callaway_santanna(panel, pairs=True)
    pd.testing.assert_frame_equal(plain.rows, pairs.rows)


def test_those_in_no_pair_do_not_count_and_are_told():
    frame = rolled_out(4)
    # Of every tenth person one row is left.
    frame = frame[(frame["id"] % 10 != 0) | ~frame["id"].duplicated()]
    found = callaway_santanna(panel_of(frame), pairs=True)
    note = next(note for note in found.notes if "not seen in both periods" in note.text)
    assert note.counts["n"] >= (frame.groupby("id").size() == 1).sum() > 10
    assert found.rows["n_units"].iloc[0] == frame["id"].nunique() - note.counts["n"]


def leaving(seed: int) -> pd.DataFrame:
    """Return courses without any effect; of those reached the low ones leave at their start."""
    frame = rolled_out(seed, gone=0.0)
    reached = (frame["g"] > 0) & (frame["t"] >= frame["g"])
    frame["y"] -= reached
    return frame[~((frame["level"] < -0.3) & reached)]


def test_who_is_still_there_does_not_count_as_an_effect():
    panels = [panel_of(leaving(seed)) for seed in range(15)]
    headlines = [did.estimate(panel).headline("y").estimate for panel in panels]
    all_rows = [callaway_santanna(panel).estimate for panel in panels]
    assert np.mean(all_rows) > 0.5
    # 15 panels of 160 people: the mean's own error is about 0.05.
    assert abs(np.mean(headlines)) < 0.15


def test_the_rule_compares_pairs_says_so_and_shows_all_rows_beside_it():
    panel = panel_of(rolled_out(5))
    effects = did.estimate(panel)
    headline = effects.headline("y")
    assert headline.details["pairs"]
    assert headline.estimate == pytest.approx(callaway_santanna(panel, pairs=True).estimate)
    beside = next(e for e in effects if e.rows["term"].iloc[0] == "ATT all rows")
    assert beside.estimate == pytest.approx(callaway_santanna(panel).estimate)
    assert len(beside.rows) == 1
    assert "who is still there does not count" in " ".join(map(str, effects.reasons))


def test_a_panel_without_gaps_or_of_other_people_each_time_is_not_paired():
    assert not did.choose(panel_of(rolled_out(6, gone=0.0))).balanced
    others = rolled_out(6).assign(id=lambda frame: np.arange(len(frame)))
    strangers = panel_of(others, sample="cross_sections")
    assert not did.choose(strangers).balanced
    with pytest.raises(DesignError, match="other people"):
        callaway_santanna(strangers, pairs=True)


def test_the_base_is_the_smallest_group_of_any_pair():
    frame = rolled_out(7)
    frame = frame[~((frame["g"] == 5) & (frame["t"] == 2) & (frame["id"] % 8 != 0))]
    panel = panel_of(frame)
    seen = frame[frame["g"] == 5].pivot(index="id", columns="t", values="y")
    smallest = min(int((seen[t - 1].notna() & seen[t].notna()).sum()) for t in range(2, 6))
    assert callaway_santanna(panel, pairs=True).base == smallest


def test_the_order_of_rows_does_not_matter():
    frame = rolled_out(8)
    mixed = frame.sample(frac=1, random_state=1).reset_index(drop=True)
    one, other = (
        callaway_santanna(panel_of(f, covariates=["x"]), pairs=True) for f in (frame, mixed)
    )
    pd.testing.assert_frame_equal(one.rows, other.rows)
    assert replace(one, rows=other.rows).base == other.base
