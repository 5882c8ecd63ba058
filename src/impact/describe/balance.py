"""How alike the groups were before the pilot."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import (
    Cell,
    Variable,
    covariates,
    known,
    outcomes,
    summary,
    values_of,
    weight_note,
)
from impact.describe.groups import Contrast, contrast, period_text
from impact.describe.joint import JointBalance, Side, assigned, joint_balance
from impact.describe.moments import Moments, moments
from impact.locale import N_
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["balance", "balance_test", "baseline_balance"]

FORMULA = Sentence(
    "Standardised difference at the baseline: mean of the pilot group less mean of the "
    "comparison group, over the root of the average of their two variances; of a share p the "
    "variance is p(1 - p)."
)
RATIO = Sentence(
    "Variance ratio: variance of the pilot group over that of the comparison group; 1 is alike, "
    "under 0.5 or over 2 is not."
)
JOINT = {"joint": N_("All together"), "joint_unweighted": N_("All together, without weights")}
NOBODY = Sentence("There is no comparison group, so there is no balance to show.")
NO_BASELINE = Sentence(
    "There are no records from before the pilot, so the groups cannot be compared at a baseline."
)
AS_COVARIATES = Sentence(
    "There are no records from before the pilot: the characteristics are those noted with the "
    "first record, taken to be as they were when the lots were drawn."
)


def balance(panel: Panel) -> SummaryTable:
    r"""Compare the groups at the baseline: standardised differences, variances, a joint test.

    The baseline is the last period before the pilot first reached anybody (less the
    anticipation). A randomised pilot without one is compared on its covariates, as noted
    with its first record.

    .. math:: d = (\bar x_1 - \bar x_0) / \sqrt{(s_1^2 + s_0^2) / 2}

    with :math:`s^2 = p(1 - p)` for a share p.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``balance``. Per outcome and covariate the ``mean`` and ``sd`` (or ``share``)
        of ``treated`` and ``comparison``, and under the group ``all`` the ``smd``, whose
        ``base`` is the smaller group's, and of what is no share the ``variance_ratio``. All
        weighted; where weights differ, ``smd_unweighted`` is the difference without them.
        The variable ``joint`` has the ``p_value`` of `balance_test`; where weights differ
        ``joint_unweighted`` has the one without them. No rows, and a note that says
        why, where there is no comparison or no baseline. A variable that does not vary in
        either group has a difference of 0, or an infinite one where the groups differ.

    References
    ----------
    Austin (2009), Statistics in Medicine 28 (25): the formula, for means and for shares;
    Rubin (2001), Health Services and Outcomes Research Methodology 2: the variance ratio.

    Examples
    --------
    >>> impact.describe.balance(panel)  # doctest: +SKIP
    """
    groups = contrast(panel)
    if not groups.compared:
        return summary("balance", (), {}, [NOBODY])
    code, variables = _measured(panel, groups)
    if code is None:
        return summary("balance", (), {}, [NO_BASELINE])
    cells = [cell for variable in variables for cell in _compare(panel, groups, variable, code)]
    notes = [FORMULA, *groups.notes, *weight_note(panel)]
    if any(cell.statistic == "variance_ratio" for cell in cells):
        notes.insert(1, RATIO)
    if groups.baseline is None:
        notes.insert(1, AS_COVARIATES)
    if cells:
        said, tested = _joint(panel, groups, variables, code, _base(cells))
        cells += tested
        notes.append(said)
    labels = {v.name: v.label for v in variables} | JOINT
    return summary("balance", cells, labels, notes)


def baseline_balance(panel: Panel) -> float | None:
    """Return the largest absolute standardised mean difference at the baseline.

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    float or None
        In standard deviations; None where nothing can be compared.
    """
    groups = contrast(panel)
    code, variables = _measured(panel, groups) if groups.compared else (None, ())
    if code is None:
        return None
    cells = (cell for variable in variables for cell in _compare(panel, groups, variable, code))
    found = [abs(cell.value) for cell in cells if cell.statistic == "smd"]
    return max(found, default=None)


def balance_test(panel: Panel, *, weighted: bool = True) -> JointBalance | None:
    """Test that none of the averages of `balance` differs between the groups.

    Of a text covariate all categories but the first are tested. The unit of assignment is the
    place where each place is wholly of one group, else the cluster of the design.

    Parameters
    ----------
    panel : Panel
    weighted : bool
        Whether the sampling weights are used.

    Returns
    -------
    JointBalance or None
        By `impact.describe.joint.joint_balance`; None where nothing can be compared.

    Examples
    --------
    >>> impact.describe.balance_test(panel).p_value  # doctest: +SKIP
    """
    groups = contrast(panel)
    code, variables = _measured(panel, groups) if groups.compared else (None, ())
    if code is None:
        return None
    names = [v.column for v in variables if v.column in panel.values]
    rows = np.flatnonzero((groups.treated | groups.comparison) & (panel.period == code))
    values = panel.values[names].to_numpy(dtype=float)[rows]
    treated = groups.treated[rows]
    # A variable that one of the groups never answered has no difference.
    answered = [np.isfinite(values[side]).any(axis=0) for side in (treated, ~treated)]
    weight = panel.weight[rows] if weighted else np.ones(len(rows))
    both = values[:, answered[0] & answered[1]]
    side = Side(both, treated, assigned(panel, rows, treated), weight)
    if panel.spec is None:
        return joint_balance(side)
    how = panel.spec.analysis
    return joint_balance(side, replications=how.replications, seed=how.seed)


def _measured(panel: Panel, groups: Contrast) -> tuple[int | None, tuple[Variable, ...]]:
    """Return the code of the period to compare at, and the variables it can be done on."""
    described = covariates(panel)
    if groups.baseline is not None:
        measured = outcomes(panel)
        names = {outcome.column for outcome in measured}
        return groups.baseline, (*measured, *(v for v in described if v.column not in names))
    drawn = panel.design.randomised or panel.design.kind == "randomised"
    return (0, described) if drawn and described else (None, ())


def _compare(panel: Panel, groups: Contrast, variable: Variable, code: int) -> list[Cell]:
    values = values_of(panel, variable)
    found = _pair(panel, groups, values, code)
    base = found.base if variable.binary else found.least
    period = period_text(panel.periods[code])
    cells = []
    for at, group in enumerate(("treated", "comparison")):
        where = (variable.name, variable.category, group, period)
        if known(found.mean[at]):
            cells.append(Cell(*where, variable.centre, float(found.mean[at]), int(base[at])))
        if not variable.binary and known(found.sd[at]):
            cells.append(Cell(*where, "sd", float(found.sd[at]), int(base[at])))
    where = (variable.name, variable.category, "all", period)
    told = list(_differences(variable, found))
    if panel.weighted:
        plain = replace(panel, weight=np.ones(len(panel)))
        told.append(("smd_unweighted", _smd(variable, _pair(plain, groups, values, code))))
    cells += [Cell(*where, name, value, int(base.min())) for name, value in told if known(value)]
    return cells


def _pair(panel: Panel, groups: Contrast, values: np.ndarray, code: int) -> Moments:
    """Return the moments of the two groups at one period, the pilot group's first."""
    cell = np.where(groups.treated, 0, np.where(groups.comparison, 1, -1))
    return moments(panel, values, np.where(panel.period == code, cell, -1), 2)


