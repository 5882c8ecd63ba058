"""Make csdid.csv: what csdid finds on copies of the county panel.

Run it in an environment of its own that holds csdid 0.4.3, from this folder:
``python make_csdid.py``.
"""

from __future__ import annotations

import itertools
import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from csdid.att_gt import ATTgt
from staggered_copies import COPIES, counties

HERE = Path(__file__).parent
KNOWN = {"doubly_robust": "dr", "regression": "reg", "weighting": "ipw"}
CONTROLS = {"never_treated": "nevertreated", "not_yet_treated": "notyettreated"}


def cases() -> list[dict[str, object]]:
    """Return every specification that is compared."""
    plain = {
        "copy": "balanced", "control_group": "not_yet_treated", "estimation": "doubly_robust",
        "covariate": "", "weight": "", "cluster": "", "anticipation": 0,
        "base_period": "varying", "sample": "panel", "complete": False,
    }  # fmt: skip
    some = []
    for control, estimation, covariate in itertools.product(CONTROLS, KNOWN, ("", "lpop")):
        some += [
            {"copy": copy, "weight": weight, "control_group": control, "estimation": estimation,
             "covariate": covariate}
            for copy, weight in (("unbalanced", ""), ("balanced", "steady"))
        ]  # fmt: skip
    for estimation in KNOWN:
        some += [
            {"copy": "unbalanced", "weight": "steady", "covariate": "lpop"},
            {"copy": "unbalanced", "weight": "moving", "covariate": "drift"},
            {"weight": "moving", "covariate": "drift"},
            {"covariate": "drift", "base_period": "universal"},
            {"sample": "cross_sections", "covariate": "lpop", "weight": "moving"},
        ]
        for case in some[-5:]:
            case["estimation"] = estimation
    some += [
        {"copy": "unbalanced", "complete": True, "covariate": "lpop"},
        {"copy": "everybody treated"},
        {"copy": "gap in time"},
        {"cluster": "state", "covariate": "lpop"},
        {"cluster": "state", "copy": "unbalanced", "weight": "steady"},
        {"anticipation": 1, "covariate": "lpop"},
        {"anticipation": 1, "copy": "unbalanced", "base_period": "universal"},
        {"anticipation": 2, "control_group": "never_treated"},
    ]
    return [plain | case for case in some]


def run(case: dict[str, object], frame: pd.DataFrame) -> list[dict[str, object]]:
    """Return the estimates of one specification, one row a term."""
    found = ATTgt(
        yname="lemp", tname="year", idname="countyreal", gname="start", data=frame,
        control_group=CONTROLS[str(case["control_group"])],
        xformla=f"lemp ~ {case['covariate'] or 1}",
        panel=case["sample"] == "panel", allow_unbalanced_panel=not case["complete"],
        clustervar=case["cluster"] or None, weights_name=case["weight"] or None,
        anticipation=case["anticipation"], cband=False,
    ).fit(
        est_method=KNOWN[str(case["estimation"])], base_period=str(case["base_period"]),
        bstrap=False,
    )  # fmt: skip
    cells = found.results
    rows = [
        (f"ATT({int(g)},{int(t)})", att, se)
        for g, t, att, se in zip(
            cells["group"], cells["year"], cells["att"], cells["se"], strict=True
        )
    ]
    names = {"simple": None, "group": "group:", "dynamic": "", "calendar": "calendar:"}
    for kind, prefix in names.items():
        mean = found.aggte(kind, bstrap=False, cband=False).atte
        overall = "event" if kind == "dynamic" else kind
        rows.append((overall, mean["overall_att"], mean["overall_se"]))
        if prefix is not None:
            rows += [
                (f"{prefix}{int(at)}", att, se)
                for at, att, se in zip(
                    mean["egt"], mean["att_egt"], np.ravel(mean["se_egt"]), strict=True
                )
            ]
    return [case | {"term": t, "estimate": float(e), "std_error": float(s)} for t, e, s in rows]


def main() -> None:
    """Write the table."""
    warnings.simplefilter("ignore")
    frame = counties(str(HERE.parents[1] / "data" / "source" / "mpdta.csv"))
    rows = []
    for case in cases():
        copy = COPIES[str(case["copy"])](frame)
        if case["sample"] != "panel":
            copy = copy.assign(countyreal=range(len(copy)))
        rows += run(case, copy)
    table = pd.DataFrame(rows).assign(oracle="csdid", version=version("csdid"))
    table.to_csv(HERE / "csdid.csv", index=False, float_format="%.17g")


if __name__ == "__main__":
    main()
