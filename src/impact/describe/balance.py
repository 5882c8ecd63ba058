"""How alike the groups were before the pilot."""

from __future__ import annotations

import math

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
from impact.describe.moments import moments
from impact.results.summary import SummaryTable
from impact.results.text import Sentence

__all__ = ["balance", "baseline_balance"]

FORMULA = Sentence(
    "Standardised difference at the baseline: mean of the pilot group less mean of the "
    "comparison group, over the root of the average of their two variances; 0/1 variables alike."
)
NOBODY = Sentence("There is no comparison group, so there is no balance to show.")
NO_BASELINE = Sentence(
    "There are no records from before the pilot, so the groups cannot be compared at a baseline."
)
AS_COVARIATES = Sentence(
    "There are no records from before the pilot: the characteristics are those noted with the "
    "first record, taken to be as they were when the lots were drawn."
)


def balance(panel: Panel) -> SummaryTable:
    r"""Compare the groups at the baseline by standardised mean differences.

    The baseline is the last period before the pilot first reached anybody (less the
    anticipation). A randomised pilot without one is compared on its covariates, as noted
    with its first record.

    .. math:: d = (\bar x_1 - \bar x_0) / \sqrt{(s_1^2 + s_0^2) / 2}

    Parameters
    ----------
    panel : Panel

    Returns
    -------
    SummaryTable
        Section ``balance``. Per outcome and covariate the ``mean`` and ``sd`` (or ``share``)
        of ``treated`` and ``comparison``, and under the group ``all`` the ``smd``, whose
        ``base`` is the smaller group's. All weighted. No rows, and a note that says why,
        where there is no comparison or no baseline. A variable that does not vary in either
        group has a difference of 0, or an infinite one where the groups differ.

    References
    ----------
    Austin (2009), Statistics in Medicine 28 (25): the formula, for means and for shares.

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
    if groups.baseline is None:
        notes.insert(1, AS_COVARIATES)
    return summary("balance", cells, {v.name: v.label for v in variables}, notes)


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
    cells = balance(panel).cells
    found = cells.loc[cells["statistic"] == "smd", "value"].abs()
    return float(found.max()) if len(found) else None


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
    size = len(panel.periods)
    values = values_of(panel, variable)
    found = moments(panel, values, groups.cells(panel), 2 * size)
    pair = np.array([code, code + size])
    mean, sd = found.mean[pair], found.sd[pair]
    base = (found.base if variable.binary else found.least)[pair]
    period = period_text(panel.periods[code])
    cells = []
    for at, group in enumerate(("treated", "comparison")):
        where = (variable.name, variable.category, group, period)
        if known(mean[at]):
            cells.append(Cell(*where, variable.centre, float(mean[at]), int(base[at])))
        if not variable.binary and known(sd[at]):
            cells.append(Cell(*where, "sd", float(sd[at]), int(base[at])))
    smd = _standardised(mean, sd)
    if known(smd):
        where = (variable.name, variable.category, "all", period)
        cells.append(Cell(*where, "smd", smd, int(base.min())))
    return cells


def _standardised(mean: np.ndarray, sd: np.ndarray) -> float:
    difference, pooled = float(mean[0] - mean[1]), float(np.sqrt((sd**2).mean()))
    if pooled == 0:
        return 0.0 if difference == 0 else math.copysign(math.inf, difference)
    return difference / pooled
