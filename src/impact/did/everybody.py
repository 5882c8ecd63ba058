"""Everybody who was there at the start, and what is seen of them at the end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from impact.data.panel import Panel
from impact.did.endline import baseline_period
from impact.did.left_out import left_out
from impact.did.observed import Observed, cluster_codes, observe
from impact.did.result import level_of
from impact.did.robustness import compares, guarded_minimum, not_done
from impact.did.starts import start_of
from impact.did.uncertainty import Inference, settled
from impact.errors import DesignError
from impact.inference.absorb import compact
from impact.locale import N_
from impact.results import EffectResult, Sentence, Statement

__all__ = ["FEW_LOST", "Everybody", "everybody", "tested"]

FEW_LOST = N_("So few were lost on this outcome, if anybody was, that nothing is shown.")
OTHERS = N_("Different people were asked each time, so nobody can be followed and nobody is lost.")
SEVERAL = N_("The pilot started at several times; this look is made for one start.")
NO_START = N_("Nobody is seen before the start, so nobody can be followed from there.")
NO_COVARIATES = Sentence(
    "%(n)s unit without a covariate at the start is left out.",
    many="%(n)s units without a covariate at the start are left out.",
)


@dataclass(frozen=True, eq=False)
class Everybody:
    """One row a unit that was there at the start, n of them.

    Parameters
    ----------
    panel : Panel
    outcome : str
        Column.
    y : numpy.ndarray, shape (n,)
        The outcome at the end of a lottery, else the change; not a number for those lost.
    controls : numpy.ndarray, shape (n, C)
        Known at the start of all: in a lottery the outcome before, then the covariates.
    names : tuple of str
        Of the controls.
    before : numpy.ndarray, shape (n,)
        The outcome before; not a number where it was never asked before.
    treated : numpy.ndarray of bool, shape (n,)
    weight : numpy.ndarray, shape (n,)
        The mean of the unit's sampling weights.
    rows : numpy.ndarray of int, shape (n,)
        A row of the panel that belongs to the unit.
    estimand : str
        ``ITT`` of a lottery, else ``ATT``.
    notes : tuple of Sentence
        Who was left out.
    """

    panel: Panel
    outcome: str
    y: np.ndarray
    controls: np.ndarray
    names: tuple[str, ...]
    before: np.ndarray
    treated: np.ndarray
    weight: np.ndarray
    rows: np.ndarray
    estimand: str
    notes: tuple[Sentence, ...] = ()

    def __len__(self) -> int:
        return len(self.y)

    @property
    def lost(self) -> np.ndarray:
        """Whether the unit is missing at the end, shape (n,)."""
        gone: np.ndarray = np.isnan(self.y)
        return gone

    @property
    def seen(self) -> Observed:
        """Those who stayed, as the rows that a result names."""
        said = self.panel.outcome(self.outcome)
        stayed, weighted = ~self.lost, self.panel.weighted
        return Observed(
            self.panel,
            said,
            self.rows[stayed],
            self.y[stayed],
            self.controls[stayed],
            self.names,
            self.weight[stayed] if weighted else None,
        )

    def fewest(self) -> int:
        """Return the smallest number of units that one group lost, or kept."""
        groups = (self.treated, ~self.treated)
        return min(
            int((some & group).sum()) for some in (self.lost, ~self.lost) for group in groups
        )


def everybody(
    panel: Panel, headline: EffectResult, section: str, *, covariates: bool
) -> Everybody | Statement:
    """Follow everybody who was there at the start, or say why nobody can be.

    Parameters
    ----------
    panel : Panel
    headline : EffectResult
        The result that is looked at.
    section : str
        Of the statement.
    covariates : bool
        Whether the covariates are needed; units without are left out.
    """
    if not compares(headline):
        return not_done(section)
    if not panel.is_panel:
        return not_done(section, OTHERS)
    outcome = str(headline.outcome)
    drawn = panel.design.kind == "randomised"
    try:
        found = (_lottery if drawn else _changes)(panel, outcome, covariates)
    except DesignError:
        return not_done(section, NO_START if drawn or not _several(panel) else SEVERAL)
    sides = [found.treated & ~found.lost, ~found.treated & ~found.lost]
    guarded = guarded_minimum(panel)
    if not found.lost.any() or min(int(side.sum()) for side in sides) < 2:
        return not_done(section, FEW_LOST)
    if guarded and int(found.lost.sum()) < guarded:
        return not_done(section, FEW_LOST)
    return found


def _several(panel: Panel) -> bool:
    starts = np.unique(panel.start[np.isfinite(panel.start)])
    return len(starts) > 1


def _changes(panel: Panel, outcome: str, covariates: bool) -> Everybody:
    """Follow the units that are known before the one start; their change is the outcome."""
    start = start_of(panel, "bounds")
    first = int(np.searchsorted(panel.times, start))
    earlier = panel.period < first - panel.design.anticipation
    before = observe(panel, outcome, covariates=covariates, keep=earlier)
    after = observe(panel, outcome, covariates=covariates, keep=panel.period >= first)
    units, at = np.unique(before.unit, return_index=True)
    level, later = (_means(one, one.y[:, None], units)[:, 0] for one in (before, after))
    return Everybody(
        panel,
        outcome,
        later - level,
        _means(before, before.X, units),
        before.names,
        level,
        before.treated[at],
        _unit_weights((before, after), units),
        before.rows[at],
        "ATT",
    )


def _lottery(panel: Panel, outcome: str, covariates: bool) -> Everybody:
    """Follow the units on record at the start, or at all where there is no time before."""
    known = panel.values[outcome].notna().to_numpy()
    last = int(panel.period[known].max()) if known.any() else 0
    first = baseline_period(panel, outcome)
    there = panel.period == (last if first is None else first)
    rows = np.flatnonzero(there & (panel.weight > 0))
    y = panel.values[outcome].to_numpy(dtype=float)
    before = y[rows] if first is not None else np.full(len(rows), np.nan)
    names = panel.covariates if covariates else ()
    columns = panel.values[list(names)].to_numpy(dtype=float)[rows]
    if covariates and first is not None:
        names, columns = ("baseline", *names), np.column_stack([before, columns])
    usable = np.isfinite(columns).all(axis=1)
    without = int((~usable).sum())
    notes = (left_out(NO_COVARIATES, without),) if without else ()
    rows, columns, before = rows[usable], columns[usable], before[usable]
    end = np.full(len(panel.units), np.nan)
    final = (panel.period == last) & (panel.weight > 0)
    end[panel.unit[final]] = y[final]
    return Everybody(
        panel,
        outcome,
        end[panel.unit[rows]],
        columns,
        names,
        before,
        panel.treated[rows],
        panel.weight[rows],
        rows,
        "ITT",
        notes,
    )


def _means(seen: Observed, columns: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return the units' weighted means of columns, shape (units, K); NaN where not seen."""
    size = len(seen.panel.units)
    total = np.bincount(seen.unit, seen.weights, size)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = [np.bincount(seen.unit, seen.weights * one, size) / total for one in columns.T]
    return np.column_stack([one[units] for one in found]) if found else np.empty((len(units), 0))


