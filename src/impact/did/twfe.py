"""Two-way fixed effects."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.absorbing import absorbed_sets
from impact.did.grid import grid_of
from impact.did.observed import Observed, cluster_codes, observe, starts_in
from impact.did.permuted import by_permutation, draws_of, people_of, treated_clusters
from impact.did.result import Estimates, by_term, dropped_columns, effect, size_of
from impact.did.result import level_of as level_said
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.linear import LinearFit, fit
from impact.inference.permutation import permute_statistic
from impact.results import EffectResult, Sentence

__all__ = ["twfe"]

AT_ONCE = 8_000_000


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
        ``permutation`` over clusters (one start only), or ``none``.
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
    seen = observe(panel, said)
    sets, notes = absorbed_sets(seen)
    clusters = seen.taken(cluster_codes(panel, chosen.over))
    grid = grid_of(seen, clusters) if chosen.kind == "cr1" else None
    if grid is None:
        fitted = _fitted(seen, sets)
        found = _read(seen, fitted, chosen, clusters, share)
    else:
        by_cohort = grid.fit(grid.since[..., None] >= 0, ["ATT"])
        fitted = by_cohort.means
        _need_contrast(fitted)
        found = grid.read(by_cohort, {"ATT": np.ones(1)}, share)
    why = chosen.reasons if chosen.declines else ()
    return effect(
        seen,
        found,
        size_of(seen) if grid is None else grid.size,
        method="twfe",
        level=share,
        notes=(*why, *_mixed(seen), *notes, *dropped_columns(fitted)),
        details={"covariates": list(seen.names), "clusters": chosen.over},
    )


def _fitted(seen: Observed, sets: tuple[np.ndarray, np.ndarray]) -> LinearFit:
    under = seen.taken(seen.panel.under_treatment)
    return fit(
        seen.y,
        np.column_stack([under, seen.X]).astype(float),
        weights=seen.weight,
        absorb=sets,
        names=("ATT", *seen.names),
    )


def _read(
    seen: Observed, fitted: LinearFit, chosen: Inference, clusters: np.ndarray, level: float
) -> Estimates:
    _need_contrast(fitted)
    if chosen.kind == "permutation":
        return _permuted(seen, fitted, clusters, level)
    return by_term(fitted, "ATT", chosen, clusters, level, seen.period)


def _need_contrast(fitted: LinearFit) -> None:
    if "ATT" in fitted.dropped:
        raise DesignError(
            "twfe finds nobody to compare: unit and period effects already say who is under "
            "treatment when (all start together, or nobody is seen on both sides of the "
            "start): take before_after, or did where there is a comparison group"
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


def _permuted(seen: Observed, fitted: LinearFit, clusters: np.ndarray, level: float) -> Estimates:
    """Estimate again for every other choice of treated clusters."""
    starts = seen.starts[np.isfinite(seen.starts)]
    if len(starts) > 1:
        raise DesignError("a permutation of twfe needs one start for all; take callaway_santanna")
    numbers = np.unique(clusters, return_inverse=True)[1]
    treated = treated_clusters(seen.treated, numbers)
    after = seen.time >= starts[0]
    effects = fitted.effects
    y = fitted.residuals + fitted.design[:, 0] * fitted.beta[0]
    covariates = fitted.design[:, 1:]
    if covariates.shape[1]:
        y = fit(y, covariates, weights=seen.weight, absorb=()).residuals
    aim = seen.weights * y
    observed = seen.weights * fitted.design[:, 0]

    def statistic(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        values = np.empty((2, len(drawn)))
        step = max(1, AT_ONCE // len(seen))
        for at in range(0, len(drawn), step):
            under = (drawn[at : at + step, numbers] & after).T.astype(float)
            left = effects.residuals(under)
            if covariates.shape[1]:
                root = np.sqrt(seen.weights)[:, None]
                basis = np.linalg.qr(covariates * root)[0]
                left -= basis @ (basis.T @ (left * root)) / root
            length = np.einsum("ij,ij->j", left, left * seen.weights[:, None])
            with np.errstate(divide="ignore", invalid="ignore"):
                values[:, at : at + step] = np.vstack([aim @ left, observed @ left]) / length
        return values[0], values[1]

    draws = draws_of(seen.panel)
    test = permute_statistic(
        statistic, treated, level=level, replications=draws.replications, seed=draws.seed
    )
    return by_permutation("ATT", test, len(treated), people=people_of(seen.panel, treated))
