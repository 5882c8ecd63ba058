"""What is said of an estimate's errors, by their kind and level, and of its covariates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from impact.data.panel import Panel
from impact.describe.cells import called
from impact.evidence.error_words import (
    ALIKE_AT_START,
    ALIKE_BEFORE,
    ALIKE_EACH_TIME,
    ANALYTIC,
    BY_LEVEL,
    CR2_INFLUENCE,
    DECLINED,
    DRAWN,
    EVERY,
    GUARD,
    GUARDED,
    LEVEL_ADJUSTED,
    PLAIN,
    SATTERTHWAITE,
    WITHIN_UNITS,
)
from impact.results import EffectResult, Sentence

__all__ = ["degrees_said", "errors_said", "held_equal", "names_said"]

INFLUENCE = frozenset({"callaway_santanna", "imputation", "two_stage", "stacked"})
ABSORBING = frozenset({"twfe", "event_study", "sun_abraham", "imputation", "two_stage"})


def errors_said(panel: Panel, headline: EffectResult) -> list[Sentence]:
    """Say how the headline's errors were found, and at which level clusters are counted.

    Parameters
    ----------
    panel : Panel
    headline : EffectResult
    """
    kind = headline.inference
    if kind == "none":
        return [DECLINED]
    if kind in PLAIN:
        return [PLAIN[kind]]
    said = BY_LEVEL.get(kind)
    if kind == "permutation":
        said = EVERY if headline.details.get("enumerated", True) else DRAWN
    elif kind == "cr2" and headline.method in INFLUENCE:
        said = CR2_INFLUENCE
    elif kind == "cr1" and headline.method in INFLUENCE:
        said = ANALYTIC
    if said is None:
        return [Sentence("%(i)s", {"i": kind})]
    level, column = _level(panel, headline)
    return [Sentence(said[level], {"column": column} if level == "named" else {})]


def _level(panel: Panel, effect: EffectResult) -> tuple[str, str]:
    """Return at which level clusters are counted, and what a reader calls the column for it."""
    over = str(effect.details.get("clusters", "assignment"))
    if over == "assignment" and len(np.unique(panel.cluster)) == len(panel.units):
        over = "unit"
    if over in ("place", "unit", "assignment"):
        return over, ""
    named = panel.spec.analysis.cluster if panel.spec is not None and over == "other" else over
    return "named", _name(panel, str(named))


def degrees_said(panel: Panel, headline: EffectResult) -> list[Sentence]:
    """Print the degrees of freedom that a correction for few clusters is read with.

    Satterthwaite's, and those that are used where the guard allows fewer. They tell how many
    clusters there are, so where these may be people the numbers stay away.
    """
    if headline.inference != "cr2" or headline.method in INFLUENCE:
        return []
    used, plain = (headline.details.get(name) for name in ("dof", "dof_satterthwaite"))
    if not plain or not used:
        return [SATTERTHWAITE] if used else []
    if _level(panel, headline)[0] != "place":
        return [GUARD]
    values: dict[str, Any] = {"satterthwaite": f"{plain[0]:.1f}", "dof": f"{used[0]:.1f}"}
    return [Sentence(GUARDED, values)]


def held_equal(panel: Panel, effect: EffectResult) -> list[Sentence]:
    """Say what the covariates do to the estimate, as its method has it.

    Parameters
    ----------
    panel : Panel
    effect : EffectResult
    """
    columns = tuple(effect.details.get("covariates") or ())
    if not columns:
        return []
    said = LEVEL_ADJUSTED
    if panel.is_panel and effect.method == "did":
        fixed = bool(effect.details.get("balanced")) or _stay(panel, columns)
        said = ALIKE_AT_START if fixed else ALIKE_EACH_TIME
    elif panel.is_panel and effect.method == "callaway_santanna":
        said = ALIKE_BEFORE
    elif panel.is_panel and effect.method in ABSORBING:
        said = WITHIN_UNITS
    return [Sentence(said, {"names": names_said(panel, columns)})]


def names_said(panel: Panel, columns: Iterable[str]) -> str:
    """Return what a reader calls columns, in a row; one without a label has its own name.

    Parameters
    ----------
    panel : Panel
    columns : iterable of str
    """
    names = dict.fromkeys(column.partition("=")[0] for column in columns)
    return ", ".join(_name(panel, name) for name in names)


def _name(panel: Panel, column: str) -> str:
    labels = {outcome.column: outcome.label for outcome in panel.outcomes}
    said = panel.described.get(column)
    own = called(panel, column) if said is not None and said.label else column
    return labels.get(column) or own


def _stay(panel: Panel, columns: tuple[str, ...]) -> bool:
    """Tell whether the columns are the same for a unit at all times."""
    known = [name for name in columns if name in panel.values]
    spread = panel.values[known].groupby(panel.unit).agg(["min", "max"])
    return all(
        (spread[name, "min"].eq(spread[name, "max"]) | spread[name, "min"].isna()).all()
        for name in known
    )
