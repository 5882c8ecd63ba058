"""Every committed pilot in every language: whole, small enough, and with the same numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml
from babel.numbers import get_decimal_symbol, get_group_symbol
from bs4 import BeautifulSoup
from tests.locale.pseudo import Pseudo, outside

from impact.disclosure import Release
from impact.locale import LANGUAGES, Language, language
from impact.report.page import released_page, render_release
from impact.results import Part

ROOT = Path(__file__).parents[1]
PILOTS = sorted((ROOT / "params").glob("*.yml"))
FORBIDDEN = yaml.safe_load((ROOT / "tests" / "locale" / "forbidden.yml").read_text("utf-8"))
READ_OUT = ("alt", "aria-label", "title")
MOST = 1_500_000
SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f", " "))
pytestmark = pytest.mark.slow
each_pilot = pytest.mark.parametrize("params", PILOTS, ids=lambda path: path.stem)
ReleaseOf = Callable[[Path], Release]


@pytest.fixture(scope="module")
def release_of(parts_of: Callable[[Path], tuple[Part, ...]]) -> ReleaseOf:
    return cache(lambda params: released_page(parts_of(params)))


@each_pilot
def test_a_page_says_the_same_in_every_language(params: Path, release_of: ReleaseOf) -> None:
    told = {}
    for code in LANGUAGES:
        html = render_release(release_of(params), lang=code)
        assert len(html.encode()) <= MOST, f"the page in {code} is too large to be sent about"
        page = BeautifulSoup(html, "html.parser")
        assert page.html is not None
        assert page.html["lang"] == code
        assert "%(" not in page.get_text()
        first = page.select_one(".first")
        assert first is not None
        said = first.get_text(" ")
        assert not re.search(FORBIDDEN[code], said, re.IGNORECASE), f"a forbidden word in {code}"
        told[code] = _numbers(said, code)
    assert {code: sorted(numbers) for code, numbers in told.items()} == dict.fromkeys(
        LANGUAGES, sorted(told["en"])
    )


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


def _numbers(text: str, code: str) -> list[str]:
    """Return the numbers of a text in plain notation; a language may put them in any order."""
    locale = language(code).locale
    group = get_group_symbol(locale).translate(SPACES)
    point = get_decimal_symbol(locale)
    plain = text.translate(SPACES)
    found = re.findall(rf"\d+(?:{re.escape(group)}\d{{3}})*(?:{re.escape(point)}\d+)?", plain)
    return [one.replace(group, "").replace(point, ".") for one in found]
