"""Sentences through the gate: a count that is too small is told as a bound."""

from __future__ import annotations

from collections.abc import Iterable

from impact.disclosure.rule import Rule
from impact.results import Sentence, Statement

__all__ = ["gate_sentence", "gate_sentences", "gate_statement"]

NOT_SHOWN = Sentence("not shown")


def gate_sentence(sentence: Sentence, rule: Rule) -> Sentence:
    """Return the sentence with every small count as "fewer than 10".

    A sentence that carries a computed number beside a small count (a share, a cost per
    person) would give the count back by division; it is replaced as a whole.
    """
    small = {name for name, people in sentence.counts.items() if rule.small(people)}
    if not small:
        return sentence
    bound = {"minimum": rule.minimum_cell}
    if any(isinstance(value, float) for value in sentence.values.values()):
        return Sentence(
            "A number is not shown here, because it is about fewer than %(minimum)s people.", bound
        )
    hidden = {name: Sentence("fewer than %(minimum)s", bound) for name in small}
    shown = {name: people for name, people in sentence.counts.items() if name not in small}
    return Sentence(sentence.text, {**sentence.values, **hidden}, shown)


def gate_sentences(sentences: Iterable[Sentence], rule: Rule) -> tuple[Sentence, ...]:
    """Return the sentences, each through the gate."""
    return tuple(gate_sentence(sentence, rule) for sentence in sentences)


def gate_statement(statement: Statement, rule: Rule) -> Statement:
    """Return a section of text with all its sentences through the gate.

    Where the counts of the section's facts add up to the largest of them and a small one
    is hidden, the next one is hidden too (`_second`): it would give the small one back.
    """
    second = _second([said for _, said in statement.facts], rule)
    facts = tuple(
        (gate_sentence(term, rule), NOT_SHOWN if at == second else gate_sentence(said, rule))
        for at, (term, said) in enumerate(statement.facts)
    )
    return Statement(statement.section, gate_sentences(statement.sentences, rule), facts)


def _second(facts: list[Sentence], rule: Rule) -> int | None:
    """Return which fact must be hidden beside the small ones; the least that is shown."""
    counts = {at: sum(said.counts.values()) for at, said in enumerate(facts) if said.counts}
    small = [people for people in counts.values() if rule.small(people)]
    shown = {at: people for at, people in counts.items() if not rule.small(people)}
    adds_up = bool(counts) and 2 * max(counts.values()) == sum(counts.values())
    if not (adds_up and small and shown) or (len(small) > 1 and sum(small) >= rule.minimum_cell):
        return None
    return min(shown, key=lambda at: shown[at])
