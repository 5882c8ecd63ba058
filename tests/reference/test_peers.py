"""Python peers on simulated panels, where no published number is.

`make_diff_diff.py` writes the numbers of diff-diff 3.13.0 into diff_diff.csv: it runs in an
environment of its own that holds that package, ``python make_diff_diff.py`` from this folder.
Its staggered rows are met in tests/did/staggered, those of csdid there too.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from impact import did
from impact.data.panel import Panel

HERE = Path(__file__).parent
DIFF_DIFF = pd.read_csv(HERE / "diff_diff.csv")
TESTED_ELSEWHERE = {"sun_abraham", "imputation", "two_stage", "stacked", "bacon"}


@pytest.fixture(scope="module")
def two_groups() -> pd.DataFrame:
    described = importlib.util.spec_from_file_location("copies", HERE / "staggered_copies.py")
    assert described is not None
    assert described.loader is not None
    module = importlib.util.module_from_spec(described)
    described.loader.exec_module(module)
    return module.two_groups()


def test_every_method_of_the_table_is_tested() -> None:
    assert set(DIFF_DIFF["method"]) == TESTED_ELSEWHERE | {"did cr2"}
    assert set(DIFF_DIFF["oracle"] + " " + DIFF_DIFF["version"]) == {"diff-diff 3.13.0"}


def test_cr2_over_unequal_towns_and_its_degrees_of_freedom_are_diff_diffs(two_groups) -> None:
    known = DIFF_DIFF[DIFF_DIFF["method"] == "did cr2"].set_index("term")
    panel = Panel.from_frame(
        two_groups,
        unit="unit",
        period="period",
        outcomes=["y"],
        treated="treated",
        starts=5,
        cluster="town",
    )
    found = did.did(panel, inference="cr2")
    assert found.n_clusters == 8
    assert found.estimate == pytest.approx(known.loc["ATT", "estimate"], rel=1e-10)
    assert found.std_error == pytest.approx(known.loc["ATT", "std_error"], rel=1e-10)
    assert found.details["dof"][0] == pytest.approx(known.loc["dof", "estimate"], rel=1e-9)
