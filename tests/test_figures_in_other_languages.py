"""Figures on a page that is not English: no word escapes, numbers are CLDR's, nothing is cut."""

import gettext
import re

import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from tests.locale.pseudo import Pseudo, outside

from impact import figures
from impact.locale import Language, speaking
from impact.results import GLOSSARY
from impact.results.summary import COLUMNS

GROUPS = {
    "group:treated": "Pilot group",
    "group:comparison": "Comparison group",
    "group:expected": "Expected without the pilot",
}
LABELS = {
    **GROUPS,
    "pay": "Gross earnings of the year before the pilot, as declared",
    "unit:pay": "logarithm",
    "works": "Has a job of twelve hours or more",
    "level": "Level of the language, reached in the official examination at the end",
    "tongue": "First language",
    "low": "below the first level",
    "high": "the third level or above",
    "eligible": "The pilot was open to",
    "baseline": "At the baseline",
    "lost": "Lost in between",
    "reason": "no reason known",
    "analysed": "In the analysis",
    "did": "Difference of differences",
    "twfe": "Two-way fixed effects",
}
SPACES = re.compile(r"\s+")


class Longer(gettext.NullTranslations):
    """Every text in Greek letters and nearly half as long again, with its slots."""

    LETTERS = str.maketrans("abcdefghiklmnoprstuvwx", "αβψδεφγηικλμνοπρστθνωχ")

    def gettext(self, message):
        parts = re.split(r"(%\(\w+\)s)", message)
        plain = "".join(parts[::2])
        more = " ".join([plain] * 2)[: round(0.4 * len(plain))].rstrip()
        drawn = [part if part[:2] == "%(" else part.translate(self.LETTERS) for part in parts]
        return f"{''.join(drawn)} {more.translate(self.LETTERS)}".strip()

    def ngettext(self, msgid1, msgid2, n):
        return self.gettext(msgid1 if n == 1 else msgid2)


def frame(rows):
    return pd.DataFrame(rows, columns=list(COLUMNS))


def course(variable, statistic):
    rows = []
    for group, values in {"treated": (0.2, 0.41), "comparison": (0.18, np.nan)}.items():
        for period, value in zip("12", values, strict=True):
            rows.append((variable, "", group, period, statistic, value, 80))
            rows.append((variable, "", group, period, "low", value - 0.05, 80))
            rows.append((variable, "", group, period, "high", value + 0.05, 80))
    rows += [(variable, "", "expected", at, statistic, 0.2, 80) for at in "12"]
    return frame(rows).assign(hidden=False)


def estimates(*found):
    row = dict.fromkeys(GLOSSARY, np.nan) | {"outcome": "pay", "level": 0.95, "std_error": 0.05}
    rows = [
        {**row, "method": method, "term": term, "inference": "cr1", "estimate": value}
        | {"conf_low": value - spread, "conf_high": value + spread}
        for method, term, value, spread in found
    ]
    return pd.DataFrame(rows, columns=list(GLOSSARY))


