"""Make diff_diff.csv: what diff-diff finds on the simulated panel.

Run it in an environment of its own that holds diff-diff 3.13.0, from this folder:
``python make_diff_diff.py``.
"""

from __future__ import annotations

import warnings
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from diff_diff import (
    BaconDecomposition,
    DifferenceInDifferences,
    ImputationDiD,
    StackedDiD,
    SunAbraham,
    TwoStageDiD,
)
from staggered_copies import simulated, two_groups

HERE = Path(__file__).parent
ROLES = {"outcome": "y", "unit": "unit", "time": "period", "first_treat": "start"}


def event_study(method: str, found: object) -> list[tuple[str, str, float, float]]:
    """Return the overall effect and the event times of a result."""
    effects = found.event_study_effects or {}
    rows = [(method, "ATT", found.overall_att, found.overall_se)]
    return rows + [
        (method, str(int(e)), said["effect"], said["se"])
        for e, said in sorted(effects.items())
        if said["se"] == said["se"] and said["se"] > 0
    ]


def bacon(found: object) -> list[tuple[str, str, float, float]]:
    """Return every two-by-two comparison; its weight stands in the place of the error."""
    rows = [("bacon", "twfe", found.twfe_estimate, float("nan"))]
    return rows + [
        (
            "bacon",
            f"{one.comparison_type} {one.treated_group} {one.control_group}",
            one.estimate,
            one.weight,
        )
        for one in found.comparisons
    ]


def few_clusters(frame: pd.DataFrame) -> list[tuple[str, str, float, float]]:
    """Return CR2 over towns; its degrees of freedom stand in the place of an estimate."""
    two = DifferenceInDifferences(vcov_type="hc2_bm", cluster="town")
    found = two.fit(frame, outcome="y", treatment="treated", post="after")
    dof = float(found.inference_df)
    return [("did cr2", "ATT", found.att, found.se), ("did cr2", "dof", dof, float("nan"))]


def main() -> None:
    """Write the table."""
    warnings.simplefilter("ignore")
    frame = simulated()
    rows = event_study("sun_abraham", SunAbraham(cluster="unit").fit(frame, **ROLES))
    for method, kind in (("imputation", ImputationDiD), ("two_stage", TwoStageDiD)):
        rows += event_study(method, kind().fit(frame, aggregate="event_study", **ROLES))
    stacks = StackedDiD(kappa_pre=2, kappa_post=1, weighting="aggregate")
    rows += event_study("stacked", stacks.fit(frame, aggregate="event_study", **ROLES))
    rows += bacon(BaconDecomposition(weights="exact").fit(frame, **ROLES))
    rows += few_clusters(two_groups())
    table = pd.DataFrame(rows, columns=["method", "term", "estimate", "std_error"])
    table = table.assign(oracle="diff-diff", version=version("diff-diff"))
    table.to_csv(HERE / "diff_diff.csv", index=False, float_format="%.17g")


if __name__ == "__main__":
    main()
