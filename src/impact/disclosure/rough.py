"""Numbers of rows and notes on the quality of the data, told to the nearest multiple."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from impact.disclosure.rule import Rule
from impact.disclosure.withheld import NOTHING, Withheld
from impact.results import Sentence

__all__ = ["NOT_SHOWN", "rough_notes", "rounded_rows"]

NOT_SHOWN = Sentence("not shown")
DOUBTS = frozenset({"doubtful", "others", "answers"})


def rough_notes(
    sentences: Iterable[Sentence], rule: Rule, withheld: Withheld = NOTHING
) -> tuple[Sentence, ...]:
    """Return notes on the quality of the data with numbers to the nearest multiple of the minimum.

    How many units matched, left or stayed can be had from how many there were and were not:
    where the tables hide one of those, none of these is told. What is doubtful is no such
    number.
    """
    if not rule.guarded:
        return tuple(sentences)
    return tuple(_rough(sentence, rule, withheld) for sentence in sentences)


def _rough(sentence: Sentence, rule: Rule, withheld: Withheld) -> Sentence:
    unsaid = {
        name: NOT_SHOWN
        for name, people in sentence.counts.items()
        if withheld.present and name not in DOUBTS and not rule.small(people)
    }
    counts = {
        name: people if rule.small(people) else rule.near(people)
        for name, people in sentence.counts.items()
        if name not in unsaid
    }
    inside = {name: one for name, one in sentence.values.items() if isinstance(one, Sentence)}
    values = {**sentence.values, **{n: _rough(one, rule, withheld) for n, one in inside.items()}}
    return replace(sentence, values={**values, **unsaid}, counts=counts)


def rounded_rows(rule: Rule) -> Sentence:
    """Say that numbers of rows are rounded."""
    text = "Numbers of rows are rounded to the nearest %(nearest)s."
    return Sentence(text, {"nearest": rule.minimum_cell})
