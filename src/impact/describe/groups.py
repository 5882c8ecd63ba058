"""Who belongs to which group, and when the baseline was: said once for every table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.locale import N_
from impact.results.text import Sentence

__all__ = ["Contrast", "contrast", "left_out", "period_text", "reached"]


@dataclass(frozen=True)
class Contrast:
    """The pilot group against those it is compared with.

    Parameters
    ----------
    treated, comparison : numpy.ndarray of bool, shape (N,)
        Rows of either group; no row is in both, some may be in neither.
    baseline : int or None
        Code of the last period before the pilot first reached the treated rows, less the
        anticipation; None where there is no such period.
    notes : tuple of Sentence
        Choices made in forming the groups.
    """

    treated: np.ndarray
    comparison: np.ndarray
    baseline: int | None
    notes: tuple[Sentence, ...] = ()

    @property
    def compared(self) -> bool:
        """Whether there is anybody to compare with."""
        return bool(self.comparison.any())

    def cells(self, panel: Panel) -> np.ndarray:
        """Give each row its cell: treated 0 … T-1 by period, comparison T … 2T-1, else -1."""
        cell = np.where(self.treated, panel.period, panel.period + len(panel.periods))
        return np.where(self.treated | self.comparison, cell, -1)


def reached(panel: Panel) -> dict[str, np.ndarray]:
    """Return the rows of those ever treated, of the others, and of all where there are both.

    The rows are those of `contrast`: who took part, and who was lost, is told of the same
    people as their averages, so that no two tables differ by a few of them.
    """
    everyone = ~_from_the_first(panel)
    if panel.design.kind == "before_after" or panel.treated[everyone].all():
        return {"treated": everyone}
    if not panel.treated.any():
        return {"comparison": everyone}
    return {"treated": panel.treated & everyone, "comparison": ~panel.treated, "all": everyone}


def left_out(panel: Panel) -> tuple[Sentence, ...]:
    """Say how many units are in no group, because they were treated from the first period on."""
    always = _from_the_first(panel)
    if not always.any():
        return ()
    said = N_(
        "Units left out, because the pilot had reached them from the first period on: %(units)s."
    )
    return (Sentence(said, counts={"units": len(np.unique(panel.unit[always]))}),)


def _from_the_first(panel: Panel) -> np.ndarray:
    """Return the rows of a staggered panel's units without a course before, if others have one."""
    always: np.ndarray = panel.treated & (panel.start - panel.design.anticipation <= panel.times[0])
    if panel.design.kind != "staggered" or always[panel.treated].all():
        return np.zeros(len(panel), dtype=bool)
    return always


def contrast(panel: Panel) -> Contrast:
    """Form the groups that are compared with each other over time.

    Ever treated against never treated. Where everybody is treated in the end, the cohort
    that starts last is the comparison for as long as it waits. Units that are treated from
    the first period on have no course before the pilot and are left out of a staggered
    contrast.
    """
    groups = reached(panel)
    treated = groups.get("treated", np.zeros(len(panel), dtype=bool))
    waiting = groups.get("comparison", np.zeros(len(panel), dtype=bool))
    notes = list(left_out(panel))
    if panel.design.kind == "staggered":
        treated, waiting, found = _staggered(panel, treated, waiting)
        notes += found
    return Contrast(treated, waiting, _baseline(panel, treated), tuple(notes))


def _staggered(
    panel: Panel, treated: np.ndarray, waiting: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[Sentence]]:
    notes = []
    first = panel.start - panel.design.anticipation
    if not waiting.any() and len(np.unique(panel.start[treated])) > 1:
        last = panel.start[treated].max()
        latest = treated & (panel.start == last)
        waiting = latest & (panel.times[panel.period] < first)
        treated = treated & ~latest
        notes.append(_waits(panel, last))
    elif waiting.any() and len(np.unique(panel.start[treated])) > 1:
        notes.append(
            Sentence(
                "The pilot group are all who were ever reached, whenever they started; the "
                "baseline is the last period before the first of them started."
            )
        )
    return treated, waiting, notes


def _waits(panel: Panel, last: float) -> Sentence:
    at = int(np.searchsorted(panel.times, last))
    name = panel.periods[at] if at < len(panel.periods) else last
    return Sentence(
        "Everybody was reached in the end, so the comparison are those who started last "
        "(in %(start)s), for as long as they waited.",
        {"start": period_text(name)},
    )


def _baseline(panel: Panel, treated: np.ndarray) -> int | None:
    starts = panel.start[treated]
    starts = starts[np.isfinite(starts)]
    if not len(starts):
        return None
    before = np.flatnonzero(panel.times < starts.min() - panel.design.anticipation)
    return int(before[-1]) if len(before) else None


def period_text(period: object) -> str:
    """Write a period as a reader expects it: 2003 for 2003.0, a date without its hour.

    Parameters
    ----------
    period : object
        A label of ``panel.periods``.
    """
    if isinstance(period, float) and period.is_integer():
        return str(int(period))
    if hasattr(period, "strftime"):
        return str(period.strftime("%Y-%m-%d"))
    return str(period)
