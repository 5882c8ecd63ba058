"""The difference of four means."""

from __future__ import annotations

import numpy as np

from impact.data.panel import Panel
from impact.did.changes import unit_changes
from impact.did.left_out import left_out, periods_ahead
from impact.did.observed import Observed, cluster_codes, observe, smallest_cell
from impact.did.permuted import cells_of
from impact.did.reading import one_term
from impact.did.regression import Regression
from impact.did.result import AFTER, Size, dropped_columns, effect, level_of
from impact.did.starts import start_of
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.linear import fit
from impact.inference.unequal import Compared
from impact.results import EffectResult, Sentence

__all__ = ["did", "regression"]

IN_PART = Sentence(
    "The four means are over all rows with the outcome; %(n)s unit is not seen in every period.",
    many="The four means are over all rows with the outcome; %(n)s units are not seen in every "
    "period.",
)


def did(
    panel: Panel,
    *,
    outcome: str | None = None,
    inference: str = "auto",
    level: float | None = None,
    cluster: str = "assignment",
    balanced: bool = False,
) -> EffectResult:
    """Estimate an effect as the difference of four means.

    The change of the treated group's mean less the change of the comparison group's, from
    before the start to after it, over all rows that hold the outcome; units need not be
    seen in both. With covariates (or weights) the interaction of a (weighted) regression
    on group, time and covariates; in a panel also on covariates times after, so that what
    must be parallel are the courses of units that were alike.

    Parameters
    ----------
    panel : Panel
        Two groups, one start; the same units again or repeated cross-sections.
    outcome : str, optional
        Column; the first primary outcome unless said.
    inference : str
        ``auto`` (the rule of `impact.did.choose`), ``classical hc1 hc2 hc3 cr1 cr2``,
        ``wild_bootstrap`` or ``permutation`` over clusters, or ``none``.
    level : float, optional
        Of the interval; the params file's, or 0.95.
    cluster : str
        ``assignment``, ``unit``, ``place`` or a column.
    balanced : bool
        Only units seen both before and after: each unit's change is regressed on its
        group, with covariates as they were before.

    Returns
    -------
    EffectResult
        One term, ``ATT``: the average effect on the treated after the start.

    Raises
    ------
    DesignError
        Treatment starts at several times, nobody is compared, or a mean has no row.

    Notes
    -----
    Identified if, without the pilot, both groups' means would have changed alike
    (parallel trends), and nothing changed in anticipation but in the periods that
    ``design.anticipation`` leaves out. Errors: see `impact.inference.covariance`. Card &
    Krueger (1994); Angrist & Pischke (2009), chapter 5.

    Examples
    --------
    >>> from impact import Panel, did  # doctest: +SKIP
    >>> did.did(panel, outcome="fte", inference="cr1")  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    share = level_of(panel, level)
    start = start_of(panel, "did")
    chosen = settled(panel, said, inference, cluster, share)
    why = chosen.reasons if chosen.declines else ()
    if balanced:
        return _balanced(panel, said, chosen, share)
    model = regression(panel, said, chosen.over)
    seen = model.seen
    found = model.read(chosen, share)
    base = smallest_cell(seen.unit, seen.treated, seen.time >= start)
    size = Size(len(seen), seen.n_units, seen.n_treated, base)
    details = {"start": start, "covariates": list(seen.names), "clusters": chosen.over}
    notes = (*why, *model.notes)
    return effect(seen, found, size, method="did", level=share, notes=notes, details=details)


def regression(panel: Panel, outcome: str, over: str) -> Regression:
    """Regress the outcome on group, time, their product and covariates.

    Parameters
    ----------
    panel : Panel
    outcome : str
        Column.
    over : str
        Level of the clusters.
    """
    start = start_of(panel, "did")
    seen, gap = _before_and_after(panel, outcome, start)
    after = seen.time >= start
    _need_four_means(seen, after)
    design = np.column_stack([np.ones(len(seen)), seen.treated, after, seen.treated & after])
    columns, held = _held_equal(seen, after)
    names = ("constant", "treated", "after", "ATT", *held)
    fitted = fit(seen.y, np.column_stack([design, columns]), weights=seen.weight, names=names)
    clusters = seen.taken(cluster_codes(panel, over))

    def compared() -> tuple[Compared, np.ndarray]:
        return cells_of(
            seen.y,
            seen.treated,
            clusters,
            weight=seen.weight,
            cell=after.astype(np.int64),
            contrast=(-1.0, 1.0),
            covariates=columns,
        )

    notes = (*gap, *_weighed(seen), *dropped_columns(fitted))
    effect_of = one_term(fitted, "ATT")
    return Regression(seen, fitted, effect_of, clusters, seen.period, compared, notes)


def _held_equal(seen: Observed, after: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the covariates, and where units are seen again what they do to the change."""
    if not (seen.panel.is_panel and seen.names):
        return seen.X, seen.names
    # A covariate that stays as it is moves no unit's change, but for what comes after with it.
    later = tuple(f"{name}{AFTER}" for name in seen.names)
    return np.column_stack([seen.X, seen.X * after[:, None]]), (*seen.names, *later)


