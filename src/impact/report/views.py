"""What the template shows of each part: plain values, in the reader's words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from impact.report.words import CERTAINTIES
from impact.results import Finding, Sentence, Statement

__all__ = ["Block", "Figure", "Interval", "Section", "interval", "rating", "where"]

MARGIN = 0.12


@dataclass(frozen=True)
class Figure:
    """A picture of aggregates: its data URI, its alternative text, the numbers behind it."""

    source: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True)
class Block:
    """One part inside a section; the template picks what it knows to show.

    ``folded`` closes the table alone, ``fold`` names what closes the whole block; ``key`` is
    the id of a block that others must find.
    """

    sentences: tuple[Sentence, ...] = ()
    facts: tuple[tuple[Sentence, Sentence], ...] = ()
    table: Markup | None = None
    folded: bool = False
    notes: tuple[Sentence, ...] = ()
    figures: tuple[Figure, ...] = ()
    findings: tuple[Finding, ...] = ()
    heading: str = ""
    fold: str = ""
    key: str = ""

    @classmethod
    def of_statement(cls, statement: Statement) -> Block:
        """Return a section's text."""
        return cls(sentences=statement.sentences, facts=statement.facts)


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, for everybody or in the annex."""

    key: str
    heading: str
    lead: str
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True)
class Interval:
    """Where a bar, its middle and "no difference" lie, in percent of the width."""

    zero: float
    low: float
    high: float
    middle: float


def interval(finding: Finding) -> Interval | None:
    """Return the finding's interval as positions on a line that also holds zero."""
    numbers = (finding.conf_low, finding.conf_high, finding.estimate)
    if not all(math.isfinite(number) for number in numbers):
        return None
    left, right = min(0.0, *numbers), max(0.0, *numbers)
    width = (right - left) or 1.0
    left, width = left - MARGIN * width, width * (1 + 2 * MARGIN)
    low, high, middle = (round(100 * (number - left) / width, 2) for number in numbers)
    return Interval(round(-100 * left / width, 2), low, high, middle)


def rating(certainty: str) -> Sequence[bool]:
    """Return which of the four steps of certainty are filled; none where not rated."""
    if certainty not in CERTAINTIES:
        return ()
    reached = CERTAINTIES.index(certainty)
    return tuple(step <= reached for step in range(len(CERTAINTIES)))


def where(place: str, country: str) -> str:
    """Return the place with its country's code; a country that is the place is told once.

    Examples
    --------
    >>> where("Tilburg", "NL"), where("United States", "US"), where("", "RO")
    ('Tilburg, NL', 'United States', 'RO')
    """
    initials = "".join(word[0] for word in place.split())
    known = place if country in (place, initials) else country
    return ", ".join(dict.fromkeys(name for name in (place, known) if name))
