"""Staggered adoption by imputation: what the untreated rows say the treated would have been."""

from __future__ import annotations

from collections.abc import Sequence

from impact.data.panel import Panel
from impact.did.imputed import Imputed
from impact.did.imputed_effect import How, Method, What, imputed_effect
from impact.results import EffectResult

__all__ = ["imputation"]


def imputation(
    panel: Panel,
    *,
    outcome: str | None = None,
    covariates: Sequence[str] | None = None,
    anticipation: int | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Impute what treated units would have been, and average the differences.

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
        ``auto`` (the rule of `impact.did.choose`); ``analytic``: conservative errors,
        summed within clusters; ``cr2``: within cohorts, for few clusters
        (`impact.did.within_cohorts`); ``none``: nothing is tested.
    level : float, optional
        Of the intervals; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place`` or a column.

    Returns
    -------
    EffectResult
        ``ATT``, the mean over all treated rows; one term an event time (before the
        start: the leads of the pre-test, against the last untreated period);
        ``ATT(g,t)``. ``details["pre_test"]`` tests all leads together (``p_value``), and those
        nearest to the start so that its size holds with few clusters
        (``p_value_small_sample``; `impact.did.pre_periods`).

    Raises
    ------
    DesignError
        Repeated cross-sections, or no treated row can be imputed.

    Notes
    -----
    Estimand: the average effect on all treated rows. Identified by parallel trends of
    all untreated rows and no anticipation: outcome without the pilot = unit effect +
    period effect + covariates. Borusyak, Jaravel and Spiess (2024). Errors: their
    conservative variance, effects within a cohort and period taken around their mean;
    no small-sample factor, t with clusters - 1; with ``cr2`` effects are taken around the
    term and read within cohorts. The pre-test is theirs: a regression on
    untreated rows only, with the CR1 of `twfe`.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.imputation(panel).plot()  # doctest: +SKIP
    """
    return imputed_effect(
        panel,
        Method("imputation", Imputed.around_cells, leads=True),
        What(outcome, covariates, anticipation),
        How(inference, level, cluster),
    )
