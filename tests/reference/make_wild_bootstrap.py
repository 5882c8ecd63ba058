"""Make wild_bootstrap.csv: what wildboottest finds on parts of base_did.csv.

Run it in an environment of its own that holds wildboottest 0.3.2 and pandas 2, from this
folder: ``python make_wild_bootstrap.py``. The draws are enumerated, so no seed matters.
"""

from __future__ import annotations

import warnings
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm
from wildboottest.wildboottest import wildboottest

HERE = Path(__file__).parent
UNITS = {
    "five of either": [1, 2, 3, 4, 5, 60, 61, 62, 63, 64],
    "three against nine": [1, 2, 3, *range(60, 69)],
    "six against three": [*range(1, 7), 60, 61, 62],
}


def design(rows: pd.DataFrame, effects: bool) -> pd.DataFrame:
    """Return the columns, dummies written out."""
    columns = rows.assign(did=rows["treat"] * rows["post"])[["did", "x1"]]
    if not effects:
        return columns.assign(treat=rows["treat"], post=rows["post"], one=1.0).astype(float)
    units = pd.get_dummies(rows["id"], prefix="unit")
    periods = pd.get_dummies(rows["period"], prefix="period", drop_first=True)
    return pd.concat([columns, units, periods], axis=1).astype(float)


def main() -> None:
    """Write the file."""
    frame = pd.read_csv(HERE / "base_did.csv")
    out = []
    for name, units in UNITS.items():
        rows = frame[frame["id"].isin(units)].reset_index(drop=True)
        for effects in (False, True):
            columns = design(rows, effects)
            model = sm.OLS(rows["y"], columns)
            for term in ("did", "x1"):
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    found = wildboottest(
                        model, param=term, cluster=rows["id"], B=99_999, show=False
                    )
                out.append(
                    {
                        "units": name,
                        "effects": "unit period" if effects else "",
                        "term": term,
                        "statistic": float(np.ravel(found["statistic"])[0]),
                        "p_value": float(np.ravel(found["p-value"])[0]),
                        "version": f"wildboottest {version('wildboottest')}",
                    }
                )
    pd.DataFrame(out).to_csv(HERE / "wild_bootstrap.csv", index=False)


if __name__ == "__main__":
    main()
