"""The difference of two differences of differences."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.observed import Observed, cluster_codes, smallest_cell, start_of
from impact.did.permuted import by_permutation, draws_of, people_of, treated_clusters
from impact.did.reach import need_eight_means, reach_column, rows_in_reach
from impact.did.result import Estimates, Size, by_term, dropped_columns, effect, level_of, net_of
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.linear import fit
from impact.inference.permutation import permute_means
from impact.results import EffectResult, Sentence

__all__ = ["triple_difference"]

Chosen = tuple[Inference, np.ndarray, float]


def triple_difference(
    panel: Panel,
    *,
    by: str | None = None,
    outcome: str | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
    absorb: bool = False,
) -> EffectResult:
    """Take the difference of differences of those out of reach from that of those in reach.

    The pilot group's change less the comparison group's, among those for whom ``by`` is 1
    (the pilot could reach them), less the same among those for whom it is 0: the triple
    interaction of a saturated regression on group, time and ``by``, with covariates and
    weights where the panel has them.

    Parameters
    ----------
    panel : Panel
        Two groups, one start; the same units again or repeated cross-sections.
    by : str, optional
        A 0/1 column among covariates or subgroups: 1 for those whom the pilot could reach.
        The first subgroup unless said.
    outcome : str, optional
        Column; the first primary outcome unless said.
    inference : str
        ``auto`` (the rule of `impact.did.choose`), ``classical hc1 hc2 hc3 cr1 cr2``,
        ``permutation`` over clusters, or ``none``.
    level : float, optional
        Of the interval; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place``, ``other`` or a column.
    absorb : bool
        Take out effects of every unit (in each value of ``by``), and of every period in
        each group and in each value of ``by``, instead of the saturated columns: the same
        estimate in a balanced panel without covariates; where units come and go, only
        their own changes count.

    Returns
    -------
    EffectResult
        One term, ``ATT``: the average effect on those of the treated group for whom ``by``
        is 1, if those for whom it is 0 are not affected.

    Raises
    ------
    DesignError
        Treatment starts at several times, ``by`` is no 0/1 column, one of the eight means
        has no row, or effects of units are asked of repeated cross-sections.

    Notes
    -----
    Identified if, without the pilot, the gap between those in and out of reach would have
    changed alike in both groups; the groups need not run parallel themselves. Gruber (1994),
    American Economic Review 84(3); Olden & Møen (2022), The Econometrics Journal 25(3).

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.triple_difference(panel, by="female", inference="cr1")  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    share = level_of(panel, level)
    start = start_of(panel, "triple_difference")
    column = reach_column(panel, by)
    chosen = settled(panel, said, inference, cluster, share)
    seen, reach, notes = rows_in_reach(panel, said, column, start)
    after = seen.time >= start
    need_eight_means(seen, after, reach, column)
    clusters = cluster_codes(panel, chosen.over)[seen.rows]
    if absorb:
        found, dropped = _absorbed(seen, after, reach, (chosen, clusters, share))
    else:
        found, dropped = _saturated(seen, after, reach, (chosen, clusters, share))
    base = smallest_cell(seen.unit, seen.treated, after, reach)
    size = Size(len(seen), seen.n_units, seen.n_treated, base)
    why = chosen.reasons if chosen.declines else ()
    details = {
        "start": start,
        "by": column,
        "absorbed": absorb,
        "covariates": list(seen.names),
        "clusters": chosen.over,
    }
    return effect(
        seen,
        found,
        size,
        method="triple_difference",
        level=share,
        notes=(*why, *notes, *dropped),
        details=details,
    )


def _saturated(
    seen: Observed, after: np.ndarray, reach: np.ndarray, how: Chosen
) -> tuple[Estimates, tuple[Sentence, ...]]:
    """Regress on group, time, reach, and all their products."""
    chosen, clusters, level = how
    treated = seen.treated
    columns = (
        np.ones(len(seen), dtype=bool),
        treated,
        after,
        reach,
        treated & after,
        treated & reach,
        after & reach,
        treated & after & reach,
    )
    names = (
        "constant",
        "treated",
        "after",
        "reach",
        "treated after",
        "treated reach",
        "after reach",
        "ATT",
        *seen.names,
    )
    design = np.column_stack([*(column.astype(float) for column in columns), seen.X])
    fitted = fit(seen.y, design, weights=seen.weight, names=names)
    if chosen.kind == "permutation":
        y = net_of(seen.y, fitted, seen.names)
        found = _permuted(seen, y, after * 2 + reach, clusters, level)
    else:
        found = by_term(fitted, "ATT", chosen, clusters, level)
    return found, dropped_columns(fitted)


def _absorbed(
    seen: Observed, after: np.ndarray, reach: np.ndarray, how: Chosen
) -> tuple[Estimates, tuple[Sentence, ...]]:
    """Take out effects of units, and of periods by group and by reach."""
    chosen, clusters, level = how
    if not seen.panel.is_panel:
        raise DesignError(
            "these are repeated cross-sections, in which nobody has an effect of their own: take "
            "triple_difference with absorb=False"
        )
    if chosen.kind == "permutation":
        raise DesignError(
            "a permutation is of the eight means themselves: take absorb=False, or name other "
            "errors, as inference='cr1'"
        )
    sets = (seen.unit * 2 + reach, seen.period * 2 + seen.treated, seen.period * 2 + reach)
    column = (seen.treated & after & reach).astype(float)
    fitted = fit(
        seen.y,
        np.column_stack([column, seen.X]),
        weights=seen.weight,
        absorb=sets,
        names=("ATT", *seen.names),
    )
    if "ATT" in fitted.dropped:
        raise DesignError(
            "nobody is seen both before and after the start in each of the groups, so effects of "
            "units leave nothing to compare: take triple_difference with absorb=False"
        )
    return by_term(fitted, "ATT", chosen, clusters, level), dropped_columns(fitted)


def _permuted(
    seen: Observed, y: np.ndarray, cell: np.ndarray, clusters: np.ndarray, level: float
) -> Estimates:
    """Give the treatment to other clusters; their eight means say what they show."""
    numbers = np.unique(clusters, return_inverse=True)[1]
    chosen = treated_clusters(seen.treated, numbers)
    shape = (len(chosen), 4)
    place = numbers * 4 + cell
    counts, sums = (
        np.bincount(place, part, shape[0] * 4).reshape(shape)
        for part in (seen.weights, seen.weights * y)
    )
    under = np.zeros(shape)
    under[chosen, 3] = counts[chosen, 3]
    draws = draws_of(seen.panel)
    test = permute_means(
        sums,
        counts,
        np.array([1.0, -1.0, -1.0, 1.0]),
        chosen,
        effect_counts=under,
        level=level,
        replications=draws.replications,
        seed=draws.seed,
    )
    return by_permutation("ATT", test, len(chosen), people=people_of(seen.panel, chosen))
