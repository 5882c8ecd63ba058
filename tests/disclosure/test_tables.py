"""What a reader could work out from the tables, and that the gate takes it from them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from impact.disclosure import Rule, release
from impact.results import Sentence, Status, SummaryTable
from impact.results.summary import COUNTS

COLUMNS = ["variable", "category", "group", "period", "statistic", "value", "base"]
RULE = Rule(10, guarded=True)
STATUS = Status("a-pilot", "A pilot")


def table(rows, section="participants", notes=()):
    frame = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float})
    return SummaryTable(section, frame, {}, notes)


def gated(*tables, rule=RULE, status=STATUS):
    return [part.cells for part in release([status, *tables], rule).parts[1:]]


def row(cells, **wanted):
    found = cells
    for name, value in wanted.items():
        found = found[found[name] == value]
    assert len(found) == 1
    return found.iloc[0]


def random_pilot(seed):
    """Return counts of two groups and of all: units, answers by kind, and categories."""
    rng = np.random.default_rng(seed)
    one = {}
    for group in ("treated", "comparison"):
        units = int(rng.integers(12, 120))
        missing, refused = (int(n) for n in rng.integers(0, 9, 2) % (units // 3))
        n = units - missing - refused
        split = rng.multinomial(n, rng.dirichlet([0.6, 1, 2]))
        one[group] = {
            ("", "", "units"): units,
            ("v", "", "n"): n,
            ("v", "", "missing"): missing,
            ("v", "", "refused"): refused,
            **{("v", name, "n"): int(m) for name, m in zip("abc", split, strict=True)},
        }
    one["all"] = {key: one["treated"][key] + one["comparison"][key] for key in one["treated"]}
    return [
        (variable, category, group, "1", statistic, float(value), int(value))
        for group, counts in one.items()
        for (variable, category, statistic), value in counts.items()
    ]


def equations(cells):
    """Return the sums that any reader of such a table knows, as rows of a matrix."""
    at = {
        (c.variable, c.category, c.group, c.statistic): i
        for i, c in enumerate(cells.itertuples(index=False))
    }
    found = []
    for group in ("treated", "comparison", "all"):
        kinds = [("v", "", group, s) for s in ("n", "missing", "refused")]
        found.append((("", "", group, "units"), kinds))
        found.append((("v", "", group, "n"), [("v", c, group, "n") for c in "abc"]))
    keys = {(v, c, s) for v, c, _, s in at}
    found += [
        ((v, c, "all", s), [(v, c, g, s) for g in ("treated", "comparison")])
        for v, c, s in sorted(keys)
    ]
    matrix = np.zeros((len(found), len(cells)))
    for line, (total, parts) in enumerate(found):
        matrix[line, at[total]] = 1
        for part in parts:
            matrix[line, at[part]] -= 1
    return matrix


def solved(cells, hidden):
    """Return how many hidden counts follow from the shown ones by linear algebra."""
    known = equations(cells)[:, hidden]
    rank = np.linalg.matrix_rank(known)
    units = np.eye(known.shape[1])
    return sum(np.linalg.matrix_rank(np.vstack([known, unit])) == rank for unit in units)


def ranges(cells):
    """Return how many whole numbers each hidden count can be, told to the nearest ten."""
    hidden = cells["hidden"].to_numpy()
    told = cells["value"].to_numpy()
    box = [(0, None) if gone else (n - 5, n + 4) for gone, n in zip(hidden, told, strict=True)]
    sums = equations(cells)
    found = []
    for at in np.flatnonzero(hidden):
        goal = np.eye(len(cells))[at]
        ends = [
            linprog(sign * goal, A_eq=sums, b_eq=np.zeros(len(sums)), bounds=box).fun * sign
            for sign in (1, -1)
        ]
        found.append(np.floor(ends[1] + 1e-6) - np.ceil(ends[0] - 1e-6) + 1)
    return found


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_count_can_be_solved_from_the_shown_ones(seed):
    [cells] = gated(table(random_pilot(seed)))
    assert all(width >= 10 for width in ranges(cells))


def test_the_same_attack_succeeds_where_only_small_counts_are_hidden():
    recovered = 0
    for seed in range(40):
        cells = table(random_pilot(seed)).cells
        recovered += solved(cells, (cells["value"] < 10).to_numpy())
    assert recovered > 40


@pytest.mark.parametrize("seed", range(20))
def test_no_shown_count_is_small_and_every_shown_count_is_the_true_one_rounded(seed):
    rows = random_pilot(seed)
    [cells] = gated(table(rows))
    shown = cells[~cells["hidden"]]
    assert (shown["value"] >= 10).all()
    true = pd.Series([r[5] for r in rows])[shown.index]
    assert (shown["value"] == 10 * np.floor(true / 10 + 0.5)).all()
    assert cells.loc[cells["hidden"], "value"].isna().all()


@pytest.mark.parametrize("count", [0, 1, 9])
def test_zero_counts_as_small(count):
    rows = [("v", "", "treated", "1", "refused", count, count)]
    rows += [("w", "", "treated", "1", "n", 40, 40)]
    [cells] = gated(table(rows))
    assert cells["hidden"].tolist() == [True, False]


def test_ten_people_are_shown():
    [cells] = gated(table([("v", "", "treated", "1", "n", 10, 10)]))
    assert cells["value"].tolist() == [10]


@pytest.mark.parametrize(("share", "base"), [(1 / 18, 18), (0.95, 100), (0.02, 300), (0.0, 50)])
def test_a_share_that_counts_few_people_either_way_is_hidden(share, base):
    [cells] = gated(table([("v", "", "treated", "1", "share", share, base)]))
    assert cells["hidden"].all()


def test_the_mean_of_a_yes_no_variable_is_a_share():
    rows = [("v", "", "treated", "1", "mean", 3 / 60, 60)]
    [cells] = gated(table(rows))
    assert cells["hidden"].all()


def test_a_share_of_eighteen_cannot_be_turned_into_a_count():
    """The ungated share of .0556 tells 1 of 18; no gated share is finer than a percent."""
    share = 12 / 41
    assert round(round(share, 4) * 41, 1) == 12.0
    [cells] = gated(table([("v", "", "treated", "1", "share", share, 41)]))
    assert cells["value"].tolist() == [0.29]


def test_means_keep_three_digits():
    rows = [
        ("age", "", "treated", "1", "mean", 33.7143, 60),
        ("earnings", "", "treated", "1", "mean", 2095.57, 60),
    ]
    [cells] = gated(table(rows))
    assert cells["value"].tolist() == [33.7, 2100]


def test_a_hidden_mean_cannot_be_had_from_the_other_group_and_all():
    rows = [
        ("age", "", "treated", "1", "mean", 41.3, 8),
        ("age", "", "comparison", "1", "mean", 37.9, 90),
        ("age", "", "all", "1", "mean", 38.2, 98),
        ("age", "", "all", "1", "smd", 0.4, 8),
        ("age", "", "comparison", "2", "mean", 39.0, 90),
    ]
    [cells] = gated(table(rows))
    assert cells["hidden"].tolist() == [True, True, True, True, False]


def test_what_is_expected_without_the_pilot_falls_with_a_hidden_baseline():
    """The expected mean is a sum of three shown means: with it the fourth would be known."""
    rows = [
        ("v", "", "treated", "1", "share", 4 / 80, 80),
        ("v", "", "comparison", "1", "share", 20 / 80, 80),
        ("v", "", "treated", "2", "share", 30 / 80, 80),
        ("v", "", "comparison", "2", "share", 25 / 80, 80),
        ("v", "", "expected", "2", "share", 9 / 80, 80),
    ]
    [cells] = gated(table(rows, "trends"))
    assert cells["hidden"].tolist() == [True, True, False, False, True]


def flow(lost):
    start = 60
    return [
        ("baseline", "", "treated", "", "units", start, start),
        ("both", "", "treated", "", "units", start - lost, start - lost),
        ("lost", "", "treated", "", "lost", lost, lost),
        ("lost", "", "treated", "", "share", lost / start, min(lost, start - lost)),
    ]


def test_those_lost_cannot_be_had_by_subtracting_those_who_stayed():
    [cells] = gated(table(flow(4), "flow"))
    told = cells.set_index(["variable", "statistic"])["value"]
    assert told["baseline", "units"] == told["both", "units"] == 60  # 55 to 64 each
    assert told["lost"].isna().all()


def test_twenty_lost_of_sixty_are_shown_with_their_share():
    [cells] = gated(table(flow(20), "flow"))
    assert cells["value"].tolist()[:3] == [60, 40, 20]
    assert abs(cells["value"].tolist()[3] - 20 / 60) < 0.05


def test_dropped_rows_cannot_be_had_from_rows_read_and_used():
    rows = [
        ("rows", c, "all", "", "n", n, n)
        for c, n in (("read", 700), ("used", 697), ("dropped: no date", 3))
    ]
    [cells] = gated(table(rows, "flow"))
    assert cells["hidden"].sum() == 1
    assert set(cells["value"].dropna() % 10) == {0}


def test_neither_can_they_where_a_reshaping_made_rows():
    counts = (("read", 350), ("made: more", 350), ("used", 697), ("dropped: not seen", 3))
    rows = [("rows", c, "all", "", "n", n, n) for c, n in counts]
    [cells] = gated(table(rows, "flow"))
    assert cells["hidden"].sum() == 1
    assert set(cells["value"].dropna() % 10) == {0}


def test_a_count_hidden_in_one_table_is_hidden_in_all():
    """Of 35 and 35, both told as 40, and 70 in all, one must go, wherever it stands."""
    units = [
        ("", "", group, "1", "units", n, n)
        for group, n in (("treated", 35), ("comparison", 35), ("all", 70))
    ]
    answered = ("v", "", "treated", "1", "n", 35, 35)
    first, second = gated(table([*units, answered]), table([answered, units[2]], "trends"))
    assert row(first, group="all")["hidden"] == row(second, group="all")["hidden"]
    hidden = row(first, statistic="n")["hidden"]
    assert row(second, statistic="n")["hidden"] == hidden
    assert hidden or row(first, group="all")["hidden"]


def test_one_of_three_shares_cannot_be_had_as_the_rest():
    shares = (4 / 100, 46 / 100, 50 / 100)
    rows = [("v", c, "treated", "1", "share", s, 100) for c, s in zip("abc", shares, strict=True)]
    [cells] = gated(table(rows))
    assert cells["category"].tolist() == ["c"]
    assert cells["hidden"].tolist() == [False]


def test_the_same_category_falls_in_all_groups():
    """Beside the four the smallest must fall: b in one group, and so b in the other, not c."""
    rows = [
        ("v", c, group, "1", "share", people / 60, 60)
        for group, counts in (("treated", (4, 27, 29)), ("comparison", (4, 29, 27)))
        for c, people in zip("abc", counts, strict=True)
    ]
    [cells] = gated(table(rows))
    assert cells["category"].tolist() == ["c", "c"]
    assert not cells["hidden"].any()


def test_a_period_of_few_is_left_out_with_its_name():
    rows = [("", "", "all", p, "units", n, n) for p, n in (("1990-04-01", 3), ("2021", 60))]
    given = SummaryTable(
        "flow",
        pd.DataFrame(rows, columns=COLUMNS),
        {"baseline": "At the baseline (1990-04-01)"},
        (Sentence("Since %(start)s.", {"start": "1990-04-01"}),),
    )
    part = release([STATUS, given], RULE).parts[1]
    assert part.cells["period"].tolist() == ["2021"]
    assert part.labels["baseline"] == "At the baseline"
    assert "1990" not in " ".join(str(note) for note in part.notes)


def test_a_period_of_many_is_named_though_all_its_shares_are_hidden():
    rows = [("v", "", "all", "1", "share", 3 / 60, 60), ("v", "", "all", "1", "n", 60, 60)]
    [cells] = gated(table(rows))
    assert cells["period"].tolist() == ["1", "1"]


def test_rows_are_told_to_the_nearest_ten_whoever_was_lost():
    rows = [("rows", c, "all", "", "n", n, n) for c, n in (("read", 117), ("used", 117))]
    [cells] = gated(table([*flow(4), *rows], "flow"))
    assert cells.loc[cells["variable"] == "rows", "value"].dropna().isin([120]).all()
    [cells] = gated(table([*flow(20), *rows], "flow"))
    assert cells.loc[cells["variable"] == "rows", "value"].tolist() == [120, 120]


def test_the_base_of_a_value_does_not_travel():
    rows = [("v", "", "treated", "1", "mean", 3.4, 57), ("v", "", "treated", "1", "n", 57, 57)]
    [cells] = gated(table(rows))
    assert cells["base"].tolist() == [10, 10]


def test_places_are_counted_in_full():
    rows = [("places", "", "treated", "", "places", 3, 60)]
    [cells] = gated(table(rows, "comparison"))
    assert cells["value"].tolist() == [3]


def test_tables_about_places_stay_as_they_are():
    rows = [("v", "", "treated", "1", "mean", 20.123456, 1), ("v", "", "treated", "1", "n", 1, 1)]
    status = Status("counties", "Counties", guarded=False, unit_is="place")
    [cells] = gated(table(rows), rule=Rule(10, guarded=False), status=status)
    assert cells["value"].tolist() == [20.123456, 1]
    assert not cells["hidden"].any()


def test_the_given_table_stays_as_it_was():
    given = table(random_pilot(1))
    before = given.cells.copy()
    gated(given)
    pd.testing.assert_frame_equal(given.cells, before)


def test_a_table_without_cells_keeps_its_notes():
    nothing = table([], "balance", (Sentence("There is no comparison group."),))
    part = release([STATUS, nothing], RULE).parts[1]
    assert str(part.notes[0]) == "There is no comparison group."
    assert len(part.cells) == 0


def test_counts_are_those_of_the_results():
    assert {"n", "units", "missing", "refused", "lost"} <= COUNTS
