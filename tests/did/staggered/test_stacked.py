"""Stacks: diff-diff's numbers, means by hand, the weighted regression."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from impact.data.panel import Panel
from impact.did.did import did
from impact.did.stacked import stacked
from impact.errors import DesignError

Build = Callable[..., Panel]
Simulate = Callable[..., pd.DataFrame]
NAMES = {"unit": "unit", "period": "period", "outcome": "y"}
TABLE = Path(__file__).parents[2] / "reference" / "diff_diff.csv"
DIFF_DIFF = pd.read_csv(TABLE).query("method == 'stacked'")


@pytest.mark.parametrize(
    "row",
    [pytest.param(r, id=f"{r.oracle} {r.version}: {r.term}") for r in DIFF_DIFF.itertuples()],
)
def test_diff_diff_is_met(row: tuple, simulated: pd.DataFrame, build: Build) -> None:
    found = stacked(build(simulated, **NAMES), window=(-2, 1), inference="cr1").rows
    found = found.set_index("term")
    assert found.loc[row.term, "estimate"] == pytest.approx(row.estimate, rel=1e-9)
    assert found.loc[row.term, "std_error"] == pytest.approx(row.std_error, rel=1e-9)


def test_a_term_is_a_mean_of_differences_weighted_by_the_cohorts(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate(starts=(3, 4, 4, 6, 0))
    found = stacked(build(frame, **NAMES), window=(-1, 1)).rows.set_index("term")
    change = frame.pivot(index="unit", columns="period", values="y")
    start = frame.groupby("unit")["start"].first()
    by_hand, size = [], []
    for g, clean in ((3, (0, 6)), (4, (0, 6))):
        moved = change[g + 1] - change[g - 1]
        by_hand.append(moved[start == g].mean() - moved[start.isin(clean)].mean())
        size.append((start == g).sum())
    assert found.loc["1", "estimate"] == pytest.approx(np.average(by_hand, weights=size), rel=1e-12)


def test_it_is_the_weighted_regression_on_the_stacked_rows(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate(units=60).assign(place=lambda f: f["unit"] // 2)
    panel = build(frame, cluster="place", **NAMES)
    found = stacked(panel, window=(-2, 1), inference="cr1").rows.set_index("term")
    parts, sizes = [], {g: (frame["start"] == g).sum() for g in (3, 4, 5)}
    for g in (3, 4, 5):
        free = (frame["start"] == 0) | (frame["start"] > g + 1)
        stack = frame[(frame["start"].eq(g) | free) & frame["period"].between(g - 2, g + 1)]
        stack = stack.assign(treated=stack["start"].eq(g).astype(float), since=stack["period"] - g)
        controls = (stack["treated"] == 0).sum()
        q = (sizes[g] / sum(sizes.values())) / (controls / 4)
        parts.append(stack.assign(q=np.where(stack["treated"] == 1, 1.0, q), stack=g))
    rows = pd.concat(parts, ignore_index=True)
    total = rows.loc[rows["treated"] == 1].groupby("stack")["unit"].nunique().sum()
    rows["q"] = np.where(rows["treated"] == 1, 1 / total, rows["q"])
    for e in (-2, 0, 1):
        name = f"e{e + 2}"
        rows[name] = (rows["since"] == e).astype(float)
        rows[f"d{e + 2}"] = rows[name] * rows["treated"]
    fitted = smf.wls("y ~ treated + e0 + e2 + e3 + d0 + d2 + d3", rows, weights=rows["q"]).fit(
        cov_type="cluster", cov_kwds={"groups": rows["place"]}
    )
    for e in (-2, 0, 1):
        term = f"d{e + 2}"
        assert found.loc[str(e), "estimate"] == pytest.approx(fitted.params[term], rel=1e-9)
        assert found.loc[str(e), "std_error"] == pytest.approx(fitted.bse[term], rel=1e-9)


def test_one_start_with_two_periods_is_the_difference_of_four_means(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate(periods=2, starts=(2, 0))
    panel = build(frame, **NAMES)
    assert stacked(panel).estimate == pytest.approx(did(panel).estimate, rel=1e-12)


def test_units_with_a_gap_in_the_window_stay_out_of_the_stack(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate()
    gone = frame[~((frame["unit"] == 3) & (frame["period"] == 3))]
    found = stacked(build(gone, **NAMES), window=(-2, 1))
    whole = stacked(build(frame[frame["unit"] != 3], **NAMES), window=(-2, 1))
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(found.rows[name], whole.rows[name], rtol=1e-12)


def test_the_widest_window_is_taken_and_said(build: Build, simulate: Simulate) -> None:
    found = stacked(build(simulate(), **NAMES))
    assert found.details["window"] == ["-2", "1"]
    assert "from -2 to 1 periods" in str(found.notes[0])


def test_cohorts_outside_a_wider_window_are_named(build: Build, simulate: Simulate) -> None:
    found = stacked(build(simulate(), **NAMES), window=(-3, 1))
    assert "first reached in 3" in " ".join(str(note) for note in found.notes)
    assert found.rows["n_treated"].iloc[0] == 30


def test_what_it_cannot_do_names_another_way(build: Build, simulate: Simulate) -> None:
    frame = simulate()
    with pytest.raises(DesignError, match="callaway_santanna"):
        stacked(build(frame, sample="cross_sections", **NAMES))
    with pytest.raises(DesignError, match="narrower window"):
        stacked(build(frame, **NAMES), window=(-5, 5))
    with pytest.raises(DesignError, match="runs from -1 or earlier"):
        stacked(build(frame, **NAMES), window=(0, 2))
    with pytest.raises(DesignError, match="auto, cr1, cr2 or none"):
        stacked(build(frame, **NAMES), inference="hc1")
    with pytest.raises(DesignError, match="narrower window"):
        stacked(build(simulate(starts=(3,)), **NAMES))
