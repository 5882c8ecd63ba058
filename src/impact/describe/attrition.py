"""Who was lost by the end: the rate, the difference between the groups, outcome by outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.describe.groups import contrast, reached

__all__ = ["Attrition", "Followed", "attrition", "followed", "marked", "most_lost"]


@dataclass(frozen=True)
class Attrition:
    """Who was lost between the baseline and the end, as fractions.

    Parameters
    ----------
    overall : float or None
        Lost over recorded at the baseline; None where nobody can be followed.
    treated, comparison : float or None
        The same by group; None for a group that does not exist.
    difference : float or None
        ``treated`` less ``comparison``; None where either is.
    base : int
        Units at the baseline, of the smaller group where there are two.
    """

    overall: float | None
    treated: float | None
    comparison: float | None
    difference: float | None
    base: int


@dataclass(frozen=True, eq=False)
class Followed:
    """Per unit of a panel: recorded at the start, answering at the end; who is in which group.

    Parameters
    ----------
    first, last : int
        Codes of the baseline, or the first period where there is none before the pilot, and
        of the end: the last period in which anybody answered.
    start, end : numpy.ndarray of bool, shape (units,)
    groups : dict of str to numpy.ndarray of bool, each shape (units,)
    """

    first: int
    last: int
    start: np.ndarray
    end: np.ndarray
    groups: dict[str, np.ndarray]

    @property
    def lost(self) -> np.ndarray:
        """Recorded at the start, without an answer at the end; shape (units,)."""
        return np.asarray(self.start & ~self.end)

    @property
    def told(self) -> bool:
        """Whether anybody can have been lost: there is an end after the start.

        In a single period only those are known to be lost who are on record without an
        answer; where there is none, the file may hold those who answered and nobody else.
        """
        return self.first < self.last or bool(self.lost.any())


def attrition(panel: Panel, outcome: str | None = None) -> Attrition:
    """Return the fraction lost between the baseline and the end, of one outcome.

    Lost is who has a record at the baseline and no answer on the outcome in the last period
    in which anybody has one. Counted over units, without weights.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    Attrition
        Of nothing but None in repeated cross-sections, and where the data are of a single
        period and everybody in them answered.

    Examples
    --------
    >>> impact.describe.attrition(panel, "employed").difference  # doctest: +SKIP
    """
    seen = followed(panel, outcome)
    if not panel.is_panel or not seen.told:
        return Attrition(None, None, None, None, 0)
    rate: dict[str, float | None] = {}
    base: dict[str, int] = {}
    for group, members in seen.groups.items():
        base[group] = int((seen.start & members).sum())
        gone = int((seen.lost & members).sum())
        rate[group] = gone / base[group] if base[group] else None
    treated, comparison = rate.get("treated"), rate.get("comparison")
    gap = None if treated is None or comparison is None else treated - comparison
    overall = rate["all"] if "all" in rate else next(iter(rate.values()))
    return Attrition(overall, treated, comparison, gap, min(base.values()))


def most_lost(panel: Panel) -> float | None:
    """Return the attrition of the outcome that lost the largest fraction, None if not known."""
    rates = [attrition(panel, outcome.column).overall for outcome in panel.outcomes]
    return max((rate for rate in rates if rate is not None), default=None)


def followed(panel: Panel, outcome: str | None = None, *, any_outcome: bool = False) -> Followed:
    """Follow every unit from the baseline to the end.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        Column; the first primary outcome unless said.
    any_outcome : bool
        Whether an answer on any outcome at the panel's last period will do.
    """
    columns = [panel.outcome(outcome).column]
    if any_outcome:
        columns = [one.column for one in panel.outcomes]
    answered = np.isfinite(panel.values[columns].to_numpy(dtype=float)).any(axis=1)
    last = len(panel.periods) - 1
    if answered.any() and not any_outcome:
        last = int(panel.period[answered].max())
    first = min(contrast(panel).baseline or 0, last)
    return Followed(
        first,
        last,
        marked(panel, panel.period == first),
        marked(panel, (panel.period == last) & answered),
        {group: marked(panel, rows) for group, rows in reached(panel).items()},
    )


def marked(panel: Panel, rows: np.ndarray) -> np.ndarray:
    """Return which units have one of the rows, shape (units,)."""
    there: np.ndarray = np.bincount(panel.unit[rows], minlength=len(panel.units)) > 0
    return there
