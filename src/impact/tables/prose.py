"""Sentences that stand by themselves, as paragraphs and as lists of terms."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TYPE_CHECKING

from impact.locale import spoken

if TYPE_CHECKING:
    from impact.results.text import Sentence

__all__ = ["line", "paragraphs", "terms"]


def line(parts: Iterable[Sentence | str]) -> str:
    """Write names and sentences as one paragraph, those that are empty left out."""
    told = [part if isinstance(part, str) else spoken().say(part) for part in parts]
    return f"<p>{html.escape(' · '.join(part for part in told if part))}</p>"


def paragraphs(sentences: Iterable[Sentence]) -> str:
    """Write each sentence as a paragraph, in the language that is being spoken.

    Examples
    --------
    >>> from impact.results import Sentence
    >>> paragraphs([Sentence("%(n)s people & more", counts={"n": 1350})])
    '<p>1,350 people &amp; more</p>'
    """
    return "".join(f"<p>{html.escape(spoken().say(said))}</p>" for said in sentences)


def terms(facts: Iterable[tuple[Sentence, Sentence]]) -> str:
    """Write pairs of a term and what is said of it as a description list; nothing for none."""
    say = spoken().say
    told = "".join(
        f"<dt>{html.escape(say(term))}</dt><dd>{html.escape(say(text))}</dd>"
        for term, text in facts
    )
    return f"<dl>{told}</dl>" if told else ""
