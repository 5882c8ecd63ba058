"""How far the effect may lie from the estimate, if those who were lost fared best or worst."""

from __future__ import annotations

import numpy as np
from scipy import special

from impact.data.panel import Panel
from impact.did.everybody import FEW_LOST, Everybody, everybody, tested
from impact.did.look_terms import LOWER, UPPER
from impact.did.lost_rows import rows_beside
from impact.did.robustness import guarded_minimum, headline_of, not_done
from impact.errors import DesignError
from impact.inference.between_bounds import reaching
from impact.inference.influences import by_influence
from impact.inference.lee import Bounds, Lost, lee_bounds, lee_covariance
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence, Statement

__all__ = ["bounds"]

SECTION = "bounds"
QUARTERS = 4
LEAST = 0.05
MEANING = Sentence(
    "Bounds (Lee 2009): in the group that lost fewer, as large a share is set aside as it would "
    "take to make the losses even, once the best and once the worst of them. The effect on those "
    "who would have stayed in either group lies in between, if belonging to the pilot made nobody "
    "leave where it made others stay."
)
INTERVAL = Sentence(
    "The range is the same for both: it covers the effect wherever between the bounds it lies "
    "(Imbens and Manski)."
)
AS_CHANGES = Sentence(
    "The bounds are of the changes of those who were there before the start, without covariates."
)
AT_THE_END = Sentence("The bounds are of the groups' means at the end, without covariates.")
WITHIN = Sentence("They are averaged over groups that were alike at the start.")
UNTESTED = Sentence("No range is given for the bounds, since no standard error is valid here.")
BOTH_WAYS = N_(
    "No bounds are given: some kinds of people were lost more often from the pilot group and "
    "others more often from the comparison, and the bounds take the pilot to have moved everybody "
    "one way."
)
EMPTY = N_("No bounds are given: some of the groups to average over have nobody left on one side.")


