"""What falls with a hidden cell: what stands beside it, was computed from it, or gives it back."""

from __future__ import annotations

import numpy as np
import pandas as pd

from impact.results.summary import COUNTS

__all__ = ["LOST_ON", "is_expected", "is_lost", "is_share", "together", "whole_outcomes"]

ACROSS = ["variable", "category", "period"]
OWN = [*ACROSS, "group"]
BLOCK = ["section", "variable", "period"]
COMPARED = frozenset(
    {"smd", "smd_unweighted", "smd_lost", "variance_ratio", "difference", "low", "high"}
)
MIDDLES = frozenset({"median", "q1", "q3"})
PRESENT = frozenset({"units", "lost"})
WHOLE = frozenset({"distribution", "leavers", "reliability", "subgroups"})
TESTED = ("balance", "leavers")
NESTED = frozenset({"analysed", "matched"})
LOST_ON = "lost: "
NEAR = 1e-6
YES_NO = (0.99, 1.12)
"""Variance of yes and no over p(1 - p): 1, or n / (n - 1) of ten people or more."""


def together(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    """Hide what would give a hidden cell back.

    - Beside a mean or share: its spread and middle, the same of all groups in that period,
      what compares them, and what is expected without the pilot. Beside a median or quartile
      only the same of all groups: no mean follows from those.
    - How many are in the analysis, and whom the files of the waves have in common, in all groups,
      where it is hidden in one; shares lost on one outcome, where a number of units or of those
      lost is.
    - In the sections of `WHOLE` everything about a variable in a period, where any of it is
      hidden: levels, subgroups and items add up to what other tables show, and so do those who
      were lost and those who stayed.
    - Of changes within people, all shares where one of them is hidden, and everything where
      the mean change is, or has no interval: it is rounded by the interval's width.
    - The joint test of balance, or of leaving, where one of the differences that it sums up is
      hidden.
    """
    given = cells["value"].notna().to_numpy()
    hidden = hidden | (_beside(cells, hidden) & given)
    hidden = hidden | _nested(cells, hidden)
    hidden = hidden | (_blocks(cells, hidden) & given)
    hidden = hidden | (_changes(cells, hidden) & given)
    out: np.ndarray = hidden | (_joint(cells, hidden) & given)
    return out


def whole_outcomes(cells: pd.DataFrame, hidden: np.ndarray, outcomes: frozenset[str]) -> np.ndarray:
    """Hide all averages of an outcome, in all tables, where one of them is hidden.

    Its effect compares changes, and is told instead: with some of the averages it would give
    the hidden one back, without any it tells of none.
    """
    out, names = hidden.copy(), cells["variable"].astype(str).str.removeprefix("before: ")
    plain = names.map(lambda name: name.rpartition(" by ")[0] or name).to_numpy()
    averages = ~_told(cells, COUNTS) & cells["value"].notna().to_numpy()
    averages &= ~_in(cells, "flow")
    centres = _told(cells, {"mean", "share"}) & (cells["category"] == "").to_numpy()
    centres &= ~is_expected(cells)
    for outcome in outcomes & set(cells["variable"].to_numpy()[hidden & averages & centres]):
        out |= averages & (plain == outcome)
    return out


def is_share(cells: pd.DataFrame) -> np.ndarray:
    """Return which values are shares: named so, or means that count whole people.

    A mean of whole numbers counts whole points as well; where its standard deviation stands
    beside it and is not that of yes and no, it is no share.
    """
    value, base = (cells[name].to_numpy(dtype=float) for name in ("value", "base"))
    counted = value * base
    whole = np.isclose(counted, np.round(counted), rtol=0, atol=NEAR)
    inside = (value >= 0) & (value <= 1)
    spread = cells["value"].where(cells["statistic"] == "sd").groupby(_groups(cells, OWN))
    binary = value * (1 - value)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.square(spread.transform("max").to_numpy(dtype=float)) / binary
    other = (ratio < YES_NO[0]) | (ratio > YES_NO[1])
    means = _told(cells, {"mean"}) & whole & inside & ~other
    shares: np.ndarray = _told(cells, {"share"}) | means
    return shares


def is_expected(cells: pd.DataFrame) -> np.ndarray:
    """Return which values are expectations: computed from others, counting nobody."""
    expected: np.ndarray = (cells["group"] == "expected").to_numpy()
    return expected


def is_lost(cells: pd.DataFrame) -> np.ndarray:
    """Return which shares are of units lost: they rest on the fewer of lost and stayed."""
    lost: np.ndarray = ((cells["variable"] == "lost") & (cells["statistic"] == "share")).to_numpy()
    return lost


def _beside(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    counts, compared, middles = (_told(cells, names) for names in (COUNTS, COMPARED, MIDDLES))
    derived = (compared & (cells["period"] == "").to_numpy()) | is_expected(cells)
    across, always = _groups(cells, ACROSS), _groups(cells, ACROSS[:2])
    lost = hidden & ~counts & ~compared & ~is_expected(cells) & ~middles & ~_in(cells, "changes")
    # That of all together is only hidden beside its parts, or with one of them.
    parts = lost & (cells["group"] != "all").to_numpy()
    beside = ~counts & np.isin(across, across[parts])
    from_it = derived & np.isin(always, always[lost])
    middle = middles & np.isin(across, across[hidden & middles])
    gone = hidden & (cells["statistic"] == "lost").to_numpy()
    rate = is_lost(cells) & np.isin(always, always[gone])
    out: np.ndarray = beside | from_it | middle | rate
    return out


def _nested(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    """Return who is in the analysis or in all files, of all groups, and shares lost on one outcome.

    The shares where it is hidden how many there were, or were lost.
    """
    flow = _in(cells, "flow")
    nested = flow & cells["variable"].isin(NESTED).to_numpy()
    own = _groups(cells, ACROSS[:2])
    there = _told(cells, PRESENT) & (cells["category"] == "").to_numpy()
    on_one = flow & cells["variable"].str.startswith(LOST_ON).to_numpy()
    out: np.ndarray = nested & np.isin(own, own[nested & hidden])
    return out | (on_one & bool((hidden & there).any()))


def _blocks(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    whole = np.logical_or.reduce([_in(cells, section) for section in WHOLE])
    block = _groups(cells, BLOCK)
    # The mean of a score is the mean of its items: where it is hidden, so are they.
    means = hidden & _told(cells, {"mean", "share"}) & (cells["category"] == "").to_numpy()
    scored = _groups(cells, BLOCK[1:])
    items = _in(cells, "reliability") & np.isin(scored, scored[means])
    out: np.ndarray = (whole & np.isin(block, block[whole & hidden])) | items
    return out


def _changes(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    here, share, ends = _in(cells, "changes"), _told(cells, {"share"}), _told(cells, {"low"})
    block, own = _groups(cells, BLOCK), _groups(cells, [*BLOCK, "group"])
    unsure = here & _told(cells, {"change"}) & ~np.isin(own, own[here & ends])
    gone = here & ~share & np.isin(block, block[here & ~share & (hidden | unsure)])
    shares = here & share & np.isin(block, block[here & (hidden | gone)])
    out: np.ndarray = gone | shares
    return out


def _joint(cells: pd.DataFrame, hidden: np.ndarray) -> np.ndarray:
    tests = _told(cells, {"p_value"})
    gone = np.zeros(len(cells), dtype=bool)
    for section in TESTED:
        here = _in(cells, section)
        gone |= here & tests & bool((hidden & here & ~tests).any())
    return gone


def _told(cells: pd.DataFrame, names: frozenset[str] | set[str]) -> np.ndarray:
    return np.asarray(cells["statistic"].isin(names))


def _in(cells: pd.DataFrame, section: str) -> np.ndarray:
    return np.asarray(cells["section"] == section)


def _groups(cells: pd.DataFrame, keys: list[str]) -> np.ndarray:
    return np.asarray(cells.groupby(keys, sort=False, dropna=False).ngroup())
