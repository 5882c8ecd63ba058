"""Sun and Abraham: diff-diff's numbers, the regression itself; R's in tests/reference."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf

from impact.data.panel import Panel
from impact.did.callaway_santanna import callaway_santanna
from impact.did.sun_abraham import sun_abraham
from impact.did.uncertainty import Inference
from impact.errors import DesignError

Build = Callable[..., Panel]
Simulate = Callable[..., pd.DataFrame]
NAMES = {"unit": "unit", "period": "period", "outcome": "y"}
REFERENCE = Path(__file__).parents[2] / "reference"
DIFF_DIFF = pd.read_csv(REFERENCE / "diff_diff.csv").query("method == 'sun_abraham'")


@pytest.mark.parametrize(
    "row",
    [pytest.param(r, id=f"{r.oracle} {r.version}: {r.term}") for r in DIFF_DIFF.itertuples()],
)
def test_diff_diff_is_met(row: tuple, simulated: pd.DataFrame, build: Build) -> None:
    found = sun_abraham(build(simulated, **NAMES), inference="cr1").rows.set_index("term")
    assert found.loc[row.term, "estimate"] == pytest.approx(row.estimate, rel=1e-9)
    assert found.loc[row.term, "std_error"] == pytest.approx(row.std_error, rel=1e-9)


def _by_dummies(frame: pd.DataFrame, weights: str | None, covariates: str = "") -> pd.Series:
    """Run the saturated regression with a dummy for everything."""
    since = frame["period"] - frame["start"]
    cell = (frame["start"] > 0) & (since != -1)
    label = frame["start"].astype(str) + "_" + frame["period"].astype(str)
    dummies = pd.get_dummies(label.where(cell), prefix="cell").astype(float)
    formula = f"y ~ C(unit) + C(period) + {' + '.join(dummies.columns)}{covariates}"
    wide = pd.concat([frame, dummies], axis=1)
    weight = np.ones(len(frame)) if weights is None else frame[weights]
    return smf.wls(formula, wide, weights=weight).fit().params


@pytest.mark.parametrize("weights", [None, "w"])
def test_an_unbalanced_panel_with_a_covariate_is_the_regression_with_dummies(
    build: Build, simulate: Simulate, weights: str | None
) -> None:
    generator = np.random.default_rng(4)
    frame = simulate(units=40).assign(
        z=lambda f: generator.normal(size=len(f)), w=lambda f: 1 + f["unit"] % 3
    )
    frame = frame[generator.random(len(frame)) < 0.9].reset_index(drop=True)
    panel = build(frame, covariates=("z",), weight=weights or "", **NAMES)
    found = sun_abraham(panel, inference="cr1").rows.set_index("term")["estimate"]
    by_hand = _by_dummies(frame, weights, " + z")
    for cell in ("3_5", "4_2", "5_6"):
        g, t = cell.split("_")
        assert found[f"ATT({g},{t})"] == pytest.approx(by_hand[f"cell_{cell}"], rel=1e-8)
    weight = frame["w"] if weights else pd.Series(1.0, frame.index)
    mass = weight.groupby([frame["start"], frame["period"]]).sum()
    cells = [(3, 4), (4, 5), (5, 6)]
    mean = np.average([found[f"ATT({g},{t})"] for g, t in cells], weights=[mass[c] for c in cells])
    assert found["1"] == pytest.approx(mean, rel=1e-9)


@pytest.mark.parametrize("starts", [(3, 4, 5, 0), (3, 4, 6)])
@pytest.mark.parametrize("cluster", ["unit", "place"])
def test_means_and_regression_agree_on_a_balanced_panel(
    build: Build,
    simulate: Simulate,
    monkeypatch: pytest.MonkeyPatch,
    starts: tuple[int, ...],
    cluster: str,
) -> None:
    frame = simulate(units=48, starts=starts).assign(
        place=lambda f: f["unit"] // 2, w=lambda f: 1 + f["unit"] % 3
    )
    panel = build(frame, cluster=cluster, weight="w", **NAMES)
    means = sun_abraham(panel, inference="cr1")
    module = import_module("impact.did.sun_abraham")

    def regress(data: object, how: object, plan: object, level: float) -> object:
        return module._by_regression(panel, data, plan, Inference("cr1"), level, ())

    monkeypatch.setattr(module, "_by_means", regress)
    by_regression = sun_abraham(panel, inference="cr1")
    for name in ("estimate", "std_error", "p_value", "conf_low"):
        np.testing.assert_allclose(by_regression.rows[name], means.rows[name], rtol=1e-8)
    np.testing.assert_allclose(by_regression.vcov, means.vcov, rtol=1e-6, atol=1e-14)


def test_its_cells_are_callaway_and_santannas_with_a_universal_base(
    build: Build, simulate: Simulate
) -> None:
    panel = build(simulate(), **NAMES)
    ours = sun_abraham(panel).rows.set_index("term")["estimate"]
    theirs = callaway_santanna(panel, control_group="never_treated", base_period="universal")
    theirs = theirs.rows.set_index("term")["estimate"]
    cells = [term for term in ours.index if term.startswith("ATT(")]
    np.testing.assert_allclose(ours[cells], theirs[cells], rtol=1e-10)


def test_where_everybody_is_reached_the_last_cohort_is_the_comparison(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate(starts=(3, 4, 6))
    found = sun_abraham(build(frame, **NAMES))
    before = frame[frame["period"] < 6].replace({"start": {6: 0}})
    by_hand = sun_abraham(build(before, **NAMES))
    np.testing.assert_allclose(found.rows["estimate"], by_hand.rows["estimate"], rtol=1e-12)
    assert "the last cohort (6) is the comparison" in str(found.notes[-1])


def test_repeated_cross_sections_have_effects_of_the_cohort(
    build: Build, simulate: Simulate
) -> None:
    frame = simulate()
    found = sun_abraham(build(frame, sample="cross_sections", **NAMES), inference="hc1")
    mean = frame.groupby(["start", "period"])["y"].mean()
    by_hand = (mean[4, 5] - mean[4, 3]) - (mean[0, 5] - mean[0, 3])
    found = found.rows.set_index("term")
    assert found.loc["ATT(4,5)", "estimate"] == pytest.approx(by_hand, rel=1e-9)


def test_the_pre_test_is_false_as_often_as_it_should_be(build: Build, simulate: Simulate) -> None:
    found = [
        sun_abraham(build(simulate(units=80, seed=s), **NAMES), inference="cr1").details["pre_test"]
        for s in range(100)
    ]
    # 100 draws of a true null at 10 %: 19 or more happens once in 200.
    assert sum(test["p_value"] < 0.1 for test in found) < 19


def test_a_cohort_without_its_base_period_is_named(build: Build, simulate: Simulate) -> None:
    frame = simulate().query("not (start == 4 and period == 3)")
    found = sun_abraham(build(frame, **NAMES))
    assert not any(term.startswith("ATT(4") for term in found.rows["term"])
    assert "first reached in 4" in " ".join(str(note) for note in found.notes)


def test_one_cohort_that_is_everybody_names_another_method(
    build: Build, simulate: Simulate
) -> None:
    with pytest.raises(DesignError, match="callaway_santanna"):
        sun_abraham(build(simulate(starts=(3,)), **NAMES))


def test_none_shows_estimates_without_a_test(build: Build, simulate: Simulate) -> None:
    rows = sun_abraham(build(simulate(), **NAMES), inference="none").rows
    assert rows["estimate"].notna().all()
    assert rows[["std_error", "p_value", "conf_low"]].isna().all().all()
