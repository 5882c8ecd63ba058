"""The difference of two differences of differences."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.observed import Observed, cluster_codes, smallest_cell
from impact.did.permuted import cells_of
from impact.did.reach import need_eight_means, reach_column, rows_in_reach
from impact.did.reading import one_term
from impact.did.regression import Regression
from impact.did.result import Size, dropped_columns, effect, level_of, net_of
from impact.did.starts import start_of
from impact.did.uncertainty import settled
from impact.errors import DesignError
from impact.inference.linear import LinearFit, fit
from impact.inference.unequal import Compared
from impact.results import EffectResult

__all__ = ["regression", "triple_difference"]


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
        ``wild_bootstrap`` or ``permutation`` over clusters, or ``none``.
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
    model = regression(panel, said, chosen.over, by=column, absorb=absorb)
    if absorb and chosen.kind == "permutation":
        raise DesignError(
            "a permutation is of the eight means themselves: take absorb=False, or name other "
            "errors, as inference='cr1'"
        )
    seen, found = model.seen, model.read(chosen, share)
    reach = panel.values[column].to_numpy(dtype=float)[seen.rows] > 0
    base = smallest_cell(seen.unit, seen.treated, seen.time >= start, reach)
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
        notes=(*why, *model.notes),
        details=details,
    )


def regression(
    panel: Panel, outcome: str, over: str, *, by: str | None = None, absorb: bool = False
) -> Regression:
    """Return the regression whose triple interaction is the effect.

    Parameters
    ----------
    panel : Panel
    outcome : str
        Column.
    over : str
        Level of the clusters.
    by, absorb
        As in `triple_difference`.
    """
    start, column = start_of(panel, "triple_difference"), reach_column(panel, by)
    seen, reach, notes = rows_in_reach(panel, outcome, column, start)
    after = seen.time >= start
    need_eight_means(seen, after, reach, column)
    fitted = _absorbed(seen, after, reach) if absorb else _saturated(seen, after, reach)
    clusters = cluster_codes(panel, over)[seen.rows]

    def compared() -> tuple[Compared, np.ndarray]:
        # Beside absorbed effects the slopes are those of the fit at hand.
        return cells_of(
            net_of(seen.y, fitted, seen.names) if absorb else seen.y,
            seen.treated,
            clusters,
            weight=seen.weight,
            cell=after * 2 + reach,
            contrast=(1.0, -1.0, -1.0, 1.0),
            covariates=None if absorb else seen.X,
        )

    # What befalls both the reached and the others of a cluster cancels.
    period = seen.period * 2 + reach
    said = (*notes, *dropped_columns(fitted))
    effect_of = one_term(fitted, "ATT")
    return Regression(seen, fitted, effect_of, clusters, period, compared, said)


def _saturated(seen: Observed, after: np.ndarray, reach: np.ndarray) -> LinearFit:
    """Regress on group, time, reach, and all their products."""
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
    return fit(seen.y, design, weights=seen.weight, names=names)


def _absorbed(seen: Observed, after: np.ndarray, reach: np.ndarray) -> LinearFit:
    """Take out effects of units, and of periods by group and by reach."""
    if not seen.panel.is_panel:
        raise DesignError(
            "these are repeated cross-sections, in which nobody has an effect of their own: take "
            "triple_difference with absorb=False"
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
    return fitted
