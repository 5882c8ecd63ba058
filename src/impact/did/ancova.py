"""The difference at the end of a randomised pilot, for like at the start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from impact.data.panel import Panel
from impact.did.endline import baseline_values, endline
from impact.did.left_out import left_out
from impact.did.lottery import compared, regressed
from impact.did.observed import Observed
from impact.did.regression import Regression
from impact.did.result import level_of
from impact.did.uncertainty import settled
from impact.errors import DesignError
from impact.results import EffectResult, Sentence

__all__ = ["ancova", "regression"]

BASELINE = "baseline"
UNKNOWN = Sentence(
    "%(n)s unit is left out, since its outcome before is not known.",
    many="%(n)s units are left out, since their outcome before is not known.",
)


def ancova(
    panel: Panel,
    *,
    outcome: str | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Compare the groups in the last period, given the outcome before and the covariates.

    Parameters
    ----------
    panel : Panel
        Assigned by lottery. The outcome in the last period is regressed on the group, the
        outcome in the last period before the start, and the covariates.
    outcome : str, optional
        Column; the first primary outcome unless said.
    inference : str
        ``auto`` (the rule of `impact.did.choose`), ``classical hc1 hc2 hc3 cr1 cr2``,
        ``wild_bootstrap`` or ``permutation`` over clusters, or ``none``.
    level : float, optional
        Of the interval; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place``, ``other`` or a column.

    Returns
    -------
    EffectResult
        One term, ``ITT``: the average effect of being assigned to the pilot.

    Raises
    ------
    DesignError
        Assignment was not by lottery, or nothing is known of the time before.

    Notes
    -----
    Identified by the lottery, if being lost by the end has nothing to do with the group.
    More precise than the difference of means or of changes (McKenzie 2012).

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.ancova(panel)  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    share = level_of(panel, level)
    chosen = settled(panel, said, inference, cluster, share)
    return compared(_ends(panel, said), chosen, share, method="ancova")


def regression(panel: Panel, outcome: str, over: str) -> Regression:
    """Return the regression on group, baseline and covariates, with clusters of a level."""
    return regressed(_ends(panel, outcome), over)


def _ends(panel: Panel, outcome: str) -> Observed:
    seen = endline(panel, outcome, covariates=True, method="ancova")
    before = baseline_values(panel, outcome, seen.unit) if panel.is_panel else None
    if before is None and not seen.names:
        raise DesignError(
            "ancova needs the outcome before the pilot, or covariates; there is neither: take "
            "difference_in_means"
        )
    return _with_baseline(seen, before)


def _with_baseline(seen: Observed, before: np.ndarray | None) -> Observed:
    """Put the outcome before in front of the covariates; leave out units without it."""
    if before is None:
        return seen
    known = np.isfinite(before)
    if len(np.unique(seen.treated[known])) < 2:
        raise DesignError(
            "ancova needs the outcome before the pilot in both groups; take difference_in_means"
        )
    notes = seen.notes
    if not known.all():
        notes = (*notes, left_out(UNKNOWN, int((~known).sum())))
    return replace(
        seen,
        rows=seen.rows[known],
        y=seen.y[known],
        X=np.column_stack([before, seen.X])[known],
        names=(BASELINE, *seen.names),
        weight=None if seen.weight is None else seen.weight[known],
        notes=notes,
    )
