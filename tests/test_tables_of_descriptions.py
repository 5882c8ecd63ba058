"""Medians, joint tests, reliability and changes as tables, in HTML and in plain text."""

import pandas as pd
from bs4 import BeautifulSoup

from impact import tables
from impact.results import Sentence, SummaryTable
from impact.results.summary import COLUMNS

LABELS = {"y": "Waiting days", "joint": "All together", "b": "Belonging", "b: one": "At home"}


def table(section, rows, notes=()):
    cells = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": float, "base": int})
    return SummaryTable(section, cells, LABELS, notes)


def lines(made):
    """Return the text of each row of the table's body, by its header."""
    rows = BeautifulSoup(tables.summary_html(made), "html.parser").select("tbody tr")
    found = {}
    for row in rows:
        header = row.find("th").get_text(" ", strip=True)
        found[header] = [cell.get_text(" ", strip=True) for cell in row.find_all("td")]
    return found


WAITING = [
    ("y", "", "treated", "1", "mean", 41.3, 60),
    ("y", "", "treated", "1", "sd", 30.2, 60),
    ("y", "", "treated", "1", "median", 30.0, 30),
    ("y", "", "treated", "1", "q1", 12.0, 15),
    ("y", "", "treated", "1", "q3", 61.5, 15),
    ("y", "", "treated", "1", "n", 60, 60),
]


def test_a_median_stands_under_the_mean_with_its_quartiles():
    found = lines(table("participants", WAITING))
    assert found["mean (SD)"] == ["41 (30)"]
    assert found["median (quartiles)"] == ["30 (12 to 62)"]


def test_a_median_whose_quartiles_were_withheld_stands_alone():
    made = table("participants", WAITING)
    cells = made.cells.assign(hidden=made.cells["statistic"].isin(["q1", "q3"]))
    withheld = SummaryTable("participants", cells, LABELS)
    assert lines(withheld)["median (quartiles)"] == ["30"]


def test_a_joint_test_stands_in_the_column_of_the_differences():
    rows = [
        ("y", "", "treated", "1", "mean", 41.3, 60),
        ("y", "", "all", "1", "smd", 0.213, 60),
        ("y", "", "all", "1", "variance_ratio", 1.257, 60),
        ("y", "", "all", "1", "smd_unweighted", 0.3, 60),
        ("joint", "", "all", "1", "p_value", 0.0213, 60),
    ]
    found = lines(table("balance", rows))
    assert found["Waiting days, mean"] == ["41.3", "0.21", "0.30", "1.26"]
    assert found["All together, joint test"][1] == "p = .021"


def test_a_score_has_its_alpha_and_each_item_a_row():
    rows = [
        ("b", "", "all", "1", "alpha", 0.8123, 60),
        ("b", "", "all", "1", "alpha_low", 0.71, 60),
        ("b", "", "all", "1", "alpha_high", 0.88, 60),
        ("b", "b: one", "all", "1", "mean", 3.51, 60),
        ("b", "b: one", "all", "1", "sd", 1.02, 60),
        ("b", "b: one", "all", "1", "item_rest", 0.55, 60),
        ("b", "b: one", "all", "1", "alpha_without", 0.77, 60),
    ]
    made = table("reliability", rows)
    headers = [
        cell.get_text(strip=True)
        for cell in BeautifulSoup(tables.summary_html(made), "html.parser").select("thead th")
    ]
    assert headers[2:] == [
        "Cronbach's alpha (95% interval)",
        "Item and rest, correlation",
        "Alpha without it",
    ]
    told = list(lines(made).values())
    assert "0.81 (0.71 to 0.88)" in lines(made)["all items"]
    assert any(row[0] == "3.5 (1.0)" and row[2:] == ["0.55", "0.77"] for row in told)


def test_a_change_stands_with_its_interval():
    rows = [
        ("y", "", "treated", "1 to 2", "change", -4.0, 60),
        ("y", "", "treated", "1 to 2", "low", -6.0, 60),
        ("y", "", "treated", "1 to 2", "high", -2.0, 60),
    ]
    found = lines(table("changes", rows))
    assert found["Waiting days, change (95% interval)"] == ["−4 (−6 to −2)"]


def test_a_table_prints_as_text_that_lines_up_with_its_notes():
    rows = WAITING + [(*row[:2], "comparison", *row[3:]) for row in WAITING]
    text = repr(table("participants", rows, (Sentence("A note."),)))
    body = text.splitlines()
    assert body[0] == "Who took part"
    assert body[1].split() == ["Measure", "Treated", "Comparison"]
    assert "median (quartiles)" in text
    assert body[-1] == "A note."
    ends = {len(line) for line in body[1:2] + body[3:-1]}
    assert len(ends) == 1


def test_periods_stand_under_their_group_in_text():
    rows = WAITING + [(*row[:3], "2", *row[4:]) for row in WAITING]
    body = repr(table("participants", rows)).splitlines()
    assert body[1].split() == ["Treated"]
    assert body[2].split() == ["Measure", "1", "2"]


def test_levels_over_many_periods_say_which_period_they_are_of():
    rows = [
        ("y", f"level {at}", "treated", str(period), "share", 0.5, 60)
        for at in (0, 1)
        for period in range(1, 7)
    ]
    found = lines(table("distribution", rows))
    assert list(found)[1:3] == ["level 0, 1", "level 0, 2"]
    assert len(found) == 13


def test_a_table_without_cells_prints_its_notes():
    assert repr(table("subgroups", [], (Sentence("The plan names no subgroups."),))) == (
        "The plan names no subgroups."
    )


def test_no_table_sets_a_colour_so_that_it_reads_on_dark_and_on_light():
    html = tables.summary_html(table("participants", WAITING))
    assert "color" not in html
    assert "background" not in html
