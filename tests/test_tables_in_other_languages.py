"""Tables speak the language that is being spoken: their words, numbers and notes."""

from __future__ import annotations

import gettext
import re

import numpy as np
import pandas as pd
import pytest
from tests.locale.pseudo import Pseudo, outside
from tests.test_tables import ALL, Page, effect, published, summary, two_by_two

from impact import tables
from impact.locale import Language, speaking
from impact.results import Effects, Finding, Sentence, Statement, Status, SummaryTable
from impact.results.summary import COLUMNS
from impact.tables import boxes, numerals

WORD = re.compile(r"[^\W\d_]{2,}")
ASIDES = [
    ("y", "", "treated", "1", "mean", 41.3, 60),
    ("y", "", "treated", "1", "median", 30.0, 30),
    ("y", "", "treated", "1", "missing", 4.0, 60),
    ("y", "", "all", "1", "smd", 0.213, 60),
    ("y", "", "all", "1", "variance_ratio", 1.257, 60),
    ("y", "", "all", "1", "smd_lost", 0.3, 60),
    ("z", "", "all", "1", "p_value", 0.0213, 60),
]
COURSE = [
    *(("y", "", "treated", period, "mean", 2.14159, 60) for period in ("2001", "2002")),
    ("y", "", "treated", "2001", "low", 2.0, 60),
    ("y", "", "treated", "2001", "high", 2.28, 60),
    ("y", "", "expected", "2002", "mean", 2.4, 60),
    ("y", "", "expected", "2002", "n", 7, 7),
    ("y", "", "comparison", "2002", "share", 0.0, 0),
]
HIDDEN = [False] * 5 + [True, True]


def more():
    """Return further tables, by what they show."""
    made = {
        "asides": lambda: tables.summary_html(summary(ASIDES, "balance")),
        "course": lambda: tables.summary_html(summary(COURSE, "trends", hidden=HIDDEN)),
        "overall": lambda: tables.summary_html(
            summary([("", "", "all", p, "units", 40.0, 40) for p in ("", "1")])
        ),
        "nothing": lambda: tables.summary_html(summary([], "balance")),
        "convention": lambda: tables.effect_html(effect("convention", level=0.9)),
        "no level": lambda: tables.effect_html(effect(level=np.nan)),
        "no errors": lambda: tables.replication_html(published(inference="")),
        "withheld": lambda: tables.effects_html(Effects((effect(base=6, estimate=np.nan),))),
    }
    return {**ALL, **made}


def texts(html):
    """Return the texts of the elements that hold no other element."""
    page = Page(html)
    return [e["text"] for e in page.elements if e["tag"] in ("caption", "th", "td", "p", "span")]


@pytest.mark.parametrize("kind", more())
def test_no_word_of_a_table_escapes_translation(kind):
    with speaking(Language("en", Pseudo())):
        said = texts(more()[kind]())
    assert any("⟦" in text for text in said)
    left = [text for text in map(outside, said) if WORD.search(text)]
    assert left in ([], ["Table 3"])  # the source of a published number is the user's own


def test_no_word_of_a_table_in_plain_text_escapes_translation():
    with speaking(Language("en", Pseudo())):
        said = tables.summary_text(two_by_two())
        empty = tables.summary_text(summary([]))
    assert not WORD.search(outside(said))
    assert empty == "⟦There is nothing to show.⟧"


def test_every_statistic_that_a_cell_can_hold_has_a_name_that_is_translated():
    alone = [{name} for name in boxes.CENTRES] + [{"smd"}, {"p_value"}, {"alpha"}]
    beside = [found | {spread} for found in alone for spread in ("low", "q1", "sd")]
    with speaking(Language("en", Pseudo())):
        assert not any(WORD.search(outside(boxes.centre(found))) for found in alone + beside)


