"""Two-way fixed effects."""

from __future__ import annotations

from functools import partial

import numpy as np

from impact.data.panel import Panel
from impact.did.absorbing import absorbed_sets
from impact.did.grid import grid_of
from impact.did.observed import Observed, cluster_codes, observe
from impact.did.reading import one_term
from impact.did.regression import Regression
from impact.did.result import Estimates, Size, dropped_columns, effect, size_of
from impact.did.result import level_of as level_said
from impact.did.starts import starts_in
from impact.did.two_way_permuted import two_way_of
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.linear import LinearFit, fit
from impact.results import EffectResult, Sentence

__all__ = ["regression", "twfe"]


def twfe(
    panel: Panel,
    *,
    outcome: str | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
) -> EffectResult:
    """Regress the outcome on being under treatment, with unit and period effects.

    Parameters
    ----------
    panel : Panel
        One start or several, unbalanced too. Repeated cross-sections have effects of the
        unit of assignment, where each is wholly treated or not, else of the cohort.
    outcome : str, optional
        Column; the first primary outcome unless said.
    inference : str
        ``auto`` (the rule of `impact.did.choose`), ``classical hc1 hc2 hc3 cr1 cr2``,
        ``wild_bootstrap`` or (with one start) ``permutation`` over clusters, or ``none``.
    level : float, optional
        Of the interval; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place``, ``other`` or a column.

    Returns
    -------
    EffectResult
        One term, ``ATT``. With several starts it is a weighted mean of effects in which
        some weights may be negative: it is said, and it is never a headline.

    Raises
    ------
    DesignError
        Nobody is compared: being under treatment is what the effects already say.

    Notes
    -----
    Identified by parallel trends and, with several starts, by effects that are the same
    for all and do not change with time (Goodman-Bacon 2021). Effects are absorbed, not
    written as columns; CR1 does not count those nested in the clusters in K and is read
    with G − 1 degrees of freedom, so it equals fixest's, and differs from statsmodels'
    (which counts every dummy) and linearmodels' (which leaves out G / (G − 1)).

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.twfe(panel, inference="cr1")  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    share = level_said(panel, level)
    chosen = settled(panel, said, inference, cluster, share)
    found, size, model = _found(panel, said, chosen, share)
    seen = model.seen
    why = chosen.reasons if chosen.declines else ()
    return effect(
        seen,
        found,
        size,
        method="twfe",
        level=share,
        notes=(*why, *_mixed(seen), *model.notes),
        details={"covariates": list(seen.names), "clusters": chosen.over},
    )


def regression(panel: Panel, outcome: str, over: str) -> Regression:
    """Return the two-way regression on being under treatment, with clusters of a level."""
    seen = observe(panel, outcome)
    sets, notes = absorbed_sets(seen)
    fitted = _fitted(seen, sets)
    clusters = seen.taken(cluster_codes(panel, over))
    return _regression(seen, fitted, clusters, notes)


def _found(
    panel: Panel, outcome: str, chosen: Inference, level: float
) -> tuple[Estimates, Size, Regression]:
    seen = observe(panel, outcome)
    sets, notes = absorbed_sets(seen)
    clusters = seen.taken(cluster_codes(panel, chosen.over))
    grid = grid_of(seen, clusters) if chosen.kind == "cr1" else None
    if grid is None:
        model = _regression(seen, _fitted(seen, sets), clusters, notes)
        return model.read(chosen, level), size_of(seen), model
    by_cohort = grid.fit(grid.since[..., None] >= 0, ["ATT"])
    model = _regression(seen, by_cohort.means, clusters, notes)
    return grid.read(by_cohort, model.contrasts, level), grid.size, model


def _regression(
    seen: Observed, fitted: LinearFit, clusters: np.ndarray, notes: tuple[Sentence, ...]
) -> Regression:
    if "ATT" in fitted.dropped:
        raise DesignError(
            "twfe finds nobody to compare: unit and period effects already say who is under "
            "treatment when (all start together, or nobody is seen on both sides of the "
            "start): take before_after, or did where there is a comparison group"
        )
    said = (*notes, *dropped_columns(fitted))
    effect_of = one_term(fitted, "ATT")
    compared = partial(two_way_of, seen, fitted, clusters)
    return Regression(seen, fitted, effect_of, clusters, seen.period, compared, said)


def _fitted(seen: Observed, sets: tuple[np.ndarray, np.ndarray]) -> LinearFit:
    under = seen.taken(seen.panel.under_treatment)
    return fit(
        seen.y,
        np.column_stack([under, seen.X]).astype(float),
        weights=seen.weight,
        absorb=sets,
        names=("ATT", *seen.names),
    )


def _mixed(seen: Observed) -> tuple[Sentence, ...]:
    notes = []
    if np.isfinite(starts_in(seen.panel.start)).sum() > 1:
        notes.append(
            Sentence(
                "With several starts this estimate also compares units with others that were "
                "treated earlier, so it can be wrong where effects differ or grow; it is shown "
                "only beside the headline."
            )
        )
    if seen.panel.design.anticipation:
        notes.append(
            Sentence(
                "Periods in which the pilot may have been anticipated count as untreated here."
            )
        )
    return tuple(notes)
