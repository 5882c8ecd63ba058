"""The index through the gate: one line a pilot, from its release or from its failure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from impact.disclosure.page import Release
from impact.disclosure.rule import Rule
from impact.disclosure.sentences import gate_sentence
from impact.errors import DisclosureError
from impact.results import Sentence, Status

__all__ = ["IndexEntry", "ReleasedIndex", "index_entry", "release_index"]

_GATE = object()
_PILOT = re.compile(r"[a-z0-9][a-z0-9-]*")
STATES = ("published", "stale", "failed")


@dataclass(frozen=True)
class IndexEntry:
    """What the index says of one pilot.

    Parameters
    ----------
    pilot, title, place, country, programme : str
        As in the pilot's status.
    themes : tuple of str
        As in the pilot's status.
    state : str
        ``published``; ``stale`` (the page shown is of an earlier run); or ``failed``
        (nothing is shown: no sentence, no certainty, no link).
    sentence : Sentence or None
        The headline.
    certainty : str
        Of the headline; empty where there is none.
    simulated, invented : bool
        As in the pilot's status.
    minimum_cell : int
        Of the pilot's rule.
    guarded : bool
        Of the pilot's rule.
    """

    pilot: str
    title: str
    place: str = ""
    country: str = ""
    programme: str = ""
    themes: tuple[str, ...] = ()
    state: str = "published"
    sentence: Sentence | None = None
    certainty: str = ""
    simulated: bool = False
    invented: bool = False
    minimum_cell: int = 10
    guarded: bool = True

    def __post_init__(self) -> None:
        if not _PILOT.fullmatch(self.pilot):
            raise DisclosureError("an index entry names its pilot by id: a-z, 0-9 and -")
        if self.state not in STATES:
            raise DisclosureError(f"the state of an index entry is one of {', '.join(STATES)}")

    def to_payload(self) -> dict[str, Any]:
        """Return the entry as plain JSON, to be kept with the record of the run."""
        given = {each.name: getattr(self, each.name) for each in fields(self)}
        said = None if self.sentence is None else self.sentence.to_payload()
        return given | {"themes": list(self.themes), "sentence": said}

    @classmethod
    def of_payload(cls, payload: Mapping[str, Any]) -> IndexEntry:
        """Read back what `to_payload` returned."""
        said = payload["sentence"]
        read = {"sentence": None if said is None else Sentence.of_payload(said)}
        return cls(**{**payload, **read, "themes": tuple(payload["themes"])})


@dataclass(frozen=True, eq=False)
class ReleasedIndex:
    """Index entries that may be published, in order; `release_index` makes it."""

    entries: tuple[IndexEntry, ...]
    _gate: object = None

    def __post_init__(self) -> None:
        if self._gate is not _GATE:
            raise DisclosureError("a ReleasedIndex is made by impact.disclosure.release_index")

    def __iter__(self) -> Iterator[IndexEntry]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


def index_entry(source: Release | Status, *, state: str = "published") -> IndexEntry:
    """Return the line of a released page, or of a failed pilot from its status alone."""
    status = source.status if isinstance(source, Release) else source
    headline = source.headline if isinstance(source, Release) and state != "failed" else None
    rule = Rule.of(status)
    return IndexEntry(
        **{
            name: getattr(status, name)
            for name in ("pilot", "title", "place", "country", "programme", "themes")
        },
        state=state,
        sentence=headline.sentence if headline else None,
        certainty=headline.certainty if headline else "",
        simulated=status.simulated,
        invented=status.invented,
        minimum_cell=rule.minimum_cell,
        guarded=rule.guarded,
    )


def release_index(entries: Sequence[IndexEntry]) -> ReleasedIndex:
    """Pass the lines of the index through the gate.

    Every sentence is gated by its own pilot's rule (again, where it comes from a
    released page); a failed pilot keeps its name and nothing of its results.

    Raises
    ------
    DisclosureError
        Two entries name the same pilot.
    """
    names = [entry.pilot for entry in entries]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DisclosureError(f"the index lists {', '.join(twice)} more than once")
    return ReleasedIndex(tuple(_gate_entry(entry) for entry in entries), _GATE)


def _gate_entry(entry: IndexEntry) -> IndexEntry:
    if entry.state == "failed" or entry.sentence is None:
        return replace(entry, sentence=None, certainty="")
    rule = Rule(entry.minimum_cell, entry.guarded)
    return replace(entry, sentence=gate_sentence(entry.sentence, rule))
