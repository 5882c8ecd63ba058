"""From estimated effects to findings: size, certainty, and the whole sentence."""

from __future__ import annotations

import math

from impact.data.panel import Panel
from impact.evidence.amounts import amount, decimals, difference, nothing, telling
from impact.evidence.before import passed_before
from impact.evidence.certainty import certainty
from impact.evidence.facts import facts
from impact.evidence.size import size, turned
from impact.evidence.words import (
    ABOUT_AS_MUCH,
    CLEAR,
    NO_COMPARISON,
    NOT_RATED,
    UNCLEAR,
    VERY_LOW,
)
from impact.results import EffectResult, Effects, Finding, Findings, Label, Sentence
from impact.spec.models import Outcome, UnitIs

__all__ = ["assess"]


def assess(effects: Effects, panel: Panel) -> Findings:
    """Say what was found on every outcome, and how sure one can be.

    Parameters
    ----------
    effects : Effects
        What `impact.did.estimate` returned for this panel.
    panel : Panel
        The data, for the facts of design, balance, attrition and plan.

    Returns
    -------
    Findings
        One finding per outcome that has a headline effect, in the order of the params
        file; the first primary outcome is the headline, whatever its result.
    """
    found = tuple(
        _finding(panel, effect, effects) for effect in effects if effect.role == "headline"
    )
    return Findings(found)


def _finding(panel: Panel, effect: EffectResult, effects: Effects) -> Finding:
    """Assess one headline effect."""
    outcome = panel.outcome(effect.outcome)
    known = facts(panel, effect, effects)
    low, high = _ends(effect)
    level, reasons = certainty(known, decisive=_decisive(outcome, low, high))
    phrase = size(outcome, low, high) if level != "no_comparison" else "not_rated"
    digits = decimals(outcome, _spread(effect), float(effect.estimate))
    reasons = (*reasons, *passed_before(panel, known, outcome, (effect, effects), digits))
    (unit_is, _), name = _named(panel), _called(outcome)
    said = difference(outcome, unit_is, float(effect.estimate), digits)
    return Finding(
        outcome=outcome.column,
        label=Label(name) if isinstance(name, Sentence) else name,
        role=outcome.role,
        size=phrase,
        certainty=level,
        sentence=_headline(panel, outcome, effect, level, phrase, digits),
        effect=said,
        span=_span(outcome, unit_is, (low, high), digits, family=_family(effect)),
        reasons=reasons,
        estimate=float(effect.estimate),
        conf_low=low,
        conf_high=high,
        base=effect.base,
        headline=outcome.column == panel.primary.column,
        details={
            "method": effect.method,
            "inference": effect.inference,
            "p_adjusted": effect.details.get("p_adjusted"),
            "multiplicity": effect.details.get("multiplicity"),
            "measure": _measure(outcome),
        },
    )


def _measure(outcome: Outcome) -> dict[str, object] | None:
    """Return what must agree before the outcome stands beside another pilot's."""
    names = ("indicator", "kind", "direction", "scale", "measured_in")
    return {name: getattr(outcome, name) for name in names} if outcome.indicator else None


def _spread(effect: EffectResult) -> float:
    """Return the standard error, or where a test has none, what its interval is worth."""
    std_error = float(effect.std_error)
    return std_error if math.isfinite(std_error) else float(effect.conf_high - effect.conf_low) / 4


def _decisive(outcome: Outcome, low: float, high: float) -> bool:
    """Whether the interval excludes zero or the smallest effect that matters."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return False
    low, high = turned(outcome, low, high)
    smallest = outcome.smallest_effect
    inside = smallest is not None and -smallest < low and high < smallest
    return low > 0 or high < 0 or inside


def _ends(effect: EffectResult) -> tuple[float, float]:
    """Return the interval that the sentence rests on, with several primary outcomes the wider.

    It leaves zero out only where the adjusted p-value does.
    """
    low, high = effect.details.get("conf_adjusted") or (effect.conf_low, effect.conf_high)
    return float(low), float(high)


def _family(effect: EffectResult) -> int:
    """Return over how many outcomes the interval is adjusted; 1 where it is its own."""
    own = (float(effect.conf_low), float(effect.conf_high))
    return int(effect.details.get("family", 1)) if _ends(effect) != own else 1


def _span(
    outcome: Outcome, unit_is: UnitIs, interval: tuple[float, float], digits: int, *, family: int
) -> Sentence | None:
    """Say the range in words."""
    low, high = interval
    if not (math.isfinite(low) and math.isfinite(high)):
        return None
    digits = telling(outcome, digits, low, high)
    ends = {
        "low": difference(outcome, unit_is, low, digits),
        "high": difference(outcome, unit_is, high, digits),
    }
    if family > 1:
        return Sentence(
            "Allowing for the %(n)s primary outcome of this page, the data fit anything from "
            "%(low)s to %(high)s.",
            {**ends, "n": str(family)},
            many="Allowing for the %(n)s primary outcomes of this page, the data fit anything from "
            "%(low)s to %(high)s.",
        )
    return Sentence("The data fit anything from %(low)s to %(high)s.", ends)


def _headline(
    panel: Panel, outcome: Outcome, effect: EffectResult, level: str, phrase: str, digits: int
) -> Sentence:
    """Pick the whole sentence of the cell and fill in its names and amounts."""
    unit_is, title = _named(panel)
    values: dict[str, object] = {"pilot": title, "outcome": _called(outcome)}
    estimate = float(effect.estimate)
    if level == "no_comparison":
        changed = amount(outcome, estimate, digits)
        way = "same" if nothing(changed) else ("up" if estimate > 0 else "down")
        return Sentence(NO_COMPARISON[way], values | {"effect": changed})
    values["effect"] = said = difference(outcome, unit_is, estimate, digits)
    if phrase == "not_rated":
        return Sentence(ABOUT_AS_MUCH if nothing(said) else NOT_RATED, values)
    ends = _ends(effect)
    for name, end in zip(("low", "high"), ends, strict=True):
        values[name] = difference(outcome, unit_is, end, telling(outcome, digits, *ends))
    return Sentence(_text(outcome, level, phrase), values)


def _called(outcome: Outcome) -> str | Sentence:
    """Return the reader's name of the outcome, with the scale that its points are on."""
    if outcome.measured_in != "points" or outcome.scale is None:
        return outcome.label
    low, high = (f"{end:g}" for end in outcome.scale)
    return Sentence(
        "%(label)s (%(low)s–%(high)s)", {"label": outcome.label, "low": low, "high": high}
    )


def _named(panel: Panel) -> tuple[UnitIs, str]:
    """Return what the units are and what a reader calls the pilot."""
    if panel.spec is None:
        return "person", panel.pilot
    return panel.spec.data.unit_is, panel.spec.about.title or panel.pilot


def _text(outcome: Outcome, level: str, phrase: str) -> str:
    """Return the sentence of one cell of the matrix."""
    if phrase == "unclear_both" and outcome.direction == "neutral":
        return UNCLEAR["unclear_both_neutral"]
    if phrase in UNCLEAR:
        return UNCLEAR[phrase]
    if level == "very_low":
        return VERY_LOW["little" if phrase == "little" else "apart"]
    return CLEAR[level, phrase]