METHODS = estimates(("did", "ATT", 0.3, 0.1), ("twfe", "ATT", -0.2, np.nan))
BY_TIME = estimates(*(("event_study", str(at), at / 10, 0.1) for at in range(-3, 4)))
LONG = estimates(*(("event_study", str(at), at / 10, 0.1) for at in range(-9, 9)))
MANY = estimates(*(("did", f"{at}/20", at / 10, 0.1) for at in range(20)))
BALANCE = frame(
    [
        ("works", "", "all", "1", "smd", -0.11, 60),
        ("works", "", "all", "1", "smd_unweighted", 0.31, 60),
        ("tongue", "low", "all", "1", "smd", 0.42, 60),
        ("tongue", "high", "all", "1", "smd", np.nan, 60),
    ]
)
LEVELS = frame(
    [
        ("level", name, group, period, "share", np.nan if group + period == "treated1" else 0.5, 60)
        for group in ("treated", "comparison")
        for period in "12"
        for name in ("low", "high")
    ]
)
FLOW = frame(
    [
        ("eligible", "", "treated", "", "units", 400.0, 400),
        *(("baseline", "", group, "", "units", 172.0, 172) for group in ("treated", "comparison")),
        *(("lost", "", group, "", "lost", 1030.0, 30) for group in ("treated", "comparison")),
        *(("lost", "", group, "", "share", 0.17, 30) for group in ("treated", "comparison")),
        ("lost", "reason", "treated", "", "lost", np.nan, 4),
        ("lost", "reason", "comparison", "", "lost", np.nan, 0),
        *(("analysed", "pay", one, "", "units", 140.0, 140) for one in ("treated", "comparison")),
    ]
).assign(hidden=False)
PILOTS = pd.DataFrame(
    [
        ("⟦Α⟧", "difference", 0.2, 0.1, 0.3),
        ("⟦Β⟧", "change", -0.4, np.nan, np.nan),
        ("⟦Γ⟧", "average", 1.0, 0.5, 1.5),
        ("⟦Δ⟧", "further", 1.0, -0.5, 2.5),
    ],
    columns=["name", "what", "estimate", "conf_low", "conf_high"],
)
UNIT = "⟦points⟧"
FIGURES = {
    "course of a share": (figures.trend, figures.alt_trend, course("works", "share")),
    "course in logarithms": (figures.trend, figures.alt_trend, course("pay", "mean")),
    "methods": (figures.effect, figures.alt_effect, METHODS),
    "by time": (figures.effect, figures.alt_effect, BY_TIME),
    "by time with bands": (
        figures.effect,
        figures.alt_effect,
        pd.concat([BY_TIME, BY_TIME.assign(inference="uniform")], ignore_index=True),
    ),
    "long": (figures.effect, figures.alt_effect, LONG),
    "many": (figures.effect, figures.alt_effect, MANY),
    "balance": (figures.love, figures.alt_love, BALANCE),
    "levels": (figures.levels, figures.alt_levels, LEVELS),
    "flow": (figures.flow, figures.alt_flow, FLOW),
    "pilots": (figures.forest, figures.alt_forest, PILOTS),
}


def drawn(name):
    draw, _say, rows = FIGURES[name]
    if draw is figures.forest:
        return draw(rows, unit=UNIT, places=2)
    return draw(rows, labels=LABELS)


def said(name):
    _draw, say, rows = FIGURES[name]
    if say is figures.alt_forest:
        return say(rows, label="Belonging", unit=UNIT, places=2)
    return say(rows, labels=LABELS)


def texts(axes):
    """Return every text of the figure, as it is drawn."""
    canvas = FigureCanvasAgg(axes.get_figure(root=True))
    canvas.draw()
    return [
        text
        for text in axes.get_figure(root=True).findobj(Text)
        if text.get_visible() and text.get_text().strip()
    ]


@pytest.mark.parametrize("name", FIGURES)
def test_every_word_in_a_figure_is_translated(name):
    with speaking(Language("en", Pseudo())):
        words = [SPACES.sub(" ", text.get_text()) for text in texts(drawn(name))]
    assert any("⟦" in text for text in words)
    if name == "flow":  # Its boxes are written line by line.
        words = [" ".join(words)]
    escaped = [text for text in words if re.search("[A-Za-z]", outside(text))]
    assert not escaped


@pytest.mark.parametrize("name", FIGURES)
def test_every_word_of_an_alternative_text_is_translated(name):
    with speaking(Language("en", Pseudo())):
        text = said(name)
    assert text.startswith("⟦")
    assert not re.search("[A-Za-z]", outside(text))


@pytest.mark.parametrize("name", FIGURES)
def test_longer_words_are_not_cut_by_the_papers_edge(name):
    with speaking(Language("el", Longer())):
        axes = drawn(name)
        written = texts(axes)
    paper = axes.get_figure(root=True).bbox
    ticks = {*axes.get_xticklabels(), *axes.get_yticklabels()}
    for text in written:
        place = text.get_window_extent()
        inside = place.x0 >= 0 and place.x1 <= paper.width and place.y0 >= 0
        # A tick's label that is beyond the limits is not drawn.
        assert (inside and place.y1 <= paper.height) or text in ticks, text.get_text()


