"""Copies of the county panel with one defect each, made by arithmetic, for second roads."""

from __future__ import annotations

import pandas as pd

__all__ = ["COPIES", "counties"]


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