def _differences(variable: Variable, found: Moments) -> Iterator[tuple[str, float]]:
    yield "smd", _smd(variable, found)
    if not variable.binary and found.sd[1] > 0:
        yield "variance_ratio", float((found.sd[0] / found.sd[1]) ** 2)


def _smd(variable: Variable, found: Moments) -> float:
    mean = found.mean
    variance = mean * (1 - mean) if variable.binary else found.sd**2
    difference, pooled = float(mean[0] - mean[1]), float(np.sqrt(variance.mean()))
    if pooled == 0:
        return 0.0 if difference == 0 else math.copysign(math.inf, difference)
    return difference / pooled


def _base(cells: list[Cell]) -> int:
    return min(cell.base for cell in cells)


def _joint(
    panel: Panel, groups: Contrast, variables: tuple[Variable, ...], code: int, base: int
) -> tuple[Sentence, list[Cell]]:
    """Return what is said of the joint test, and its p-value with and without weights."""
    period = period_text(panel.periods[code])
    cells = []
    said = NOBODY
    for name, weighted in (("joint", True), ("joint_unweighted", False)):
        if not weighted and not panel.weighted:
            continue
        found = balance_test(panel, weighted=weighted)
        assert found is not None
        said = found.said if weighted else said
        if known(found.p_value):
            cells.append(Cell(name, "", "all", period, "p_value", found.p_value, base))
    return said, cells