def bounds(
    panel: Panel, effects: Effects, *, outcome: str | None = None, within: str | None = None
) -> EffectResult | Statement:
    """Bound the effect, where those who were lost may have fared best or worst of all.

    Of a lottery the difference of the means at the end; of one start and a comparison the
    difference of the changes of units that were seen before.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned.
    outcome : str, optional
        Column; the first primary outcome unless said.
    within : str, optional
        A covariate: the bounds are taken within each of its values, in quarters where it has
        more than four, and averaged, which can only bring them closer.

    Returns
    -------
    EffectResult or Statement
        Three rows: the headline, the lower and the upper bound; the interval of the two is
        the effect's (`impact.inference.between_bounds.reaching`). ``base`` is the fewest units
        that a part which is kept or set aside holds. A statement where nobody can be
        followed, where few were lost, or where some were lost more often from the one group
        and others more often from the other.

    Raises
    ------
    DesignError
        The panel has no such covariate.

    Notes
    -----
    Identified by the lottery (of changes: by parallel trends of those who would stay) and if
    belonging to the pilot moves staying in one direction only. Where losses are even the
    bounds fall together, and rest on that assumption all the more. Lee (2009), Review of
    Economic Studies 76 (3).

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.bounds(panel, did.estimate(panel))  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    found = everybody(panel, headline, SECTION, covariates=False)
    if isinstance(found, Statement):
        return found
    cell = _cells(panel, found, within)
    chosen, clusters, dof, level = tested(found)
    if dof > 0 and _both_ways(found, clusters):
        few = guarded_minimum(panel) and found.fewest() < guarded_minimum(panel)
        return not_done(SECTION, FEW_LOST if few else BOTH_WAYS)
    lost = Lost(found.y, found.treated, found.weight, cell)
    between = lee_bounds(lost)
    if not np.isfinite(between.low):
        return not_done(SECTION, EMPTY)
    ends, errors = (between.low, between.high), np.full(2, np.nan)
    if dof > 0:
        few_clusters = chosen.kind == "cr2"
        spread = lee_covariance(lost, between, clusters, few=few_clusters)
        errors = np.sqrt(np.diag(spread))
    low, high = reaching(ends, errors, dof=dof, level=level)
    rows = rows_beside(
        found,
        headline,
        method="lee_bounds",
        terms=(LOWER, UPPER),
        numbers=(ends, errors, (low, low), (high, high)),
        inference="imbens_manski" if np.isfinite(low) else "none",
        clusters=clusters,
    )
    notes = _notes(found, within, tests=bool(np.isfinite(low)))
    details = {"trimmed": between.trimmed, "within": within}
    return EffectResult(rows, _base(headline, found, between), SECTION, notes, details=details)


def _base(headline: EffectResult, found: Everybody, between: Bounds) -> int:
    return min(headline.base, found.fewest(), between.fewest)


def _notes(found: Everybody, within: str | None, *, tests: bool) -> tuple[Sentence, ...]:
    what = AT_THE_END if found.estimand == "ITT" else AS_CHANGES
    over = (WITHIN,) if within is not None else ()
    return (MEANING, what, *over, INTERVAL if tests else UNTESTED, *found.notes)


def _cells(panel: Panel, found: Everybody, within: str | None) -> np.ndarray:
    """Return the cell of every unit by a covariate; those without an answer are one more."""
    if within is None:
        return np.zeros(len(found), dtype=np.int64)
    if within not in panel.values:
        raise DesignError(
            "the bounds can be taken within a covariate of the panel; there is none of that name"
        )
    return _quarters(panel.values[within].to_numpy(dtype=float)[found.rows])


def _quarters(values: np.ndarray) -> np.ndarray:
    """Return numbers of the values, in quarters where they are many; -1 where not known."""
    levels = np.unique(values[np.isfinite(values)])
    if len(levels) > QUARTERS:
        levels = np.unique(np.nanquantile(values, np.arange(1, QUARTERS) / QUARTERS))
        cell = np.searchsorted(levels, values, side="left")
    else:
        cell = np.searchsorted(levels, values)
    return np.where(np.isfinite(values), cell, -1)


def _both_ways(found: Everybody, clusters: np.ndarray) -> bool:
    """Whether some kinds of people were lost more from the one group, others from the other.

    Kinds are the values, or quarters, of the outcome before and of each covariate. Two
    one-sided tests per kind, all of them held to 5 % together (Bonferroni).
    """
    names = list(found.panel.covariates)
    columns = [found.before, *found.panel.values[names].to_numpy(dtype=float)[found.rows].T]
    gaps = [
        gap
        for column in columns
        if np.isfinite(column).any()
        for gap in _gaps(found, column, clusters)
    ]
    if not gaps:
        return False
    edge = LEAST / (2 * len(gaps))
    tails = [(special.stdtr(dof, z), special.stdtr(dof, -z)) for z, dof in gaps]
    return any(low < edge for low, _ in tails) and any(high < edge for _, high in tails)


def _gaps(found: Everybody, column: np.ndarray, clusters: np.ndarray) -> list[tuple[float, float]]:
    """Return t of the difference in the share lost within each kind, with its freedom."""
    kinds, gaps = _quarters(column), []
    for kind in np.unique(kinds[kinds >= 0]):
        pull, gap, count = np.zeros(len(found)), 0.0, []
        for sign, group in ((1.0, found.treated), (-1.0, ~found.treated)):
            inside = (kinds == kind) & group
            if not inside.any():
                break
            share = found.weight * inside / found.weight[inside].sum()
            rate = float(share @ found.lost)
            gap += sign * rate
            pull += sign * share * (found.lost - rate)
            count.append(len(np.unique(clusters[inside])))
        error = float(np.sqrt(by_influence(pull[:, None], clusters)[0, 0]))
        if len(count) == 2 and error > 0 and min(count) > 1:
            gaps.append((gap / error, min(count) - 1.0))
    return gaps
