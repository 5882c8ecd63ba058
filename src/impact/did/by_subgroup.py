"""The headline within each planned subgroup, and whether it differs between two of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.data.subgroups import Subgroup, subgroups_of
from impact.did.choose import choose
from impact.did.labels import time_label
from impact.did.look_terms import ALL, GAP, LEVEL
from impact.did.observed import cluster_codes
from impact.did.robustness import (
    compares,
    degrees,
    guarded_minimum,
    headline_of,
    not_done,
    untested_rows,
    widest_critical,
)
from impact.did.ruled import as_ruled
from impact.did.subpanel import subpanel
from impact.did.triple_difference import triple_difference
from impact.errors import DesignError
from impact.inference.wald import read
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence, Statement

__all__ = ["by_subgroup"]

SECTION = "by_subgroup"
PLANNED = Sentence(
    "These subgroups were named in the plan. Their estimates are not corrected for being several: "
    "with four or five of them one may stand out by chance. Two estimates differ only if their "
    "difference does."
)
NOT_FIXED = Sentence(
    "The subgroups are named in the parameters, but the plan was not fixed before the data came "
    "in: their estimates are exploratory, a reason to ask and not a result."
)
FEW = Sentence(
    "Where a subgroup has too few units of assignment in either group for a valid test, its "
    "estimate stands without an interval."
)
LEFT_OUT = N_(
    "%(subgroup)s: the effect is not estimated within its subgroups, because one of them is too "
    "small or has nobody in one of the groups."
)
NO_DIFFERENCE = N_(
    "%(subgroup)s: the difference between the subgroups is not tested, because the same units of "
    "assignment have people in both."
)


@dataclass(frozen=True)
class _Found:
    """The estimates within the subgroups by one characteristic, and the least base of them."""

    rows: list[pd.DataFrame]
    base: int
    notes: tuple[Sentence, ...] = ()


def by_subgroup(
    panel: Panel, effects: Effects, *, outcome: str | None = None
) -> EffectResult | Statement:
    """Estimate the headline within each planned subgroup, with the headline's method.

    Each subgroup is estimated as if the others had not been in the file, with the inference
    that the rule allows for its own number of units of assignment. Of two subgroups the
    difference stands beside them: where no unit of assignment has people in both, from the two
    estimates; else, for a difference in differences, as a triple difference.

    Parameters
    ----------
    panel : Panel
    effects : Effects
        What `estimate` returned.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    EffectResult or Statement
        The headline's row first (term ``all``), then ``female: no``, ``female: yes`` and
        ``female: yes less no``. Estimand: the effect on those of the subgroup, under the
        headline's own assumption within it. A statement where no subgroup is planned, or none
        is large enough.

    References
    ----------
    Wang, Lagakos, Ware, Hunter and Drazen (2007), New England Journal of Medicine 357 (21):
    test the difference, not each subgroup against zero.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.by_subgroup(panel, did.estimate(panel))  # doctest: +SKIP
    """
    headline = headline_of(panel, effects, outcome)
    planned = subgroups_of(panel)
    if not compares(headline) or not planned:
        return not_done(SECTION)
    rows, notes, base = [headline.rows.iloc[[0]].assign(term=ALL)], [], headline.base
    for subgroup in planned:
        found = _within(panel, headline, subgroup)
        if found is None:
            notes.append(Sentence(LEFT_OUT, {"subgroup": subgroup.name}))
            continue
        rows += found.rows
        notes += found.notes
        base = min(base, found.base)
    if len(rows) == 1:
        return Statement(SECTION, tuple(notes))
    told = pd.concat(rows, ignore_index=True)
    if told["conf_low"].iloc[1:].isna().any() and headline.inference != "none":
        notes.insert(0, FEW)
    return EffectResult(told, base, SECTION, (_status(panel), *notes))


def _status(panel: Panel) -> Sentence:
    """Say whether the subgroups were fixed in advance."""
    plan = panel.spec.plan if panel.spec is not None else None
    if plan is None or plan.frozen is None:
        return NOT_FIXED
    late = plan.endline is not None and plan.frozen > plan.endline
    return NOT_FIXED if late else PLANNED


def _within(panel: Panel, headline: EffectResult, subgroup: Subgroup) -> _Found | None:
    """Estimate within each subgroup; nothing where one of them cannot be, or is too small."""
    outcome = str(headline.outcome)
    estimates = []
    for code in range(len(subgroup.levels)):
        keep = subgroup.code == code
        try:
            part = subpanel(panel, keep)
            found = as_ruled(part, outcome, choose(part, outcome), str(headline.method))
        except DesignError:
            return None
        if not _same_starts(panel, headline, part, found):
            return None
        estimates.append(found)
    base = min(estimate.base for estimate in estimates)
    if base < guarded_minimum(panel):
        return None
    rows = [
        estimate.rows.iloc[[0]].assign(term=LEVEL % {"subgroup": subgroup.name, "level": level})
        for level, estimate in zip(subgroup.levels, estimates, strict=True)
    ]
    if len(rows) != 2:
        return _Found(rows, base)
    gap = _gap(panel, headline, subgroup, rows)
    if gap is None:
        return _Found(rows, base, (Sentence(NO_DIFFERENCE, {"subgroup": subgroup.name}),))
    first, second = subgroup.levels
    term = GAP % {"subgroup": subgroup.name, "second": second, "first": first}
    return _Found([*rows, gap.assign(term=term)], base)


def _same_starts(panel: Panel, headline: EffectResult, part: Panel, found: EffectResult) -> bool:
    """Whether no start of the headline is lost in a subgroup that has people of it."""
    whole, own = set(headline.rows["term"]), set(found.rows["term"])
    return all(
        f"group:{time_label(part, start)}" in own
        for start in np.unique(part.start[np.isfinite(part.start)])
        if f"group:{time_label(panel, start)}" in whole
    )


def _gap(
    panel: Panel, headline: EffectResult, subgroup: Subgroup, rows: list[pd.DataFrame]
) -> pd.DataFrame | None:
    """Return the second subgroup's effect less the first's; nothing where it has no test."""
    over = choose(panel, str(headline.outcome)).over
    clusters = cluster_codes(panel, over)
    sides = [np.unique(clusters[subgroup.code == code]) for code in (0, 1)]
    if not len(np.intersect1d(sides[0], sides[1])):
        return _apart(rows)
    zero_one = subgroup.levels == ("no", "yes") and subgroup.name in panel.values
    if headline.method != "did" or not zero_one:
        return None
    try:
        found = triple_difference(panel, by=subgroup.name, outcome=str(headline.outcome))
    except DesignError:
        return None
    # Both are to be of the same people, with the same say on whether there is a valid test.
    row = found.rows.iloc[[0]].assign(method=headline.method)
    return untested_rows(row) if headline.inference == "none" else row


def _apart(rows: list[pd.DataFrame]) -> pd.DataFrame:
    """Take the difference of estimates from different units of assignment."""
    first, second = (row.iloc[0] for row in rows)
    estimate = float(second["estimate"] - first["estimate"])
    errors = np.array([float(first["std_error"]), float(second["std_error"])])
    sizes = {
        name: first[name] + second[name] for name in ("n_obs", "n_units", "n_treated", "n_clusters")
    }
    row = rows[1].assign(estimate=estimate, **sizes)
    if not (np.isfinite(errors).all() and (errors > 0).all()):
        return untested_rows(row)
    level = float(second["level"])
    free = np.array([degrees(widest_critical(one), level) for one in rows])
    spread = float((errors**4 / free).sum())
    dof = float((errors**2).sum()) ** 2 / spread if spread else math.inf
    error = float(np.sqrt((errors**2).sum()))
    reading = read(np.array([estimate]), np.array([error]), dof, level=level)
    return row.assign(
        std_error=error,
        statistic=reading.statistic,
        p_value=reading.p_value,
        conf_low=reading.conf_low,
        conf_high=reading.conf_high,
    )
