"""The headline again without each place in turn: whether it hangs on a single one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.choose import Choice, choose
from impact.did.look_terms import ALL_PLACES, NUMBERED, WITHOUT
from impact.did.observed import smallest_cell
from impact.did.robustness import compares, guarded_minimum, headline_of, looked, not_done
from impact.did.ruled import METHODS, OWN_ERRORS, as_ruled
from impact.did.subpanel import subpanel
from impact.errors import DesignError
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence, Statement

__all__ = ["MOST", "leave_one_out"]

SECTION = "leave_one_out"
MOST = 60
COUNTS = ("n_obs", "n_units", "n_treated")
WITHOUT_ERRORS = OWN_ERRORS - {"callaway_santanna"}
TOO_FEW = N_("With one place on either side, leaving one out leaves nothing to compare.")
TOO_MANY = N_("There are too many places for any single one to carry the result.")
STUCK = Sentence(
    "One place cannot be left out: without it too little is left to compare.",
    many="%(n)s places cannot be left out: without any of them too little is left to compare.",
)
FEW = Sentence(
    "Results without %(n)s of the places are not shown: so few people live there that the results "
    "would tell about them.",
    many="Results without %(n)s of the places are not shown: so few people live there that the "
    "results would tell about them.",
)


def leave_one_out(
    panel: Panel, effects: Effects, *, outcome: str | None = None
) -> EffectResult | Statement:
    """Estimate the headline again without each place in turn.

    Places are those of the params file where each unit's is known, else the units of
    assignment, where there are no more than 60 of them.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    EffectResult or Statement
        ``all places`` first, as in the headline; then a row a place, from the lowest
        estimate to the highest. People's places are numbered in that order, without a
        name. How many are left is not told: less the whole it would count each place's
        people. ``base`` is the least of all rows' bases and of the people in any place that
        was left out: two estimates that differ by few people would tell about them. Where
        the page guards people, rows of fewer than its minimum are left out and counted. A
        statement where nothing can be left out.

    Notes
    -----
    The method is the headline's, the inference that of the same rule for the places that
    are left. Synthetic methods are estimated without errors.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.leave_one_out(panel, did.estimate(panel)).plot()  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    if not compares(headline):
        return not_done(SECTION)
    codes, labels = _places(panel)
    groups = np.unique(codes)
    if len(groups) == len(panel.units) and guarded_minimum(panel):
        return not_done(
            SECTION,
            N_(
                "There are no places to leave out: people were assigned one by one, and single "
                "people are not looked at."
            ),
        )
    if not 2 < len(groups) <= MOST:
        return not_done(SECTION, TOO_FEW if len(groups) <= 2 else TOO_MANY)
    choice = choose(panel, headline.outcome)
    known = panel.values[headline.outcome].notna().to_numpy()
    cells = (panel.unit, panel.period, panel.treated)
    people = {g: _fewest(cells, known & (codes == g)) for g in groups}
    wanted = [group for group in groups if people[group] >= guarded_minimum(panel)]
    tried = [
        _without(panel, codes == group, _Who(str(labels[group]), people[group]), choice, headline)
        for group in wanted
    ]
    left = [one for one in tried if one is not None]
    shown = [one for one in left if one.base >= guarded_minimum(panel)]
    if not shown:
        return not_done(
            SECTION, N_("Too few people live in each place for results without one to be shown.")
        )
    shown.sort(key=lambda one: (one.estimate, one.name))
    names = _names(panel, shown)
    rows = [headline.rows.iloc[[0]].assign(term=ALL_PLACES)]
    rows += [
        one.row.assign(term=name, **dict.fromkeys(COUNTS, np.nan))
        for one, name in zip(shown, names, strict=True)
    ]
    base = min(headline.base, *(one.base for one in shown))
    notes = _notes(len(tried) - len(left), len(groups) - len(tried) + len(left) - len(shown))
    return looked(SECTION, rows, base, notes)


@dataclass(frozen=True, eq=False)
class _Left:
    """The headline without one place: its row, which side the place is on, and who is few."""

    row: pd.DataFrame
    side: str
    name: str
    base: int

    @property
    def estimate(self) -> float:
        return float(self.row["estimate"].iloc[0])


def _places(panel: Panel) -> tuple[np.ndarray, pd.Index]:
    """Return the place of every row, and what the places are called."""
    if len(panel.places) > 1 and (panel.place >= 0).all():
        return panel.place, panel.places
    return panel.cluster, panel.clusters


@dataclass(frozen=True)
class _Who:
    """A place's name, and the fewest people of it in a period."""

    name: str
    people: int


def _fewest(cells: tuple[np.ndarray, ...], inside: np.ndarray) -> int:
    """Count the fewest units of a place in any group and period that has some."""
    return smallest_cell(*(codes[inside] for codes in cells)) if inside.any() else 0


def _without(
    panel: Panel, inside: np.ndarray, who: _Who, choice: Choice, headline: EffectResult
) -> _Left | None:
    """Estimate without the rows of one place; nothing where that cannot be done."""
    outcome = str(headline.outcome)
    try:
        rest = subpanel(panel, ~inside)
        if choice.method in WITHOUT_ERRORS:
            found = METHODS[choice.method](rest, outcome=outcome, errors="none")
        else:
            found = as_ruled(rest, outcome, choice)
    except DesignError:
        return None
    if not np.isfinite(found.estimate):
        return None
    treated = panel.treated[inside]
    side = "treated" if treated.all() else "both" if treated.any() else "comparison"
    return _Left(found.rows.iloc[[0]], side, who.name, min(found.base, who.people))


def _names(panel: Panel, shown: list[_Left]) -> list[str]:
    """Name places where they are the units; number those in which people live."""
    if panel.spec is not None and panel.spec.data.unit_is == "place":
        return [WITHOUT % {"place": one.name} for one in shown]
    counted: dict[str, int] = {}
    names = []
    for one in shown:
        counted[one.side] = counted.get(one.side, 0) + 1
        names.append(NUMBERED[one.side] % {"number": counted[one.side]})
    return names


def _notes(stuck: int, few: int) -> tuple[Sentence, ...]:
    notes = []
    if stuck:
        notes.append(replace(STUCK, values={"n": stuck}))
    if few:
        notes.append(replace(FEW, values={"n": few}))
    return tuple(notes)
