"""Synthetic difference in differences."""

from __future__ import annotations

from impact.data.panel import Panel
from impact.did.synthetic import Asked, ErrorKind, synthetic
from impact.did.synthetic_weights import DIFFERENCE
from impact.results import EffectResult

__all__ = ["synthetic_did"]


def synthetic_did(
    panel: Panel,
    *,
    outcome: str | None = None,
    errors: ErrorKind = "placebo",
    level: float | None = None,
    replications: int | None = None,
    seed: int | None = None,
) -> EffectResult:
    """Compare one or few treated places with weighted places over weighted periods.

    Comparison places are weighted so that, but for a constant, their mean course before the
    start is that of the treated; periods before the start so that, but for a constant, the
    comparison's weighted mean before is its mean after. The effect is the difference of
    differences of these weighted means. Places that start at another time have weights of
    their own; the starts' effects are averaged by treated places and periods.

    Parameters
    ----------
    panel : Panel
        Balanced, one or several starts, two or more places that are never treated, two or
        more periods before a start. Units of one place are taken together.
    outcome : str, optional
        Column; the first primary outcome unless said.
    errors : str
        ``placebo``: as if comparison places had been treated; a permutation gives the
        p-value and the interval. ``jackknife``: one place left out at a time, weights kept;
        read with Student's t, its degrees of freedom the treated places less the starts.
        ``none``.
    level : float, optional
        Of the interval; the params file's, or 0.95.
    replications : int, optional
        All placebo assignments are looked at where there are no more than this, else so
        many are drawn; the params file's, or 999.
    seed : int, optional
        Of the draws; the params file's, or 0.

    Returns
    -------
    EffectResult
        One term, ``ATT``: the average effect on the treated places since their start.
        ``details`` holds ``unit_weights`` and ``time_weights`` (by start in ``cohorts``),
        how close the fit is before the start, and the smallest p that can be reached.

    Raises
    ------
    DesignError
        Repeated cross-sections, covariates, gaps, nobody to compare with, too few periods,
        or errors that the number of places does not allow; the text names what does.

    Notes
    -----
    Identified if, without the pilot, the treated would have gone on as the weighted
    comparison did. The p-value and the interval hold if any place might as well have been
    the treated one. Arkhangelsky, Athey, Hirshberg, Imbens & Wager (2021), American Economic
    Review 111(12), with their regularisation and stopping rule; several starts as in their
    appendix A and Clarke et al. (2024), The Stata Journal 24(4).

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.synthetic_did(panel, errors="placebo")  # doctest: +SKIP
    """
    return synthetic(panel, DIFFERENCE, Asked(outcome, errors, level, replications, seed))
