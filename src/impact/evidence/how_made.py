"""What is said of an estimate's errors, by their kind and level, and of its covariates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from impact.data.panel import Panel
from impact.results import EffectResult, Sentence

__all__ = ["degrees_said", "errors_said", "held_equal"]

INFLUENCE = frozenset({"callaway_santanna", "imputation", "two_stage", "stacked"})
ABSORBING = frozenset({"twfe", "event_study", "sun_abraham", "imputation", "two_stage"})
PLAIN = {
    "classical": Sentence(
        "Errors: classical; every record counts as independent and equally sure."
    ),
    "hc1": Sentence("Errors: robust to unequal spread (HC1)."),
    "hc2": Sentence(
        "Errors: robust to unequal spread (HC2), with Bell and McCaffrey's degrees of freedom."
    ),
    "hc3": Sentence("Errors: robust to unequal spread (HC3)."),
    "placebo": Sentence(
        "Errors: the effects that comparison places show when they are taken for the pilot's; the "
        "p-value is a permutation's over all places, in which the pilot's own counts."
    ),
    "jackknife": Sentence(
        "Errors: jackknife; one place is left out at a time and the weights are kept."
    ),
    "multiplier_bootstrap": Sentence(
        "Errors: from the interquartile range of a multiplier bootstrap of each cluster's "
        "influence on the estimate."
    ),
}
CR1 = {
    "place": "Errors: clustered by place (CR1, fixed effects nested in the clusters not counted), "
    "t distribution with the number of places less one as degrees of freedom.",
    "unit": "Errors: clustered by unit (CR1, fixed effects nested in the clusters not counted), t "
    "distribution with the number of units less one as degrees of freedom.",
    "assignment": "Errors: clustered by the unit of assignment (CR1, fixed effects nested in the "
    "clusters not counted), t distribution with clusters less one degrees of freedom.",
    "named": "Errors: clustered by “%(column)s” (CR1, fixed effects nested in the clusters not "
    "counted), t distribution with clusters less one degrees of freedom.",
}
CR2 = {
    "place": "Errors: clustered by place with the bias-reduced correction for few clusters (CR2; "
    "Bell and McCaffrey 2002).",
    "unit": "Errors: clustered by unit with the bias-reduced correction for few clusters (CR2; "
    "Bell and McCaffrey 2002).",
    "assignment": "Errors: clustered by the unit of assignment with the bias-reduced correction "
    "for few clusters (CR2; Bell and McCaffrey 2002).",
    "named": "Errors: clustered by “%(column)s” with the bias-reduced correction for few clusters "
    "(CR2; Bell and McCaffrey 2002).",
}
CR2_INFLUENCE = {
    "place": "Errors: from each place's influence on the estimate, within starting groups, with "
    "CR2's correction for few clusters and Welch's degrees of freedom, or fewer where a large "
    "place may outweigh the others.",
    "unit": "Errors: from each unit's influence on the estimate, within starting groups, with "
    "CR2's correction for few clusters and Welch's degrees of freedom.",
    "assignment": "Errors: from the influence of each unit of assignment on the estimate, within "
    "starting groups, with CR2's correction for few clusters and Welch's degrees of freedom, or "
    "fewer where a large cluster may outweigh the others.",
    "named": "Errors: from the influence of each cluster (“%(column)s”) on the estimate, within "
    "starting groups, with CR2's correction for few clusters and Welch's degrees of freedom, or "
    "fewer where a large cluster may outweigh the others.",
}
ANALYTIC = {
    "place": "Errors: from each unit's influence on the estimate, summed within places; t "
    "distribution with the number of places less one as degrees of freedom.",
    "unit": "Errors: from each unit's influence on the estimate; t distribution with the number of "
    "units less one as degrees of freedom.",
    "assignment": "Errors: from each unit's influence on the estimate, summed within units of "
    "assignment; t distribution with clusters less one degrees of freedom.",
    "named": "Errors: from each unit's influence on the estimate, summed within “%(column)s”; t "
    "distribution with clusters less one degrees of freedom.",
}
WILD = {
    "place": "Test and interval: restricted wild cluster bootstrap over places (Cameron, Gelbach "
    "and Miller 2008), the null imposed; draws that equal the data do not count. The standard "
    "error beside them is CR1.",
    "unit": "Test and interval: restricted wild cluster bootstrap over units (Cameron, Gelbach and "
    "Miller 2008), the null imposed; draws that equal the data do not count. The standard error "
    "beside them is CR1.",
    "assignment": "Test and interval: restricted wild cluster bootstrap over the units of "
    "assignment (Cameron, Gelbach and Miller 2008), the null imposed; draws that equal the data do "
    "not count. The standard error beside them is CR1.",
    "named": "Test and interval: restricted wild cluster bootstrap over “%(column)s” (Cameron, "
    "Gelbach and Miller 2008), the null imposed; draws that equal the data do not count. The "
    "standard error beside them is CR1.",
}
EVERY = {
    "place": "Test by permutation: the same comparison with the pilot given to every other choice "
    "of as many places.",
    "unit": "Test by permutation: the same comparison with the pilot given to every other choice "
    "of as many units.",
    "assignment": "Test by permutation: the same comparison with the pilot given to every other "
    "choice of as many units of assignment.",
    "named": "Test by permutation: the same comparison with the pilot given to every other choice "
    "of as many clusters (“%(column)s”).",
}
DRAWN = {
    "place": "Test by permutation: the same comparison with the pilot given to other places, as "
    "many, drawn at random.",
    "unit": "Test by permutation: the same comparison with the pilot given to other units, as "
    "many, drawn at random.",
    "assignment": "Test by permutation: the same comparison with the pilot given to other units of "
    "assignment, as many, drawn at random.",
    "named": "Test by permutation: the same comparison with the pilot given to other clusters "
    "(“%(column)s”), as many, drawn at random.",
}
BY_LEVEL: dict[str, Mapping[str, str]] = {
    "analytic": ANALYTIC,
    "cr1": CR1,
    "cr2": CR2,
    "wild_bootstrap": WILD,
}
DECLINED = Sentence(
    "No test and no interval: by the rule of this report none is valid here, for the reason that "
    "is given."
)
GUARDED = (
    "Degrees of freedom are Satterthwaite's (%(satterthwaite)s), or fewer where what befalls a "
    "whole cluster may outweigh its rows; here %(dof)s are used."
)
GUARD = Sentence(
    "Degrees of freedom are Satterthwaite's, or fewer where what befalls a whole cluster may "
    "outweigh its rows."
)
SATTERTHWAITE = Sentence("Degrees of freedom are Satterthwaite's.")
LEVEL_ADJUSTED = "The estimate is adjusted for what differed between the groups in: %(names)s."
ALIKE_AT_START = (
    "Those who were alike at the start in %(names)s are compared: without the pilot, it is their "
    "courses that would have run parallel."
)
ALIKE_EACH_TIME = (
    "The estimate is adjusted for %(names)s as recorded each time, and for how the change from "
    "before to after goes with it."
)
ALIKE_BEFORE = (
    "Those who were alike in %(names)s in the earlier of two periods are compared: without the "
    "pilot, it is their courses that would have run parallel."
)
WITHIN_UNITS = (
    "The estimate is adjusted for what changed within units in: %(names)s. What stays as it is "
    "drops out with each unit's own level."
)


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
    """Return at which level clusters are counted, and the column that is named for it."""
    over = str(effect.details.get("clusters", "assignment"))
    if over == "assignment" and len(np.unique(panel.cluster)) == len(panel.units):
        over = "unit"
    if over in ("place", "unit", "assignment"):
        return over, ""
    named = panel.spec.analysis.cluster if panel.spec is not None and over == "other" else over
    return "named", str(named)


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
    names = dict.fromkeys(name.partition("=")[0] for name in columns)
    if not names:
        return []
    said = LEVEL_ADJUSTED
    if panel.is_panel and effect.method == "did":
        fixed = bool(effect.details.get("balanced")) or _stay(panel, columns)
        said = ALIKE_AT_START if fixed else ALIKE_EACH_TIME
    elif panel.is_panel and effect.method == "callaway_santanna":
        said = ALIKE_BEFORE
    elif panel.is_panel and effect.method in ABSORBING:
        said = WITHIN_UNITS
    return [Sentence(said, {"names": ", ".join(names)})]


def _stay(panel: Panel, columns: tuple[str, ...]) -> bool:
    """Tell whether the columns are the same for a unit at all times."""
    known = [name for name in columns if name in panel.values]
    spread = panel.values[known].groupby(panel.unit).agg(["min", "max"])
    return all(
        (spread[name, "min"].eq(spread[name, "max"]) | spread[name, "min"].isna()).all()
        for name in known
    )
