"""Costs divided by people: by the number of people as it is told, never by the true one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from impact.disclosure.rule import Rule, significant
from impact.locale import N_
from impact.results import Sentence, Statement

__all__ = ["INSTEAD", "PER", "told_costs"]

PER, MONEY = "per", "money"
INSTEAD = N_(
    "A number is not shown here, because it would tell about fewer than %(minimum)s people."
)


def told_costs(statement: Statement, rule: Rule) -> tuple[Sentence, ...]:
    """Return the sentences, with costs divided by the rounded number of people."""
    if not rule.guarded:
        return statement.sentences
    spent = [str(said.values[MONEY]) for said in statement.sentences if _is_whole(said)]
    return tuple(_cost(said, spent, rule) for said in statement.sentences)


def _is_whole(sentence: Sentence) -> bool:
    """Whether a sentence tells what was spent in all."""
    return MONEY in sentence.values and PER not in sentence.counts


def _cost(sentence: Sentence, spent: Sequence[str], rule: Rule) -> Sentence:
    if PER not in sentence.counts or rule.small(sentence.counts[PER]):
        return sentence
    if MONEY not in sentence.values or not spent:
        return Sentence(INSTEAD, {"minimum": rule.minimum_cell})
    amount, currency = spent[0].split()
    each = significant(float(amount) / rule.near(sentence.counts[PER]), 1)
    return replace(sentence, values={**sentence.values, MONEY: f"{each:.0f} {currency}"})
