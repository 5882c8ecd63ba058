"""Synthetic control."""

from __future__ import annotations

from impact.data.panel import Panel
from impact.did.synthetic import Asked, ErrorKind, synthetic
from impact.did.synthetic_weights import CONTROL
from impact.results import EffectResult

__all__ = ["synthetic_control"]


def synthetic_control(
    panel: Panel,
    *,
    outcome: str | None = None,
    errors: ErrorKind = "placebo",
    level: float | None = None,
    replications: int | None = None,
    seed: int | None = None,
) -> EffectResult:
    """Compare one or few treated places with a weighted mean of others at the same level.

    Comparison places are weighted so that their mean outcomes before the start are those of
    the treated; the effect is the difference after it. Weights are not negative and sum to
    one, so a treated place beyond all others cannot be met: read ``pre_fit_rmse`` in
    ``details``, or take `synthetic_did`, which allows another level.

    Parameters
    ----------
    panel : Panel
        Balanced, one or several starts, two or more places that are never treated, two or
        more periods before a start. Units of one place are taken together.
    outcome, errors, level, replications, seed
        As in `synthetic_did`.

    Returns
    -------
    EffectResult
        One term, ``ATT``: the average effect on the treated places since their start;
        ``details`` as in `synthetic_did`, without weights of periods.

    Raises
    ------
    DesignError
        As in `synthetic_did`.

    Notes
    -----
    Identified if, without the pilot, the treated would have stayed where the weighted
    comparison is. Abadie, Diamond & Hainmueller (2010), Journal of the American Statistical
    Association 105(490), on outcomes alone; ridge and stopping rule as in Arkhangelsky et
    al. (2021), whose Table 1 it repeats.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.synthetic_control(panel)  # doctest: +SKIP
    """
    return synthetic(panel, CONTROL, Asked(outcome, errors, level, replications, seed))
