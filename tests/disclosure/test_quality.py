"""What a reader of the data-quality table, or of a check's log, could work out."""

from __future__ import annotations

import itertools
import math

import pandas as pd
import pytest
from tests.disclosure.test_leaks import DID, PANEL, people

import impact
from impact.batch.quality import BESIDE, quality_of
from impact.disclosure import Rule, release
from impact.results import Sentence, Status, SummaryTable
from impact.results.summary import COLUMNS

STATUS = Status(pilot="a-pilot", title="A pilot", minimum_cell=10, guarded=True, unit_is="person")
TEN = Rule(10, guarded=True)


def gate(rows, notes=(), status=STATUS, sections=("data",)):
    """Pass hand-written cells, told in each of the sections, through the gate."""
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).astype({"value": float, "base": int})
    tables = [SummaryTable(name, frame, {}, tuple(notes)) for name in sections]
    return [p for p in release([status, *tables], Rule.of(status)) if isinstance(p, SummaryTable)]


def refusals(few, many):
    """Return how often an answer was refused, by group; they add up."""
    of = ("y", "")
    return [
        (*of, "treated", "1", "refused", few, few),
        (*of, "comparison", "1", "refused", many, many),
        (*of, "all", "1", "refused", few + many, few + many),
    ]


@pytest.mark.parametrize(("few", "many"), [*itertools.product((0, 1, 5, 9), (10, 12, 30))])
def test_the_refusals_of_a_few_do_not_follow_from_those_of_all(few, many):
    (table,) = gate(refusals(few, many))
    shown = table.cells.set_index("group")["value"].notna()
    assert not shown["treated"]
    told = table.cells.set_index("group")["value"]
    if shown["comparison"] and shown["all"]:
        # To the nearest ten: the few are what ten more, or fewer, would leave.
        assert abs(told["all"] - told["comparison"]) <= 10


def test_what_the_page_hides_as_a_complement_the_annex_hides_too():
    """What is hidden beside the three of the other group no other table may tell."""
    page, annex = gate(refusals(3, 12), sections=("participants", "data"))
    told = [table.cells.set_index("group")["value"] for table in (page, annex)]
    pd.testing.assert_series_equal(*told)
    assert math.isnan(told[0]["treated"])


def test_answers_of_all_periods_are_told_to_the_nearest_ten():
    rows = [("y", "", "all", "", "n", 324, 160), ("y", "", "all", "", "missing", 26, 20)]
    (table,) = gate(rows)
    assert table.cells["value"].tolist() == [320, 30]


def test_twenty_records_of_four_people_are_hidden():
    (table,) = gate([("y", "", "all", "", "refused", 20, 4)])
    assert table.cells["value"].isna().all()


def test_answers_of_all_periods_are_rows_and_leave_those_lost_unsure():
    rows = [
        ("y", "", "all", "", "n", 190, 100),
        ("rows", "read", "all", "", "n", 200, 200),
        ("lost", "", "all", "", "lost", 4, 4),
    ]
    (table,) = gate(rows)
    told = table.cells["value"].tolist()
    assert told[:2] == [190, 200]
    assert math.isnan(told[2])


@pytest.mark.parametrize(("dropped", "made"), [(3, 0), (3, 100), (15, 100)])
def test_a_few_rows_dropped_do_not_follow_where_a_reshaping_made_some(dropped, made):
    counts = {"read": 100, "made: a row": made, "used": 100 + made - dropped, "dropped: x": dropped}
    rows = [("rows", name, "all", "", "n", n, n) for name, n in counts.items() if n]
    (table,) = gate(rows)
    shown = table.cells.set_index("category")["value"]
    assert (shown.dropna() % 10 == 0).all()
    assert shown.isna()["dropped: x"] == (dropped < 10)


def doubt(n, others, text="%(doubtful)s are doubtful."):
    return Sentence(text, {}, {"doubtful": n, "others": others})


