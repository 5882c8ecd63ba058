"""The codebook through the gate: what only a few people have is not named.

Its sentences say what the params file and the data file state, so nothing in them is about
anybody; but that a category is there says that somebody is in it.
"""

from __future__ import annotations

from dataclasses import replace

from impact.disclosure.rule import Rule
from impact.disclosure.withheld import NOTHING, Withheld
from impact.locale import N_
from impact.results import Sentence, Statement

__all__ = ["gate_codebook"]

LEFT_OUT = N_("Categories of fewer than %(minimum)s people are not named.")
NAMES = ("name", "word")


def gate_codebook(statement: Statement, rule: Rule, withheld: Withheld = NOTHING) -> Statement:
    """Return the codebook without what few people have, and without any number of people.

    Parameters
    ----------
    statement : Statement
        Its descriptions are rows of sentences; one that counts ``people`` is told where they
        are not few, and where no table leaves out its ``name``, or the ``word`` it stands for.
    rule : Rule
        Where it does not guard, everything is named.
    """
    facts = tuple((term, _row(said, rule, withheld)) for term, said in statement.facts)
    return replace(statement, facts=facts)


def _row(said: Sentence, rule: Rule, withheld: Withheld) -> Sentence:
    parts = [part for part in said.values.values() if isinstance(part, Sentence)]
    kept = [part for part in parts if _told(part, rule, withheld)]
    if len(kept) < len(parts):
        kept.append(Sentence(LEFT_OUT, {"minimum": rule.minimum_cell}))
    named = {f"part{at}": replace(part, counts={}) for at, part in enumerate(kept)}
    return Sentence(" ".join(f"%({name})s" for name in named), named)


def _told(part: Sentence, rule: Rule, withheld: Withheld) -> bool:
    if "people" not in part.counts:
        return not part.counts
    named = {str(part.values[name]) for name in NAMES if name in part.values}
    return not rule.small(part.counts["people"]) and not named & withheld.labels
