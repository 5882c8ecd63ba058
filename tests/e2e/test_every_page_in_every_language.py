"""Every page of every pilot, and the index, in all languages: axe-core finds nothing at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from impact.disclosure import Rule, index_entry, release
from impact.locale import LANGUAGES
from impact.report import render_index
from impact.report.page import released_page, render_release
from impact.results import Part

ROOT = Path(__file__).parents[2]
PILOTS = sorted((ROOT / "params").glob("*.yml"))
NARROW = 320
pytestmark = [pytest.mark.browser, pytest.mark.slow]
Record = Callable[[str, object], None]


@pytest.fixture
def look(browser: Any, tmp_path: Path, record_property: Record) -> Iterator[Callable[..., None]]:
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
def test_axe_finds_nothing_on_a_pilots_page_in_any_language(
    params: Path, parts_of: Callable[[Path], Sequence[Part]], look: Callable[[str], None]
) -> None:
    released = released_page(parts_of(params))
    for code in LANGUAGES:
        look(render_release(released, lang=code))


@pytest.mark.parametrize("code", LANGUAGES)
def test_axe_finds_nothing_on_the_index_in_any_language(
    code: str, parts_of: Callable[[Path], Sequence[Part]], look: Callable[[str], None]
) -> None:
    given = [parts_of(params) for params in PILOTS[:4]]
    entries = [index_entry(release(parts, Rule.of(_status(parts)))) for parts in given]
    look(render_index(entries, lang=code))


def _status(parts: Sequence[Part]) -> Any:
    from impact.results import Status

    return next(part for part in parts if isinstance(part, Status))
