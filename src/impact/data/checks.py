"""Whether a design can be estimated on a panel: every reason why not, with its count.

Units, clusters and values are counted and never named; periods that many share may be.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from impact.data.answered import unseen, worth
from impact.data.case import Case
from impact.errors import Fault

__all__ = ["check"]

MOST_LABELS = 5
FEWEST_UNITS = 10
PEOPLE = (
    "rows within a place are people: say data.unit_is: person, take the place out of data.unit "
    "and name it as design.place; or aggregate to one row a place and period"
)


def check(case: Case) -> list[Fault]:
    """Return every reason why the panel does not fit its design.

    Parameters
    ----------
    case : Case
        The panel, and how to name what is wrong with it.

    Returns
    -------
    list of Fault
        Empty for a panel that every estimator of its design can use.
    """
    structure = [*_repeated(case), *_moving(case), *_groups(case), *_timing(case)]
    outcomes = [o for o in case.panel.outcomes if o.column not in case.broken]
    faults = [fault for outcome in outcomes for fault in worth(case, outcome)]
    silent = {fault.where for fault in faults}
    if not structure:
        faults += [f for o in outcomes for f in unseen(case, o) if f.where not in silent]
    return structure + faults


def _repeated(case: Case) -> Iterator[Fault]:
    """Tell units that are seen twice in a period."""
    panel, roles = case.panel, case.roles
    if roles.unit is None:
        return
    key = panel.unit * len(panel.periods) + panel.period
    same = np.append(key[1:] == key[:-1], False)
    again = same | np.append(False, same[:-1])
    if again.any():
        pairs = int((same & ~np.append(False, same[:-1])).sum())
        found = f"{pairs} unit–period pairs stand more than once, in {int(again.sum())} rows"
        code, advice = "repeated-pairs", "keep one row a unit and period; is data.period right?"
        if roles.unit_is == "place" and not panel.is_panel:
            # Several rows of a place are the people in it, whom the disclosure rules guard.
            code, advice = "rows-are-people", PEOPLE
        yield case.fault(code, roles.unit, found, advice, again)


def _moving(case: Case) -> Iterator[Fault]:
    """Tell what must be one within a unit, or within a unit of assignment, and is not."""
    panel, roles = case.panel, case.roles
    staggered = roles.start is not None
    code, what = (
        ("start-varies", "first treated period") if staggered else ("treatment-varies", "treatment")
    )
    advice = (
        "give the first treated period, the same in all rows of a unit"
        if staggered
        else "give who belongs to the pilot group, the same in all its periods"
    )
    group = panel.start if staggered else panel.treated
    if roles.unit is not None and case.column_of_group:
        yield from _varies(case, (code, case.column_of_group, what, advice), group, panel.unit)
    assigned = roles.design.assignment
    if assigned not in (None, roles.unit) and case.column_of_group:
        said = "design.assignment is a level whose members share the treatment; name the right one"
        named = ("assignment-varies", assigned or "", what, said)
        yield from _varies(case, named, group, panel.cluster)
    for column, codes in ((assigned, panel.cluster), (roles.design.place, panel.place)):
        if roles.unit is not None and column not in (None, roles.unit):
            said = "give where the unit was at the start"
            yield from _varies(
                case, ("unit-moves", column or "", column or "", said), codes, panel.unit
            )


def _varies(
    case: Case, named: tuple[str, str, str, str], held: np.ndarray, within: np.ndarray
) -> Iterator[Fault]:
    """Tell in how many units something is not the same in all rows."""
    code, column, what, advice = named
    first = np.empty(int(within.max()) + 1, dtype=held.dtype)
    first[within[::-1]] = held[::-1]
    mixed = np.zeros(len(first), dtype=bool)
    mixed[within[held != first[within]]] = True
    if mixed.any():
        level = "units of assignment" if code == "assignment-varies" else "units"
        found = f"{_said(what)} changes within {int(mixed.sum())} of {len(first)} {level}"
        yield case.fault(code, column, found, advice, mixed[within])


def _said(what: str) -> str:
    return what if what in ("treatment", "first treated period") else f"'{what}'"


def _groups(case: Case) -> Iterator[Fault]:
    """Tell a group that has no units, and periods in which one of them has none."""
    panel, roles = case.panel, case.roles
    column = case.column_of_group
    if not panel.treated.any():
        advice = "is this the right column, and is the pilot group 1 in it?"
        yield case.fault("no-treated", column, "no unit is treated", advice)
        return
    if roles.design.kind == "before_after":
        return
    free = case.comparable
    if not free.any():
        advice = "without a comparison, say design.kind: before_after"
        yield case.fault("no-comparison", column, "there is no comparison unit", advice)
        return
    if roles.start is not None and not (~panel.treated).any():
        return
    bare = np.bincount(panel.period[free], minlength=len(panel.periods)) == 0
    if bare.any():
        found = f"{int(bare.sum())} of {len(bare)} periods have no comparison units"
        found += _periods(case, bare)
        advice = "take these periods out, or add the comparison's rows"
        yield case.fault(
            "period-without-comparison", roles.period, found, advice, bare[panel.period]
        )


def _periods(case: Case, chosen: np.ndarray) -> str:
    """Name a few periods that many units share; one of few may be a date of a person's life."""
    panel = case.panel
    cells = np.unique(panel.period * len(panel.units) + panel.unit)
    units = np.bincount(cells // len(panel.units), minlength=len(panel.periods))
    shared = chosen & (units >= FEWEST_UNITS)
    if not shared.any() or chosen.sum() > MOST_LABELS:
        return ""
    rest = int(chosen.sum() - shared.sum())
    labels = [str(label) for label in panel.periods[shared]] + [f"{rest} more"] * bool(rest)
    return f" ({', '.join(labels)})"


def _timing(case: Case) -> Iterator[Fault]:
    """Tell a start that leaves nothing before it or nothing after it."""
    panel, roles = case.panel, case.roles
    if roles.period is None or not panel.treated.any():
        return
    last = float(panel.times.max())
    if case.first > last:
        found = "the first treated period is after all periods of the data"
        advice = "mend design.starts" if roles.start is None else "mend the first treated periods"
        yield case.fault("start-after-all", roles.period, found, f"{advice}, or wait for the data")
    needed = roles.design.kind != "randomised" and bool(len(panel.times))
    latest = float(panel.start[panel.treated].max()) - roles.design.anticipation
    if needed and float(panel.times.min()) >= latest:
        found = "no period lies before the first treated one"
        if roles.design.anticipation:
            found += f" less {roles.design.anticipation} of anticipation"
        advice = "add a period before the pilot: without one, nothing can be compared"
        yield case.fault("no-pre-period", roles.period, found, advice)
