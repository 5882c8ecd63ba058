"""Which published counts add up to which: what a reader could subtract."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from impact.disclosure.rounding import is_near

__all__ = ["Sum", "find_sums"]

Sum = tuple[tuple[int, ...], ...]
ANSWERS = ("n", "missing", "refused", "not_known", "not_asked")
TOTALS = ("units", "n")
SHARES = ("share", "mean")
NEAR = 1e-6


def find_sums(cells: pd.DataFrame, people: np.ndarray) -> list[Sum]:
    """Return the sums that hold between the counts of all tables of a page.

    Parameters
    ----------
    cells : pandas.DataFrame, shape (n, columns of a summary table)
        Cells of all tables, numbered from zero.
    people : numpy.ndarray of float, shape (n,)
        How many people each cell counts; not a number where it counts none.

    Returns
    -------
    list of tuple of tuple of int
        Per sum its members, the total first; a member is the positions of the cells
        that show it (the same count may stand in two tables).
    """
    members = _members(cells, people)
    found = [*_over(members, "group"), *_over(members, "category")]
    found += [*_answers(members), *_rows(members)]
    return [*found, *_shares(cells, people), *_flow(members)]


def _members(cells: pd.DataFrame, people: np.ndarray) -> pd.DataFrame:
    """Return one row a distinct count, with the positions where it is shown."""
    key = ["variable", "category", "group", "period", "statistic"]
    frame = cells[key].assign(people=people, at=range(len(cells)))
    near = is_near(cells).to_numpy()  # not told exactly, so nothing adds up to them
    frame = frame[frame["people"].notna() & ~frame["statistic"].isin(SHARES) & ~near]
    grouped = frame.groupby([*key, "people"], sort=False)["at"].agg(tuple)
    return grouped.rename("at").reset_index()


def _sum(total: pd.Series, parts: pd.DataFrame) -> Sum | None:
    """Return total and parts as a sum, where their numbers add up."""
    if len(parts) < 2 or abs(parts["people"].sum() - total["people"]) > NEAR:
        return None
    return (total["at"], *parts["at"])


def _over(members: pd.DataFrame, name: str) -> Iterator[Sum]:
    """Yield sums over groups ("all" is the total) or categories ("" is)."""
    whole = "all" if name == "group" else ""
    rest = [key for key in ("variable", "category", "group", "period", "statistic") if key != name]
    for _, same in members.groupby(rest, sort=False):
        parts = same[~same[name].isin([whole, "expected"])]
        for _, total in same[same[name] == whole].iterrows():
            found = _sum(total, parts)
            if found:
                yield found


def _answers(members: pd.DataFrame) -> Iterator[Sum]:
    """Yield answers given and not given that add up to the units of group and period."""
    totals = members[members["statistic"].isin(TOTALS) & (members["category"] == "")]
    kinds = members[members["statistic"].isin(ANSWERS)]
    for (_, _, group, period), same in kinds.groupby(
        ["variable", "category", "group", "period"], sort=False
    ):
        near = totals[(totals["group"] == group) & totals["period"].isin([period, ""])]
        for _, total in near[~near["at"].isin(same["at"])].iterrows():
            found = _sum(total, same)
            if found:
                yield found


def _rows(members: pd.DataFrame) -> Iterator[Sum]:
    """Yield the rows of the files: those read and made are those used, dropped and folded."""
    rows = members[members["variable"] == "rows"]
    made = rows["category"].str.startswith("made: ")
    signed = rows.assign(people=rows["people"].where(~made, -rows["people"]))
    for _, total in rows[rows["category"] == "read"].iterrows():
        found = _sum(total, signed[signed["category"] != "read"])
        if found:
            yield found


def _shares(cells: pd.DataFrame, people: np.ndarray) -> Iterator[Sum]:
    """Yield the shares of the categories of one variable, which add up to one."""
    frame = cells[["variable", "category", "group", "period", "base"]].assign(people=people)
    frame = frame[(cells["statistic"] == "share") & (cells["category"] != "")]
    for _, same in frame.groupby(["variable", "group", "period"], sort=False):
        one = same.drop_duplicates("category")
        if len(one) > 1 and abs(one["people"].sum() - one["base"].iloc[0]) < 1e-3:
            yield tuple((int(at),) for at in one.index)


def _flow(members: pd.DataFrame) -> Iterator[Sum]:
    """Yield steps of a flow: who was there, who was lost, who was left."""
    for group, same in members.groupby("group", sort=False):
        there = same[same["statistic"].isin(TOTALS)]
        for _, lost in members[(members["group"] == group)].query("statistic == 'lost'").iterrows():
            yield from _steps(there, lost)


def _steps(there: pd.DataFrame, lost: pd.Series) -> Iterator[Sum]:
    rows: Sequence[tuple[float, tuple[int, ...]]] = list(
        zip(there["people"], there["at"], strict=True)
    )
    for (one, first), (other, second) in combinations(rows, 2):
        if abs(abs(one - other) - lost["people"]) < NEAR:
            before, after = (first, second) if one >= other else (second, first)
            yield (before, lost["at"], after)