def test_a_doubt_about_few_is_a_bound_and_one_about_all_but_a_few_is_not_told():
    one = ("rows", "used", "all", "", "n", 100, 100)
    told = [str(note) for note in gate([one], [doubt(4, 96), doubt(34, 66), doubt(96, 4)])[0].notes]
    assert told[0] == "some are doubtful."
    assert told[1] == "30 are doubtful."
    assert "96" not in told[2]
    assert "doubtful" not in told[2]


def test_how_waves_matched_is_told_in_tens_and_not_at_all_where_it_is_hidden_who_was_lost():
    said = Sentence("Of %(units)s units, %(matched)s match.", {}, {"units": 123, "matched": 117})
    row = ("rows", "used", "all", "", "n", 240, 240)
    assert "Of 120 units, 120 match." in [str(n) for n in gate([row], [said])[0].notes]
    lost = ("lost", "", "all", "", "lost", 6, 6)
    told = [str(n) for n in gate([row, lost], [said])[0].notes]
    assert "Of not shown units, not shown match." in told


def test_no_exact_number_stands_in_the_notes_of_people():
    row = ("rows", "used", "all", "", "n", 240, 240)
    inner = Sentence("%(n)s in all", {}, {"n": 44})
    told = gate([row], [Sentence("There are %(inner)s.", {"inner": inner})])[0].notes
    assert "There are 40 in all." in [str(note) for note in told]


def test_of_places_everything_is_told_exactly():
    status = Status(
        pilot="a-pilot", title="A pilot", minimum_cell=10, guarded=False, unit_is="place"
    )
    (table,) = gate(refusals(3, 12), [doubt(4, 1)], status)
    assert table.cells["value"].tolist() == [3, 12, 15]
    assert str(table.notes[0]) == "4 are doubtful."


def test_a_check_and_a_page_hide_the_same(publish):
    """A log of a check is read beside the page: twelve refusals, three of them in one group."""
    records = people(120, y=lambda i, w: "" if i < 15 and i % 5 == 0 else 10 + i % 9)
    for row in records:
        if row["w"] == 1 and (row["id"] < 3 or 80 <= row["id"] < 92):
            row["y"] = 98
    outcomes = [{"column": "y"}]
    data = {**PANEL, "missing": {"refused": [98]}}
    page = publish(records, data=data, design=DID, outcomes=outcomes)
    on_page = page.cells(gated=True, section="data", period="1")
    spec = impact.PilotSpec.model_validate(
        {
            "pilot": "a-pilot",
            "data": {"path": "records.csv", **data},
            "design": DID,
            "outcomes": outcomes,
        }
    )
    panel = impact.Panel.from_frame(
        pd.DataFrame(records), unit="id", period="w", outcomes=["y"], treated="t", starts=2,
        missing={"refused": [98]},
    )  # fmt: skip
    told = pd.DataFrame(quality_of(panel, impact.status(spec, panel))["cells"])
    told = told[(told["period"] == "1")]
    key = ["variable", "category", "group", "period", "statistic"]
    both = on_page.merge(told, on=key, suffixes=("_page", "_check"))
    assert len(both) == len(told)
    assert both["value_check"].notna().any() or both["value_page"].isna().all()
    hidden = both["value_page"].isna()
    assert both.loc[hidden, "value_check"].isna().all()


def test_the_check_gates_every_table_that_the_notebook_shows():
    """A table added to the notebook must be gated with the check's, or the two could differ."""
    import ast
    from pathlib import Path

    import nbformat

    from impact import describe

    root = Path(__file__).parents[2]
    cells = nbformat.read(root / "notebooks" / "pilot.ipynb", 4).cells
    called = [ast.parse(cell.source).body[-1] for cell in cells[1:]]
    names = {
        node.value.func.attr
        for node in called
        if isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and isinstance(node.value.func, ast.Attribute)
    }
    tables = {
        name
        for name in names & set(describe.__all__)
        if "SummaryTable" in str(getattr(describe, name).__annotations__.get("return"))
    }
    assert tables == {*BESIDE, "quality"}
