"""What it would take to undo the result, in sentences."""

from __future__ import annotations

import math
from dataclasses import replace

from impact.data.panel import Panel
from impact.did.sensitivity import Sensitivity
from impact.did.sensitivity import sensitivity as measured
from impact.evidence.amounts import amount, decimals, number
from impact.locale import N_
from impact.results import EffectResult, Effects, Sentence, Statement
from impact.spec.models import Outcome, Report

__all__ = ["few_behind", "sensitivity"]

_ALONE = Sentence(
    "There is no comparison, so the page puts nothing down to the pilot, and no error in a "
    "comparison could undo anything."
)
_LOTTERY = Sentence(
    "Assignment was by lottery: the result does not rest on the groups' courses running alike, so "
    "there is no course that could be off."
)
_UNTESTED = Sentence(
    "No valid range can be given for the result, so it cannot be said how far the comparison's "
    "course would have to be off to undo it."
)
_NOTHING = Sentence(
    "The data fit no difference as it is, so there is nothing that an error in the comparison's "
    "course would have to undo."
)
_OFF = {
    "more": N_(
        "The result would vanish if the comparison's course were off by %(off)s: if, without the "
        "pilot, the pilot group had risen by that much more than the comparison, or fallen by "
        "that much less."
    ),
    "less": N_(
        "The result would vanish if the comparison's course were off by %(off)s: if, without the "
        "pilot, the pilot group had fallen by that much more than the comparison, or risen by "
        "that much less."
    ),
}
_OWN = Sentence(
    "The comparison itself changed by %(own)s over the same time; to undo the result its course "
    "would have to be off by %(n)s times that.",
    many="The comparison itself changed by %(own)s over the same time; to undo the result its "
    "course would have to be off by %(n)s times that.",
)
_STILL = Sentence(
    "The comparison itself hardly changed over the same time (by %(own)s), which is little beside "
    "what it would take to undo the result."
)
MANY_TIMES = 10
_ONE_WAVE = Sentence(
    "With a single wave before the start nothing shows how far the courses part by themselves, so "
    "it cannot be judged how likely such an error is."
)
_UNCLEAR_MEAN = Sentence(
    "The plain mean over the times since the start is itself not told apart from no difference, "
    "so the waves before the start add nothing here."
)
_STRAIGHT = Sentence(
    "If the difference between the groups had gone on along the straight line that it followed "
    "before the start, the result would already vanish."
)
_BEND = N_(
    "Judged by the waves before: let the difference between the groups go on, without the pilot, "
    "along the straight line it followed before the start. The result would vanish if it bent "
    "away from that line by %(bend)s or more from one period to the next."
)
_SLIGHTEST = Sentence(
    "It would also vanish if the courses had parted after the start even a tenth as fast as they "
    "did at most before it."
)
_TIMES = Sentence(
    "It would also vanish if, from one period to the next, the courses had parted after the start "
    "%(n)s times as fast as they did at most before it.",
    many="It would also vanish if, from one period to the next, the courses had parted after the "
    "start %(n)s times as fast as they did at most before it.",
)
_FAST = Sentence(
    "Even if the courses had parted after the start 8 times as fast as they did at most before it, "
    "the result would stand."
)


def sensitivity(panel: Panel, effects: Effects, *, outcome: str | None = None) -> Statement:
    """Say how far the comparison's course would have to be off for the result to vanish.

    Parameters
    ----------
    panel : Panel
        The pilot's data and design.
    effects : Effects
        All effects; the headline of the outcome is looked at.
    outcome : str, optional
        Column; the first primary outcome unless said.

    Returns
    -------
    Statement
        Section ``sensitivity``. Where the headline's interval is missing or holds zero,
        one sentence says that there is nothing to undo.

    Examples
    --------
    >>> impact.sensitivity(panel, effects)  # doctest: +SKIP
    """
    said = panel.outcome(outcome)
    headline = effects.headline(said.column)
    excused = _excused(panel, headline)
    if excused is not None:
        return Statement("sensitivity", (_about(excused, said),))
    found = measured(panel, effects, outcome=said.column)
    base = few_behind(panel, headline.base)
    own = few_behind(panel, headline.base, found.fewest)
    sentences = [_off(said, headline, found, base)]
    if math.isfinite(found.own) and found.own != 0:
        sentences.append(_own(said, found, own))
    sentences += _judged(said, found, base)
    return Statement("sensitivity", tuple(_about(sentence, said) for sentence in sentences))


def few_behind(panel: Panel, *people: int) -> dict[str, int]:
    """Return the fewest people behind a number where they are too few for the page, else nothing.

    The gate takes out a sentence whose number rests on few. A larger count is not told,
    and need not be hidden because a table hides the same number of other people.
    """
    enough = (panel.spec.report if panel.spec is not None else Report()).minimum_cell
    fewest = min(people)
    return {"people": fewest} if fewest < enough else {}


def _about(sentence: Sentence, outcome: Outcome) -> Sentence:
    """Say which outcome a sentence is about: where its effect is withheld, so is the sentence.

    What follows from the design alone is about none.
    """
    if sentence in (_ALONE, _LOTTERY, _UNTESTED, _ONE_WAVE):
        return sentence
    return replace(sentence, values={**sentence.values, "about": outcome.column})


def _excused(panel: Panel, headline: EffectResult) -> Sentence | None:
    """Return why there is nothing to undo, where that is so."""
    if headline.method == "before_after":
        return _ALONE
    if panel.design.kind == "randomised":
        return _LOTTERY
    low, high = float(headline.conf_low), float(headline.conf_high)
    if not (math.isfinite(low) and math.isfinite(high)):
        return _UNTESTED
    return _NOTHING if low <= 0 <= high else None


def _said(outcome: Outcome, value: float) -> Sentence:
    """Say an amount with two digits."""
    return amount(outcome, value, max(0, decimals(outcome, abs(value) / 10, value)))


def _off(
    outcome: Outcome, headline: EffectResult, found: Sensitivity, few: dict[str, int]
) -> Sentence:
    way = "more" if float(headline.conf_low) > 0 else "less"
    values = {"off": _said(outcome, found.off), "number": found.off}
    return Sentence(_OFF[way], values, few)


def _own(outcome: Outcome, found: Sensitivity, few: dict[str, int]) -> Sentence:
    """Compare with the comparison's own change, unless that gives a hidden mean away.

    Beside a small count the gate takes a sentence with a computed number out as a whole.
    """
    times = found.off / abs(found.own)
    values = {"own": _said(outcome, found.own), "n": number(times, 1), "number": times}
    said = _OWN if times < MANY_TIMES else _STILL
    return replace(said, values=values, counts=few)


def _judged(outcome: Outcome, found: Sensitivity, few: dict[str, int]) -> list[Sentence]:
    """Say what the waves before the start add."""
    if not found.pre_periods:
        return [_ONE_WAVE]
    if not found.mean_tested:
        return [_UNCLEAR_MEAN]
    sentences = [_STRAIGHT]
    if found.bend > 0:
        values = {"bend": _said(outcome, found.bend), "number": found.bend}
        sentences = [Sentence(_BEND, values, few)] if math.isfinite(found.bend) else []
    if found.times <= 0.1:
        return [*sentences, _SLIGHTEST]
    if math.isfinite(found.times):
        values = {"n": number(found.times, 1), "number": found.times}
        return [*sentences, replace(_TIMES, values=values, counts=few)]
    return [*sentences, _FAST]
