"""What there is to draw, read off tidy frames."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNIFORM", "Course", "event_rows", "read_course"]

GROUPS = ("treated", "comparison", "expected", "all")
CENTRES = ("share", "mean", "median")
UNIFORM = "uniform"
"""The inference of rows whose intervals hold for all times at once."""


@dataclass(frozen=True)
class Course:
    """One outcome's means by group over the periods; NaN where there is none to show.

    Parameters
    ----------
    variable : str
    share : bool
        Whether the values are fractions, shown in percent.
    periods : tuple of str
    groups : tuple of str
    centre, low, high : mapping of str to numpy.ndarray, shape (periods,)
        By group.
    baseline : int or None
        Where the expected course begins.
    withheld : int
        Values that the disclosure gate took out.
    """

    variable: str
    share: bool
    periods: tuple[str, ...]
    groups: tuple[str, ...]
    centre: Mapping[str, np.ndarray]
    low: Mapping[str, np.ndarray]
    high: Mapping[str, np.ndarray]
    baseline: int | None
    withheld: int

    def last(self, group: str) -> int | None:
        """Return where the group's last value stands."""
        known = np.flatnonzero(np.isfinite(self.centre[group]))
        return int(known[-1]) if len(known) else None

    def span(self) -> tuple[float, float]:
        """Return the lowest and highest value to be drawn; 0 and 1 where there is none."""
        drawn = [*self.centre.values(), *self.low.values(), *self.high.values()]
        values = np.concatenate(drawn)
        values = values[np.isfinite(values)]
        return (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)


def read_course(cells: pd.DataFrame) -> Course:
    """Read one outcome's course off the tidy cells of a section ``trends``.

    Raises
    ------
    ValueError
        The cells are of several variables, or of none.
    """
    variables = list(dict.fromkeys(cells["variable"]))
    if len(variables) != 1:
        raise ValueError(f"a course is drawn of one variable, not of {len(variables)}")
    main = cells[cells["statistic"].isin(CENTRES)]
    groups = tuple(group for group in GROUPS if (main["group"] == group).any())
    expected = main[main["group"] == "expected"]["period"]
    periods = _in_order(main)
    hidden = main["hidden"].to_numpy(dtype=bool) if "hidden" in main else np.zeros(len(main), bool)
    return Course(
        variable=str(variables[0]),
        share=bool((main["statistic"] == "share").all()),
        periods=periods,
        groups=groups,
        centre={group: _values(cells, group, CENTRES, periods) for group in groups},
        low={group: _values(cells, group, ("low",), periods) for group in groups},
        high={group: _values(cells, group, ("high",), periods) for group in groups},
        baseline=min(periods.index(str(p)) for p in expected) if len(expected) else None,
        withheld=int(hidden.sum()),
    )


def _in_order(main: pd.DataFrame) -> tuple[str, ...]:
    """Return the periods by their value where all are numbers, else as they first come."""
    periods = [str(period) for period in dict.fromkeys(main["period"])]
    try:
        return tuple(sorted(periods, key=float))
    except ValueError:
        return tuple(periods)


def _values(
    cells: pd.DataFrame, group: str, statistics: Sequence[str], periods: Sequence[str]
) -> np.ndarray:
    rows = cells[(cells["group"] == group) & cells["statistic"].isin(statistics)]
    found = dict(zip(rows["period"].astype(str), rows["value"].astype(float), strict=True))
    return np.array([found.get(period, math.nan) for period in periods])


def event_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the terms that are times since the start, in order; none where it is no event study.

    Parameters
    ----------
    rows : pandas.DataFrame
        The columns of the glossary.
    """
    import pandas as pd

    times = pd.to_numeric(rows["term"], errors="coerce")
    several = rows[["outcome", "method"]].drop_duplicates().shape[0] > 1
    if several or times.notna().sum() < 2:
        return rows.iloc[:0].assign(time=[])
    return rows[times.notna()].assign(time=times.dropna()).sort_values("time")
