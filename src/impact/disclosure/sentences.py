"""Sentences through the gate: a count that is too small, or hardly more, is told as "some".

A note is made only where there is somebody: "fewer than 10" would be one of nine numbers.

The rule holds for a sentence and for every sentence that stands inside it, however deep.
A count that the page's tables hide is hidden in its text, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations

from impact.disclosure.codebook import gate_codebook
from impact.disclosure.costs import INSTEAD, PER, told_costs
from impact.disclosure.rough import NOT_SHOWN, rounded_rows
from impact.disclosure.rule import Rule
from impact.disclosure.withheld import NOTHING, Withheld
from impact.locale import N_
from impact.results import Sentence, Statement

__all__ = [
    "gate_note",
    "gate_notes",
    "gate_sentence",
    "gate_sentences",
    "gate_statement",
]

SOME = Sentence("some")
COMPLETE = frozenset({"No answer is missing.", "No answer is missing in: %(names)s."})
LEFT_OUT = re.compile(r"\b[Ll]eft out\b|\bnot seen\b|^Some were seen on one side")
"""Said only where there is somebody, who is the difference of two numbers that tables tell."""
NEAR = N_(
    "What rests on the same people as another estimate, or on almost the same, is rounded to steps "
    "as large as its standard error: the two would tell about those few."
)
LEFT = N_(
    "Whoever gave no answer, or was seen on one side of the start only where both are compared, is "
    "left out, if there is anybody."
)
STEPS = N_(
    "Estimates, intervals and errors are rounded, more coarsely where they are of fewer people, so "
    "that they do not tell how many there were; so are p-values, and those below 0.001 are told as "
    "below."
)
UNNAMED = "…"


def gate_sentence(sentence: Sentence, rule: Rule, withheld: Withheld = NOTHING) -> Sentence:
    """Return the sentence with every small count as "some".

    A computed number (a share, a cost per person) beside a count that is hidden would
    give the count back by division, whichever of the two stands inside the other: the
    smallest sentence that holds both is replaced as a whole. So is one with a small count
    that its text does not name, since its numbers rest on that; one that was divided by a
    hidden count, which it names ``per``; and one that is ``about`` the effect on an outcome
    that is withheld. What is told is rounded to the nearest multiple of the minimum.
    """
    inside = [value for value in sentence.values.values() if isinstance(value, Sentence)]
    hidden = _hidden(sentence, rule, withheld)
    parts = [(bool(hidden), _computes(sentence))]
    parts += [(_hides_any(one, rule, withheld), _computes_any(one)) for one in inside]
    unsaid = any(name == PER or not _told(name, sentence) for name in hidden)
    apart = any(hides and computes for (hides, _), (_, computes) in permutations(parts, 2))
    about = sentence.values.get("about") in withheld.outcomes
    if about or unsaid or all(parts[0]) or apart:
        return Sentence(INSTEAD, {"minimum": rule.minimum_cell})
    values = {
        name: gate_sentence(value, rule, withheld) if isinstance(value, Sentence) else value
        for name, value in sentence.values.items()
    }
    shown = {
        name: rule.near(people) if rule.guarded and _told(name, sentence) else people
        for name, people in sentence.counts.items()
        if name not in hidden
    }
    some = {name: SOME for name in shown if _vague(name, shown[name], sentence, rule)}
    told = {name: people for name, people in shown.items() if name not in some}
    return replace(sentence, values={**values, **hidden, **some}, counts=told)


def gate_sentences(
    sentences: Iterable[Sentence], rule: Rule, withheld: Withheld = NOTHING
) -> tuple[Sentence, ...]:
    """Return the sentences, each through the gate; none that tells that somebody was left out."""
    kept = (one for one in sentences if not (rule.guarded and _tells(one)))
    return tuple(gate_sentence(sentence, rule, withheld) for sentence in kept)


def gate_note(sentence: Sentence, rule: Rule, withheld: Withheld = NOTHING) -> Sentence:
    """Return a note, in which no period, category or cohort of few is named."""
    return _unnamed(gate_sentence(sentence, rule, withheld), withheld.labels)


def gate_notes(
    sentences: Iterable[Sentence], rule: Rule, withheld: Withheld = NOTHING
) -> tuple[Sentence, ...]:
    """Return the notes, each through the gate.

    None that tells of nobody in every group, and none that is made only where somebody was left
    out: without it there would be nobody.
    """
    given = [one for one in sentences if not (rule.guarded and _tells(one))]
    return tuple(gate_note(sentence, rule, withheld) for sentence in given)


def gate_statement(statement: Statement, rule: Rule, withheld: Withheld = NOTHING) -> Statement:
    """Return a section of text with all its sentences through the gate.

    Where the counts of the section's facts add up to the largest of them and a small one
    is hidden, the next one is hidden too (`_second`): it would give the small one back.
    Rows of the data file are units times periods less those who were not there: where the
    tables hide how many were there, no number of rows is told, and else none is exact.
    """
    second = _second([said for _, said in statement.facts], rule)
    if statement.section == "codebook":
        return gate_codebook(statement, rule, withheld)
    rows = rule.guarded and statement.section == "data"
    facts = []
    for at, (term, said) in enumerate(statement.facts):
        small = any(rule.small(people) for people in said.counts.values())
        if at == second or (rows and withheld.present and said.counts and not small):
            said = NOT_SHOWN
        elif rows:
            counts = {
                name: people if rule.small(people) else rule.near(people)
                for name, people in said.counts.items()
            }
            said = replace(said, counts=counts)
        facts.append((gate_sentence(term, rule, withheld), gate_sentence(said, rule, withheld)))
    notes = gate_notes(told_costs(statement, rule), rule, withheld)
    if rows and any(said.counts for _, said in facts):
        notes += (rounded_rows(rule),)
    if rule.guarded and statement.section == "methods":
        notes += (Sentence(LEFT), Sentence(STEPS), Sentence(NEAR))
    return Statement(statement.section, notes, tuple(facts))


def _hidden(sentence: Sentence, rule: Rule, withheld: Withheld) -> dict[str, Sentence]:
    """Return what stands instead of each count that is not told.

    A count that the text does not name is a base: it may stand in no table by itself.
    """
    return {
        name: SOME if rule.small(people) else NOT_SHOWN
        for name, people in sentence.counts.items()
        if (withheld.hides(people, rule) if _told(name, sentence) else rule.small(people))
    }


def _told(name: str, sentence: Sentence) -> bool:
    return name == PER or f"%({name})" in sentence.text


def _vague(name: str, people: int, sentence: Sentence, rule: Rule) -> bool:
    """Whether a rounded number is told as "some": it is hardly over the least."""
    few = people < 2 * rule.minimum_cell
    return rule.guarded and f"%({name})" in sentence.text and few


def _tells(sentence: Sentence) -> bool:
    """Whether a sentence, or one in it, is made only where somebody was left out, or nobody was."""
    inside = [value for value in sentence.values.values() if isinstance(value, Sentence)]
    some = bool(sentence.counts) or sentence.text.startswith("Some were")
    told = sentence.text in COMPLETE or bool(some and LEFT_OUT.search(sentence.text))
    return told or any(map(_tells, inside))


def _computes(sentence: Sentence) -> bool:
    return any(isinstance(value, float) for value in sentence.values.values())


def _computes_any(sentence: Sentence) -> bool:
    return _computes(sentence) or any(
        _computes_any(value) for value in sentence.values.values() if isinstance(value, Sentence)
    )


def _hides_any(sentence: Sentence, rule: Rule, withheld: Withheld) -> bool:
    return bool(_hidden(sentence, rule, withheld)) or any(
        _hides_any(value, rule, withheld)
        for value in sentence.values.values()
        if isinstance(value, Sentence)
    )


def _unnamed(sentence: Sentence, labels: frozenset[str]) -> Sentence:
    """Put a mark where a value names a label that is withheld, alone or in a list."""
    if not labels:
        return sentence
    some = "|".join(re.escape(label) for label in sorted(labels, key=len, reverse=True))
    named = re.compile(rf"(?<![\w.-])(?:{some})(?![\w.-])")

    def said(value: object) -> object:
        if isinstance(value, Sentence):
            return _unnamed(value, labels)
        return named.sub(UNNAMED, value) if isinstance(value, str) else value

    return replace(sentence, values={name: said(value) for name, value in sentence.values.items()})


def _second(facts: list[Sentence], rule: Rule) -> int | None:
    """Return which fact must be hidden beside the small ones; the least that is shown."""
    counts = {at: sum(said.counts.values()) for at, said in enumerate(facts) if said.counts}
    small = [people for people in counts.values() if rule.small(people)]
    shown = {at: people for at, people in counts.items() if not rule.small(people)}
    adds_up = bool(counts) and 2 * max(counts.values()) == sum(counts.values())
    if not (adds_up and small and shown) or (len(small) > 1 and sum(small) >= rule.minimum_cell):
        return None
    return min(shown, key=lambda at: shown[at])
