"""Goodman-Bacon: diff-diff's comparisons, and a sum that is the two-way estimate."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.bacon import bacon
from impact.did.twfe import twfe
from impact.errors import DesignError

Build = Callable[..., Panel]
Simulate = Callable[..., pd.DataFrame]
NAMES = {"unit": "unit", "period": "period", "outcome": "y"}
TABLE = Path(__file__).parents[2] / "reference" / "diff_diff.csv"
DIFF_DIFF = pd.read_csv(TABLE).query("method == 'bacon'")


@pytest.mark.parametrize(
    "row",
    [pytest.param(r, id=f"{r.oracle} {r.version}: {r.term}") for r in DIFF_DIFF.itertuples()],
)
def test_diff_diff_is_met(row: tuple, simulated: pd.DataFrame, build: Build) -> None:
    found = bacon(build(simulated, **NAMES))
    if row.term == "twfe":
        assert found.estimate == pytest.approx(row.estimate, rel=1e-9)
        return
    treated, comparison = row.term.split()[1:]
    term = f"{treated} against {comparison.removesuffix('_treated')}"
    at = list(found.rows["term"]).index(term)
    assert found.rows["estimate"].iloc[at] == pytest.approx(row.estimate, rel=1e-9)
    # The oracle's weight stands in the column of the error.
    assert found.details["weight"][at - 1] == pytest.approx(row.std_error, rel=1e-9)


@pytest.mark.parametrize("starts", [(3, 4, 5, 0), (3, 5), (1, 3, 5, 0), (1, 4), (2, 9, 0)])
@pytest.mark.parametrize("weight", ["", "w"])
def test_the_comparisons_sum_to_the_two_way_estimate(
    build: Build, simulate: Simulate, starts: tuple[int, ...], weight: str
) -> None:
    frame = simulate(starts=starts).assign(w=lambda f: 1 + f["unit"] % 3)
    panel = build(frame, weight=weight, **NAMES)
    found = bacon(panel)
    assert found.estimate == pytest.approx(twfe(panel, inference="cr1").estimate, rel=1e-9)
    assert sum(found.details["weight"]) == pytest.approx(1, rel=1e-12)
    assert sum(found.details["shares"].values()) == pytest.approx(1, rel=1e-12)


def test_one_start_and_a_comparison_is_one_comparison(build: Build, simulate: Simulate) -> None:
    found = bacon(build(simulate(starts=(3, 0)), **NAMES))
    assert list(found.rows["term"]) == ["ATT", "3 against never"]
    assert found.details["shares"] == {"never": 1.0, "later": 0.0, "earlier": 0.0}
    assert "100 % of the weight" in str(found.notes[0])


def test_units_with_a_missing_period_are_left_out_by_count(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate()
    frame.loc[[0, 6, 7], "y"] = np.nan
    found = bacon(build(frame, **NAMES))
    whole = bacon(build(frame[frame["unit"] > 1], **NAMES))
    pd.testing.assert_frame_equal(found.rows, whole.rows)
    assert found.notes[-1].counts == {"n": 2}


def test_what_it_cannot_take_apart_names_another_method(build: Build, simulate: Simulate) -> None:
    frame = simulate()
    with pytest.raises(DesignError, match="callaway_santanna"):
        bacon(build(frame, sample="cross_sections", **NAMES))
    with pytest.raises(DesignError, match="weights change"):
        bacon(build(frame.assign(w=1 + frame["period"]), weight="w", **NAMES))
    with pytest.raises(DesignError, match="before_after"):
        bacon(build(simulate(starts=(3,)), **NAMES))
    with pytest.raises(DesignError, match="seen in every period"):
        bacon(build(frame[(frame["unit"] + frame["period"]) % 6 > 0], **NAMES))
