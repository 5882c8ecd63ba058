"""A reader who adds, subtracts and solves for whole numbers recovers no hidden number.

The reader here is written apart from the gate: bounds on numbers of answers, by group, period
and kind, solved one at a time with scipy.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp

from impact.disclosure import Rule, release
from impact.disclosure.audit import protect
from impact.disclosure.audit import recovered as recovered_of
from impact.disclosure.published import Page
from impact.disclosure.reader import known
from impact.errors import DisclosureError
from impact.results import Status, SummaryTable

MINIMUM = 10
RULE = Rule(MINIMUM, guarded=True)
KINDS = ("n", "missing", "refused")
COLUMNS = ["variable", "category", "group", "period", "statistic", "value", "base"]
ROUNDED = "are rounded to the nearest"


def a_table(seed):
    """Return numbers of answers of two groups in two periods, few of them missing."""
    rng = np.random.default_rng(seed)
    rows = []
    for period in ("1", "2"):
        there = {}
        for group in ("treated", "comparison"):
            kinds = {"missing": rng.integers(0, 14), "refused": rng.integers(0, 14)}
            kinds["n"] = rng.integers(25, 90)
            there[group] = {**kinds, "units": sum(kinds.values())}
        there["all"] = {
            name: sum(there[group][name] for group in ("treated", "comparison"))
            for name in (*KINDS, "units")
        }
        for group, counts in there.items():
            rows.append(["", "", group, period, "units", counts["units"], counts["units"]])
            rows += [["y", "", group, period, kind, counts[kind], counts[kind]] for kind in KINDS]
    cells = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float})
    return SummaryTable("participants", cells)


def released(table, **given):
    """Return the table as it is published."""
    page = release([Status("a-pilot", "A pilot"), table], RULE, **given)
    return next(part for part in page if isinstance(part, SummaryTable))


def recovered(shown, true, *, gated=True):
    """Return the hidden numbers that can be fewer whole numbers than the minimum."""
    keys = [tuple(row) for row in true.cells[["variable", "group", "period", "statistic"]].values]
    place = {key: at for at, key in enumerate(keys)}
    told = {
        (row.variable, row.group, row.period, row.statistic): row.value
        for row in shown.cells.itertuples()
        if not math.isnan(row.value)
    }
    said = {
        (row.variable, row.group, row.period, row.statistic)
        for row in shown.cells.itertuples()
        if math.isnan(row.value) and row.base == MINIMUM - 1
    }
    near = any(ROUNDED in str(note) for note in shown.notes)
    sums, low, high = [], [], []

    def know(terms, least, most):
        line = np.zeros(len(keys))
        for key, weight in terms:
            line[place[key]] += weight
        sums.append(line)
        low.append(least)
        high.append(most)

    for variable, group, period, kind in keys:
        key = (variable, group, period, kind)
        if key in told:
            width = MINIMUM / 2 if near else 0.0
            know([(key, 1)], told[key] - width, told[key] + max(width - 1, 0.0))
        elif key in said:
            know([(key, 1)], 0, MINIMUM - 1)
        if group == "all":
            parts = [((variable, part, period, kind), -1) for part in ("treated", "comparison")]
            know([(key, 1), *parts], 0, 0)
        if kind == "units":
            know([(key, 1), *((("y", group, period, one), -1) for one in KINDS)], 0, 0)
    found = []
    hidden = [key for key in keys if key not in told] if gated else smalls(true)
    for key in hidden:
        goal = np.zeros(len(keys))
        goal[place[key]] = 1.0
        ends = []
        for sign in (1, -1):
            limits = LinearConstraint(np.array(sums), low, high)
            best = milp(sign * goal, constraints=limits, integrality=np.ones(len(keys)))
            ends.append(math.inf * -sign if best.x is None else sign * best.fun)
        if ends[1] - ends[0] + 1 < MINIMUM - 0.5:
            found.append(key)
    return found


def smalls(true):
    few = true.cells[true.cells["value"] < MINIMUM]
    return [tuple(row) for row in few[["variable", "group", "period", "statistic"]].values]


def without_smalls(true):
    """Hide what is small and nothing else: what a naive gate does."""
    cells = true.cells
    return SummaryTable(
        "participants", cells.assign(value=cells["value"].where(cells["value"] >= MINIMUM))
    )


@pytest.mark.parametrize("block", range(4))
def test_no_hidden_number_is_recovered_from_random_tables(block):
    for seed in range(10 * block, 10 * block + 10):
        true = a_table(seed)
        assert recovered(released(true), true) == [], seed


def test_the_same_reader_recovers_what_a_naive_gate_hides():
    won = sum(bool(recovered(without_smalls(a_table(seed)), a_table(seed))) for seed in range(20))
    assert won >= 15


def test_what_is_large_is_still_told():
    """Numbers of those who were there stay, rounded, where none of them is small."""
    for seed in range(10):
        shown = released(a_table(seed)).cells
        there = shown[shown["statistic"] == "units"]
        assert there["value"].notna().mean() > 0.6


def test_a_small_count_is_told_to_be_small_and_zero_looks_like_five():
    rows = [["", "", "treated", "1", "units", 60, 60]]
    for few in (0, 5):
        kinds = (("n", 60 - few), ("missing", few))
        parts = [["y", "", "treated", "1", kind, n, n] for kind, n in kinds]
        cells = pd.DataFrame(rows + parts, columns=COLUMNS).astype({"value": float})
        table = SummaryTable("participants", cells)
        shown = released(table).cells.set_index("statistic")
        assert shown.loc["missing", "base"] == MINIMUM - 1
        assert math.isnan(shown.loc["missing", "value"])
        assert shown.loc["n", "value"] == shown.loc["units", "value"] == 60


def test_a_count_is_not_told_to_be_small_where_it_cannot_be_zero_then():
    """Of 55 to 64 people 45 to 54 answered, so that one to nineteen did not: not one to nine."""
    rows = [["", "", "treated", "1", "units", 60, 60]]
    rows += [["y", "", "treated", "1", kind, n, n] for kind, n in (("n", 51), ("missing", 9))]
    cells = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float})
    shown = released(SummaryTable("participants", cells)).cells.set_index("statistic")
    assert shown["value"].tolist()[:2] == [60, 50]
    assert math.isnan(shown.loc["missing", "value"])
    assert shown.loc["missing", "base"] == 0


def test_six_and_four_lost_are_not_told_from_zero_by_their_ten():
    """Were it said that six and four are few and ten is not, neither could be zero."""
    lost = {"treated": 6, "comparison": 4, "all": 10}
    start = {"treated": 43, "comparison": 41, "all": 84}
    rows = []
    for group in lost:
        stayed = start[group] - lost[group]
        rows += [
            ["baseline", "", group, "", "units", start[group], start[group]],
            ["both", "", group, "", "units", stayed, stayed],
            ["lost", "", group, "", "lost", lost[group], lost[group]],
        ]
    cells = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float})
    shown = released(SummaryTable("flow", cells)).cells
    gone = shown[shown["statistic"] == "lost"]
    assert gone["value"].isna()[gone["group"] != "all"].all()
    if gone["value"].isna().all():
        assert gone["base"].nunique() == 1


def a_page_of(rows, hide, estimated=()):
    """Return a page, and its cells of which these are hidden."""
    columns = [*COLUMNS, "section"]
    cells = pd.DataFrame(rows, columns=columns).astype({"value": float})
    cells = cells.assign(rough=True)
    near = np.ones(len(cells), dtype=bool)
    told = cells["value"].map(RULE.near).to_numpy(dtype=float)
    page = replace(Page.of(cells, told, near, RULE), estimated=tuple(estimated))
    hidden = np.zeros(page.size, dtype=bool)
    hidden[list(hide)] = True
    return page, hidden


def answers(units, given, missing):
    of = ("treated", "1")
    return [
        ["", "", *of, "units", units, units, "participants"],
        ["y", "", *of, "n", given, given, "participants"],
        ["y", "", *of, "missing", missing, missing, "participants"],
    ]


def test_what_protect_leaves_nobody_recovers():
    for units in range(40, 60, 3):
        for missing in (0, 5, 9):
            page, hidden = a_page_of(answers(units, units - missing, missing), [2])
            assert not recovered_of(page, protect(page, hidden))


def test_a_total_and_its_parts_rounded_one_by_one_are_not_all_told():
    """35 and 35 told as 40, and 70 in all: 35 to 39 in each, so none to four of them are lost."""
    groups = (("treated", 35), ("comparison", 35), ("all", 70))
    rows = [["", "", g, "1", "units", n, n, "participants"] for g, n in groups]
    rows += [["y", "", "treated", "1", "n", 35, 35, "participants"]]
    rows += [["y", "", "treated", "1", "mean", 3.24, 35, "trends"]]
    page, hidden = a_page_of(rows, [])
    assert recovered_of(page, hidden)
    kept = protect(page, hidden)
    assert not recovered_of(page, kept)
    assert not kept[: len(rows)].all()


def test_protect_does_not_stop_silently(monkeypatch):
    """Where a number is narrow whatever is hidden, no page is made."""
    page, hidden = a_page_of(answers(44, 40, 4), [2])
    made = known(page, hidden)
    at = made.find("missing", "y", "", "treated", "1")
    made.know([(at, 1.0)], 4.0, 4.0 + 2)
    monkeypatch.setattr("impact.disclosure.audit.known", lambda *_: made)
    with pytest.raises(DisclosureError, match="would follow"):
        protect(page, hidden)
