"""No text escapes translation, and what nobody has reviewed says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from tests.locale.pseudo import Pseudo, outside

from impact.disclosure import Release
from impact.locale import LANGUAGES, Language, language
from impact.report.page import released_page, render_release
from impact.results import Part

ROOT = Path(__file__).parents[1]
PILOTS = sorted((ROOT / "params").glob("*.yml"))
READ_OUT = ("alt", "aria-label", "title")
pytestmark = pytest.mark.slow
each_pilot = pytest.mark.parametrize("params", PILOTS, ids=lambda path: path.stem)
ReleaseOf = Callable[[Path], Release]


@pytest.fixture(scope="module")
def release_of(parts_of: Callable[[Path], tuple[Part, ...]]) -> ReleaseOf:
    return cache(lambda params: released_page(parts_of(params)))


@each_pilot
def test_no_text_of_a_page_escapes_translation(params: Path, release_of: ReleaseOf) -> None:
    """In a language that puts every text in brackets nothing but the pilot's own words is bare."""
    html = render_release(release_of(params), lang=Language("en", Pseudo()))
    own = set(re.findall(r"\w+", params.read_text("utf-8")))
    assert {word for word in _bare(html) if word not in own} == set()


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_page_without_a_reviewed_translation_says_so(code: str, release_of: ReleaseOf) -> None:
    said = "This translation has not been reviewed by a person."
    page = render_release(release_of(PILOTS[0]), lang=code)
    assert (language(code).gettext(said) in page) != language(code).reviewed


def test_the_same_parts_give_the_same_bytes(release_of: ReleaseOf) -> None:
    first, again = (render_release(release_of(PILOTS[0]), lang="el") for _ in range(2))
    assert first == again


def _bare(html: str) -> set[str]:
    """Return the words of a page, read or read out, that stand in no brackets."""
    page = BeautifulSoup(html, "html.parser")
    for unread in page(["style", "script"]):
        unread.decompose()
    said = [*page.stripped_strings]
    said += [str(tag[name]) for name in READ_OUT for tag in page.find_all(attrs={name: True})]
    found: set[str] = set()
    for text in said:
        found |= set(re.findall(r"[^\W\d_]{2,}", outside(text)))
    return found
