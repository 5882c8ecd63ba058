"""The sentences: one per cell, mirrored, and without the words that mislead."""

from __future__ import annotations

import itertools
import re

import pytest

from impact.evidence.words import CLEAR, NO_COMPARISON, NOT_RATED, UNCLEAR, VERY_LOW

FORBIDDEN = re.compile(r"\b(significant\w*|no effect|prove[sn]?|promising|trends?)\b", re.I)
EVERY = [*CLEAR.values(), *VERY_LOW.values(), *UNCLEAR.values(), *NO_COMPARISON.values(), NOT_RATED]
FILLED = {"pilot": "P", "outcome": "O", "effect": "E", "low": "L", "high": "H"}


def test_every_clear_cell_has_its_sentence() -> None:
    signs = ("improvement", "worsening", "rise", "fall")
    sizes = ("important", "possible", "slight", "plain")
    cells = [f"{size}_{sign}" for size, sign in itertools.product(sizes, signs)] + ["little"]
    assert set(CLEAR) == set(itertools.product(("high", "moderate", "low"), cells))


@pytest.mark.parametrize("text", EVERY)
def test_no_sentence_uses_a_word_that_misleads(text: str) -> None:
    assert not FORBIDDEN.search(text % FILLED)


@pytest.mark.parametrize(("level", "verb"), [
    ("high", " led to "), ("moderate", " probably led to "), ("low", " may have led to "),
])  # fmt: skip
def test_the_verb_says_how_sure_one_can_be(level: str, verb: str) -> None:
    texts = [text for (of, _), text in CLEAR.items() if of == level]
    assert texts
    assert all(f"“%(pilot)s”{verb}" in text for text in texts)


@pytest.mark.parametrize(("here", "there"), [("improvement", "worsening"), ("rise", "fall")])
def test_a_worsening_reads_as_the_mirror_image(here: str, there: str) -> None:
    for (level, cell), text in CLEAR.items():
        if cell.endswith(here):
            mirrored = re.sub(rf"\ban? (?={here})", "@ ", text).replace(here, there)
            other = CLEAR[level, cell.replace(here, there)]
            assert mirrored == re.sub(rf"\ban? (?={there})", "@ ", other)


@pytest.mark.parametrize("text", NO_COMPARISON.values())
def test_before_and_after_has_no_verb_of_effect(text: str) -> None:
    assert not re.search(
        r"\b(led to|caused?|effect of|improve|worsen)", text.replace("%(effect)s", "")
    )
