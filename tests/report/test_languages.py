"""Pages and the index in another language: no word of ours escapes, and numbers are CLDR's."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from tests.locale.pseudo import Pseudo, outside

from impact.disclosure import IndexEntry, Measured
from impact.locale import Language
from impact.report import render_index, render_release
from impact.report.page import released_page
from impact.results import Sentence

KINDS = ("did", "before_after", "undecided")
PSEUDO = Language("en", Pseudo(), reviewed=False)
FRENCH = Language("fr", reviewed=False)
UNREVIEWED = "This translation has not been reviewed by a person."
WORD = re.compile(r"[^\W\d_]{2,}")
OWN = {"A sum of rounded cells.", "A report, table 3", "Includ-EU"}
"""What the authors of the sample pilots wrote, beside what their status holds."""


@pytest.fixture(scope="module")
def released(samples):
    return {kind: released_page(samples.PILOTS[kind]()) for kind in KINDS}


def escaped(page):
    """Return the texts of a page that hold words outside the brackets; pictures' are not its."""
    tree = BeautifulSoup(page, "html.parser")
    tree.style.decompose()
    said = [*tree.find_all(string=True)]
    said += [e["aria-label"] for e in tree.find_all(attrs={"aria-label": True})]
    return {text for text in (outside(str(one)).strip() for one in said) if WORD.search(text)}


def entry(pilot, estimate=0.25, **said):
    measured = {
        "kind": "ordinal",
        "direction": "higher",
        "measured_in": "points",
        "scale": (1.0, 5.0),
        "outcome": "home",
        "role": "primary",
        "certainty": "low",
        "std_error": 0.11,
        "conf_low": estimate - 0.2,
        "conf_high": estimate + 0.2,
    }
    given = {
        "sentence": Sentence("It rose by %(n)s.", {"n": "0.40"}),
        "certainty": "low",
        "themes": ("education",),
        "country": "NL",
        "programme": f"Programme {pilot}",
        "measures": (Measured("belonging", estimate=estimate, **measured),),
    }
    return IndexEntry(pilot, f"Own {pilot}", **given | said)


ENTRIES = [
    entry("a"),
    entry("b", 0.5, simulated=True, themes=()),
    entry("c", 0.4, state="stale", invented=True, country="GR"),
    entry("d", 0.3),
    IndexEntry("e", "Own e", state="failed"),
]


@pytest.mark.parametrize("kind", KINDS)
def test_no_word_of_a_page_escapes_translation(released, kind):
    status = released[kind].status
    left = escaped(render_release(released[kind], lang=PSEUDO))
    place = {f"{status.place}, {code}" for code in ("NL", "ES", "GR")}
    title = {f"{status.title} – {status.place} –", "html"}
    assert left <= OWN | place | title | {status.title}
    assert status.title in left


def test_no_word_of_the_index_escapes_translation():
    left = escaped(render_index(ENTRIES, lang=PSEUDO))
    own = re.compile(
        r"(Own [a-e])?( \([, 0-9]*\))?|Programme [a-d]( \(1\))?|(NL|GR)( \(\d\))?|html"
    )
    assert {text for text in left if not own.fullmatch(text)} == set()
    assert "Own a" in left


def test_no_word_of_an_empty_index_escapes_translation():
    assert escaped(render_index([], lang=PSEUDO)) == {"html"}


@pytest.mark.parametrize("kind", KINDS)
def test_a_french_page_has_no_decimal_point_in_any_table(released, kind):
    tree = BeautifulSoup(render_release(released[kind], lang=FRENCH), "html.parser")
    cells = [cell.get_text() for cell in tree.select(".table-scroll td.number")]
    assert [cell for cell in cells if re.search(r"\d\.\d", cell)] == []
    assert any(re.search(r"\d,\d", cell) for cell in cells)


def test_a_french_index_writes_its_averages_with_a_comma():
    tree = BeautifulSoup(render_index(ENTRIES, lang=FRENCH), "html.parser")
    cells = [cell.get_text() for cell in tree.select(".shared td")]
    assert any("0,25" in cell for cell in cells)
    assert any("100\u00a0%" in cell for cell in cells)
    assert not any(re.search(r"\d\.\d", cell) for cell in cells)


def test_a_translation_that_nobody_has_read_says_so_in_small_print(released):
    for page in (render_release(released["did"], lang=FRENCH), render_index(ENTRIES, lang=FRENCH)):
        small = BeautifulSoup(page, "html.parser").select("footer small")
        assert [one.get_text() for one in small] == [UNREVIEWED]


def test_a_page_in_english_or_in_a_language_that_was_read_says_nothing_of_it(released):
    for tongue in ("en", Language("nl", reviewed=True)):
        assert UNREVIEWED not in render_release(released["did"], lang=tongue)
        assert UNREVIEWED not in render_index(ENTRIES, lang=tongue)


def test_a_page_names_the_language_it_is_written_in(released):
    page = render_release(released["did"], lang=FRENCH)
    assert BeautifulSoup(page, "html.parser").html["lang"] == "fr"
