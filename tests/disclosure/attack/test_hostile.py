"""Texts that would run or be computed, wherever a person can write one: text, or not there."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from attack.pilots import pilot
from attack.press import issues_of

SCRIPT = "<script>document.title='ran'</script>"
HOSTILE = {
    "script": "<script>alert(1)</script>",
    "template": "{{ 7*7 }}{% raw %}${7*7}",
    "address": "javascript:document.title='ran'",
    "attribute": "\"onload=\"document.title='ran'\" '><img src=x onerror=document.title='ran'>",
    "right-to-left": "\u202etxet\u202c \u200f\u2067abc\u2069",
    "long": "W" * 10_000,
    "comment": "--><svg/onload=document.title='ran'><!--",
    "style": "</style></title></textarea>" + SCRIPT,
}
HARMLESS = """
html head meta title style link body a main header footer nav section div span p h1 h2 h3 h4 ul ol
li dl dt dd table caption colgroup col thead tbody tfoot tr th td figure figcaption img svg rect
circle line path g text strong em small br details summary i b abbr time article aside hr code sup
sub s input label button form select option fieldset legend
"""
ALLOWED = frozenset(HARMLESS.split())


class Elements(HTMLParser):
    """Every element of a page with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def with_text(evil):
    """Return a pilot in which every text that somebody writes is hostile."""
    plain = [one for one in map(pilot, range(40)) if one.keys["design"]["kind"] == "did"]
    case = min((one for one in plain if len(one.records) > 60), key=lambda one: len(one.records))
    records = case.records.copy()
    records["nation"] = [evil if one == "Syria" else f"{evil} {one}" for one in records["nation"]]
    records["district"] = records["district"] + evil
    records["why"] = [one and one + evil for one in records["why"]]
    # A params file takes no text of more than 2,000 characters; data may hold any.
    evil = evil[:1900]
    keys = dict(case.keys)
    keys["covariates"] = ["nation", "female"]
    keys["subgroups"] = ["nation"]
    keys["data"] = keys["data"] | {"lost_because": "why"}
    keys["design"] = keys["design"] | {"place": "district", "comparison": evil}
    keys["outcomes"] = [
        outcome | {"label": f"{evil} {at}", "caveat": evil, "measured_in": evil}
        for at, outcome in enumerate(keys["outcomes"])
    ]
    texts = ("title", "place", "programme", "theory_of_change", "source", "mentor", "mentee")
    keys["about"] = dict.fromkeys(texts, evil) | {"partners": [evil]}
    keys["plan"] = {
        "registry": evil,
        "progression": [{"says": evil}],
        "deviations": [{"date": "2021-06-01", "what": evil, "why": evil}],
    }
    keys["published"] = [
        {
            "outcome": keys["outcomes"][0]["column"],
            "method": "did",
            "estimate": 1.5,
            "source": evil,
            "note": evil,
        }
    ]
    return replace(case, records=records, keys=keys, later=None)


def scripted(page):
    """Return what of a page could run, or ask somebody for something."""
    found = []
    for tag, attrs in Elements(page).found:
        if tag not in ALLOWED:
            found.append(tag)
        for name, value in attrs.items():
            if name.startswith("on") or name in ("srcdoc", "formaction", "background"):
                found.append(f"{tag} {name}")
            address = (value or "").strip().lower()
            inside = address.startswith(("#", "data:image/png", "data:image/svg")) or (
                address.endswith(".html") and ":" not in address
            )
            if name in ("href", "src", "action") and not inside:
                found.append(f"{tag} {name}={address[:40]}")
    return found


def test_a_script_would_be_found():
    assert scripted(f"<p>{SCRIPT}</p>") == ["script"]
    assert scripted("<a href='javascript:x'>x</a>") == ["a href=javascript:x"]
    assert scripted("<img src='#' onload='x'>") == ["img onload"]


@pytest.mark.parametrize("evil", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_text_or_not_there(root, evil):
    ungated, gated, _ = issues_of(with_text(evil), root)
    for issue in (ungated, gated):
        for page in (issue.page, issue.index):
            assert scripted(page) == []
            assert len(page.encode()) < 1_500_000
    if evil.startswith("{{"):
        assert "{{ 7*7 }}" in gated.page
        assert "{{ 7*7 }}" in gated.index


@pytest.mark.browser
@pytest.mark.parametrize("evil", HOSTILE.values(), ids=HOSTILE)
def test_nothing_runs_in_a_browser(root, browser, evil):
    _, gated, _ = issues_of(with_text(evil), root)
    context = browser.new_context()
    try:
        page = context.new_page()
        asked, said = [], []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        for name, text in (("page", gated.page), ("index", gated.index)):
            file = root / f"{name}.html"
            file.write_text(text, encoding="utf-8")
            asked.clear()
            page.goto(file.as_uri())
            assert page.title() != "ran"
            assert [one for one in asked if not one.startswith("data:")] == [file.as_uri()]
        assert said == []
    finally:
        context.close()
