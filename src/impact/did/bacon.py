"""What a two-way fixed effects estimate is made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from impact.data.panel import Panel
from impact.did.labels import time_label
from impact.did.left_out import UNFINISHED, left_out
from impact.did.magnitude import refuse_extremes
from impact.errors import DesignError
from impact.locale import N_
from impact.results import GLOSSARY, EffectResult, Sentence

__all__ = ["bacon"]

KINDS = {
    "never": N_(
        "Comparisons with units that are never reached carry %(share).0f %% of the weight."
    ),
    "later": N_(
        "Comparisons with units that are reached later carry %(share).0f %% of the weight."
    ),
    "earlier": N_(
        "Comparisons with units that were reached already carry %(share).0f %% of the weight; "
        "where effects grow or differ they pull the estimate away from the effect."
    ),
}


@dataclass(frozen=True, eq=False)
class Groups:
    """Mean outcomes of the groups that start together, C of them.

    Parameters
    ----------
    start : numpy.ndarray, shape (C,)
        First treated time, rising; inf is never.
    times : numpy.ndarray, shape (T,)
    mean : numpy.ndarray, shape (C, T)
    share : numpy.ndarray, shape (C,)
        Of the units' weight.
    units : numpy.ndarray of int, shape (C,)
    """

    start: np.ndarray
    times: np.ndarray
    mean: np.ndarray
    share: np.ndarray
    units: np.ndarray


@dataclass(frozen=True, slots=True)
class Pair:
    """One group against another: the kind of comparison, its estimate and its weight."""

    treated: int
    comparison: int
    kind: str
    estimate: float
    weight: float


def bacon(panel: Panel, *, outcome: str | None = None) -> EffectResult:
    """Decompose the two-way fixed effects estimate into all its two-by-two comparisons.

    Parameters
    ----------
    panel : Panel
        The same units again. Units that are not seen in every period are left out, by
        count; covariates do not enter.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    EffectResult
        ``ATT``, the estimate of `twfe`; then one term a comparison: ``4 against never``,
        ``4 against 7`` (reached later), ``7 against 4`` (reached already). No errors:
        it is arithmetic. ``details`` holds each one's ``kind`` (``never``, ``later``,
        ``earlier``) and ``weight``; the weights sum to one.

    Raises
    ------
    DesignError
        Repeated cross-sections, weights that change within a unit, or one group only.

    Notes
    -----
    Goodman-Bacon (2021), theorem 1. Units that are treated from the first period on are
    a comparison that was reached already.

    Examples
    --------
    >>> from impact import did  # doctest: +SKIP
    >>> did.bacon(panel).details["weight"]  # doctest: +SKIP
    """
    said = panel.outcome(outcome).column
    groups, notes = _groups(panel, said)
    pairs = list(_pairs(groups))
    total = sum(pair.weight for pair in pairs)
    if not total > 0:
        raise DesignError(
            "bacon needs two groups that differ in when they are treated; 'before_after' "
            "describes the change without a comparison"
        )
    weight = np.array([pair.weight for pair in pairs]) / total
    estimate = np.array([pair.estimate for pair in pairs])
    shares = {
        kind: float(sum(w for w, pair in zip(weight, pairs, strict=True) if pair.kind == kind))
        for kind in KINDS
    }
    told = [Sentence(KINDS[kind], {"share": 100 * s}) for kind, s in shares.items() if s > 0]
    return EffectResult(
        _rows(panel, said, groups, pairs, float(weight @ estimate)),
        base=int(groups.units.min()),
        notes=(*told, *notes),
        details={
            "kind": [pair.kind for pair in pairs],
            "weight": weight.tolist(),
            "shares": shares,
        },
    )


def _groups(panel: Panel, outcome: str) -> tuple[Groups, tuple[Sentence, ...]]:
    """Average the outcome of every group that starts together."""
    if not panel.is_panel:
        raise DesignError(
            "bacon needs the same units again; for repeated cross-sections take callaway_santanna"
        )
    refuse_extremes(panel, outcome)
    grid = panel.grid(outcome)
    shape = (len(panel.units),)
    start, weight = np.full(shape, np.inf), np.zeros(shape)
    start[panel.unit], weight[panel.unit] = panel.start, panel.weight
    if panel.weighted and (weight[panel.unit] != panel.weight).any():
        raise DesignError(
            "bacon needs one weight a unit; the weights change within units: take callaway_santanna"
        )
    start = np.where(start > panel.times[-1], np.inf, start)
    start = np.maximum(start, panel.times[0])
    whole = np.isfinite(grid).all(axis=1) & (weight > 0)
    if not whole.any():
        raise DesignError(
            "bacon needs units that are seen in every period; there are none: take "
            "callaway_santanna"
        )
    starts, of_unit = np.unique(start[whole], return_inverse=True)
    mass = np.bincount(of_unit, weight[whole])
    sums = np.zeros((len(starts), grid.shape[1]))
    np.add.at(sums, of_unit, grid[whole] * weight[whole, None])
    notes: tuple[Sentence, ...] = ()
    if not whole.all():
        notes = (left_out(UNFINISHED, int((~whole).sum())),)
    found = Groups(
        starts, panel.times, sums / mass[:, None], mass / mass.sum(), np.bincount(of_unit)
    )
    return found, notes


def _pairs(groups: Groups) -> Iterator[Pair]:
    """Compare every two groups, before and after each one's start."""
    treated = (groups.times >= groups.start[:, None]).mean(axis=1)
    for early in range(len(groups.start)):
        for late in range(early + 1, len(groups.start)):
            size = groups.share[early] * groups.share[late]
            lead = treated[early] - treated[late]
            before = groups.times < groups.start[early]
            after = groups.times >= groups.start[late]
            between = ~before & ~after
            kind = "never" if np.isinf(groups.start[late]) else "later"
            for pair, when, weight in (
                ((early, late, kind), (between, before), lead * (1 - treated[early])),
                ((late, early, "earlier"), (after, between), lead * treated[late]),
            ):
                if weight > 0:
                    change = [
                        groups.mean[at, when[0]].mean() - groups.mean[at, when[1]].mean()
                        for at in pair[:2]
                    ]
                    yield Pair(*pair, float(change[0] - change[1]), float(size * weight))


def _rows(
    panel: Panel, outcome: str, groups: Groups, pairs: list[Pair], overall: float
) -> pd.DataFrame:
    """Write the estimate and its comparisons as rows of the glossary."""
    names = [
        "never" if np.isinf(start) else time_label(panel, float(start)) for start in groups.start
    ]
    terms = [f"{names[pair.treated]} against {names[pair.comparison]}" for pair in pairs]
    finite = np.isfinite(groups.start)
    rows = pd.DataFrame(
        {
            "term": ["ATT", *terms],
            "estimand": ["ATT", *("comparison" for _ in pairs)],
            "estimate": [overall, *(pair.estimate for pair in pairs)],
            "n_treated": [
                int(groups.units[finite].sum()),
                *(int(groups.units[pair.treated]) for pair in pairs),
            ],
        }
    )
    units = int(groups.units.sum())
    rows = rows.assign(
        pilot=panel.pilot,
        outcome=outcome,
        method="bacon",
        level=np.nan,
        n_obs=units * len(groups.times),
        n_units=units,
        n_clusters=units,
        inference="none",
    )
    for name in ("std_error", "statistic", "p_value", "conf_low", "conf_high"):
        rows[name] = np.nan
    return rows.loc[:, list(GLOSSARY)]
