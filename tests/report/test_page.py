"""What a page says, what it is made of, and what it never does."""

from __future__ import annotations

import dataclasses
import os
import re
import subprocess
import sys
from itertools import pairwise

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from impact.disclosure import Rule, release
from impact.errors import RunError
from impact.report import render_page, render_release
from impact.report.readable import readable
from impact.results import (
    Effects,
    Finding,
    Findings,
    Replication,
    Sentence,
    Statement,
    SummaryTable,
)

KINDS = ["did", "before_after", "undecided"]
FORBIDDEN = ("significant", "no effect", "proves", "promising", "trend")


def soup(page):
    return BeautifulSoup(page, "html.parser")


def text(page):
    """Return what a reader sees, without style and address."""
    tree = soup(page)
    for hidden in tree(["style", "head"]):
        hidden.decompose()
    return re.sub(r"\s+", " ", tree.get_text(" "))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_one_first_heading_and_skips_no_level(pages, kind):
    levels = [int(h.name[1]) for h in soup(pages[kind]).find_all(re.compile(r"^h[1-6]$"))]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_says_its_language_and_its_title(pages, kind):
    tree = soup(pages[kind])
    assert tree.html["lang"] == "en"
    assert tree.h1.get_text() in tree.title.get_text()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_loads_nothing_from_anywhere(pages, kind):
    tree = soup(pages[kind])
    assert not tree.find_all(["script", "link", "iframe", "object", "embed", "base", "form"])
    addresses = [
        tag[name]
        for tag in tree.find_all(True)
        for name in tag.attrs
        if name in ("src", "href", "srcset", "data", "poster", "action")
    ]
    assert addresses
    for address in addresses:
        assert address.startswith(("#", "data:image/png;base64,")) or address == "index.html"
    assert not any(name.startswith("on") for tag in tree.find_all(True) for name in tag.attrs)
    assert "url(" not in pages[kind]
    assert "@import" not in pages[kind]
    policy = tree.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")


@pytest.mark.parametrize("kind", KINDS)
def test_every_header_cell_has_a_scope_and_a_text_and_every_table_a_caption(pages, kind):
    tree = soup(pages[kind])
    assert tree.find_all("table")
    for header in tree.find_all("th"):
        assert header["scope"] in ("row", "col", "rowgroup", "colgroup")
        assert header.get_text(strip=True)
    for table in tree.find_all("table"):
        assert table.caption.get_text(strip=True)


@pytest.mark.parametrize("kind", KINDS)
def test_every_picture_is_described_and_has_its_numbers_in_a_table(pages, kind):
    section = soup(pages[kind]).find(id="trends")
    pictures = section.find_all("img")
    assert pictures
    assert all(len(picture["alt"]) > 40 for picture in pictures)
    assert section.find("details").find("table")


@pytest.mark.parametrize("kind", KINDS)
def test_ids_are_unique_and_labels_point_at_something(pages, kind):
    tree = soup(pages[kind])
    ids = [tag["id"] for tag in tree.find_all(id=True)]
    assert len(ids) == len(set(ids))
    pointed = {
        name
        for tag in tree.find_all(attrs={"aria-labelledby": True})
        for name in tag["aria-labelledby"].split()
    }
    pointed |= {a["href"][1:] for a in tree.find_all("a") if a["href"].startswith("#")}
    assert pointed <= set(ids)


@pytest.mark.parametrize("kind", KINDS)
def test_forbidden_words_stand_nowhere(pages, kind):
    said = text(pages[kind]).lower()
    assert [word for word in FORBIDDEN if word in said] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_small(pages, kind):
    assert len(pages[kind].encode()) < 1_500_000


def test_the_first_screen_comes_in_order(pages):
    said = text(pages["did"])
    order = [
        "Simulated data",
        "Early civic integration",
        "Fixed before the final data came in",
        "may have led to an important improvement",
        "15 more people in 100",
        "6 more people in 100 to 24 more people in 100",
        "Low",
        "step 2 of 4",
        "6 places with the pilot",
        "210,000 EUR",
        "Who took part",
    ]
    at = [said.index(part) for part in order]
    assert at == sorted(at)


FRONT = [
    *("participants", "flow", "comparison", "trends", "rivals"),
    *("findings", "limits", "cost", "plan"),
]


def test_what_everybody_reads_comes_first_whatever_the_order_of_the_notebook(pages, samples):
    """The order is that of good reports on evaluations, so it is the page's own."""
    parts = samples.did_pilot()
    for page in (pages["did"], render_page([parts[0], *reversed(parts[1:])])):
        found = [s["id"] for s in soup(page).select(".sections > section")]
        assert found == [*FRONT, "annex"]