def _before_and_after(
    panel: Panel, outcome: str, start: float
) -> tuple[Observed, tuple[Sentence, ...]]:
    """Select rows, without those in which the pilot may already have been anticipated."""
    ahead = panel.design.anticipation
    first = int(np.searchsorted(panel.times, start))
    between = (panel.period >= first - ahead) & (panel.period < first)
    seen = observe(panel, outcome, keep=~between)
    if not between.any():
        return seen, ()
    return seen, (periods_ahead(ahead),)


def _need_four_means(seen: Observed, after: np.ndarray) -> None:
    for group, name in ((seen.treated, "treated"), (~seen.treated, "comparison")):
        for when, period in ((~after, "before"), (after, "after")):
            if not (group & when).any():
                raise DesignError(
                    f"did needs four means; there is no {name} row {period} the start with "
                    f"'{seen.outcome.column}': take before_after if there is no comparison, "
                    "difference_in_means if there is no time before"
                )


def _weighed(seen: Observed) -> tuple[Sentence, ...]:
    notes = []
    if seen.panel.is_panel:
        counts = np.bincount(seen.unit)
        periods = np.count_nonzero(np.bincount(seen.period))
        part = int(((counts > 0) & (counts < periods)).sum())
        if part:
            notes.append(left_out(IN_PART, part))
    if seen.weight is not None:
        notes.append(Sentence("Means are weighted by the sampling weights."))
    return tuple(notes)


def _balanced(panel: Panel, outcome: str, chosen: Inference, level: float) -> EffectResult:
    """Regress each unit's change on its group."""
    start = start_of(panel, "did")
    seen, gap = _before_and_after(panel, outcome, start)
    after = seen.time >= start
    _need_four_means(seen, after)
    change = unit_changes(seen, after, "did")
    columns = np.column_stack([np.ones(len(change.y)), change.treated, change.X])
    fitted = fit(change.y, columns, weights=change.weight, names=("constant", "ATT", *seen.names))
    clusters = cluster_codes(panel, chosen.over)[change.rows]

    def compared() -> tuple[Compared, np.ndarray]:
        return cells_of(
            change.y, change.treated, clusters, weight=change.weight, covariates=change.X
        )

    model = Regression(seen, fitted, one_term(fitted, "ATT"), clusters, None, compared)
    found = model.read(chosen, level)
    arms = np.bincount(change.treated.astype(int), minlength=2)
    size = Size(len(change.y), len(change.y), int(arms[1]), int(arms.min()))
    details = {"balanced": True, "covariates": list(seen.names), "clusters": chosen.over}
    why = chosen.reasons if chosen.declines else ()
    notes = (*why, *gap, *change.notes, *dropped_columns(fitted))
    return effect(seen, found, size, method="did", level=level, notes=notes, details=details)
