"""Levels, changes, subgroups and reliability on a page."""

from __future__ import annotations

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from impact.report import render_page
from impact.results import EffectResult, Sentence

LEVELS = [
    ("level", f"level: level {at}", group, period, "share", 0.5, 100)
    for group in ("treated", "comparison")
    for period in ("1", "2")
    for at in (0, 1)
]
CHANGES = [
    ("level", "", group, "1 to 2", statistic, value, 100)
    for group in ("treated", "comparison")
    for statistic, value in (("n", 100), ("change", 0.5), ("low", 0.2), ("high", 0.8))
]
AVERAGES = [
    ("level by female", f"female: {who}", group, "1", statistic, value, 100)
    for who in ("no", "yes")
    for group in ("treated", "comparison")
    for statistic, value in (("n", 100), ("mean", 2.5), ("sd", 1.1))
]
ALPHA = [
    ("level", "", "all", "1", "alpha", 0.81, 100),
    ("level", "level: one", "all", "1", "mean", 2.1, 100),
    ("level", "level: one", "all", "1", "sd", 1.1, 100),
]
LABELS = {"level": "Level of Dutch", "level by female": "Level of Dutch, by female"}


@pytest.fixture
def page(samples):
    """Return the page of a pilot with the further descriptions, parsed."""
    made = [
        samples.table("distribution", LEVELS, LABELS),
        samples.table("changes", CHANGES, LABELS),
        samples.table("totals", (), {}, [Sentence("Nothing is counted by place.")]),
        samples.table("subgroups", AVERAGES, LABELS),
        samples.table("reliability", ALPHA, LABELS),
    ]
    parts = [*samples.did_pilot(), *made]
    return BeautifulSoup(render_page(parts), "html.parser")


def section(page, key):
    return page.find(id=key)


def test_levels_and_changes_stand_under_what_happened_over_time(page):
    over_time = section(page, "course")
    told = [heading.get_text(strip=True) for heading in over_time.find_all("h4")]
    assert told[-2:] == ["How many were on each level", "Changes of those seen both times"]


def test_the_bars_of_levels_are_a_picture_with_words_and_numbers_behind_it(page):
    pictures = [one["alt"] for one in section(page, "course").find_all("img")]
    assert any(words.startswith("Stacked bars: Level of Dutch") for words in pictures)
    captions = [one.get_text(strip=True) for one in page.find_all("caption")]
    assert "Levels by group and period" in captions


def test_what_has_nothing_to_show_is_left_out(page):
    assert "Nothing is counted by place." not in page.get_text()
    assert "What was counted in all" not in page.get_text()


def test_the_love_plot_stands_above_the_balance_table(page):
    balance = section(page, "balance")
    picture, table = balance.find("img"), balance.find("table")
    assert picture["alt"].startswith("Points: standardised differences")
    assert picture.sourceline is None or picture.sourceline <= table.sourceline


def test_subgroups_and_reliability_have_their_sections(page):
    assert section(page, "subgroups").find("table") is not None
    reliability = section(page, "reliability").find_parent("details")
    assert "0.81" in reliability.get_text()
    assert "How well the questions hang together" in reliability.get_text()


def test_every_picture_is_described(page):
    assert all(one.get("alt") for one in page.find_all("img"))


def test_estimates_within_subgroups_stand_with_their_averages(samples):
    effect = samples.effect("conversations", 0.5, 0.2, role="by_subgroup")
    rows = [effect.rows.assign(term=term) for term in ("all", "female: no", "female: yes")]
    within = EffectResult(pd.concat(rows, ignore_index=True), 150, "by_subgroup")
    parts = [*samples.did_pilot(), samples.table("subgroups", AVERAGES, LABELS), within]
    page = BeautifulSoup(render_page(parts), "html.parser")
    told = section(page, "subgroups")
    assert "The difference within subgroups" in told.get_text()
    assert "Female: yes" in told.get_text()