def test_the_annex_holds_what_is_long_folded_under_a_heading_each(pages):
    folded = soup(pages["did"]).select("#annex > details")
    assert [fold.section["id"] for fold in folded] == [
        *("methods", "table1", "lost", "course", "balance", "effects"),
        *("replication", "data", "reproduce"),
    ]
    for fold in folded:
        assert not fold.has_attr("open")
        assert fold.summary.h3["id"] == fold.section["aria-labelledby"]


def test_the_short_table_tells_how_many_and_who_at_the_start_as_the_whole_one_does(pages):
    tree = soup(pages["did"])

    def lines(key):
        rows = [
            [c.get_text(strip=True) for c in row.find_all(["th", "td"])]
            for row in tree.select(f"#{key} tbody tr")
        ]
        return {row[0]: row[1:] for row in rows}

    short, whole = lines("participants"), lines("table1")
    assert next(iter(short)) == "People"
    assert set(short) < set(whole) | {f"{name}, share" for name in whole}
    assert short["People"] == [whole["People"][0], whole["People"][2]]
    assert "All" not in tree.select_one("#participants thead").get_text(" ")


def test_only_primary_outcomes_stand_open(pages):
    tree = soup(pages["did"]).find(id="findings")
    fold = tree.find("details")
    tags = {tag.get_text() for tag in fold.find_all(class_="tag")}
    assert tags == {"Secondary"}
    fold.decompose()
    assert {tag.get_text() for tag in tree.find_all(class_="tag")} == {"Primary"}


def test_a_country_that_is_the_place_is_told_once(samples):
    place = soup(render_page(samples.did_pilot(place="United States", country="US")))
    assert place.select_one(".strip dd").get_text() == "United States"
    place = soup(render_page(samples.did_pilot()))
    assert place.select_one(".strip dd").get_text() == "Tilburg, NL"


def test_a_page_without_a_comparison_claims_nothing(pages):
    said = text(pages["before_after"]).lower()
    assert "effect" not in said
    assert "led to" not in said
    assert "how large is the change?" in said
    assert "not rated" in said
    assert "step" not in said
    assert "difference and range" not in said
    assert "change and range" in said
    alts = " ".join(img["alt"] for img in soup(pages["before_after"]).find_all("img")).lower()
    assert "effect" not in alts
    assert "expected without" not in alts + said


def test_a_page_without_a_valid_test_says_so(pages):
    said = text(pages["undecided"])
    assert "No valid range can be given." in said
    assert "step 1 of 4" in said
    assert not soup(pages["undecided"]).find(class_="line")


def test_the_banner_cannot_be_turned_off(pages, samples):
    assert soup(pages["did"]).find(class_="banner").get_text().count("Simulated data") == 1
    assert "Invented pilot" in soup(pages["undecided"]).find(class_="banner").get_text()
    real = render_page(samples.did_pilot(simulated=False))
    assert soup(real).find(class_="banner") is None
    assert "Simulated data" not in real


def test_the_headline_agrees_with_its_table_row(pages):
    tree = soup(pages["did"])
    headline = tree.find(class_="headline").get_text()
    amount = tree.select_one(".size .amount").get_text()
    row = tree.select_one("#findings tbody tr").get_text(" ")
    assert headline in row
    assert amount in row


def test_hidden_counts_are_on_no_part_of_the_page(samples):
    parts = samples.did_pilot()
    assert any((part.cells["value"] == 4).any() for part in parts if isinstance(part, SummaryTable))
    tree = soup(render_page(parts))
    cells = [cell.get_text(strip=True) for cell in tree.select("#participants td, #table1 td")]
    assert "4" not in cells
    assert "168" not in cells


def test_a_line_without_a_single_number_is_left_out_and_that_is_said():
    line = {"variable": "y", "category": "", "group": "all", "period": "1", "base": 40}
    cells = pd.DataFrame(
        [
            line | {"statistic": "n", "value": float("nan"), "hidden": True},
            line | {"statistic": "mean", "value": 2.5, "hidden": False},
        ]
    )
    left = readable(SummaryTable("participants", cells))
    assert left.cells["statistic"].tolist() == ["mean"]
    assert [note.text[:17] for note in left.notes] == ["How many answered"]


