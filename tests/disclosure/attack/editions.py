"""Two editions of one page, a few people apart: what is new tells of those few."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from attack.pilots import Pilot
from attack.reading import MOST, Reading
from attack.solve import Recovery
from attack.system import System
from attack.truth import STATES, truth_of

__all__ = ["between_editions"]

KINDS = ("k", "c", "sk", *STATES)


def between_editions(
    first: Pilot, before: Reading, second: Pilot, after: Reading
) -> list[Recovery]:
    """Return counts of those few who are in one edition only that follow exactly.

    The reader knows that people were added, or taken out, and nothing else was changed. That
    few were is no secret, what they answered is: a count among them that is sure.

    Parameters
    ----------
    first, second : Pilot
        Of both editions.
    before, after : Reading
        Of both pages.
    """
    truths = truth_of(first), truth_of(second)
    more = len(second.records) > len(first.records)
    larger, smaller = (after, before) if more else (before, after)
    whole, part = truths[::-1] if more else truths
    joint = _joined(larger, smaller)
    joint.source = "the editions differ by some people"
    shared = [name for name in larger.system.places if name in smaller.system.places]
    for name in shared:
        joint.say({("whole", name): 1.0, ("part", name): -1.0}, low=0.0)
    for name in shared:
        over = _over(name)
        if over in shared:
            own = {("whole", name): 1.0, ("part", name): -1.0}
            joint.say({**own, ("whole", over): -1.0, ("part", over): 1.0}, high=0.0)
    hits = []
    for name, terms in _sought(larger, shared):
        few = whole.get(_over(name), 0.0) - part.get(_over(name), 0.0)
        true = round(whole.get(name, 0.0) - part.get(name, 0.0))
        if not 0 < few < first.minimum or true == 0 or joint.seen_range(terms) > 0.5:
            continue
        ends = joint.range_of(terms)
        if ends and ends[0] == ends[1] == true:
            what = f"{' '.join(map(str, name))} among {few:g} who are in one edition only"
            hits.append(Recovery(what, *ends, true, tuple(joint.because(terms))))
    return hits


def _over(name: Hashable) -> Hashable:
    """Return the group that a count is part of."""
    if not isinstance(name, tuple):
        return name
    if name[0] == "c":
        return ("N", *name[3:])
    if name[0] in ("k", "n", *STATES):
        return ("N", *name[2:4])
    if name[0] == "sk":
        return ("sn", *name[1:-1])
    return ("U", name[1]) if name[0] == "N" else name


def _joined(larger: Reading, smaller: Reading) -> System:
    joint = System(MOST)
    for edition, one in (("whole", larger), ("part", smaller)):
        names = {place: (edition, name) for name, place in one.system.places.items()}
        for (at, by, low, high), source in zip(one.system.rows, one.system.sources, strict=True):
            joint.source = f"{edition}: {source}" if source else ""
            terms = dict(zip((names[place] for place in at), by, strict=True))
            joint.say(terms, low, high)
    return joint


def _sought(
    larger: Reading, shared: list[Hashable]
) -> Iterator[tuple[tuple[Hashable, ...], dict[Hashable, float]]]:
    for name in shared:
        if isinstance(name, tuple) and name[0] in KINDS:
            if name[0] in ("k", "sk") and larger.codes(str(name[1])) != (0, 1):
                continue
            yield name, {("whole", name): 1.0, ("part", name): -1.0}
