"""Who was lost: how they had been at the start, beside those who stayed."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from impact.data.panel import Panel
from impact.describe.attrition import Followed, followed
from impact.describe.cells import (
    Cell,
    Variable,
    count,
    covariates,
    known,
    outcomes,
    summary,
    units_label,
    values_of,
    weight_note,
)
from impact.describe.flow import NEW_PEOPLE, ONCE
from impact.describe.groups import period_text
from impact.describe.joint import JointBalance, Side, assigned, joint_balance
from impact.describe.moments import Moments, count_units, moments
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["leavers", "leaving_test"]

BEFORE = "before: "
"""Variables of this table begin with it: they are of the start, and of some people only."""
LABELS = {
    "group:treated_stayed": N_("Pilot group, stayed"),
    "group:treated_lost": N_("Pilot group, lost"),
    "group:comparison_stayed": N_("Comparison group, stayed"),
    "group:comparison_lost": N_("Comparison group, lost"),
    "group:smd": N_("Joint test"),
}
JOINT = "leaving"
ON_ONE = N_("Lost: at the baseline, and without an answer on “%(outcome)s” at the end.")
ON_ALL = Sentence("Lost: at the baseline, and without an answer on any outcome at the end.")
MEANING = Sentence(
    "Averages are of the start (%(period)s). The difference is those lost less those who stayed, "
    "over the root of the average of their variances."
)
ASKED = Sentence(
    "The joint test asks whether as many were lost in both groups, and whether those who stayed, "
    "and those who were lost, had been alike in both at the start."
)
ALONE = Sentence("There is no comparison group, so who was lost cannot be compared.")
NOBODY = Sentence("Nobody is known to have been lost.")


def leavers(panel: Panel, *, outcome: str | None = None) -> SummaryTable:
    """Compare those who were lost with those who stayed, within each group, as of the start.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        Column: lost is who is on record at the baseline and has no answer on it at the end.
        Unless said the first primary one; or, where that and lost on every outcome, as the
        flow of participants counts them, differ by fewer people than may be told apart,
        those.

    Returns
    -------
    SummaryTable
        Section ``leavers``, of the period of the baseline under no name. Groups
        ``treated_stayed``, ``treated_lost`` and the same of the comparison. The variable
        ``""`` counts the units; of each outcome and covariate, as ``before: …``, the
        ``mean`` and ``sd`` or ``share``, and of those lost ``smd_lost``, the standardised
        difference to those who stayed, whose ``base`` is the smaller one's. The variable
        ``leaving`` has the ``p_value`` of `leaving_test`. No rows, and a note that says why,
        where nobody can be followed or nobody was lost.

    Examples
    --------
    >>> impact.describe.leavers(panel)  # doctest: +SKIP
    """
    seen, lost_on = _who(panel, outcome)
    if not panel.is_panel or not seen.told:
        return summary("leavers", (), {}, [ONCE if panel.is_panel else NEW_PEOPLE])
    if not seen.lost.any():
        return summary("leavers", (), {}, [NOBODY])
    names, cell = _cells(panel, seen)
    variables = _described(panel)
    cells = [
        count("", name, "", "units", n)
        for name, n in zip(names, _sizes(panel, cell, len(names)), strict=True)
    ]
    for variable in variables:
        found = moments(panel, values_of(panel, variable), cell, len(names))
        cells += _told(variable, names, found)
    period = {"period": period_text(panel.periods[seen.first])}
    notes = [lost_on, Sentence(MEANING.text, period), *weight_note(panel)]
    tested = _tested(panel, seen)
    notes += [ALONE] if tested is None else [ASKED, tested.said]
    if tested is not None and known(tested.p_value):
        base = min(one.base for one in cells)
        cells.append(Cell(JOINT, "", "all", "", "p_value", tested.p_value, base))
    labels = {"": units_label(panel), JOINT: N_("All together"), **LABELS}
    labels |= {f"{BEFORE}{variable.name}": variable.label for variable in variables}
    return summary("leavers", cells, labels, notes)


def leaving_test(panel: Panel, *, outcome: str | None = None) -> JointBalance | None:
    """Test that leaving went alike in both groups: as many, and the same kind of people.

    Of three things at once that no average differs between the groups: the share lost, the
    characteristics at the start of those who stayed, and of those who were lost. Clustered by
    the unit of assignment, which is the place where each place is wholly of one group.

    Parameters
    ----------
    panel : Panel
    outcome : str, optional
        Column; as in `leavers` unless said.

    Returns
    -------
    JointBalance or None
        By `impact.describe.joint.joint_balance`: valid where units of assignment are few, or
        without a p-value and with the reason. None where there are not two groups, nobody
        can be followed, or nobody was lost.

    References
    ----------
    Ghanem, Hirshleifer and Ortiz-Becerra (2023), Journal of Human Resources 58 (3): with
    groups made by lottery, the hypothesis that attrition leaves their comparison valid for
    all who were assigned.

    Examples
    --------
    >>> impact.describe.leaving_test(panel).p_value  # doctest: +SKIP
    """
    return _tested(panel, _who(panel, outcome)[0])


def _who(panel: Panel, outcome: str | None) -> tuple[Followed, Sentence]:
    """Return who counts as lost, and the sentence that says so."""
    said = panel.outcome(outcome)
    on_one = followed(panel, said.column)
    sentence = Sentence(ON_ONE, {"outcome": said.label})
    if outcome is not None or len(panel.outcomes) == 1:
        return on_one, sentence
    on_all = followed(panel, any_outcome=True)
    other = on_one.lost ^ on_all.lost
    apart = [int((other & members).sum()) for members in on_one.groups.values()]
    if any(0 < people < _least(panel) for people in apart):
        return on_all, ON_ALL
    return on_one, sentence


def _least(panel: Panel) -> int:
    """Return the fewest people that two tables may differ by; 0 where units are places."""
    if panel.spec is None or panel.spec.data.unit_is == "place":
        return 0
    return panel.spec.report.minimum_cell


def _tested(panel: Panel, seen: Followed) -> JointBalance | None:
    apart = {"treated", "comparison"} <= set(seen.groups)
    if not (panel.is_panel and apart and seen.told and seen.lost.any()):
        return None
    members = seen.groups["treated"] | seen.groups["comparison"]
    rows = np.flatnonzero((panel.period == seen.first) & members[panel.unit])
    treated, gone = seen.groups["treated"][panel.unit[rows]], seen.lost[panel.unit[rows]]
    names = [v.column for v in _described(panel) if v.column in panel.values]
    values = panel.values[names].to_numpy(dtype=float)[rows]
    columns = [gone.astype(float)[:, None]]
    columns += [np.where(some[:, None], values, np.nan) for some in (~gone, gone)]
    every = np.hstack(columns)
    # What is not known of one of the groups cannot be compared.
    both = [np.isfinite(every[side]).any(axis=0) for side in (treated, ~treated)]
    kept = every[:, both[0] & both[1]]
    side = Side(kept, treated, assigned(panel, rows, treated), panel.weight[rows])
    if panel.spec is None:
        return joint_balance(side)
    how = panel.spec.analysis
    return joint_balance(side, replications=how.replications, seed=how.seed)


def _described(panel: Panel) -> tuple[Variable, ...]:
    measured = outcomes(panel)
    names = {one.column for one in measured}
    return (*measured, *(one for one in covariates(panel) if one.column not in names))


def _cells(panel: Panel, seen: Followed) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the names of the groups, and the group of each row at the start, else -1."""
    groups = [group for group in ("treated", "comparison") if group in seen.groups]
    names = tuple(f"{group}_{what}" for group in groups for what in ("stayed", "lost"))
    cell = np.full(len(panel), -1)
    start = panel.period == seen.first
    for at, group in enumerate(groups):
        for more, some in enumerate((~seen.lost, seen.lost)):
            cell[start & (seen.groups[group] & some)[panel.unit]] = 2 * at + more
    return names, cell