@pytest.mark.parametrize(
    ("code", "p", "least", "span"),
    [
        ("en", "p = .035", "p < .001", "−0.50 to 1,200.00"),
        ("fr", "p = 0,035", "p < 0,001", "−0,50 to 1\u202f200,00"),
        ("lv", "p = 0,035", "p < 0,001", "−0,50 to 1\u00a0200,00"),
    ],
)
def test_numbers_are_written_as_the_language_does(code, p, least, span):
    with speaking(Language(code)):
        assert numerals.p_value(0.035) == p
        assert numerals.p_value(0.0002) == least
        ends = (numerals.number(end, 2) for end in (-0.5, 1200))
        assert numerals.span(*ends) == span
        assert numerals.percent(np.nan, 40) == numerals.number(np.inf, 2) == ""


def test_a_french_estimate_has_commas_and_its_level_a_no_break_space():
    with speaking(Language("fr")):
        header, row = Page(tables.effect_html(effect(n_obs=12794, conf_low=-0.19))).rows()
    assert header[3] == "95\u00a0% interval"
    assert row[1:5] == ["2,75", "1,31", "−0,19 to 5,32", "p = 0,03"]
    assert row[7] == "12\u202f794"


def test_a_level_that_is_not_whole_keeps_its_decimal():
    header, _row = Page(tables.effect_html(effect(level=0.975))).rows()
    assert header[3] == "97.5% interval"


@pytest.mark.parametrize(
    ("term", "name"),
    [
        ("calendar", "Average over calendar times"),
        ("group:2020Q4", "Start: 2020Q4"),
        ("calendar:2005", "Time: 2005"),
        ("ATT(2004,2006)", "Start: 2004; time: 2006"),
        ("-2", "-2"),
        ("group: women", "group: women"),
    ],
)
def test_a_term_that_is_a_code_is_told_in_words(term, name):
    assert Page(tables.effect_html(effect(term=term))).rows()[1][0] == name
    with speaking(Language("en", Pseudo())):
        assert Page(tables.effect_html(effect(term=term))).rows()[1][0] == f"⟦{name}⟧"


def test_the_name_that_a_term_is_given_comes_first():
    html = tables.effect_html(effect(term="group:2004"), labels={"group:2004": "The first cities"})
    assert Page(html).rows()[1][0] == "The first cities"


class Catalan(gettext.NullTranslations):
    """Two words, as a catalogue would have them."""

    def gettext(self, message):
        return {"Days of waiting": "Dies d'espera", "mean": "mitjana"}.get(message, message)


def test_a_label_of_the_package_is_translated_and_one_of_the_user_stays():
    rows = [(name, "", "treated", "1", "mean", 4.0, 40) for name in ("days", "own")]
    made = summary(rows, labels={"days": "Days of waiting", "own": "100% own & odd %(name)s"})
    with speaking(Language("ca", Catalan())):
        html = tables.summary_html(made)
    assert "Dies d&#39;espera, mitjana" in html
    assert "100% own &amp; odd %(name)s, mitjana" in html


def test_notes_have_their_numbers_and_forms_written_out():
    note = Sentence("%(n)s was lost.", counts={"n": 1200}, many="%(n)s were lost.")
    cells = pd.DataFrame([("", "", "all", "1", "units", 40.0, 40)], columns=list(COLUMNS))
    with speaking(Language("lv")):
        html = tables.summary_html(SummaryTable("participants", cells, {}, (note,)))
    assert html.endswith('<p class="table-note">1\u00a0200 were lost.</p>')


def test_results_show_themselves_in_the_language_that_is_being_spoken():
    said = Sentence("By %(n)s.", {"n": "0.40"})
    shown = (
        Finding("x", "X", "primary", "", "low", said, said, said, (said,), 0.4, 0.1, 0.7, 60),
        Statement("limits", (said,), ((said, said),)),
        Status("x", "Title & co", simulated=True),
    )
    with speaking(Language("en", Pseudo())):
        html = [part._repr_html_() for part in shown]
    assert html == [
        "<p>⟦By 0.40.⟧</p>" * 4,
        "<p>⟦By 0.40.⟧</p><dl><dt>⟦By 0.40.⟧</dt><dd>⟦By 0.40.⟧</dd></dl>",
        "<p>Title &amp; co · ⟦Simulated data⟧</p>",
    ]
    with speaking(Language("fr")):
        assert shown[1]._repr_html_().startswith("<p>By 0,40.</p>")