def _unit_weights(seen: tuple[Observed, Observed], units: np.ndarray) -> np.ndarray:
    size = len(seen[0].panel.units)
    total = sum(np.bincount(one.unit, one.weights, size) for one in seen)
    count = sum(np.bincount(one.unit, minlength=size) for one in seen)
    out: np.ndarray = np.asarray(total)[units] / np.asarray(count)[units]
    return out


def tested(found: Everybody) -> tuple[Inference, np.ndarray, float, float]:
    """Return the inference of the rule, the units' clusters, degrees of freedom and the level.

    The degrees of freedom are the clusters of the group that has fewer, less one; of clusters
    with people of both groups, all less one. Not above zero where nothing is tested.
    """
    panel = found.panel
    level = level_of(panel, None)
    chosen = settled(panel, found.outcome, "auto", "assignment", level)
    clusters = cluster_codes(panel, chosen.over)[found.rows]
    stayed = ~found.lost
    sides = [clusters[stayed & group] for group in (found.treated, ~found.treated)]
    mixed = len(np.intersect1d(*sides)) > 0
    many = compact(clusters[stayed])[1] if mixed else min(compact(side)[1] for side in sides)
    dof = -1.0 if chosen.kind in ("none", "permutation") else float(many - 1)
    return chosen, clusters, dof, level
