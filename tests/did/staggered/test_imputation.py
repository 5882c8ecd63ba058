"""Imputation and two stages: diff-diff's numbers, dense algebra; R's in tests/reference."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.imputation import imputation
from impact.did.two_stage import two_stage
from impact.errors import DesignError
from impact.results import EffectResult

Build = Callable[..., Panel]
Simulate = Callable[..., pd.DataFrame]
Estimator = Callable[..., EffectResult]
NAMES = {"unit": "unit", "period": "period", "outcome": "y"}
REFERENCE = Path(__file__).parents[2] / "reference"
METHODS = {"imputation": imputation, "two_stage": two_stage}
DIFF_DIFF = pd.read_csv(REFERENCE / "diff_diff.csv").query("method in @METHODS")


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(r, id=f"{r.oracle} {r.version}: {r.method} {r.term}")
        for r in DIFF_DIFF.itertuples()
    ],
)
def test_diff_diff_is_met(row: tuple, simulated: pd.DataFrame, build: Build) -> None:
    found = METHODS[row.method](build(simulated, **NAMES), inference="analytic")
    found = found.rows.set_index("term")
    assert found.loc[row.term, "estimate"] == pytest.approx(row.estimate, rel=1e-9)
    assert found.loc[row.term, "std_error"] == pytest.approx(row.std_error, rel=1e-9)


def _hard(simulate: Simulate) -> pd.DataFrame:
    """Return an unbalanced, weighted panel with a covariate that moves."""
    generator = np.random.default_rng(11)
    frame = simulate(units=40)
    frame = frame.assign(
        z=generator.normal(size=len(frame)),
        w=1 + (frame["unit"] + frame["period"]) % 3,
        place=frame["unit"] // 2,
    )
    return frame[generator.random(len(frame)) < 0.85].reset_index(drop=True)


def _dense(frame: pd.DataFrame, method: str) -> tuple[float, float]:
    """Compute the overall effect and its error with a column for every effect."""
    design = pd.get_dummies(frame[["unit", "period"]].astype(str)).astype(float)
    design = np.column_stack([design, frame["z"]])
    y, w = frame["y"].to_numpy(), frame["w"].to_numpy(float)
    treated = ((frame["start"] > 0) & (frame["period"] >= frame["start"])).to_numpy()
    fitted, weight = design[~treated], w[~treated]
    inverse = np.linalg.pinv((fitted * weight[:, None]).T @ fitted)
    gap = y - design @ (inverse @ (fitted * weight[:, None]).T @ y[~treated])
    target = np.where(treated, w, 0.0)
    target /= target.sum()
    lean = np.zeros(len(frame))
    lean[~treated] = -weight * (fitted @ (inverse @ (design.T @ target)))
    overall = float(target @ gap)
    centre = np.full(len(frame), overall)
    if method == "imputation":
        square = pd.Series(target**2)
        cells = [frame["start"], frame["period"]]
        total = (square * gap).groupby(cells).transform("sum")
        centre = (total / square.groupby(cells).transform("sum")).to_numpy()
    residual = np.where(treated, gap - np.nan_to_num(centre), gap)
    pieces = pd.Series((target + lean) * residual).groupby(frame["place"]).sum()
    return overall, float(np.sqrt((pieces**2).sum()))


@pytest.mark.parametrize("method", METHODS)
def test_a_hard_panel_is_dense_algebra(build: Build, simulate: Simulate, method: str) -> None:
    frame = _hard(simulate)
    panel = build(frame, covariates=("z",), weight="w", cluster="place", **NAMES)
    ours = METHODS[method](panel, inference="analytic").rows.iloc[0]
    estimate, error = _dense(frame, method)
    assert ours["estimate"] == pytest.approx(estimate, rel=1e-9)
    assert ours["std_error"] == pytest.approx(error, rel=1e-9)


def test_the_leads_are_a_regression_on_untreated_rows(build: Build, simulate: Simulate) -> None:
    frame = _hard(simulate)
    panel = build(frame, covariates=("z",), weight="w", cluster="place", **NAMES)
    found = imputation(panel, inference="analytic").rows.set_index("term")
    free = frame[(frame["start"] == 0) | (frame["period"] < frame["start"])]
    since = np.where(free["start"] > 0, free["period"] - free["start"], 99)
    columns = np.column_stack([since == e for e in (-4, -3, -2)]).astype(float)
    dummies = pd.get_dummies(free[["unit", "period"]].astype(str)).astype(float)
    design = np.column_stack([columns, free["z"], dummies])
    root = np.sqrt(free["w"].to_numpy(float))
    slope = np.linalg.lstsq(design * root[:, None], free["y"] * root, rcond=None)[0]
    np.testing.assert_allclose(found.loc[["-4", "-3", "-2"], "estimate"], slope[:3], rtol=1e-8)
    rest = (free["y"] - design @ slope).to_numpy() * free["w"].to_numpy()
    inverse = np.linalg.pinv((design * free["w"].to_numpy()[:, None]).T @ design)
    sums = pd.DataFrame(design * rest[:, None]).groupby(free["place"].to_numpy()).sum().to_numpy()
    groups, rows = len(sums), len(free)
    used = 4 + 1 + free["period"].nunique() - 1
    factor = groups / (groups - 1) * (rows - 1) / (rows - used)
    error = np.sqrt(np.diag(inverse @ sums.T @ sums @ inverse) * factor)
    np.testing.assert_allclose(found.loc[["-4", "-3", "-2"], "std_error"], error[:3], rtol=1e-8)


@pytest.mark.parametrize("method", METHODS.values())
def test_a_covariate_that_never_changes_says_nothing(
    build: Build, simulate: Simulate, method: Estimator
) -> None:
    frame = simulate()
    with_it = method(build(frame, covariates=("x",), **NAMES))
    without = method(build(frame, **NAMES))
    pd.testing.assert_frame_equal(with_it.rows, without.rows)
    assert "Left out: x" in " ".join(str(note) for note in with_it.notes)


def test_anticipated_rows_are_imputed_and_not_averaged(build: Build, simulate: Simulate) -> None:
    frame = simulate(starts=(4, 5, 0))
    ahead = frame["start"].gt(0) & frame["period"].eq(frame["start"] - 1)
    jumped = frame.assign(y=frame["y"] + 100 * ahead)
    calm, wild = (
        imputation(build(f, **NAMES), anticipation=1).rows.set_index("term")["estimate"]
        for f in (frame, jumped)
    )
    assert wild["ATT"] == pytest.approx(calm["ATT"], rel=1e-9)
    assert wild["-1"] == pytest.approx(calm["-1"] + 100, rel=1e-9)


def test_a_period_without_untreated_rows_is_left_out_by_name(
    build: Build, simulate: Simulate
) -> None:
    found = imputation(build(simulate(starts=(3, 4, 5)), **NAMES))
    assert not any(term.endswith((",5)", ",6)")) for term in found.rows["term"])
    assert "ATT(3,5)" in " ".join(str(note) for note in found.notes)


def test_nobody_left_untreated_names_another_method(build: Build, simulate: Simulate) -> None:
    with pytest.raises(DesignError, match="before_after"):
        imputation(build(simulate(starts=(3,)), **NAMES))


@pytest.mark.parametrize("method", METHODS.values())
def test_repeated_cross_sections_name_another_method(
    build: Build, simulate: Simulate, method: Estimator
) -> None:
    with pytest.raises(DesignError, match="callaway_santanna"):
        method(build(simulate(), sample="cross_sections", **NAMES))


def test_an_unknown_inference_is_refused(build: Build, simulate: Simulate) -> None:
    with pytest.raises(DesignError, match="auto, analytic, cr2 or none"):
        imputation(build(simulate(), **NAMES), inference="hc4")


@pytest.mark.parametrize("method", METHODS.values())
def test_the_analytic_error_is_the_spread_of_the_estimate(
    build: Build, simulate: Simulate, method: Estimator
) -> None:
    found = [method(build(simulate(units=120, seed=s), **NAMES)).rows.iloc[0] for s in range(120)]
    spread = np.std([row["estimate"] for row in found], ddof=1)
    assert np.mean([row["std_error"] for row in found]) == pytest.approx(spread, rel=0.2)
