"""The sentences on an estimate's errors and covariates, each whole, by kind and level."""

from __future__ import annotations

from collections.abc import Mapping

from impact.locale import N_
from impact.results import Sentence

__all__ = [
    "ALIKE_AT_START",
    "ALIKE_BEFORE",
    "ALIKE_EACH_TIME",
    "ANALYTIC",
    "BY_LEVEL",
    "CR2_INFLUENCE",
    "DECLINED",
    "DRAWN",
    "EVERY",
    "GUARD",
    "GUARDED",
    "LEVEL_ADJUSTED",
    "PLAIN",
    "SATTERTHWAITE",
    "WITHIN_UNITS",
]

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
    "place": N_(
        "Errors: clustered by place (CR1, fixed effects nested in the clusters not counted), "
        "t distribution with the number of places less one as degrees of freedom."
    ),
    "unit": N_(
        "Errors: clustered by unit (CR1, fixed effects nested in the clusters not counted), t "
        "distribution with the number of units less one as degrees of freedom."
    ),
    "assignment": N_(
        "Errors: clustered by the unit of assignment (CR1, fixed effects nested in the "
        "clusters not counted), t distribution with clusters less one degrees of freedom."
    ),
    "named": N_(
        "Errors: clustered by “%(column)s” (CR1, fixed effects nested in the clusters not "
        "counted), t distribution with clusters less one degrees of freedom."
    ),
}
CR2 = {
    "place": N_(
        "Errors: clustered by place with the bias-reduced correction for few clusters (CR2; "
        "Bell and McCaffrey 2002)."
    ),
    "unit": N_(
        "Errors: clustered by unit with the bias-reduced correction for few clusters (CR2; "
        "Bell and McCaffrey 2002)."
    ),
    "assignment": N_(
        "Errors: clustered by the unit of assignment with the bias-reduced correction "
        "for few clusters (CR2; Bell and McCaffrey 2002)."
    ),
    "named": N_(
        "Errors: clustered by “%(column)s” with the bias-reduced correction for few clusters "
        "(CR2; Bell and McCaffrey 2002)."
    ),
}
CR2_INFLUENCE = {
    "place": N_(
        "Errors: from each place's influence on the estimate, within starting groups, with "
        "CR2's correction for few clusters and Welch's degrees of freedom, or fewer where a large "
        "place may outweigh the others."
    ),
    "unit": N_(
        "Errors: from each unit's influence on the estimate, within starting groups, with "
        "CR2's correction for few clusters and Welch's degrees of freedom."
    ),
    "assignment": N_(
        "Errors: from the influence of each unit of assignment on the estimate, within starting "
        "groups, with CR2's correction for few clusters and Welch's degrees of freedom, or fewer "
        "where a large cluster may outweigh the others."
    ),
    "named": N_(
        "Errors: from the influence of each cluster (“%(column)s”) on the estimate, within "
        "starting groups, with CR2's correction for few clusters and Welch's degrees of freedom, "
        "or fewer where a large cluster may outweigh the others."
    ),
}
ANALYTIC = {
    "place": N_(
        "Errors: from each unit's influence on the estimate, summed within places; t "
        "distribution with the number of places less one as degrees of freedom."
    ),
    "unit": N_(
        "Errors: from each unit's influence on the estimate; t distribution with the number of "
        "units less one as degrees of freedom."
    ),
    "assignment": N_(
        "Errors: from each unit's influence on the estimate, summed within units of "
        "assignment; t distribution with clusters less one degrees of freedom."
    ),
    "named": N_(
        "Errors: from each unit's influence on the estimate, summed within “%(column)s”; t "
        "distribution with clusters less one degrees of freedom."
    ),
}
WILD = {
    "place": N_(
        "Test and interval: restricted wild cluster bootstrap over places (Cameron, Gelbach "
        "and Miller 2008), the null imposed; draws that equal the data do not count. The standard "
        "error beside them is CR1."
    ),
    "unit": N_(
        "Test and interval: restricted wild cluster bootstrap over units (Cameron, Gelbach and "
        "Miller 2008), the null imposed; draws that equal the data do not count. The standard "
        "error beside them is CR1."
    ),
    "assignment": N_(
        "Test and interval: restricted wild cluster bootstrap over the units of assignment "
        "(Cameron, Gelbach and Miller 2008), the null imposed; draws that equal the data do not "
        "count. The standard error beside them is CR1."
    ),
    "named": N_(
        "Test and interval: restricted wild cluster bootstrap over “%(column)s” (Cameron, "
        "Gelbach and Miller 2008), the null imposed; draws that equal the data do not count. The "
        "standard error beside them is CR1."
    ),
}
EVERY = {
    "place": N_(
        "Test by permutation: the same comparison with the pilot given to every other choice "
        "of as many places."
    ),
    "unit": N_(
        "Test by permutation: the same comparison with the pilot given to every other choice "
        "of as many units."
    ),
    "assignment": N_(
        "Test by permutation: the same comparison with the pilot given to every other "
        "choice of as many units of assignment."
    ),
    "named": N_(
        "Test by permutation: the same comparison with the pilot given to every other choice "
        "of as many clusters (“%(column)s”)."
    ),
}
DRAWN = {
    "place": N_(
        "Test by permutation: the same comparison with the pilot given to other places, as "
        "many, drawn at random."
    ),
    "unit": N_(
        "Test by permutation: the same comparison with the pilot given to other units, as "
        "many, drawn at random."
    ),
    "assignment": N_(
        "Test by permutation: the same comparison with the pilot given to other units of "
        "assignment, as many, drawn at random."
    ),
    "named": N_(
        "Test by permutation: the same comparison with the pilot given to other clusters "
        "(“%(column)s”), as many, drawn at random."
    ),
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
GUARDED = N_(
    "Degrees of freedom are Satterthwaite's (%(satterthwaite)s), or fewer where what befalls a "
    "whole cluster may outweigh its rows; here %(dof)s are used."
)
GUARD = Sentence(
    "Degrees of freedom are Satterthwaite's, or fewer where what befalls a whole cluster may "
    "outweigh its rows."
)
SATTERTHWAITE = Sentence("Degrees of freedom are Satterthwaite's.")
LEVEL_ADJUSTED = N_("The estimate is adjusted for what differed between the groups in: %(names)s.")
ALIKE_AT_START = N_(
    "Those who were alike at the start in %(names)s are compared: without the pilot, it is their "
    "courses that would have run parallel."
)
ALIKE_EACH_TIME = N_(
    "The estimate is adjusted for %(names)s as recorded each time, and for how the change from "
    "before to after goes with it."
)
ALIKE_BEFORE = N_(
    "Those who were alike in %(names)s in the earlier of two periods are compared: without the "
    "pilot, it is their courses that would have run parallel."
)
WITHIN_UNITS = N_(
    "The estimate is adjusted for what changed within units in: %(names)s. What stays as it is "
    "drops out with each unit's own level."
)
