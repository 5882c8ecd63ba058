"""Copies of the county panel with one defect each, made by arithmetic, for second roads."""

from __future__ import annotations

import numpy as np
import pandas as pd

__all__ = ["COPIES", "counties", "simulated", "two_groups"]


def counties(path: str) -> pd.DataFrame:
    """Read the county panel of Callaway and Sant'Anna with what the copies need.

    Parameters
    ----------
    path : str
        The file as the R package `did` has it.
    """
    frame = pd.read_csv(path).rename(columns={"first.treat": "start"})
    county, year = frame["countyreal"], frame["year"]
    return frame.assign(
        state=county // 1000,
        steady=1 + county % 7 / 3,
        moving=1 + (county + year) % 5 / 4,
        drift=frame["lpop"] + (3 * county + year) % 10 / 10,
    )


def _unbalanced(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[(7 * frame["countyreal"] + 13 * frame["year"]) % 11 > 0]


def _everybody(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["start"] > 0]


def _gap(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[frame["year"] != 2005]


def _same(frame: pd.DataFrame) -> pd.DataFrame:
    return frame


COPIES = {
    "balanced": _same,
    "unbalanced": _unbalanced,
    "everybody treated": _everybody,
    "gap in time": _gap,
}


def simulated() -> pd.DataFrame:
    """Return a balanced panel of 120 units over 8 periods with effects that grow."""
    generator = np.random.default_rng(20261121)
    units, periods = 120, 8
    cohort = np.array([0, 4, 5, 7])[np.arange(units) % 4]
    frame = pd.DataFrame(
        {
            "unit": np.repeat(np.arange(units), periods),
            "period": np.tile(np.arange(1, periods + 1), units),
        }
    )
    frame["start"] = cohort[frame["unit"]]
    since = np.where(frame["start"] > 0, frame["period"] - frame["start"], -1)
    frame["y"] = (
        generator.normal(size=units)[frame["unit"]]
        + 0.2 * frame["period"]
        + np.where(since >= 0, 0.5 + 0.3 * since + 0.1 * frame["start"], 0)
        + generator.normal(size=len(frame))
    )
    return frame


def two_groups() -> pd.DataFrame:
    """Return the units of `simulated` that start in period 5 or never, in 8 unequal towns."""
    frame = simulated()
    frame = frame[frame["start"].isin([0, 5])]
    treated = (frame["start"] > 0).astype(int)
    town = (frame["unit"] // 4) ** 2 % 7 + 7 * treated
    return frame.assign(treated=treated, after=(frame["period"] >= 5).astype(int), town=town)
