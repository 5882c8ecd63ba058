"""Every page of every pilot, and the index, in all languages.

Whole, small enough, with the same numbers, without a word that misleads; and axe-core finds
nothing at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from babel.numbers import get_decimal_symbol, get_group_symbol
from bs4 import BeautifulSoup

from impact.disclosure import Rule, index_entry, release
from impact.locale import LANGUAGES, language
from impact.report import render_index
from impact.report.page import released_page, render_release
from impact.results import Part

ROOT = Path(__file__).parents[2]
PILOTS = sorted((ROOT / "params").glob("*.yml"))
FORBIDDEN = yaml.safe_load((ROOT / "tests" / "locale" / "forbidden.yml").read_text("utf-8"))
MOST = 1_500_000
SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f", " "))
NARROW = 320
pytestmark = [pytest.mark.browser, pytest.mark.slow]
Record = Callable[[str, object], None]


@pytest.fixture
def check_page(
    browser: Any, tmp_path: Path, record_property: Record
) -> Iterator[Callable[..., None]]:
    """Return a function that opens a page as a reader on a narrow screen and examines it."""
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": NARROW, "height": 800})
    shown = context.new_page()
    asked: list[str] = []
    shown.on("request", lambda request: asked.append(request.url))

    def examine(html: str) -> None:
        path = tmp_path / "page.html"
        path.write_text(html, encoding="utf-8")
        asked.clear()
        shown.goto(path.as_uri())
        assert [url for url in asked if not url.startswith("data:")] == [path.as_uri()]
        shown.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert shown.evaluate("document.documentElement.scrollWidth") <= NARROW
        found = Axe().run(shown)
        assert found.violations_count == 0, found.generate_report()
        record_property("axe_pages", 1)

    yield examine
    context.close()


@pytest.mark.parametrize("params", PILOTS, ids=lambda path: path.stem)
def test_a_pilots_page_holds_in_every_language(
    params: Path, parts_of: Callable[[Path], Sequence[Part]], check_page: Callable[[str], None]
) -> None:
    released = released_page(parts_of(params))
    told = {}
    for code in LANGUAGES:
        html = render_release(released, lang=code)
        assert len(html.encode()) <= MOST, f"the page in {code} is too large to be sent about"
        page = BeautifulSoup(html, "html.parser")
        assert page.html is not None
        assert page.html["lang"] == code
        assert "%(" not in page.get_text()
        first = page.select_one(".first")
        assert first is not None
        said = first.get_text(" ")
        assert not re.search(FORBIDDEN[code], said, re.IGNORECASE), f"a forbidden word in {code}"
        told[code] = sorted(_numbers(said, code))
        check_page(html)
    assert told == dict.fromkeys(LANGUAGES, told["en"])


@pytest.mark.parametrize("code", LANGUAGES)
def test_axe_finds_nothing_on_the_index_in_any_language(
    code: str, parts_of: Callable[[Path], Sequence[Part]], check_page: Callable[[str], None]
) -> None:
    given = [parts_of(params) for params in PILOTS[:4]]
    entries = [index_entry(release(parts, Rule.of(_status(parts)))) for parts in given]
    check_page(render_index(entries, lang=code))


def _status(parts: Sequence[Part]) -> Any:
    from impact.results import Status

    return next(part for part in parts if isinstance(part, Status))


def _numbers(text: str, code: str) -> list[str]:
    """Return the numbers of a text in plain notation; a language may put them in any order."""
    locale = language(code).locale
    group = get_group_symbol(locale).translate(SPACES)
    point = get_decimal_symbol(locale)
    plain = text.translate(SPACES)
    found = re.findall(rf"\d+(?:{re.escape(group)}\d{{3}})*(?:{re.escape(point)}\d+)?", plain)
    return [one.replace(group, "").replace(point, ".") for one in found]
