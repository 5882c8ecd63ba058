"""The list of pilots."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from impact.disclosure import IndexEntry, Rule, index_entry, release
from impact.report import render_index
from impact.results import Sentence, Status


@pytest.fixture
def entries(samples):
    made = []
    for build in samples.PILOTS.values():
        parts = build()
        made.append(index_entry(release(parts, Rule.of(parts[0]))))
    failed = index_entry(Status("tuscany-housing", "Social housing", "Tuscany"), state="failed")
    return [*made, failed]


def listed(page: str, order: str = "given") -> list:
    return BeautifulSoup(page, "html.parser").select(f".index.{order} tbody tr")


def test_every_pilot_is_listed_with_its_sentence_and_certainty(entries):
    rows = listed(render_index(entries))
    assert len(rows) == 4
    assert "may have led to an important improvement" in rows[0].get_text()
    assert "Low" in rows[0].get_text()
    assert "Education, Participation" in rows[0].get_text()
    assert rows[0].a["href"] == "tilburg-integration.html"
    assert "invented pilot" in rows[2].get_text()


def test_a_failed_pilot_is_listed_neutrally_and_without_a_link(entries):
    row = listed(render_index(entries))[3]
    assert "No result could be published for this pilot at this time." in row.get_text()
    assert row.a is None
    assert "fail" not in row.get_text().lower()


def test_a_stale_page_is_named_so():
    entry = IndexEntry("a", "A", state="stale", sentence=Sentence("It rose."), certainty="low")
    assert "from an earlier run" in render_index([entry])


def test_links_of_another_language_go_to_its_pages(entries):
    assert 'href="tilburg-integration.fr.html"' in render_index(
        entries, pages={"tilburg-integration": "tilburg-integration.fr.html"}
    )


def test_an_index_without_pilots_says_so():
    assert "No pilot has been run yet." in render_index([])


def test_the_index_is_one_page_without_requests(entries):
    tree = BeautifulSoup(render_index(entries), "html.parser")
    assert not tree.find_all(["script", "link", "img", "iframe"])
    assert all(re.fullmatch(r"#main|[a-z0-9-]+\.html", a["href"]) for a in tree.find_all("a"))
    assert len(tree.find_all("h1")) == 1
    assert all(th["scope"] for th in tree.find_all("th"))


def test_hostile_titles_are_text():
    evil = '<script>alert(1)</script>{{ 7*7 }}"onload='
    tree = BeautifulSoup(render_index([IndexEntry("a", evil, evil, "NL", evil)]), "html.parser")
    assert tree.find("script") is None
    assert tree.select_one("tbody a").get_text() == evil


def order_of(page: str, key: str) -> list[str]:
    return [next(row.th.stripped_strings) for row in listed(page, key)]


def test_each_order_lists_every_pilot_once():
    said = Sentence("It rose.")
    given = [
        IndexEntry("c", "Beta", country="NL", programme="", sentence=said, certainty="low"),
        IndexEntry("a", "alpha", country="", programme="P", state="failed"),
        IndexEntry("b", "Gamma", country="GR", programme="O", sentence=said, certainty="high"),
    ]
    page = render_index(given)
    assert order_of(page, "given") == ["Beta", "alpha", "Gamma"]
    assert order_of(page, "title") == ["alpha", "Beta", "Gamma"]
    assert order_of(page, "country") == ["Gamma", "Beta", "alpha"]
    assert order_of(page, "programme") == ["Gamma", "alpha", "Beta"]
    assert order_of(page, "certainty") == ["Gamma", "Beta", "alpha"]


def test_a_choice_says_how_many_pilots_it_leaves(entries):
    tree = BeautifulSoup(render_index(entries), "html.parser")
    boxes = {box.legend.text: box for box in tree.select("fieldset")}
    for key in ("Theme", "Country", "Certainty"):
        for label in boxes[key].find_all("label")[1:]:
            mark = label.input["id"]
            pilots = len(tree.select(f".index.given tr.{mark}"))
            assert label.text.strip().endswith(f"({pilots})")
            assert f".index tbody tr:not(.{mark})" in tree.style.text


def test_a_short_list_is_not_sorted():
    page = render_index([IndexEntry("a", "A"), IndexEntry("b", "B")])
    tree = BeautifulSoup(page, "html.parser")
    assert tree.find("fieldset") is None
    assert len(tree.select("tbody tr")) == 2


def test_names_of_pilots_never_enter_the_style_sheet():
    evil = "}</style><b>x"
    given = [IndexEntry(name, evil, evil, evil, evil, (evil,)) for name in "abc"]
    tree = BeautifulSoup(render_index([*given, IndexEntry("d", "D", "", "NL", "P")]), "html.parser")
    assert tree.find("b") is None
    assert "<b>" not in tree.style.text
