"""What is said of periods, units and rows that a method leaves out, each with its number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from impact.results import Sentence

__all__ = ["UNFINISHED", "left_out", "periods_ahead"]

AHEAD = Sentence(
    "%(n)s period before the start is left out, since the pilot may have been anticipated in it.",
    many="%(n)s periods before the start are left out, since the pilot may have been anticipated "
    "in them.",
)
UNFINISHED = Sentence(
    "%(n)s unit that is not seen in every period is left out.",
    many="%(n)s units that are not seen in every period are left out.",
)


def left_out(said: Sentence, count: int, **values: Any) -> Sentence:
    """Return a sentence with the number that is left out, for the disclosure gate to judge.

    Parameters
    ----------
    said : Sentence
        Its number is called ``n``.
    count : int
        Units, or rows.
    **values
        What else it names.
    """
    return replace(said, values=values, counts={"n": count})


def periods_ahead(count: int) -> Sentence:
    """Say that periods are left out in which the pilot may have been anticipated."""
    return replace(AHEAD, values={"n": count})
