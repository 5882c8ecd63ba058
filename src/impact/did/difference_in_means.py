"""The difference of two means at the end of a randomised pilot."""

from __future__ import annotations

from impact.data.panel import Panel
from impact.did.endline import endline
from impact.did.lottery import compared, regressed
from impact.did.observed import Observed
from impact.did.regression import Regression
from impact.did.result import level_of
from impact.did.uncertainty import settled
from impact.results import EffectResult

__all__ = ["difference_in_means", "regression"]


def difference_in_means(
    panel: Panel,
    *,
    outcome: str | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Compare the groups' means in the last period.

    Parameters
    ----------
    panel : Panel
        Assigned by lottery; rows of the last period that holds the outcome are used.
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
        Assignment was not by lottery, or a group is missing.

    Notes
    -----
    Identified by the lottery, if being lost by the end has nothing to do with the group.
    HC2 is Neyman's variance (Neyman 1923; Samii & Aronow 2012).

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.difference_in_means(panel, inference="hc1")  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    share = level_of(panel, level)
    chosen = settled(panel, said, inference, cluster, share)
    return compared(_ends(panel, said), chosen, share, method="difference_in_means")


def regression(panel: Panel, outcome: str, over: str) -> Regression:
    """Return the regression of the outcome on the group, with clusters of a level."""
    return regressed(_ends(panel, outcome), over)


def _ends(panel: Panel, outcome: str) -> Observed:
    return endline(panel, outcome, covariates=False, method="difference_in_means")
