"""What each design needs, what it has no use for, and which methods fit it."""

from __future__ import annotations

from collections.abc import Iterator

from impact.spec.draft import Breach, Draft
from impact.spec.models import Design
from impact.spec.nodes import said_of
from impact.spec.place import Key, dotted
from impact.spec.words import listed

__all__ = ["BOOTSTRAPPED", "breaches"]

STARTS, TREATED = ("design", "starts"), ("design", "treated")
FIRST_TREATED, PERIOD, UNIT = ("design", "first_treated"), ("data", "period"), ("data", "unit")

NEEDS = {
    "did": (TREATED, STARTS, PERIOD),
    "staggered": (FIRST_TREATED, PERIOD),
    "before_after": (STARTS, PERIOD),
    "randomised": (TREATED,),
}
NO_USE = {
    "did": {FIRST_TREATED: "use 'treated' and 'starts', or kind: staggered"},
    "staggered": {
        TREATED: "'first_treated' says who is treated and when",
        STARTS: "'first_treated' says who is treated and when",
    },
    "before_after": {
        TREATED: "with a comparison group the kind is did",
        FIRST_TREATED: "with a comparison group the kind is did or staggered",
    },
    "randomised": {FIRST_TREATED: "use 'treated' and 'starts', or kind: staggered"},
}
ONE_START = frozenset({"did", "triple_difference"})
PLACES_AGAIN = frozenset({"synthetic_did", "synthetic_control"})
BY_COHORT = frozenset({"callaway_santanna", "sun_abraham", "imputation", "two_stage", "stacked"})
DIFFERENCES = frozenset({"twfe", "event_study"}) | BY_COHORT | ONE_START | PLACES_AGAIN
COMPARISONS = frozenset({"difference_in_means", "ancova"})
DRAWN_TOGETHER = frozenset({"did", "twfe", "event_study", "triple_difference"}) | COMPARISONS
BOOTSTRAPPED = DRAWN_TOGETHER | {"sun_abraham", "before_after"}
MISLED = frozenset({"did", "twfe", "event_study"})
METHODS = {
    "did": DIFFERENCES,
    "staggered": DIFFERENCES - ONE_START,
    "before_after": frozenset({"before_after"}),
    "randomised": COMPARISONS,
}


def breaches(draft: Draft) -> Iterator[Breach]:
    """Yield what does not fit the kind of design; nothing where the kind is unknown."""
    design = draft.design
    if design is None:
        return
    yield from _needed(draft, design)
    yield from _participants(design)
    for key, advice in NO_USE[design.kind].items():
        if draft.gives(*key):
            found = f"a {design.kind} design has no use for '{dotted(key)}'"
            yield Breach(key, "key-without-use", found, "", advice)
    yield from _lottery(design)
    yield from _methods(draft, design)
    yield from _drawn(draft, design)


def _needed(draft: Draft, design: Design) -> Iterator[Breach]:
    needs = list(NEEDS[design.kind])
    waves = design.kind != "randomised" or _given(draft, PERIOD) or draft.gives(*STARTS)
    if design.kind == "randomised" and waves:
        needs += [STARTS, PERIOD]
    for key in needs:
        if not _given(draft, key):
            yield _missing(key, f"a {design.kind} design needs")
    told = any(draft.gives("data", shape) for shape in ("waves", "wide", "spells"))
    if waves and design.sample == "panel" and not draft.gives(*UNIT) and not told:
        advice = "or write sample: cross_sections, if other people are asked each time"
        yield _missing(UNIT, "a panel, the same units seen again, needs")._replace(advice=advice)


def _given(draft: Draft, key: Key) -> bool:
    """Whether the key is said, or its column made of waves, wide columns or stays."""
    made = key == PERIOD and draft.data is not None and draft.data.makes_periods
    return made or draft.gives(*map(str, key))


def _participants(design: Design) -> Iterator[Breach]:
    if design.eligible is not None and (design.enrolled or 0) > design.eligible:
        found = f"{design.enrolled} took it up, more than the {design.eligible} it was open to"
        yield Breach(("design", "enrolled"), "more-than-eligible", found, "", "check both numbers")


def _missing(key: Key, who: str) -> Breach:
    wanted = f"expected {said_of(key)}"
    return Breach(key, "missing-for-design", f"{who} '{dotted(key)}'", wanted)


def _lottery(design: Design) -> Iterator[Breach]:
    key = ("design", "randomised")
    if design.kind == "randomised" and not design.randomised:
        found = "the kind is randomised, but this says that no lottery took place"
        yield Breach(key, "contradiction", found, "", "leave it out, or choose another kind")
    if design.kind == "before_after" and design.randomised:
        found = "a before_after design has no comparison group, so there was no lottery"
        yield Breach(key, "contradiction", found, "", "choose kind: randomised or did")


def _fitting_methods(draft: Draft, design: Design) -> frozenset[str]:
    fit = METHODS[design.kind]
    if design.kind == "randomised" and _given(draft, PERIOD):
        fit |= DIFFERENCES
    if design.kind == "did" and design.randomised:
        fit |= COMPARISONS
    return fit if design.sample == "panel" else fit - PLACES_AGAIN - {"ancova"}


def _leading(draft: Draft, design: Design) -> str | None:
    """Return the headline's method, where it is not one that has a wild bootstrap anyway."""
    methods = draft.analysis.methods
    first = None if methods == "auto" else methods[0]
    if design.kind == "staggered" and (first is None or first in MISLED):
        return "callaway_santanna"
    return "before_after" if design.kind == "before_after" else first


def _drawn(draft: Draft, design: Design) -> Iterator[Breach]:
    """Refuse draws that the headline's method does not have."""
    lead = _leading(draft, design)
    if lead is None:
        return
    primary = [
        one
        for index, one in draft.outcomes.items()
        if (one.role == "primary" if "role" in one.model_fields_set else index == 0)
    ]
    asked = {
        "inference": ("wild_bootstrap", BOOTSTRAPPED, "auto, which allows for few clusters"),
        "multiplicity": ("romano_wolf", DRAWN_TOGETHER, "holm, which needs no draws"),
    }
    for key, (value, fit, instead) in asked.items():
        given = getattr(draft.analysis, key) == value
        if given and lead not in fit and (key == "inference" or len(primary) > 1):
            found = f"'{value}' is drawn from a regression, and '{lead}', which leads, is none"
            yield Breach(("analysis", key), "not-offered", found, "", f"take {instead}")


def _methods(draft: Draft, design: Design) -> Iterator[Breach]:
    if draft.analysis.methods == "auto":
        return
    fit = _fitting_methods(draft, design)
    for index, method in enumerate(draft.analysis.methods):
        key = ("analysis", "methods", index)
        if method not in fit:
            found = f"'{method}' does not fit a {design.kind} design"
            if method == "ancova" and design.sample != "panel":
                found = "'ancova' needs each unit's own baseline, which cross_sections lack"
            if method in PLACES_AGAIN and design.sample != "panel":
                found = f"'{method}' follows the same places, which cross_sections do not"
            yield Breach(key, "method-does-not-fit", found, f"expected {listed(sorted(fit))}")
        if method in draft.analysis.methods[:index]:
            found = f"'{method}' stands twice"
            yield Breach(key, "repeated", found, "", "keep one of them")
