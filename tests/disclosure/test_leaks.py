"""What a reader could work out from a whole page, and that the gate takes it from them.

Every attack is run on the ungated parts first, where it succeeds.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

DID = {"kind": "did", "treated": "t", "starts": 2}
PANEL = {"unit": "id", "period": "w"}


def people(n, waves=(1, 2), *, treated=None, seed=3, **columns):
    """Return records of n people, half of them treated; columns are functions of person, wave."""
    rng = np.random.default_rng(seed)
    half = n // 2 if treated is None else treated
    rows = []
    for i in range(n):
        for w in waves:
            row = {"id": i, "w": w, "t": int(i < half), "y": round(float(rng.normal(50, 9)), 2)}
            rows.append(row | {name: of(i, w) for name, of in columns.items()})
    return rows


def answers_withheld(page, *, gated):
    """Subtract the rows behind an estimate from the rows that were used."""
    used = page.value(gated=gated, variable="rows", category="used")
    rows = page.estimates(gated=gated)
    behind = rows[(rows["outcome"] == "b") & (rows["term"] == "ATT all rows")]["n_obs"].iloc[0]
    return math.nan if pd.isna(behind) else used - behind


def test_refused_answers_are_not_the_rows_used_less_those_behind_an_estimate(publish):
    records = people(
        40, a=lambda i, w: i % 7, b=lambda i, w: 98 if i in (3, 8) and w == 2 else i % 5
    )
    page = publish(
        records,
        data=PANEL | {"missing": {"refused": [98]}},
        design=DID,
        outcomes=[{"column": "a"}, {"column": "b"}],
    )
    assert answers_withheld(page, gated=False) == 2
    assert math.isnan(answers_withheld(page, gated=True))
    assert "'n': 2" in page.text(gated=False)
    assert "'n': 2" not in page.text(gated=True)


def lost_by_rows(page, *, gated):
    """Take those of the first wave from the rows, and what is left from the first wave."""
    first = page.value(gated=gated, variable="", period="1", statistic="units", group="all")
    used = page.value(gated=gated, variable="rows", category="used")
    return 2 * first - used


def lost_by_balance(page, *, gated):
    rows = page.estimates(gated=gated).set_index("term")["n_units"]
    return math.nan if rows.isna().any() else rows["ATT all rows"] - rows["ATT"]


@pytest.mark.parametrize("attack", [lost_by_rows, lost_by_balance])
def test_those_lost_do_not_follow_from_other_counts(publish, attack):
    records = [row for row in people(44) if (row["id"], row["w"]) not in {(1, 2), (2, 2), (30, 2)}]
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}])
    assert attack(page, gated=False) == 3
    assert math.isnan(attack(page, gated=True))


def lost_ones_value(page, *, gated):
    """Take the effect on those who stayed from that on all: they differ by one who left."""
    where = {"section": "participants", "group": "treated", "period": "1", "variable": "y"}
    mean = page.value(gated=gated, statistic="mean", **where)
    effect = page.estimates(gated=gated).set_index("term")["estimate"]
    return mean + 19 * (effect["ATT"] - effect["ATT all rows"])


def test_one_persons_value_does_not_follow_from_two_estimates(publish):
    records = people(40, y=lambda i, w: 4350 if i == 3 else 1500 + 7 * i * w)
    records = [row for row in records if (row["id"], row["w"]) != (3, 2)]
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}])
    assert abs(lost_ones_value(page, gated=False) - 4350) < 1
    told, error = page.estimates(gated=True), page.estimates(gated=False)["std_error"].iloc[1]
    # Not at all, or not to within what a few people may differ by.
    assert not abs(lost_ones_value(page, gated=True) - 4350) <= 19 * error / 2
    assert told["n_units"].isna().tolist() == [False, True]


def share_before(page, *, gated):
    after = page.value(
        gated=gated, section="trends", variable="y", period="2", statistic="share", group="treated"
    )
    return 30 * (after - page.estimates(gated=gated)["estimate"].iloc[0])


def test_a_hidden_share_is_not_the_share_after_less_the_effect(publish):
    records = people(30, treated=30, y=lambda i, w: int(i < (3 if w == 1 else 15)))
    design = {"kind": "before_after", "starts": 2}
    page = publish(records, data=PANEL, design=design, outcomes=[{"column": "y", "kind": "binary"}])
    assert round(share_before(page, gated=False)) == 3
    assert math.isnan(share_before(page, gated=True))
    assert "in 100" in page.text(gated=False)
    assert "in 100" not in page.text(gated=True)


def counts_that_fit(page, *, gated):
    """Return the whole numbers of yes in both groups that give the estimate and its error."""
    row = page.estimates(gated=gated).iloc[0]
    n = 14
    return [
        (a, b)
        for a in range(n + 1)
        for b in range(n + 1)
        if abs((a - b) / n - row["estimate"]) < 6e-5
        and abs(math.sqrt((a / n * (1 - a / n) + b / n * (1 - b / n)) / (n - 1)) - row["std_error"])
        < 6e-5
    ]


def test_hidden_shares_cannot_be_solved_from_an_estimate_and_its_error(publish):
    records = people(28, (1,), treated=14, y=lambda i, w: int(i < 5 or i == 20))
    page = publish(
        records,
        data={"unit": "id"},
        design={"kind": "randomised", "treated": "t"},
        outcomes=[{"column": "y", "kind": "binary"}],
    )
    assert counts_that_fit(page, gated=False) == [(5, 1), (13, 9)]
    assert counts_that_fit(page, gated=True) == []


def test_an_outcome_whose_shares_are_shown_keeps_its_effect(publish):
    records = people(80, y=lambda i, w: int((i * 7 + w) % 5 < 2 + (w == 2)))
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y", "kind": "binary"}])
    assert page.estimates(gated=True)["estimate"].notna().all()
    assert "in 100" in str(page.released[1].effect.to_payload())


def test_the_first_category_is_not_the_rest_of_the_others(publish):
    records = people(
        60, nation=lambda i, w: "Eritrea" if i in (0, 1, 40) else ("Syria", "Turkey")[i % 2]
    )
    page = publish(
        records, data=PANEL, design=DID, outcomes=[{"column": "y"}], covariates=["nation"]
    )
    given = page.cells(gated=False, variable="nation", statistic="share", section="participants")
    others = given[(given["group"] == "treated") & (given["category"] != "Eritrea")]
    assert round(30 * (1 - others["value"].sum())) == 2
    shown = page.cells(gated=True, variable="nation", statistic="share", section="participants")
    for _, told in shown.groupby("group"):
        assert told["category"].nunique() == 1
    assert "Eritrea" not in page.text(gated=True)
    assert "categories that would tell about fewer" in page.text(gated=True)


def test_a_category_of_few_is_not_named(publish):
    records = people(
        24,
        nation=lambda i, w: "Tuvalu, deaf" if i == 5 else ("Syria", "Turkey", "Ukraine")[i % 3],
        mail=lambda i, w: f"anna.{i}@example.org",
    )
    page = publish(
        records, data=PANEL, design=DID, outcomes=[{"column": "y"}], covariates=["nation", "mail"]
    )
    for name in ("Tuvalu", "example.org"):
        assert name in page.text(gated=False)
        assert name not in page.text(gated=True)


def test_a_variable_of_two_values_is_guarded_like_a_share(publish):
    """A mean of 1.1 of ones and twos tells as much as a share of .1."""
    records = people(
        40, sex=lambda i, w: 1 + int(i in (1, 2, 30)), y=lambda i, w: 25 * (i in (4, 30) and w == 2)
    )
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}], covariates=["sex"])
    for variable, count in (("sex", 2), ("y", 1)):
        where = {"variable": variable, "section": "participants", "statistic": "mean"}
        own = page.cells(gated=False, group="treated", **where)["value"]
        low, step = (1, 1) if variable == "sex" else (0, 25)
        assert round(20 * (own.iloc[-1] - low) / step) == count
        assert page.cells(gated=True, **where)["value"].isna().all()
    assert page.estimates(gated=True)["estimate"].isna().all()


def test_a_period_that_few_share_is_not_named(publish):
    records = [
        {"born": born, "t": (i + j) % 2, "y": 5 + (7 * i + 3 * j) % 11}
        for i in range(24)
        for j in (0, 1)
        for born in (f"19{60 + i}-0{1 + i % 9}-1{i % 9}", "2000-01-01")
    ]
    page = publish(
        records,
        data={"period": "born"},
        design=DID | {"starts": "2000-01-01", "sample": "cross_sections"},
        outcomes=[{"column": "y"}],
    )
    assert "1983-06-15" in page.text(gated=False)
    assert "19" not in "".join(page.cells(gated=True)["period"])
    assert "1983-06-15" not in page.text(gated=True)
    assert "Periods with fewer than" in page.text(gated=True)


def staggered(publish, start, waves, **keys):
    records = people(61, waves, g=lambda i, w: start(i))
    for row in records:
        row["y"] += 5000 * (row["id"] == 60)
    design = {"kind": "staggered", "first_treated": "g"}
    return publish(records, data=PANEL, design=design, outcomes=[{"column": "y"}], **keys)


def test_an_effect_that_rests_on_one_early_starter_is_not_shown(publish):
    def start(i):
        return 0 if i < 25 else 5 if i < 60 else 2

    methods = {"methods": ["callaway_santanna", "event_study", "twfe"]}
    page = staggered(publish, start, range(1, 7), analysis=methods)
    for method in ("event_study", "twfe"):
        frames = [page.estimates(gated=gated) for gated in (False, True)]
        given, told = (frame[frame["method"] == method] for frame in frames)
        assert given["estimate"].notna().all()
        assert told["estimate"].isna().all()
        assert told["term"].tolist() == ["ATT"]


def test_a_cohort_of_one_is_not_named(publish):
    def start(i):
        return 0 if i < 25 else 31 if i < 45 else 41 if i < 60 else 51

    page = staggered(publish, start, (11, 21, 31, 41, 51, 61))
    given, told = (page.estimates(gated=gated)["term"].tolist() for gated in (False, True))
    assert "group:51" in given
    assert set(told) == {"ATT"}
    assert "'start': '51'" in page.text(gated=False)
    assert "'start': '…'" in page.text(gated=True)


def test_tables_describe_the_same_people(publish):
    """With and without the one reached from the start, two means would give her value."""

    def start(i):
        return 0 if i < 20 else 3 if i < 60 else 1

    page = staggered(publish, start, (1, 2, 3, 4))
    for gated in (False, True):
        where = {"variable": "y", "group": "treated", "period": "1", "statistic": "mean"}
        assert page.cells(gated=gated, **where)["value"].nunique() == 1


def test_what_a_participant_cost_does_not_count_a_hidden_group(publish):
    cost = {"title": "A", "cost": {"amount": 100000, "currency": "EUR"}}
    page = publish(
        people(24, treated=17), about=cost, data=PANEL, design=DID, outcomes=[{"column": "y"}]
    )
    assert "6,000" in page.text(gated=False) or "6000" in page.text(gated=False)
    assert "6000" not in page.text(gated=True)
    stayed = [row for row in people(60, treated=30) if row["w"] == 1 or row["id"] % 5 > 1]
    large = publish(stayed, about=cost, data=PANEL, design=DID, outcomes=[{"column": "y"}])
    assert "for each participant" in large.text(gated=True)


@pytest.mark.parametrize("answer", [lambda i, w: 1 + (7 * i + 3 * w + i * w) % 5, None])
def test_where_one_of_forty_was_lost_the_course_is_still_told(publish, answer):
    records = people(40, **({"y": answer} if answer else {}))
    records = [row for row in records if (row["id"], row["w"]) != (0, 2)]
    page = publish(records, data=PANEL, design=DID, outcomes=[{"column": "y"}])
    course = page.cells(gated=True, section="trends", variable="y", statistic="mean")
    told = course[course["group"].isin(("treated", "comparison"))]["value"]
    assert len(told) == 4
    assert told.notna().all()
