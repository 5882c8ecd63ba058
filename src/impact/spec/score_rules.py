"""Rules of outcomes that are made of several items."""

from __future__ import annotations

from collections.abc import Iterator

from impact.spec.draft import Breach, Draft
from impact.spec.models import Outcome, Score
from impact.spec.place import Key, dotted
from impact.spec.used import ONE_ROLE
from impact.spec.words import closest, listed, shown

__all__ = ["breaches"]


def breaches(draft: Draft) -> Iterator[Breach]:
    """Yield every rule about scores that does not hold."""
    for index, outcome in draft.outcomes.items():
        if outcome.score is not None:
            yield from _items(draft, outcome, outcome.score, ("outcomes", index, "score"))
            yield from _reverse(outcome, outcome.score, ("outcomes", index, "score"))


def _items(draft: Draft, outcome: Outcome, score: Score, key: Key) -> Iterator[Breach]:
    roles = {draft.text(*map(str, role)): dotted(role) for role in ONE_ROLE}
    for at, item in enumerate(score.items):
        here: Key = (*key, "items", at)
        if item in score.items[:at]:
            yield Breach(here, "repeated", f"{shown(item)} stands twice", "", "keep one of them")
        if item == outcome.column:
            found = f"the item {shown(item)} has the name of the score that is made of it"
            yield Breach(here, "two-roles", found, "", "give the outcome another 'column'")
        elif item in roles:
            found = f"the column {shown(item)} is already '{roles[item]}'"
            yield Breach(here, "two-roles", found, "expected another column", "")
    if score.answered is not None and score.answered > len(score.items):
        found = f"{score.answered} answers are asked of {len(score.items)} items"
        yield Breach((*key, "answered"), "more-than-items", found, "", "write a smaller number")
    if outcome.kind == "binary":
        found = f"a {score.of} of items is no outcome of yes and no"
        advice = "expected kind: continuous, ordinal or count"
        yield Breach(("outcomes", key[1], "kind"), "score-of-kind", found, advice)


def _reverse(outcome: Outcome, score: Score, key: Key) -> Iterator[Breach]:
    for at, item in enumerate(score.reverse):
        if item not in score.items:
            near = closest(item, score.items)
            found = f"{shown(item)} is none of the items"
            wanted = f"expected one of {listed(score.items)}"
            advice = f"did you mean '{near}'?" if near else ""
            yield Breach((*key, "reverse", at), "unknown-item", found, wanted, advice)
        if item in score.reverse[:at]:
            found = f"{shown(item)} stands twice"
            yield Breach((*key, "reverse", at), "repeated", found, "", "keep one of them")
    if score.reverse and outcome.scale is None:
        found = "items are turned round, and no scale says about which middle"
        wanted = "expected 'scale', the lowest and the highest value of the outcome"
        yield Breach((*key, "reverse"), "scale-missing", found, wanted)
