"""Staggered adoption in two stages: take out untreated effects, regress what is left."""

from __future__ import annotations

from collections.abc import Sequence

from impact.data.panel import Panel
from impact.did.imputed import Imputed
from impact.did.imputed_effect import How, Method, What, imputed_effect
from impact.results import EffectResult

__all__ = ["two_stage"]


def two_stage(
    panel: Panel,
    *,
    outcome: str | None = None,
    covariates: Sequence[str] | None = None,
    anticipation: int | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Fit unit and period effects on untreated rows, then average what is left of treated ones.

    Parameters
    ----------
    panel : Panel
        Staggered or with one start; balanced or not, weighted or not; the same units
        again. For repeated cross-sections take `callaway_santanna`.
    outcome : str, optional
        Column; the first primary outcome unless said.
    covariates : sequence of str, optional
        The panel's unless said; one that never changes within a unit says nothing.
    anticipation : int, optional
        As the design says unless said; rows within it count as treated.
    inference : str
        ``auto`` (the rule of `impact.did.choose`); ``analytic``: errors of both stages,
        summed within clusters; ``cr2``: the same within cohorts, for few clusters
        (`impact.did.within_cohorts`); ``none``: nothing is tested.
    level : float, optional
        Of the intervals; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place`` or a column.

    Returns
    -------
    EffectResult
        ``ATT``, the mean over all treated rows; one term an event time from the start
        on; ``ATT(g,t)``. The estimates are those of `imputation`, the errors its own.

    Raises
    ------
    DesignError
        Repeated cross-sections, or no treated row is linked to untreated ones.

    Notes
    -----
    Estimand and identification as in `imputation`. Gardner (2022): the first stage fits
    untreated rows, the second regresses what is left of treated ones on being treated
    (or on the event time). Errors are of both stages as one system of moments (his
    section 4), as R's ``did2s``; no small-sample factor, t with clusters - 1.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.two_stage(panel)  # doctest: +SKIP
    """
    return imputed_effect(
        panel,
        Method("two_stage", Imputed.around_terms, leads=False),
        What(outcome, covariates, anticipation),
        How(inference, level, cluster),
    )
