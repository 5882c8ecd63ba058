"""Callaway and Sant'Anna: every number of the R package `did`, and of csdid on harder panels."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.callaway_santanna import callaway_santanna
from impact.results import EffectResult

REFERENCE = Path(__file__).parents[2] / "reference"
CONTROLS = {"nevertreated": "never_treated", "notyettreated": "not_yet_treated"}
ESTIMATIONS = {"dr": "doubly_robust", "ipw": "weighting", "reg": "regression"}
PREFIX = {"group": "group:", "calendar": "calendar:", "dynamic": ""}
# R's logit stops once its deviance is steady to 1e-8, which leaves 2e-9 in an effect.
TOLERANCE = 1e-8

R_DID = pd.read_csv(REFERENCE / "reference_values.csv")
R_DID = R_DID[R_DID["estimator"].str.startswith("CS")]
CSDID = pd.read_csv(
    REFERENCE / "csdid.csv", keep_default_na=False, na_values={"std_error": ["", "nan"]}
)
CASE = list(CSDID.columns[: CSDID.columns.get_loc("term")])


def _asked(spec: str) -> dict[str, object]:
    """Read a specification of the reference table as arguments."""
    asked: dict[str, object] = {"control_group": "never_treated", "covariates": ()}
    said = dict(part.split("=") for part in spec.split("; ") if "=" in part)
    if "control" in said:
        asked = {
            "control_group": CONTROLS[said["control"]],
            "estimation": ESTIMATIONS[said["est"]],
            "covariates": ("lpop",) if said["x"].endswith("lpop") else (),
        }
    if said.get("base") == "universal":
        asked["base_period"] = "universal"
    if "anticipation" in said:
        asked["anticipation"] = int(said["anticipation"])
    return asked


def _term(estimator: str, term: str) -> str:
    """Return our name of a term of the reference table."""
    kind = estimator.split()[-1]
    if kind == "att_gt":
        return term
    if term == "overall":
        return {"dynamic": "event"}.get(kind, kind)
    return PREFIX[kind] + term.split("=")[1]


@pytest.fixture(scope="module")
def by_spec(counties: pd.DataFrame, build: Callable[..., Panel]) -> Callable[[str], EffectResult]:
    @cache
    def found(spec: str) -> EffectResult:
        sample = "cross_sections" if spec.startswith("repeated") else "panel"
        panel = build(counties, covariates=("lpop",), sample=sample)
        return callaway_santanna(panel, **_asked(spec))

    return found


def test_the_reference_table_holds_every_specification() -> None:
    assert len(R_DID) == 382
    assert R_DID["spec"].nunique() == 15


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=f"{row.oracle} {row.version}: {row.estimator}; {row.spec}; {row.term}")
        for row in R_DID.itertuples()
    ],
)
def test_r_did_is_met(row: tuple, by_spec: Callable[[str], EffectResult]) -> None:
    found = by_spec(row.spec)
    if row.estimator == "CS Wald pre-test":
        assert found.details["pre_test"]["statistic"] == pytest.approx(row.value, rel=TOLERANCE)
        return
    ours = found.rows.set_index("term").loc[_term(row.estimator, row.term)]
    # The base period of a universal base is zero by construction.
    assert ours["estimate"] == pytest.approx(row.value, rel=TOLERANCE)
    assert ours["std_error"] == pytest.approx(row.std_error, rel=TOLERANCE, nan_ok=True)


@pytest.mark.parametrize(
    ("case", "rows"),
    [
        pytest.param(
            dict(zip(CASE, case, strict=True)),
            rows,
            id=f"csdid {rows['version'].iloc[0]}: " + " ".join(str(part) for part in case if part),
        )
        for case, rows in CSDID.groupby(CASE, sort=False)
    ],
)
def test_csdid_is_met(
    case: dict, rows: pd.DataFrame, copies: dict[str, pd.DataFrame], build: Callable[..., Panel]
) -> None:
    covariates = (case["covariate"],) if case["covariate"] else ()
    panel = build(
        copies[case["copy"]],
        covariates=covariates,
        weight=case["weight"],
        cluster=case["cluster"],
        sample=case["sample"],
    )
    found = callaway_santanna(
        panel,
        control_group=case["control_group"],
        estimation=case["estimation"],
        anticipation=int(case["anticipation"]),
        base_period=case["base_period"],
        complete=str(case["complete"]) == "True",
    )
    ours = found.rows.set_index("term").loc[rows["term"]]
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(
            ours[name].to_numpy(float),
            rows[name].to_numpy(float),
            rtol=TOLERANCE,
            atol=1e-14,
            equal_nan=True,
            err_msg=name,
        )


def test_the_joint_pre_test_is_the_one_of_the_vignette(
    counties: pd.DataFrame, build: Callable[..., Panel]
) -> None:
    test = callaway_santanna(build(counties), control_group="never_treated").details["pre_test"]
    assert test["dof"] == 5
    assert round(test["statistic"], 2) == 7.79
    assert round(test["p_value"], 3) == 0.168
