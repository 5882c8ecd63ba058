"""Tables are read by people and by screen readers: parsed here, never compared as one string."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from impact import tables
from impact.results import GLOSSARY, EffectResult, Effects, Replication, Sentence, SummaryTable
from impact.results.summary import COLUMNS
from impact.tables import numerals

VOID = {"col", "br"}


class Page(HTMLParser):
    """Elements with their attributes, ancestors and text; raises on tags that do not nest."""

    def __init__(self, html):
        super().__init__()
        self.elements, self._open = [], []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag, attrs):
        element = {"tag": tag, "text": "", "in": [e["tag"] for e in self._open], **dict(attrs)}
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag, **attributes):
        return [
            e
            for e in self.elements
            if e["tag"] == tag and all(e.get(k) == v for k, v in attributes.items())
        ]

    def rows(self):
        """Return the texts of the cells, a list a row."""
        rows = []
        for element in self.elements:
            if element["tag"] == "tr":
                rows.append([])
            elif element["tag"] in ("th", "td"):
                rows[-1].append(element["text"])
        return rows


def summary(rows, section="participants", labels=None, notes=(), hidden=None):
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    if hidden is not None:
        frame["hidden"] = hidden
        frame["value"] = frame["value"].mask(frame["hidden"])
    return SummaryTable(section, frame, labels or {}, notes)


def two_by_two():
    rows = [("", "", g, p, "units", 40.0, 40) for g in ("treated", "comparison") for p in "12"]
    for group in ("treated", "comparison"):
        for period in "12":
            rows += [
                ("age", "", group, period, "mean", 34.5678, 40),
                ("age", "", group, period, "sd", 9.1234, 40),
                ("age", "", group, period, "n", 1040.0, 1040),
            ]
    return summary(rows, labels={"": "People", "age": "Age", "group:treated": "Pilot group"})


def effect(role="headline", base=100, **changes):
    row = {
        "pilot": "x",
        "outcome": "fte",
        "method": "did",
        "estimand": "ATT",
        "term": "ATT",
        "estimate": 2.753606,
        "std_error": 1.306607,
        "statistic": 2.1,
        "p_value": 0.03,
        "conf_low": 0.19,
        "conf_high": 5.32,
        "level": 0.95,
        "n_obs": 794,
        "n_units": 409,
        "n_treated": 331,
        "n_clusters": 409,
        "inference": "cr1",
    }
    frame = pd.DataFrame([{**row, **changes}], columns=list(GLOSSARY))
    return EffectResult(frame, base, role, notes=(Sentence("Mind the gap."),))


ALL = {
    "summary": lambda: tables.summary_html(two_by_two()),
    "effect": lambda: tables.effect_html(effect()),
    "effects": lambda: tables.effects_html(Effects((effect(), effect("alternative")))),
    "replication": lambda: tables.replication_html(published()),
}


def published(**changes):
    row = {
        "outcome": "fte",
        "label": "Full-time jobs",
        "method": "did",
        "inference": "cr1",
        "ours": 2.753606,
        "ours_std_error": 1.306607,
        "published": 2.76,
        "published_std_error": 1.36,
        "source": "Table 3",
        "note": None,
    }
    return Replication(pd.DataFrame([{**row, **changes}]), 100)


@pytest.mark.parametrize("kind", ALL)
def test_every_table_has_a_caption_scoped_headers_and_a_region_named_by_its_caption(kind):
    page = Page(ALL[kind]())
    (caption,) = page.all("caption")
    (region,) = page.all("div")
    assert caption["text"].strip()
    assert region["aria-labelledby"] == caption["id"]
    assert (region["role"], region["tabindex"]) == ("region", "0")
    headers = page.all("th")
    assert all(th["text"].strip() for th in headers)
    for th in headers:
        allowed = ("col", "colgroup") if "thead" in th["in"] else ("row", "rowgroup")
        assert th["scope"] in allowed
    assert len(page.all("thead")) == 1


@pytest.mark.parametrize("kind", ALL)
def test_every_row_is_as_wide_as_the_header(kind):
    page = Page(ALL[kind]())
    grid, down = [], {}
    for element in page.elements:
        if element["tag"] == "tr":
            grid.append(sum(1 for rows in down.values() if rows))
            down = {at: rows - 1 for at, rows in down.items() if rows > 1}
        elif element["tag"] in ("th", "td"):
            span = int(element.get("colspan", 1))
            grid[-1] += span
            rows = int(element.get("rowspan", 1))
            down |= {(len(grid), len(down), k): rows - 1 for k in range(span) if rows > 1}
    assert not any(down.values())
    assert len(set(grid)) == 1
    assert sum(int(group["span"]) for group in page.all("colgroup")) == grid[0]


def test_groups_span_their_periods_and_variables_their_lines():
    page = Page(tables.summary_html(two_by_two()))
    (group, other) = page.all("th", scope="colgroup")
    assert (group["text"], group["colspan"]) == ("Pilot group", "2")
    assert other["text"] == "Comparison"
    (variable,) = page.all("th", scope="rowgroup")
    assert variable["text"] == "Age"
    assert page.rows()[1] == ["1", "2", "1", "2"]


def test_a_mean_and_its_spread_share_a_cell_with_the_digits_that_the_spread_bears():
    rows = Page(tables.summary_html(two_by_two())).rows()
    assert ["mean (SD)", *["34.6 (9.1)"] * 4] in rows
    assert ["answered", *["1,040"] * 4] in rows
    assert ["People", *["40"] * 4] in rows


def test_markup_in_any_text_is_escaped():
    bad = "<script>alert('x')</script>"
    table = summary(
        [(bad, bad, bad, bad, "mean", 1.0, 30), (bad, bad, "all", "2", "mean", 1.0, 30)],
        labels={bad: bad},
        notes=(Sentence(bad),),
    )
    made = [
        tables.summary_html(table, caption=bad),
        tables.summary_html(summary([], notes=(Sentence(bad),))),
        tables.effect_html(effect(outcome=bad, method=bad, inference=bad, term=bad)),
        tables.effects_html(Effects((effect(outcome=bad),)), caption=bad),
        tables.replication_html(published(label=bad, source=bad, note=bad)),
    ]
    for html in made:
        assert "<script" not in html
        assert "&lt;script&gt;" in html


def test_what_was_withheld_is_said_and_never_printed():
    rows = [
        ("age", "", "treated", "1", "n", 7.0, 7),
        ("age", "", "comparison", "1", "n", 33.0, 0),
        ("age", "", "treated", "1", "mean", 31.25, 0),
        ("age", "", "comparison", "1", "mean", 41.0, 33),
    ]
    page = Page(tables.summary_html(summary(rows, hidden=[True, True, True, False])))
    cells = page.all("td", **{"class": "withheld"})
    assert sorted(cell["text"] for cell in cells) == ["fewer than 10", "not shown", "not shown"]
    assert "fewer than 10" in page.all("p")[-1]["text"]
    assert "31" not in "".join(cell["text"] for cell in page.all("td"))


def test_the_threshold_is_the_readers():
    rows = [("age", "", "treated", "1", "n", 12.0, 12)]
    html = tables.summary_html(summary(rows, hidden=[True]), threshold=15)
    assert "fewer than 15" in html


def test_what_is_missing_is_a_dash_that_is_read_out():
    rows = [
        ("age", "", "treated", "1", "mean", np.nan, 0),
        ("age", "", "comparison", "1", "mean", 4.0, 20),
    ]
    page = Page(tables.summary_html(summary(rows)))
    (hidden,) = page.all("span", **{"class": "visually-hidden"})
    assert hidden["text"] == "not available"
    (dash,) = page.all("span", **{"aria-hidden": "true"})
    assert dash["text"] == "–"


def test_a_table_without_cells_is_told_by_its_notes():
    html = tables.summary_html(summary([], "balance", notes=(Sentence("No comparison."),)))
    assert html == '<p class="table-note">No comparison.</p>'


def test_balance_is_a_row_a_variable_with_the_difference_in_a_column_of_its_own():
    rows = [
        ("works", "", "treated", "2", "share", 0.25, 80),
        ("works", "", "comparison", "2", "share", 0.2, 90),
        ("works", "", "all", "2", "smd", -0.1234, 80),
    ]
    page = Page(tables.summary_html(summary(rows, "balance", {"works": "Works"})))
    assert page.rows() == [
        ["Measure", "Treated", "Comparison", "Standardised difference"],
        ["Works, share", "25%", "20%", "−0.12"],
    ]


def test_the_course_of_an_outcome_goes_down_the_periods():
    rows = []
    for period in ("2001", "2002"):
        rows += [
            ("y", "", "treated", period, "mean", 2.14159, 60),
            ("y", "", "treated", period, "low", 2.0, 60),
            ("y", "", "treated", period, "high", 2.28, 60),
        ]
    rows.append(("y", "", "expected", "2002", "mean", 2.4, 60))
    page = Page(tables.summary_html(summary(rows, "trends", {"y": "Score"})))
    assert page.rows() == [
        ["Outcome and period", "Treated", "Expected"],
        ["Score, mean (95% interval)", ""],
        ["2001", "2.14 (2.00 to 2.28)", "–not available"],
        ["2002", "2.14 (2.00 to 2.28)", "2.40"],
    ]


def test_a_number_that_came_rounded_gets_no_invented_zeros():
    rows = [
        ("y", "", "treated", "1", "mean", 12.3, 60),
        ("y", "", "treated", "1", "sd", 0.0456, 60),
    ]
    assert "12.3 (0.046)" in tables.summary_html(summary(rows))


def test_a_spread_has_the_digits_of_its_middle_at_least():
    rows = [
        ("y", "", "treated", "1", "mean", 2.4, 60),
        ("y", "", "treated", "1", "sd", 1.0, 60),
    ]
    assert "2.4 (1.0)" in tables.summary_html(summary(rows))


def test_an_interval_has_the_digits_of_its_ends_where_its_middle_has_none():
    rows = [
        ("y", "", "treated", "1 – 2", "change", 0.0, 60),
        ("y", "", "treated", "1 – 2", "low", -0.5, 60),
        ("y", "", "treated", "1 – 2", "high", 0.5, 60),
    ]
    assert "0.0 (−0.5 to 0.5)" in tables.summary_html(summary(rows, "changes"))


def test_an_estimate_has_the_digits_of_its_standard_error():
    row = Page(tables.effect_html(effect())).rows()[1]
    assert row[1:9] == ["2.75", "1.31", "0.19 to 5.32", "p = .03", "409", "331", "794", "409"]
    page = Page(tables.effect_html(effect(estimate=-11863.9033, std_error=7456.6462)))
    assert page.rows()[1][1:3] == ["−11,864", "7,457"]


def test_an_effect_without_a_valid_test_has_dashes_and_its_notes():
    html = tables.effect_html(effect(p_value=np.nan, conf_low=np.nan, conf_high=np.nan))
    assert html.count("not available") == 2
    assert '<p class="table-note">Mind the gap.</p>' in html
    assert "Mind" not in tables.effect_html(effect(), notes=False)


def test_an_effect_of_too_few_people_is_not_shown():
    blank = {name: np.nan for name in ("estimate", "std_error", "p_value", "conf_low", "conf_high")}
    html = tables.effect_html(effect(base=6, n_units=pd.NA, n_treated=pd.NA, n_obs=pd.NA, **blank))
    cells = [cell["text"] for cell in Page(html).all("td", **{"class": "withheld"})]
    assert cells == ["not shown"] * 7


def test_all_estimates_stand_under_their_outcome():
    html = tables.effects_html(
        Effects((effect(), effect("alternative", method="twfe"), effect(outcome="wage"))),
        labels={"fte": "Full-time jobs"},
    )
    page = Page(html)
    assert [th["text"] for th in page.all("th", scope="rowgroup")] == ["Full-time jobs", "wage"]
    assert "Two-way fixed effects (another method)" in html


def test_a_published_number_is_printed_as_it_stands_in_its_source():
    row = Page(tables.replication_html(published())).rows()[2]
    assert row[:5] == [
        "Full-time jobs: Difference of differences, clustered (CR1)",
        *("2.75", "1.31", "2.76", "1.36"),
    ]
    row = Page(tables.replication_html(published(published=2.7536))).rows()[2]
    assert row[1] == "2.7536"


def test_a_note_on_a_published_number_stands_in_the_cell_of_its_source():
    """A column of its own lies outside the screen."""
    page = Page(tables.replication_html(published(source="Table 3", note="Printed as 2.8.")))
    assert page.rows()[2][-1] == "Table 3 Printed as 2.8."
    assert "Note" not in page.rows()[0]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.03, "p = .03"),
        (0.0304, "p = .03"),
        (0.035, "p = .035"),
        (0.0011, "p = .0011"),
        (0.00099, "p < .001"),
        (5 / 27, "p = .19"),
        (0.5, "p = .5"),
        (1.0, "p > .99"),
        (float("nan"), ""),
    ],
)
def test_a_p_value_is_a_plain_number(value, text):
    assert numerals.p_value(value) == text


def test_two_tables_on_a_page_do_not_share_an_id_and_one_table_keeps_its_own():
    one, two = tables.effect_html(effect()), tables.effect_html(effect(estimate=2.9))
    ids = [Page(html).all("caption")[0]["id"] for html in (one, two)]
    assert ids[0] != ids[1]
    assert tables.effect_html(effect()) == one
    assert 'id="main-caption"' in tables.effect_html(effect(), name="main")


def test_no_word_that_a_page_may_not_say():
    said = " ".join(make() for make in ALL.values()).lower()
    for word in ("significant", "no effect", "proves", "promising", "trend"):
        assert word not in said
