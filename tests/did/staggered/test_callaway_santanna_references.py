"""Callaway and Sant'Anna: csdid on panels that are harder than the published one.

The numbers of the R package `did` are met in tests/reference.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from impact.data.panel import Panel
from impact.did.callaway_santanna import callaway_santanna

REFERENCE = Path(__file__).parents[2] / "reference"
# The oracle's logit stops once its deviance is steady to 1e-8: 2e-9 is left in an effect.
TOLERANCE = 1e-8

CSDID = pd.read_csv(
    REFERENCE / "csdid.csv", keep_default_na=False, na_values={"std_error": ["", "nan"]}
)
CASE = list(CSDID.columns[: CSDID.columns.get_loc("term")])


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