def test_two_tables_by_one_method_have_two_captions(samples):
    """A reader of the list of regions must be able to tell them apart."""
    parts = samples.did_pilot()
    [effects] = [part for part in parts if isinstance(part, Effects)]
    twice = Effects((*effects.results, samples.event_study()))
    page = render_page([twice if part is effects else part for part in parts])
    captions = [tag.get_text() for tag in soup(page).find_all("caption")]
    assert len(captions) == len(set(captions))
    assert any(caption.endswith("(2)") for caption in captions)


def test_published_numbers_have_no_section_where_there_are_none(samples):
    parts = [
        dataclasses.replace(p, rows=p.rows.iloc[:0]) if isinstance(p, Replication) else p
        for p in samples.did_pilot()
    ]
    assert soup(render_page(parts)).find(id="replication") is None


def test_a_finding_about_few_people_has_no_number_on_the_page(samples):
    parts = samples.before_after_pilot()
    few = [dataclasses.replace(p, base=7) if isinstance(p, Finding) else p for p in parts]
    few = [
        Findings((dataclasses.replace(p.headline, base=7),)) if isinstance(p, Findings) else p
        for p in few
    ]
    first = soup(render_page(few)).find(class_="first").get_text(" ")
    assert "0.6" not in first
    assert "not shown" in first


def test_a_section_that_no_page_has_is_an_error(samples):
    parts = [*samples.did_pilot(), Statement("secrets", (Sentence("x"),))]
    with pytest.raises(RunError, match="no page has"):
        render_page(parts)


def test_only_what_passed_the_gate_is_rendered(samples):
    with pytest.raises(TypeError, match="Release"):
        render_release(samples.did_pilot())
    status, *_ = parts = samples.did_pilot()
    assert render_release(release(parts, Rule.of(status))) == render_page(parts)


def test_a_page_needs_a_status(samples):
    with pytest.raises(RunError, match="status"):
        render_page(samples.did_pilot()[1:])


def test_the_same_parts_give_the_same_bytes_in_another_process(pages, samples):
    code = (
        "import sys, importlib.util as u, hashlib\n"
        "s = u.spec_from_file_location('samples', sys.argv[1]); m = u.module_from_spec(s)\n"
        "s.loader.exec_module(m)\n"
        "from impact.report import render_page\n"
        "print(hashlib.sha256(render_page(m.did_pilot()).encode()).hexdigest())\n"
    )
    import hashlib

    said = subprocess.run(
        [sys.executable, "-c", code, samples.__file__],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    ).stdout.strip()
    assert said == hashlib.sha256(pages["did"].encode()).hexdigest()


HOSTILE = [
    "<script>alert(1)</script>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    '"onload="alert(1)',
    "</style><img src=x onerror=alert(1)>",
    "%(pilot)s 100% %d",
    r"$\frac{$ and $x$",
    "a\u202eb\u2066c",
    "W" * 10_000,
]


def hostile(samples, evil):
    """Return a page's parts with the text wherever a pilot's people may write one."""
    parts = samples.did_pilot(
        title=evil,
        place=evil,
        programme=evil,
        source=evil,
        comparison=evil,
        partners=(evil,),
        mentor=evil,
        mentee=evil,
        themes=(evil,),
    )
    changed = []
    for part in parts:
        if isinstance(part, SummaryTable):
            labels = {name: evil for name in part.labels}
            cells = part.cells.assign(category=evil)
            changed.append(dataclasses.replace(part, labels=labels, cells=cells))
        elif isinstance(part, Finding):
            changed.append(dataclasses.replace(part, label=evil))
        elif isinstance(part, Statement):
            said = Sentence("%(text)s", {"text": evil})
            changed.append(Statement(part.section, (said,), ((said, said),)))
        else:
            changed.append(part)
    return changed


@pytest.mark.parametrize("evil", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_text_or_not_there(samples, pages, evil):
    page = render_page(hostile(samples, evil))
    tree = soup(page)
    usual = {tag.name for tag in soup(pages["did"]).find_all(True)}
    assert {tag.name for tag in tree.find_all(True)} <= usual
    assert not any(name.startswith("on") for tag in tree.find_all(True) for name in tag.attrs)
    assert all(a["href"].startswith("#") or a["href"] == "index.html" for a in tree.find_all("a"))
    assert "49" not in tree.h1.get_text()
    assert not set("\u202e\u2066") & set(page)
    if len(evil) < 300 and "\u202e" not in evil:
        assert tree.h1.get_text() == evil
        assert evil in tree.find(id="rivals").get_text()
    assert len(tree.h1.get_text()) <= 300