def _sizes(panel: Panel, cell: np.ndarray, size: int) -> list[int]:
    units = count_units(panel, cell, size, np.ones(len(panel), dtype=bool))
    return [int(n) for n in units]


def _told(variable: Variable, names: tuple[str, ...], found: Moments) -> Iterator[Cell]:
    base = found.base if variable.binary else found.least
    for at, name in enumerate(names):
        where = (f"{BEFORE}{variable.name}", variable.category, name, "")
        if known(found.mean[at]):
            yield Cell(*where, variable.centre, float(found.mean[at]), int(base[at]))
        if not variable.binary and known(found.sd[at]):
            yield Cell(*where, "sd", float(found.sd[at]), int(base[at]))
        gap = _gap(variable, found, at) if at % 2 else math.nan
        if known(gap):
            yield Cell(*where, "smd_lost", gap, int(base[at - 1 : at + 1].min()))


def _gap(variable: Variable, found: Moments, lost: int) -> float:
    """Return the standardised difference of those lost from those before them, who stayed."""
    pair = slice(lost - 1, lost + 1)
    mean = found.mean[pair]
    variance = mean * (1 - mean) if variable.binary else found.sd[pair] ** 2
    difference, pooled = float(mean[1] - mean[0]), float(np.sqrt(variance.mean()))
    if pooled == 0:
        return 0.0 if difference == 0 else math.copysign(math.inf, difference)
    return difference / pooled