@pytest.mark.parametrize("name", ["methods", "pilots", "balance", "levels"])
def test_names_of_rows_do_not_lie_over_each_other_when_they_are_longer(name):
    with speaking(Language("el", Longer())):
        axes = drawn(name)
        texts(axes)
    places = [label.get_window_extent() for label in axes.get_yticklabels()]
    assert len(places) > 2 or name == "methods"
    for at, one in enumerate(places):
        assert not any(one.overlaps(other) for other in places[at + 1 :])


@pytest.mark.parametrize("name", ["methods", "pilots"])
def test_numbers_beside_their_marks_stay_within_the_axes(name):
    with speaking(Language("el", Longer())):
        axes = drawn(name)
        texts(axes)
    inside = axes.get_window_extent()
    for text in axes.texts:
        place = text.get_window_extent()
        assert inside.x0 - 4 <= place.x0 <= place.x1 <= inside.x1 + 4, text.get_text()


def test_longer_lines_stay_within_their_boxes():
    wide = LABELS | {"eligible": "ΜΟΝΟ ΟΜΑΔΑ ΜΩΜΩΝ ΩΜΩΝ ΜΩΜΩΝ"}
    with speaking(Language("el", Longer())):
        axes = figures.flow(FLOW, labels=wide)
        lines = [text for text in texts(axes) if text.get_fontweight() != "bold"]
    boxes = [patch.get_window_extent() for patch in axes.patches if hasattr(patch, "get_bbox")]
    assert len(lines) > len(boxes) == 7
    for line in lines:
        place = line.get_window_extent()
        assert any(
            box.x0 <= place.x0 <= place.x1 <= box.x1 and box.y0 <= place.y0 <= place.y1 <= box.y1
            for box in boxes
        ), line.get_text()


def test_numbers_in_figures_are_written_as_the_language_writes_them():
    with speaking(Language("nl")):
        axes = drawn("methods")
        above = [text.get_text() for text in axes.texts]
        assert above == ["0,300 (0,200 to 0,400)", "−0,200, without an interval"]
        ticks = [label.get_text() for label in axes.get_xticklabels()]
        assert all("," in tick for tick in ticks)
        assert "400" in said("flow")
        assert "1.030 (17%)" in said("flow")
        assert "0,42" in said("balance")
    with speaking(Language("fr")):
        assert "50\u202f%" in said("levels").replace("\xa0", "\u202f")


def test_numbers_on_axes_stay_in_the_language_in_which_the_figure_was_drawn():
    with speaking(Language("nl")):
        axes = drawn("methods")
    assert all("," in label.get_text() for label in axes.get_xticklabels())


def test_an_outcome_in_logarithms_says_so_on_its_axis_and_in_words():
    assert drawn("course in logarithms").get_ylabel() == "logarithm"
    assert drawn("by time").get_ylabel() == "logarithm"
    assert drawn("methods").get_xlabel() == "Effect, with its 95% interval\nlogarithm"
    for name in ("course in logarithms", "by time", "methods", "many"):
        assert "Unit: logarithm." in said(name)
    assert drawn("course of a share").get_ylabel() == ""
    assert "Unit" not in said("course of a share")


def test_one_percentage_point_is_one():
    cells = course("works", "share")
    cells.loc[cells["group"] == "expected", "value"] = [0.2, 0.4]
    assert "is 1 percentage point above" in figures.alt_trend(cells, LABELS)
    cells.loc[cells["group"] == "expected", "value"] = [0.2, 0.43]
    assert "is 2 percentage points below" in figures.alt_trend(cells, LABELS)
    cells.loc[cells["group"] == "expected", "value"] = [0.2, 0.411]
    assert "is where it was expected" in figures.alt_trend(cells, LABELS)
